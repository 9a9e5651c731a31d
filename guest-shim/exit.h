/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a run, as tools/run reads it from QEMU's exit status. */
#ifndef EXIT_H
#define EXIT_H

#define GUEST_EXIT_GOOD 0x10
#define GUEST_EXIT_FAILED 0x11
#define GUEST_EXIT_EXCEPTION 0x12

/* Ends QEMU through isa-debug-exit; without that device, halts with interrupts off. */
__attribute__((noreturn)) void guest_exit(unsigned value);

#endif
