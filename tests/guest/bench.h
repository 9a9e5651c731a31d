/* SPDX-License-Identifier: GPL-2.0-only */
/* Counting the instructions of a few bytes of code. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_NONE (-1) /* cannot be run, or traps */

/* Whether the TSC counts instructions here; sets up what bench_count() needs. */
bool bench_start(void);
/* Puts the text back as it was. */
void bench_end(void);

/*
 * From now on a mark stands before and behind each run, and page-table calls get an entry of a
 * table in use.
 */
void bench_mark(bool on);

/* The address at which the code of a form stands. */
uintptr_t bench_site(int call, bool flow);

/*
 * How many instructions `code` has when it runs with harmless arguments of `call`, its
 * callees included, its own RET not. `flow`: it ends in a return, and finds a frame that
 * leads behind it.
 */
int bench_count(int call, bool flow, const uint8_t *code, size_t size);

#endif
