// SPDX-License-Identifier: GPL-2.0-only
/* The local APIC where it is after reset: one that firmware has moved is left alone. */
#define FIXED_APIC 0xfee00000u
#include "../../apic.c"
