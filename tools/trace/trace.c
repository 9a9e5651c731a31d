/* SPDX-License-Identifier: GPL-2.0-only */
/* What readers and printers share: events, names, values. */
#define _GNU_SOURCE
#include "trace.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "run/text.h" /* grow */

struct trace_event *trace_add(struct trace *t)
{
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 1024;
		t->events = grow(t->events, t->room * sizeof(*t->events));
	}
	struct trace_event *e = &t->events[t->count++];
	*e = (struct trace_event){ .mate = TRACE_NONE };
	return e;
}

void trace_problem(struct trace *t, const char *format, ...)
{
	char line[256];
	va_list arguments;
	if (t->problems++ >= TRACE_PROBLEMS_SHOWN || !t->say)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	t->say(t->context, line);
}

void trace_free(struct trace *t)
{
	free(t->events);
	*t = (struct trace){ 0 };
}

const struct vmi_call_info *trace_call(unsigned slot)
{
	return slot >= VROM_SLOT_CALL0 && slot < TRACE_SLOTS ? &vmi_calls[slot - VROM_SLOT_CALL0] : NULL;
}

const char *trace_name(unsigned slot)
{
	const struct vmi_call_info *call = trace_call(slot);
	return call ? call->name : slot == VROM_SLOT_INIT ? "VMI_Init" : "GetRelocationInfo";
}

bool trace_returns(unsigned slot)
{
	const struct vmi_call_info *call = trace_call(slot);
	return !call || !call->noreturn;
}

/* IRET and SYSEXIT are jumped to: what lies on the stack is no return address of theirs. */
uint32_t trace_caller(const struct trace_event *e)
{
	const struct vmi_call_info *call = trace_call(e->slot);
	bool jumped = call && call->group == VMI_GROUP_flow && e->words != 1;
	return e->words && !jumped ? e->stack[0] : 0;
}

static uint32_t reg(const struct trace_event *e, int number)
{
	const uint32_t all[] = { e->eax, e->ecx, e->edx, e->ebx };
	return number >= 0 && number < 4 ? all[number] : 0;
}

static uint32_t half(const struct trace_event *e, int number, int stack)
{
	if (number >= 0)
		return reg(e, number);
	return stack >= 0 && (unsigned)stack / 4 < VMI_TRACE_WORDS ? e->stack[stack / 4] : 0;
}

static size_t take(const struct trace_event *e, const struct vmi_place_info *places, size_t count,
		   struct trace_value *out)
{
	for (size_t i = 0; i < count && i < TRACE_VALUES; i++) {
		const struct vmi_place_info *p = &places[i];
		out[i].name = p->name;
		out[i].value = half(e, p->reg, p->stack);
		if (p->reg_high >= 0 || p->stack_high >= 0)
			out[i].value |= (uint64_t)half(e, p->reg_high, p->stack_high) << 32;
	}
	return count < TRACE_VALUES ? count : TRACE_VALUES;
}

size_t trace_arguments(const struct trace_event *e, struct trace_value out[TRACE_VALUES])
{
	static const struct vmi_place_info number = { "call", "u32", 0, -1, -1, -1 };
	const struct vmi_call_info *call = trace_call(e->slot);
	if (!e->values)
		return 0;
	if (call)
		return take(e, vmi_places32[call->number].args, vmi_places32[call->number].arg_count, out);
	return e->slot == VROM_SLOT_GET_RELOC ? take(e, &number, 1, out) : 0;
}

size_t trace_results(const struct trace_event *e, struct trace_value out[TRACE_VALUES])
{
	static const struct vmi_place_info status = { "status", "u32", 0, -1, -1, -1 };
	static const struct vmi_place_info info[] = { { "eip", "u32", 0, -1, -1, -1 },
						      { "type", "u32", 2, -1, -1, -1 } };
	const struct vmi_call_info *call = trace_call(e->slot);
	if (!e->values)
		return 0;
	if (call)
		return take(e, vmi_places32[call->number].results,
			    vmi_places32[call->number].result_count, out);
	return e->slot == VROM_SLOT_GET_RELOC ? take(e, info, 2, out) : take(e, &status, 1, out);
}

const char *trace_symbol(const struct trace_style *style, uint32_t address, char *to, size_t size)
{
	uint64_t offset = 0;
	/* The call stands before its return address. */
	const char *name = style->symbols && address ?
				   symbols_name(style->symbols, address - 1u, &offset) : NULL;
	*to = 0;
	if (name)
		snprintf(to, size, "%.80s+%llu", name, (unsigned long long)offset + 1);
	for (char *c = to; *c; c++) /* an ELF file is outside data, too */
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			*c = '?';
	return to;
}
