/* SPDX-License-Identifier: GPL-2.0-only */
/* Text and JSON: a line for each call. */
#include "trace.h"

static void print_values(FILE *out, const struct trace_value *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s=0x%llx", i ? " " : "", v[i].name, (unsigned long long)v[i].value);
}

/* What a jump leads to is more to the point than what lies on the stack. */
static void print_frame(FILE *out, const struct trace_event *e)
{
	if (e->slot == VROM_SLOT_CALL0 + VMI_CALL_IRET && e->words == VMI_TRACE_WORDS)
		fprintf(out, "%cip=0x%llx cs=0x%llx %cflags=0x%llx", e->wide ? 'r' : 'e',
			(unsigned long long)e->stack[0], (unsigned long long)e->stack[1],
			e->wide ? 'r' : 'e', (unsigned long long)e->stack[2]);
}

void trace_print_text(const struct trace *t, const struct trace_style *style, FILE *out)
{
	struct trace_value v[TRACE_VALUES];
	char symbol[128];
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		if (e->kind == VMI_TRACE_LEAVE && e->mate != TRACE_NONE)
			continue;
		fprintf(out, "%u cpu%u %llu", e->sequence, e->cpu, (unsigned long long)e->tsc);
		if (e->kind == VMI_TRACE_LEAVE) {
			fprintf(out, " %s returned\n", trace_name(e->slot, e->wide));
			continue;
		}
		const struct trace_event *end = e->mate != TRACE_NONE ? &t->events[e->mate] : NULL;
		if (end)
			fprintf(out, " +%llu", (unsigned long long)(end->tsc - e->tsc));
		else
			fprintf(out, " -");
		fprintf(out, " %s(", trace_name(e->slot, e->wide));
		print_values(out, v, trace_arguments(e, v));
		print_frame(out, e);
		fprintf(out, ")");
		size_t count = end ? trace_results(end, v) : 0;
		if (count) {
			fprintf(out, " -> ");
			print_values(out, v, count);
		}
		if (trace_caller(e))
			fprintf(out, " from 0x%llx", (unsigned long long)trace_caller(e));
		trace_symbol(style, trace_caller(e), symbol, sizeof(symbol));
		fprintf(out, "%s%s\n", *symbol ? " " : "", symbol);
	}
}

static void json_values(FILE *out, const char *key, const struct trace_value *v, size_t count)
{
	fprintf(out, ", \"%s\": {", key);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s\"%s\": \"0x%llx\"", i ? ", " : "", v[i].name,
			(unsigned long long)v[i].value);
	fprintf(out, "}");
}

void trace_print_json(const struct trace *t, const struct trace_style *style, FILE *out)
{
	struct trace_value v[TRACE_VALUES];
	const char *comma = "";
	char symbol[128];
	fprintf(out, "[");
	for (size_t i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		if (e->kind == VMI_TRACE_LEAVE && e->mate != TRACE_NONE)
			continue;
		const struct vmi_call_info *call = trace_call(e->slot, e->wide);
		fprintf(out, "%s\n{\"sequence\": %u, \"boot\": %u, \"cpu\": %u, \"slot\": %u, "
			     "\"name\": \"%s\"", comma, e->sequence, e->boot, e->cpu, e->slot,
			trace_name(e->slot, e->wide));
		comma = ",";
		if (call)
			fprintf(out, ", \"call\": %u", call->number);
		if (e->wide)
			fprintf(out, ", \"width\": 64");
		fprintf(out, ", \"tsc\": %llu", (unsigned long long)e->tsc);
		if (e->kind == VMI_TRACE_LEAVE) {
			fprintf(out, ", \"entered\": false}");
			continue;
		}
		if (trace_caller(e))
			fprintf(out, ", \"caller\": \"0x%llx\", \"caller_symbol\": \"%s\"",
				(unsigned long long)trace_caller(e),
				trace_symbol(style, trace_caller(e), symbol, sizeof(symbol)));
		json_values(out, "arguments", v, trace_arguments(e, v));
		if (e->mate != TRACE_NONE) {
			const struct trace_event *end = &t->events[e->mate];
			fprintf(out, ", \"end_tsc\": %llu, \"end_cpu\": %u",
				(unsigned long long)end->tsc, end->cpu);
			json_values(out, "results", v, trace_results(end, v));
		}
		fprintf(out, "}");
	}
	fprintf(out, "\n]\n");
}
