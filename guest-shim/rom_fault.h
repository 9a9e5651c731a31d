/* SPDX-License-Identifier: GPL-2.0-only */
/* What the register dump says about a trap inside the ROM in use. */
#ifndef ROM_FAULT_H
#define ROM_FAULT_H

#include <stdint.h>

#include "arch.h"

/*
 * Prints, if `r->ip` lies in the ROM in use, which ROM it is, which call was made of it
 * with which arguments, and who made it:
 *
 *   rom RELEASE profile=PROFILE base=0xBASE length=BYTES offset=0xOFFSET
 *   call NUMBER NAME entry=0xENTRY+OFFSET ARGUMENT=0xVALUE...
 *   caller=0xADDRESS
 *
 * Arguments in registers are as the trap found them: an entry may have used the register
 * for something else by then, and the line then ends in `# later than the entry`.
 * `sp` is the stack pointer that was interrupted; whatever it holds, it is read under a guard.
 */
void rom_fault_report(const struct regs *r, uintptr_t sp);

#endif
