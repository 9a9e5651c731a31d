/* SPDX-License-Identifier: GPL-2.0-only */
/* Counting the instructions of a few bytes of code. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe.h"

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

/* The same for STI and a halt that leaves the interrupt flag alone: the STI is taken off. */
int bench_count_halt_only(const uint8_t *code, size_t size);
/* Puts `code` in place, at most 127 bytes, and a return behind it. */
void bench_put(const uint8_t *code, size_t size);
/* Runs what was put in place, without arguments. Result: in ticks of the TSC, all around included. */
int bench_ticks(void);

/* What one width has of it: x86_32/bench_forms.c and x86_64/bench_forms.c. */

/* Code that stands around a form, and is no part of its cost. */
struct bench_around {
	uint8_t before[16], after[4];
	size_t before_size, after_size;
	int instructions;
};

/*
 * Fills in *around. The form has `size` bytes and its `before` stands at `area`; a flow's makes a
 * frame that leads behind the form. `marked`: page-table calls get real arguments.
 */
void bench_around(int call, bool flow, bool marked, uintptr_t area, size_t size,
		  struct bench_around *around);
/* A call, or for a flow a jump, through the pointer at `at`. Result: its length in bytes. */
size_t bench_indirect(bool flow, const uintptr_t *at, uint8_t bytes[8]);
/* Replaces arguments of page-table calls, so that they have something to do. */
void bench_live_arguments(int call, struct probe *p);

#endif
