/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace-event JSON that chrome://tracing and Perfetto open. A thread's complete events
 * (ph X) must nest. A call that another thread of the guest was scheduled within does not nest
 * in its processor's timeline, nor does one that returned on another processor: those are
 * async events (b and e). A call that does not come back is an instant (i).
 */
#include <stdlib.h>
#include <string.h>

#include "run/text.h" /* grow */
#include "trace.h"

enum shape { INSTANT, SLICE, ASYNC };

/* Replays each processor's stack of calls. Result: enum shape by event, to be freed. */
static uint8_t *find_shapes(const struct trace *t)
{
	uint8_t *shapes = grow(NULL, t->count);
	/* Below each entry on its processor's stack: the entry before it, + 1. */
	size_t *below = grow(NULL, t->count * sizeof(*below));
	size_t top[TRACE_CPUS] = { 0 };
	unsigned boot = 0;
	memset(shapes, INSTANT, t->count);
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		if (e->boot != boot)
			memset(top, 0, sizeof(top));
		boot = e->boot;
		if (e->kind == VMI_TRACE_ENTER) {
			if (e->mate == TRACE_NONE)
				continue;
			bool here = t->events[e->mate].cpu == e->cpu;
			shapes[i] = here ? SLICE : ASYNC;
			if (here) {
				below[i] = top[e->cpu];
				top[e->cpu] = i + 1;
			}
		} else if (e->mate != TRACE_NONE && shapes[e->mate] == SLICE) {
			/* What was entered later and still runs does not nest in this one. */
			while (top[e->cpu] && top[e->cpu] - 1 != e->mate) {
				shapes[top[e->cpu] - 1] = ASYNC;
				top[e->cpu] = below[top[e->cpu] - 1];
			}
			if (top[e->cpu])
				top[e->cpu] = below[e->mate];
		}
	}
	free(below);
	return shapes;
}

static void head(FILE *out, const char **comma, const struct trace_event *e, const char *phase)
{
	const struct vmi_call_info *call = trace_call(e->slot, e->wide);
	fprintf(out, "%s\n{\"name\": \"%s\", \"cat\": \"%s\", \"ph\": \"%s\", \"pid\": %u, \"tid\": %u",
		*comma, trace_name(e->slot, e->wide),
		!call ? "rom" : call->reserved ? "reserved" : vmi_groups[call->group].name, phase,
		e->boot + 1, e->cpu);
	*comma = ",";
}

/* Microseconds since the first record of the boot. */
static void time_key(FILE *out, const char *key, uint64_t ticks, uint64_t hz)
{
	fprintf(out, ", \"%s\": %.3f", key, (double)ticks * 1e6 / (double)hz);
}

static void args(FILE *out, const struct trace_style *style, const struct trace *t,
		 const struct trace_event *e)
{
	struct trace_value v[TRACE_VALUES];
	char symbol[128];
	size_t count = trace_arguments(e, v);
	fprintf(out, ", \"args\": {\"sequence\": %u", e->sequence);
	for (size_t i = 0; i < count; i++)
		fprintf(out, ", \"%s\": \"0x%llx\"", v[i].name, (unsigned long long)v[i].value);
	if (e->mate != TRACE_NONE) {
		count = trace_results(&t->events[e->mate], v);
		for (size_t i = 0; i < count; i++)
			fprintf(out, ", \"result %s\": \"0x%llx\"", v[i].name,
				(unsigned long long)v[i].value);
	}
	if (trace_caller(e))
		fprintf(out, ", \"caller\": \"0x%llx %s\"", (unsigned long long)trace_caller(e),
			trace_symbol(style, trace_caller(e), symbol, sizeof(symbol)));
	fprintf(out, "}}");
}

static void name(FILE *out, const char **comma, const char *what, unsigned pid, unsigned tid,
		 const char *prefix, unsigned number)
{
	fprintf(out, "%s\n{\"name\": \"%s\", \"ph\": \"M\", \"pid\": %u, \"tid\": %u, \"args\": "
		     "{\"name\": \"%s %u\"}}", *comma, what, pid, tid, prefix, number);
	*comma = ",";
}

static void names(FILE *out, const char **comma, const struct trace *t)
{
	bool seen[TRACE_CPUS] = { false };
	for (unsigned boot = 0, i = 0; boot < t->boots && i < t->count; boot++) {
		memset(seen, 0, sizeof(seen));
		name(out, comma, "process_name", boot + 1, 0, "boot", boot + 1);
		for (; i < t->count && t->events[i].boot == boot; i++)
			if (!seen[t->events[i].cpu]) {
				seen[t->events[i].cpu] = true;
				name(out, comma, "thread_name", boot + 1, t->events[i].cpu, "cpu",
				     t->events[i].cpu);
			}
	}
}

void trace_print_chrome(const struct trace *t, const struct trace_style *style, FILE *out)
{
	uint8_t *shapes = find_shapes(t);
	uint64_t start = 0, last[TRACE_CPUS] = { 0 };
	const char *comma = "";
	fprintf(out, "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [");
	names(out, &comma, t);
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		if (!i || e->boot != t->events[i - 1].boot) {
			start = e->tsc;
			memset(last, 0, sizeof(last));
		}
		/* A clock that goes back, in a damaged file, must not break the timeline. */
		uint64_t now = e->tsc > start ? e->tsc - start : 0;
		now = now > last[e->cpu] ? now : last[e->cpu];
		last[e->cpu] = now;
		bool enters = e->kind == VMI_TRACE_ENTER;
		size_t from = enters ? i : e->mate;
		if (from == TRACE_NONE || (!enters && shapes[from] != ASYNC))
			continue;
		static const char *const phases[] = { "i", "X", "b" };
		head(out, &comma, e, enters ? phases[shapes[i]] : "e");
		time_key(out, "ts", now, style->tsc_hz);
		if (shapes[from] == ASYNC)
			fprintf(out, ", \"id\": \"%zu\"", from);
		if (!enters) {
			fprintf(out, "}");
			continue;
		}
		if (shapes[i] == INSTANT)
			fprintf(out, ", \"s\": \"t\"");
		if (shapes[i] == SLICE) {
			uint64_t end = t->events[e->mate].tsc;
			time_key(out, "dur", end > e->tsc ? end - e->tsc : 0, style->tsc_hz);
		}
		args(out, style, t, e);
	}
	fprintf(out, "\n]}\n");
	free(shapes);
}
