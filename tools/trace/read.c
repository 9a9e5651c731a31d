/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of a trace build, and which return belongs to which entry. */
#include <string.h>

#include "run/text.h" /* grow */
#include "trace.h"

#include <stdlib.h>

static bool is_record(const uint8_t *bytes, struct vmi_trace *r)
{
	uint32_t words[sizeof(*r) / 4], sum = 0;
	memcpy(r, bytes, sizeof(*r));
	memcpy(words, bytes, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		sum += words[i];
	return r->signature == VMI_TRACE_SIGNATURE && r->kind <= VMI_TRACE_LEAVE &&
	       r->slot < TRACE_SLOTS && r->words <= VMI_TRACE_WORDS && !r->reserved &&
	       !(r->flags & ~(VMI_TRACE_ORDERED | VMI_TRACE_BROKEN)) && !sum;
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
	size_t at = 0;
	t->boots = 1;
	while (size - at >= sizeof(struct vmi_trace)) {
		struct vmi_trace r;
		size_t from = at;
		while (size - at >= sizeof(r) && !is_record(bytes + at, &r))
			at++;
		if (size - at < sizeof(r)) {
			at = from; /* no further record: told below */
			break;
		}
		if (at > from)
			trace_problem(t, "offset 0x%zx: found %zu bytes that are no record, expected "
					 "one of %zu: the next is at 0x%zx; look for what else writes to "
					 "port 0x%x", from, at - from, sizeof(r), at, VMI_TRACE_PORT);
		check_order(t, &order, &r, at);
		struct trace_event *e = trace_add(t);
		e->kind = r.kind;
		e->slot = r.slot;
		e->cpu = r.cpu;
		e->words = r.words;
		e->values = true;
		e->boot = t->boots - 1;
		e->sequence = r.sequence;
		e->esp = r.esp;
		e->tsc = r.tsc;
		e->eax = r.eax;
		e->edx = r.edx;
		e->ecx = r.ecx;
		e->ebx = r.ebx;
		memcpy(e->stack, r.stack, sizeof(e->stack));
		at += sizeof(r);
	}
	if (at < size)
		trace_problem(t, "offset 0x%zx: the last %zu bytes are no record of %zu: the file is "
				 "cut, or no trace; pvrom run --trace makes one", at, size - at,
			      sizeof(struct vmi_trace));
}

/* Entries that have not returned, by slot and stack pointer: the last one of each. */
struct waiting {
	size_t *heads; /* event + 1, 0 = empty */
	size_t mask;
};

static size_t *find(const struct waiting *w, const struct trace *t, const struct trace_event *e)
{
	size_t at = (e->esp * 2654435761u ^ e->slot * 40503u ^ e->boot * 97u) & w->mask;
	for (;; at = (at + 1) & w->mask) {
		size_t head = w->heads[at];
		if (!head)
			return &w->heads[at];
		const struct trace_event *o = &t->events[head - 1];
		if (o->esp == e->esp && o->slot == e->slot && o->boot == e->boot)
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
		if (!trace_returns(e->slot) && e->kind == VMI_TRACE_ENTER)
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
					 "once)", e->sequence, trace_name(e->slot));
		}
	}
	free(w.heads);
	free(outer);
}
