/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QEMU's `-d exec,nochain`: a line for each translated block that is entered,
 *
 *   Trace CPU: HOST-ADDRESS [CS-BASE/PC/FLAGS/CFLAGS] SYMBOL
 *
 * and `Stopped execution of TB chain before HOST-ADDRESS [PC]` where it was left again before
 * its first instruction.
 */
#include <string.h>

#include "trace.h"

#define LINE_MAX_SIZE 256
#define CPL 3u      /* in FLAGS: the privilege level, and single steps */
#define TF 0x100u
#define COUNT 0x1ffu /* in CFLAGS: a limit of instructions, 0 = none */
#define PAGE 0x1000u
#define ENDBR_SIZE 4u /* of either width */
#define LOOK_BACK 256u

static const struct trace_entry *entry_at(const struct trace_entries *entries, uint64_t pc)
{
	for (size_t i = 0; i < entries->count; i++)
		if (entries->list[i].address == pc)
			return &entries->list[i];
	return NULL;
}

void trace_entries_add(struct trace_entries *entries, uint64_t address, unsigned slot, bool wide,
		       bool endbr)
{
	const size_t room = sizeof(entries->list) / sizeof(entries->list[0]);
	if (entry_at(entries, address) || entries->count + 2 > room)
		return;
	entries->list[entries->count++] = (struct trace_entry){ address, (uint8_t)slot, wide, false };
	if (endbr)
		entries->list[entries->count++] =
			(struct trace_entry){ address + ENDBR_SIZE, (uint8_t)slot, wide, true };
}

/*
 * Is the block that begins at `e` the call? Not if it is the ENDBR alone, with the block
 * behind it still to come: single steps, a limit of one instruction, a page border.
 */
static bool is_call(const struct trace_entries *entries, const struct trace_entry *e, unsigned flags,
		    unsigned cflags)
{
	const struct trace_entry *next = entry_at(entries, e->address + ENDBR_SIZE);
	if (e->behind || !next || !next->behind)
		return true;
	return !(flags & TF) && (cflags & COUNT) != 1 && next->address % PAGE;
}

/*
 * The block was left before it ran, and is logged again when it does. The line does not
 * say on which processor; others may have logged something since.
 */
static void take_back(struct trace *t, unsigned slot)
{
	for (size_t back = 1; back <= t->count && back <= LOOK_BACK; back++) {
		struct trace_event *e = &t->events[t->count - back];
		if (e->slot != slot)
			continue;
		memmove(e, e + 1, (back - 1) * sizeof(*e));
		t->count--;
		return;
	}
}

/* `from`: by processor, its last block outside the ROM's entries. */
static void take_line(struct trace *t, const struct trace_entries *entries,
		      uint64_t from[TRACE_CPUS], const char *line, size_t number)
{
	unsigned cpu, flags, cflags;
	unsigned long long host, base, pc;
	if (sscanf(line, "Stopped execution of TB chain before %llx [%llx]", &host, &pc) == 2) {
		const struct trace_entry *left = entry_at(entries, pc);
		if (left)
			take_back(t, left->slot);
		return;
	}
	if (sscanf(line, "Trace %u: %llx [%llx/%llx/%x/%x]", &cpu, &host, &base, &pc, &flags, &cflags) != 6)
		return; /* QEMU logs other things, too */
	if (cpu >= TRACE_CPUS) {
		trace_problem(t, "line %zu: cpu: found %u, expected at most %u", number, cpu,
			      TRACE_CPUS - 1);
		return;
	}
	const struct trace_entry *entry = entry_at(entries, pc);
	if (!entry) {
		from[cpu] = pc;
	} else if (is_call(entries, entry, flags, cflags) && flags & CPL) {
		t->user++;
	} else if (is_call(entries, entry, flags, cflags)) {
		struct trace_event *e = trace_add(t);
		e->kind = VMI_TRACE_ENTER;
		e->slot = entry->slot;
		e->wide = entry->wide;
		e->cpu = (uint8_t)cpu;
		e->tsc = e->sequence = (uint32_t)t->count;
		if (from[cpu] && trace_returns(e->slot, e->wide)) {
			e->words = 1;
			e->stack[0] = from[cpu];
		}
	}
}

void trace_read_exec(struct trace *t, const struct trace_entries *entries, const char *text,
		     size_t size)
{
	uint64_t from[TRACE_CPUS] = { 0 };
	size_t number = 0, blocks = 0;
	t->boots = 1;
	t->executed = true;
	while (size) {
		char line[LINE_MAX_SIZE];
		const char *end = memchr(text, '\n', size);
		size_t length = end ? (size_t)(end - text) : size;
		size_t kept = length < sizeof(line) ? length : sizeof(line) - 1;
		memcpy(line, text, kept);
		line[kept] = 0;
		number++;
		blocks += !strncmp(line, "Trace ", 6);
		take_line(t, entries, from, line, number);
		length += end != NULL;
		text += length;
		size -= length;
	}
	if (!blocks)
		trace_problem(t, "no line begins with `Trace': found %zu lines, expected those of "
				 "`-d exec,nochain'; pvrom run --trace-exec makes such a log", number);
}
