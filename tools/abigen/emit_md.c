/* SPDX-License-Identifier: GPL-2.0-only */
/* The Markdown reference. */
#include "emit.h"

/* Text in a cell of a table. */
static void print_cell(FILE *out, const char *text)
{
	fprintf(out, " | ");
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void print_place(FILE *out, int reg, int stack, int width)
{
	if (reg >= 0)
		fprintf(out, "%s", reg_name(reg, width));
	else
		fprintf(out, "[%s+%d]", stack_name(width), stack);
}

static void print_places(FILE *out, const struct places *list, int width)
{
	if (!list->count)
		fprintf(out, "none");
	for (size_t i = 0; i < list->count; i++) {
		const struct place *a = &list->items[i];
		fprintf(out, "%s", i ? ", " : "");
		if (a->high >= 0 || a->stack_high >= 0) {
			print_place(out, a->high, a->stack_high, width);
			fputc(':', out);
		}
		print_place(out, a->low, a->stack_low, width);
		fprintf(out, " = %s", a->arg);
	}
}

static void print_width(FILE *out, const struct call_regs *r, int width)
{
	static const char *const bits[WIDTHS] = { "", " (64 bit)" };
	fprintf(out, "| in%s | ", bits[width]);
	print_places(out, &r->in, width);
	fprintf(out, " |\n| out%s | ", bits[width]);
	if (r->noreturn)
		fprintf(out, "does not return");
	else
		print_places(out, &r->out, width);
	fprintf(out, " |\n| clobbers%s | ", bits[width]);
	if (r->noreturn)
		fprintf(out, "everything");
	else
		print_registers(out, r->clobber, width, "");
	fprintf(out, " |\n| native%s |", bits[width]);
	if (!r->native_known)
		fprintf(out, " no equivalent");
	else if (!r->native_count)
		fprintf(out, " nothing");
	for (size_t i = 0; i < r->native_count; i++)
		fprintf(out, "%s`%s`", i ? "<br>" : " ", r->native[i]);
	fprintf(out, " |\n");
}

static void print_services(const struct model *m, FILE *out, size_t number)
{
	const char *comma = "| serves | ";
	for (size_t i = 0; i < m->service_count; i++) {
		const struct service *s = &m->services[i];
		if (s->call != number)
			continue;
		fprintf(out, "%s%s (%s%s%s%s%s)", comma, s->slot, s->class, s->prefix ? ", " : "",
			s->prefix ? s->prefix : "", s->prefix ? "_" : "", s->bit ? s->bit : "");
		comma = ", ";
	}
	fprintf(out, *comma == ',' ? " |\n" : "");
}

static void print_call(const struct model *m, FILE *out, size_t number)
{
	const struct call *c = &m->calls[number];
	fprintf(out, "\n### %zu %s\n\n%s\n\n`%s`\n\n| | |\n|---|---|\n| since | %u.%u |\n| answers |",
		number, c->name, c->summary, c->proto, c->since_major, c->since_minor);
	for (size_t t = 0; t < m->relocation_count; t++)
		if (c->answers & 1u << t)
			fprintf(out, " %s", m->relocations[t].word);
	fprintf(out, " |\n");
	if (c->width[1].present && c->wide.text != c->proto)
		fprintf(out, "| prototype (64 bit) | `%s` |\n", c->wide.text);
	for (int w = 0; w < WIDTHS; w++)
		if (c->width[w].present)
			print_width(out, &c->width[w], w);
	if (c->natively) {
		fprintf(out, "| natively");
		print_cell(out, c->natively);
		fprintf(out, " |\n| under a hypervisor");
		print_cell(out, c->hypervised);
		fprintf(out, " |\n| when it fails");
		print_cell(out, c->fails);
		fprintf(out, " |\n");
	}
	print_services(m, out, number);
}

static void print_bits(FILE *out, const char *title, const struct bit_set *set)
{
	fprintf(out, "\n## %s %s\n\n| value | name | meaning |\n|---|---|---|\n", title, set->prefix);
	for (size_t i = 0; i < set->count; i++) {
		fprintf(out, "| 0x%llx | %s", set->bits[i].value, set->bits[i].name);
		print_cell(out, set->bits[i].summary);
		fprintf(out, " |\n");
	}
}

static void print_struct(FILE *out, const struct structure *st)
{
	fprintf(out, "\n## struct %s\n\n%s 0x%llx bytes.\n\n| offset | type | field | meaning |\n"
		     "|---|---|---|---|\n", st->name, st->summary, st->size);
	for (size_t i = 0; i < st->count; i++) {
		const struct member *mem = &st->members[i];
		fprintf(out, "| 0x%02llx | %s", mem->offset, mem->type);
		if (mem->count)
			fprintf(out, "[%llu]", mem->count);
		fprintf(out, " | %s", mem->name);
		print_cell(out, mem->summary);
		fprintf(out, " |\n");
	}
}

void emit_markdown(const struct model *m, FILE *out)
{
	fprintf(out, "# %s %u.%u reference\n\nCalls by group. The stack is counted with the return "
		     "address at [%s]; `out` and `clobbers` together are what a call may change.\n",
		m->abi_name, m->abi_major, m->abi_minor, stack_name(m->width));
	for (size_t i = 0; i < m->convention_count; i++)
		fprintf(out, "%s* %s: %s\n", i ? "" : "\n## Conventions\n\n", m->conventions[i].name,
			m->conventions[i].value);
	for (size_t g = 0; g < m->group_count; g++) {
		const struct group *group = &m->groups[g];
		fprintf(out, "\n## Group %s\n\n%s Binds %s%s%s; DS and ES are %s.\n", group->name,
			group->summary, group->atomic ? "all or none" : "each call alone",
			group->needs < 0 ? "" : ", and only with all of group ",
			group->needs < 0 ? "" : m->groups[group->needs].name,
			group->segments_any ? "anything: the calls do not use them" : "flat");
		for (size_t i = 0; i < m->call_count; i++)
			if (!m->calls[i].reserved && m->calls[i].group == g)
				print_call(m, out, i);
	}
	fprintf(out, "\n## Reserved numbers\n\n");
	for (size_t i = 0; i < m->call_count; i++)
		if (m->calls[i].reserved)
			fprintf(out, "* %zu %s: %s\n", i, m->calls[i].name, m->calls[i].summary);
	fprintf(out, "\n## Relocation types\n\n| type | name | meaning |\n|---|---|---|\n");
	for (size_t i = 0; i < m->relocation_count; i++) {
		fprintf(out, "| %zu | %s", i, m->relocations[i].name);
		print_cell(out, m->relocations[i].summary);
		fprintf(out, " |\n");
	}
	for (size_t i = 0; i < m->flags_count; i++)
		print_bits(out, "Flags", &m->flags[i]);
	for (size_t i = 0; i < m->constants_count; i++)
		print_bits(out, "Constants", &m->constants[i]);
	fprintf(out, "\n## Strings\n\n");
	for (size_t i = 0; i < m->string_count; i++)
		fprintf(out, "* %s: %s\n", m->strings[i].name, m->strings[i].value);
	for (size_t i = 0; i < m->struct_count; i++)
		print_struct(out, &m->structs[i]);
	fprintf(out, "\n## Reason codes\n\n| code | name | scope | cause | remedy |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < m->reason_count; i++) {
		const struct reason *r = &m->reasons[i];
		fprintf(out, "| %u | VMI_%s | %s", r->number, r->name, r->scope);
		print_cell(out, r->cause);
		print_cell(out, r->remedy);
		fprintf(out, " |\n");
	}
}
