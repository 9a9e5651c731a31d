/* SPDX-License-Identifier: GPL-2.0-only */
/* The same of the guest in long mode: built with the headers of that width. */
#define TABLE bind_table64
#include "guest_slots.c"
