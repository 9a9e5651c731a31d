/* SPDX-License-Identifier: GPL-2.0-only */
/* What traps count for the tests. */
#ifndef CLIENT_TRAP_H
#define CLIENT_TRAP_H

#include <stdbool.h>
#include <stdint.h>

extern uint32_t trap_tests;  /* interrupts VECTOR_TEST */
extern uint32_t trap_fixups; /* faults of the native IRET */
bool in_rom(uint32_t address);

#endif
