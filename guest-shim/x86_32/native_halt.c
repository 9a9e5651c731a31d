// SPDX-License-Identifier: GPL-2.0-only
/* HLT alone, which 3.x has no call for. */
#include "native.h"

void PV guest_halt(void)
{
	asm volatile("hlt" : : : "memory");
}
