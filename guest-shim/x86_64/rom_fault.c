// SPDX-License-Identifier: GPL-2.0-only
/* A trap inside the ROM in use, x86-64: which ROM, and which call by the nearest entry. */
#include "rom_fault.h"
#include "console.h"
#include "load.h"
#include "rom_place.h"

void rom_fault_report(const struct regs *r, uintptr_t sp)
{
	uintptr_t start, end;

	if (!rom_image(&start, &end) || r->ip < start || r->ip >= end)
		return;
	printf("  rom base=0x%016lx length=%u offset=0x%04x rsp=0x%016lx\n", (unsigned long)start,
	       (unsigned)(end - start), (unsigned)(r->ip - start), (unsigned long)sp);
}
