/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of a trace build, and which return belongs to which entry. */
#include <stddef.h> /* offsetof */
#include <string.h>

#include "run/text.h" /* grow */
#include "trace.h"

#include <stdlib.h>

/* A record of either width: both begin alike, and end with what makes their sum 0. */
union record {
	struct vmi_trace narrow;
	struct vmi_trace64 wide;
	uint32_t words[sizeof(struct vmi_trace64) / 4];
};
_Static_assert(offsetof(struct vmi_trace, tsc) == offsetof(struct vmi_trace64, tsc), "head");

/* Result: its size, or 0 if no record stands there. */
static size_t take_record(const uint8_t *bytes, size_t size, union record *r)
{
	uint32_t sum = 0;
	size_t length = sizeof(r->narrow);
	if (size < length)
		return 0;
	memcpy(r, bytes, length);
	if (r->narrow.signature != VMI_TRACE_SIGNATURE)
		return 0;
	if (r->narrow.flags & VMI_TRACE_WIDE) {
		length = sizeof(r->wide);
		if (size < length)
			return 0;
		memcpy(r, bytes, length);
	}
	for (size_t i = 0; i < length / 4; i++)
		sum += r->words[i];
	bool wide = length == sizeof(r->wide);
	unsigned slots = VROM_SLOT_CALL0 + (wide ? VMI64_CALLS : VMI_CALLS);
	bool good = r->narrow.kind <= VMI_TRACE_LEAVE && r->narrow.slot < slots &&
		    r->narrow.words <= VMI_TRACE_WORDS && !r->narrow.reserved &&
		    !(r->narrow.flags & ~(VMI_TRACE_ORDERED | VMI_TRACE_BROKEN | VMI_TRACE_WIDE)) && !sum;
	return good ? length : 0;
}

static void add_narrow(struct trace_event *e, const struct vmi_trace *r)
{
	e->sp = r->esp;
	e->regs[0] = r->eax;
	e->regs[1] = r->ecx;
	e->regs[2] = r->edx;
	e->regs[3] = r->ebx;
	for (unsigned i = 0; i < VMI_TRACE_WORDS; i++)
		e->stack[i] = r->stack[i];
}

static void add_wide(struct trace_event *e, const struct vmi_trace64 *r)
{
	const uint64_t regs[TRACE_REGS] = { r->rax, r->rcx, r->rdx, r->rbx, 0, 0,
					    r->rsi, r->rdi, r->r8, r->r9, 0, r->r11 };
	e->wide = true;
	e->sp = r->rsp;
	memcpy(e->regs, regs, sizeof(regs));
	for (unsigned i = 0; i < VMI_TRACE_WORDS; i++)
		e->stack[i] = r->stack[i];
}

/* The sequence of ordered records: one up, or 0 after another POST. */
struct order {
	bool any;
	uint32_t next;
};

static void check_order(struct trace *t, struct order *o, const struct vmi_trace *r, size_t at)
{
	if (!(r->flags & VMI_TRACE_ORDERED)) {
		t->unordered++;
		return;
	}
	if (r->flags & VMI_TRACE_BROKEN)
		trace_problem(t, "offset 0x%zx: cpu %u had to take the lock by force: one that held "
				 "it did not come back, look at what it did last", at, r->cpu);
	if (!r->sequence && o->any) {
		t->boots++;
	} else if (r->sequence > o->next) {
		uint32_t gap = r->sequence - o->next;
		t->lost += gap;
		trace_problem(t, "offset 0x%zx: sequence: found %u, expected %u: %u records are "
				 "missing; log to a file, from the machine's start", at, r->sequence,
			      o->next, gap);
	} else if (r->sequence < o->next) {
		trace_problem(t, "offset 0x%zx: sequence: found %u, expected %u: the records are not "
				 "in the order in which they were written", at, r->sequence, o->next);
	}
	o->any = true;
	o->next = r->sequence + 1;
}

void trace_read(struct trace *t, const uint8_t *bytes, size_t size)
{
	struct order order = { 0 };
	size_t at = 0, length;
	union record r;
	t->boots = 1;
	for (;; at += length) {
		size_t from = at;
		while (!(length = take_record(bytes + at, size - at, &r)) && size - at >= sizeof(r.narrow))
			at++;
		if (!length) {
			at = from; /* no further record: told below */
			break;
		}
		if (at > from)
			trace_problem(t, "offset 0x%zx: found %zu bytes that are no record, expected "
					 "one of %zu: the next is at 0x%zx; look for what else writes to "
					 "port 0x%x", from, at - from, length, at, VMI_TRACE_PORT);
		check_order(t, &order, &r.narrow, at);
		struct trace_event *e = trace_add(t);
		e->kind = r.narrow.kind;
		e->slot = r.narrow.slot;
		e->cpu = r.narrow.cpu;
		e->words = r.narrow.words;
		e->values = true;
		e->boot = t->boots - 1;
		e->sequence = r.narrow.sequence;
		e->tsc = r.narrow.tsc;
		if (r.narrow.flags & VMI_TRACE_WIDE)
			add_wide(e, &r.wide);
		else
			add_narrow(e, &r.narrow);
	}
	if (at < size)
		trace_problem(t, "offset 0x%zx: the last %zu bytes are no record of %zu%s: the file is "
				 "cut, or no trace; pvrom run --trace makes one", at, size - at,
			      sizeof(r.narrow), t->count && t->events[t->count - 1].wide ? " or more" : "");
}

/* Entries that have not returned, by slot and stack pointer: the last one of each. */
struct waiting {
	size_t *heads; /* event + 1, 0 = empty */
	size_t mask;
};

static size_t *find(const struct waiting *w, const struct trace *t, const struct trace_event *e)
{
	size_t at = ((uint32_t)e->sp * 2654435761u ^ e->slot * 40503u ^ e->boot * 97u) & w->mask;
	for (;; at = (at + 1) & w->mask) {
		size_t head = w->heads[at];
		if (!head)
			return &w->heads[at];
		const struct trace_event *o = &t->events[head - 1];
		if (o->sp == e->sp && o->slot == e->slot && o->wide == e->wide && o->boot == e->boot)
			return &w->heads[at];
	}
}

void trace_pair(struct trace *t)
{
	struct waiting w = { .mask = 1023 };
	/* `outer` of an entry: the one that waited on the same place before it, + 1. */
	size_t *outer = grow(NULL, t->count * sizeof(*outer));
	bool lone = false;
	while (w.mask < 2 * t->count)
		w.mask = 2 * w.mask + 1;
	w.heads = grow(NULL, (w.mask + 1) * sizeof(*w.heads));
	memset(w.heads, 0, (w.mask + 1) * sizeof(*w.heads));
	for (size_t i = 0; i < t->count; i++) {
		struct trace_event *e = &t->events[i];
		if (!trace_returns(e->slot, e->wide) && e->kind == VMI_TRACE_ENTER)
			continue;
		size_t *head = find(&w, t, e);
		if (e->kind == VMI_TRACE_ENTER) {
			outer[i] = *head;
			*head = i + 1;
		} else if (*head && t->events[*head - 1].mate == TRACE_NONE) {
			size_t from = *head - 1;
			t->events[from].mate = i;
			e->mate = from;
			/* Never empty again: that would cut the chains of the table. */
			*head = outer[from] ? outer[from] : *head;
		} else if (!lone && !t->executed) {
			lone = true;
			trace_problem(t, "sequence %u: %s returns, but its call is not in the file (told "
					 "once)", e->sequence, trace_name(e->slot, e->wide));
		}
	}
	free(w.heads);
	free(outer);
}
