/* SPDX-License-Identifier: GPL-2.0-only */
/* Verdicts. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "vmi_abi.h"

/* One verdict: `format` tells what was found and expected if it failed. */
void check(const char *name, bool good, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The common case: two numbers that must be equal. */
void check_equal(const char *name, uint32_t found, uint32_t expected);
void check_skip(const char *name, const char *why);
/* A verdict of error, then the end of the run. */
__attribute__((noreturn)) void check_abort(const char *name, const char *why);
/* The summary, then the end of the run. */
__attribute__((noreturn)) void check_end(void);

/* The tests. Each runs on the slots as they are bound, native or ROM. */
void test_discover(const struct vrom_header *found);
void test_answers(void);
void test_copies(const struct vrom_header *found);
void test_refused(const struct vrom_header *found);
void test_cpu_ops(void);
/* `seconds`: how long to count ticks exactly, where one instruction is one TSC tick; 0: not. */
void test_clock(uint32_t seconds);
void test_descriptor_ops(void);
void test_irq_ops(void);
void test_march(const char *name);
/* The same without a verdict: NULL, or the name of what a patch site changed. */
const char *march_lost(void);
void test_mmu_ops(void);
void test_processes(void);
void test_signals(void);
void test_smp(void);
void test_module(void);

#endif
