/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest did with a ROM: records of a trace build (spec/image.abi: vmi_trace), or
 * QEMU's log of what was executed. Both are outside data: whatever they hold, it is read to
 * its end, and what could not be used is said.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "symbols/symbols.h"
#include "vmi_abi.h"
#include "vmi64_abi.h"

/* Of the width that has more. */
#define TRACE_SLOTS (VROM_SLOT_CALL0 + (VMI_CALLS > VMI64_CALLS ? VMI_CALLS : VMI64_CALLS))
#define TRACE_REGS 12u /* by the processor's numbers, from RAX to R11; of 32 bits the first four */
#define TRACE_CPUS 256
#define TRACE_NONE SIZE_MAX
#define TRACE_PROBLEMS_SHOWN 20u

/* One call's entry or return, in the order of the file. */
struct trace_event {
	uint8_t kind, slot, cpu, words;
	bool wide;       /* of a 64-bit entry */
	bool values;     /* registers and stack are known: not so of an execution log */
	unsigned boot;   /* counts from 0: each POST begins anew */
	uint32_t sequence;
	uint64_t sp;
	uint64_t tsc;    /* of an execution log: the number of the event */
	uint64_t regs[TRACE_REGS];
	uint64_t stack[VMI_TRACE_WORDS];
	size_t mate;     /* the return of this entry, the entry of this return, or TRACE_NONE */
};

/* All zero is the empty trace; end it with trace_free(). */
struct trace {
	struct trace_event *events;
	size_t count, room;
	size_t problems; /* each was told to `say`, but only the first TRACE_PROBLEMS_SHOWN */
	size_t lost;     /* records that the sequence numbers miss */
	size_t unordered; /* records that were not written under the lock */
	size_t user;     /* entries in user mode, which are left out (execution log) */
	unsigned boots;
	bool executed;   /* from an execution log */
	/* Tells of a problem, one line without its end. NULL: nobody wants to know. */
	void (*say)(void *context, const char *line);
	void *context;
};

/* Reads records. Nothing is refused: see trace->problems. */
void trace_read(struct trace *trace, const uint8_t *bytes, size_t size);

#define TRACE_BASES 4u /* at which one ROM may be called */

/* Where a ROM's entries are, as the guest sees them. All zero is the empty list. */
struct trace_entries {
	struct trace_entry {
		uint64_t address;
		uint8_t slot;
		bool wide;
		bool behind; /* behind the ENDBR: where patched call sites go */
	} list[TRACE_BASES * 4 * TRACE_SLOTS];
	size_t count;
};
/* `endbr`: an ENDBR stands there, and the instruction behind it is an entry, too. */
void trace_entries_add(struct trace_entries *entries, uint64_t address, unsigned slot, bool wide,
		       bool endbr);

/*
 * Reads a log of `-d exec,nochain`: each translated block that begins at one of the
 * entries is a call. Calls from user mode are counted in trace->user alone.
 */
void trace_read_exec(struct trace *trace, const struct trace_entries *entries, const char *text,
		     size_t size);

/* Finds the return of each entry: the same slot and stack pointer. Call once, after reading. */
void trace_pair(struct trace *trace);
void trace_free(struct trace *trace);

/* "VMI_Init", "GetRelocationInfo" or the call's name; its row of the spec, NULL for those two. */
const char *trace_name(unsigned slot, bool wide);
const struct vmi_call_info *trace_call(unsigned slot, bool wide);
/* Does control come back to the caller of this slot? */
bool trace_returns(unsigned slot, bool wide);
/* The address that the call came from: 0 if it is not known. */
uint64_t trace_caller(const struct trace_event *event);

/* How to print. `symbols` of the guest may be NULL. */
struct trace_style {
	struct symbols *symbols;
	uint64_t tsc_hz; /* ticks of the TSC in a second; not 0 */
};
void trace_print_text(const struct trace *trace, const struct trace_style *style, FILE *out);
void trace_print_json(const struct trace *trace, const struct trace_style *style, FILE *out);
/* The JSON of chrome://tracing and Perfetto: a process for each boot, a thread for each CPU. */
void trace_print_chrome(const struct trace *trace, const struct trace_style *style, FILE *out);
void trace_print_stat(const struct trace *trace, const struct trace_style *style, FILE *out);

/* For the printers: the arguments of an entry or the results of a return, ` NAME=0xVALUE`. */
struct trace_value {
	const char *name;
	uint64_t value;
};
#define TRACE_VALUES 8
size_t trace_arguments(const struct trace_event *event, struct trace_value out[TRACE_VALUES]);
size_t trace_results(const struct trace_event *event, struct trace_value out[TRACE_VALUES]);
/* The symbol of a caller, `NAME+OFFSET`, or "" where there is none. */
const char *trace_symbol(const struct trace_style *style, uint64_t address, char *to, size_t size);

/* For the readers. */
struct trace_event *trace_add(struct trace *trace);
void trace_problem(struct trace *trace, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
