/* SPDX-License-Identifier: GPL-2.0-only */
/* Returns to user mode with registers of the process's choice. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdint.h>

/* Writes the descriptors that the cases name, into this processor's GDT. */
void signals_prepare(void);
/* Runs every case on this processor. Result: how many went wrong; *first names one. */
uint32_t signals_failing(const char **first);

/* NT set by user mode, and v8086 mode: test_flags.c. */
void test_flags(void);
void test_v86(void);

#endif
