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

const struct vmi_call_info *trace_call(unsigned slot, bool wide)
{
	unsigned number = slot - VROM_SLOT_CALL0;
	if (slot < VROM_SLOT_CALL0 || number >= (wide ? VMI64_CALLS : VMI_CALLS))
		return NULL;
	return wide ? &vmi64_calls[number] : &vmi_calls[number];
}

const char *trace_name(unsigned slot, bool wide)
{
	const struct vmi_call_info *call = trace_call(slot, wide);
	return call ? call->name : slot == VROM_SLOT_INIT ? "VMI_Init" : "GetRelocationInfo";
}

bool trace_returns(unsigned slot, bool wide)
{
	const struct vmi_call_info *call = trace_call(slot, wide);
	return !call || !call->noreturn;
}

/* IRET and SYSEXIT are jumped to: what lies on the stack is no return address of theirs. */
uint64_t trace_caller(const struct trace_event *e)
{
	const struct vmi_call_info *call = trace_call(e->slot, e->wide);
	bool jumped = call && call->group == VMI_GROUP_flow && e->words != 1;
	return e->words && !jumped ? e->stack[0] : 0;
}

static uint64_t half(const struct trace_event *e, int number, int stack)
{
	if (number >= 0)
		return (unsigned)number < TRACE_REGS ? e->regs[number] : 0;
	return stack >= 0 && (unsigned)stack / 4 < VMI_TRACE_WORDS ? e->stack[stack / 4] : 0;
}

/* What is narrower than its register lies in the low bits; the others are anything. */
static uint64_t narrow(uint64_t value, const char *type)
{
	if (!strcmp(type, "u32"))
		return (uint32_t)value;
	if (!strcmp(type, "u16"))
		return (uint16_t)value;
	return !strcmp(type, "u8") || !strcmp(type, "bool") ? (uint8_t)value : value;
}

static size_t take(const struct trace_event *e, const struct vmi_place_info *places, size_t count,
		   struct trace_value *out)
{
	for (size_t i = 0; i < count && i < TRACE_VALUES; i++) {
		const struct vmi_place_info *p = &places[i];
		out[i].name = p->name;
		out[i].value = half(e, p->reg, p->stack);
		if (p->reg_high >= 0 || p->stack_high >= 0)
			out[i].value |= half(e, p->reg_high, p->stack_high) << 32;
		if (e->wide)
			out[i].value = narrow(out[i].value, p->type);
	}
	return count < TRACE_VALUES ? count : TRACE_VALUES;
}

static const struct vmi_call_places *places(const struct trace_event *e,
					    const struct vmi_call_info *call)
{
	return e->wide ? &vmi_places64[call->number] : &vmi_places32[call->number];
}

size_t trace_arguments(const struct trace_event *e, struct trace_value out[TRACE_VALUES])
{
	static const struct vmi_place_info number32 = { "call", "u32", 0, -1, -1, -1 };
	static const struct vmi_place_info number64 = { "call", "u32", 7, -1, -1, -1 };
	const struct vmi_call_info *call = trace_call(e->slot, e->wide);
	if (!e->values)
		return 0;
	if (call)
		return take(e, places(e, call)->args, places(e, call)->arg_count, out);
	return e->slot == VROM_SLOT_GET_RELOC ? take(e, e->wide ? &number64 : &number32, 1, out) : 0;
}

size_t trace_results(const struct trace_event *e, struct trace_value out[TRACE_VALUES])
{
	static const struct vmi_place_info status = { "status", "u32", 0, -1, -1, -1 };
	static const struct vmi_place_info info32[] = { { "eip", "u32", 0, -1, -1, -1 },
							{ "type", "u32", 2, -1, -1, -1 } };
	static const struct vmi_place_info info64[] = { { "rip", "u64", 0, -1, -1, -1 },
							{ "type", "u8", 2, -1, -1, -1 } };
	const struct vmi_call_info *call = trace_call(e->slot, e->wide);
	if (!e->values)
		return 0;
	if (call)
		return take(e, places(e, call)->results, places(e, call)->result_count, out);
	return e->slot == VROM_SLOT_GET_RELOC ? take(e, e->wide ? info64 : info32, 2, out) :
						take(e, &status, 1, out);
}

const char *trace_symbol(const struct trace_style *style, uint64_t address, char *to, size_t size)
{
	uint64_t offset = 0;
	/* The call stands before its return address. */
	const char *name = style->symbols && address ?
				   symbols_name(style->symbols, address - 1, &offset) : NULL;
	*to = 0;
	if (name)
		snprintf(to, size, "%.80s+%llu", name, (unsigned long long)offset + 1);
	for (char *c = to; *c; c++) /* an ELF file is outside data, too */
		if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
			*c = '?';
	return to;
}
