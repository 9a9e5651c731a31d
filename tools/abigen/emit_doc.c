/* SPDX-License-Identifier: GPL-2.0-only */
/* The Markdown reference and the JSON form. */
#include "model.h"

static void print_places(FILE *out, const struct reg_list *list, int width)
{
	static const char *const regs[] = { "EAX", "ECX", "EDX", "EBX", "ESP", "EBP", "ESI", "EDI" };
	(void)width;
	if (!list->count)
		fprintf(out, "none");
	for (size_t i = 0; i < list->count; i++) {
		const struct reg_arg *a = &list->items[i];
		fprintf(out, "%s", i ? ", " : "");
		if (a->high >= 0)
			fprintf(out, "%s:", regs[a->high]);
		if (a->stack_high >= 0)
			fprintf(out, "[ESP+%d]:", a->stack_high);
		if (a->low >= 0)
			fprintf(out, "%s", regs[a->low]);
		else
			fprintf(out, "[ESP+%d]", a->stack_low);
		fprintf(out, " = %s", a->arg);
	}
}

static void print_mask(FILE *out, uint32_t mask)
{
	static const char *const regs[] = { "EAX", "ECX", "EDX", "EBX", "ESP", "EBP", "ESI", "EDI" };
	const char *comma = "";
	for (size_t i = 0; i < 8; i++)
		if (mask & 1u << i) {
			fprintf(out, "%s%s", comma, regs[i]);
			comma = ", ";
		}
	if (mask & 1u << REG_FLAGS)
		fprintf(out, "%sflags", comma);
}

static void print_call(const struct model *m, FILE *out, const struct call *c)
{
	const struct call_regs *r = &c->width[0];
	fprintf(out, "\n### %u %s\n\n%s\n\n`%s`\n\n| | |\n|---|---|\n| since | %u.%u |\n| in | ",
		c->number, c->name, c->summary, c->proto, c->since_major, c->since_minor);
	print_places(out, &r->in, 0);
	fprintf(out, " |\n| out | ");
	if (r->noreturn)
		fprintf(out, "does not return");
	else
		print_places(out, &r->out, 0);
	fprintf(out, " |\n| clobbers | ");
	if (r->noreturn)
		fprintf(out, "everything");
	else
		print_mask(out, r->clobber);
	fprintf(out, " |\n| answers |");
	for (size_t t = 0; t < m->relocation_count; t++)
		if (c->answers & 1u << t)
			fprintf(out, " %s", m->relocations[t].word);
	fprintf(out, " |\n| native |");
	if (!r->native_known)
		fprintf(out, " no equivalent");
	else if (!r->native_count)
		fprintf(out, " nothing");
	for (size_t i = 0; i < r->native_count; i++)
		fprintf(out, " `%s`%s", r->native[i], i + 1 < r->native_count ? "<br>" : "");
	fprintf(out, " |\n");
}

void emit_markdown(const struct model *m, FILE *out)
{
	fprintf(out, "# VMI %u.%u reference\n\nCalls by group. `in` and `out` are i386 registers; "
		     "the stack is counted with the return address at [ESP].\n", m->abi_major, m->abi_minor);
	for (size_t g = 0; g < m->group_count; g++) {
		const struct named *group = &m->groups[g];
		fprintf(out, "\n## Group %s\n\n%s Binds %s; DS and ES are %s.\n", group->name,
			group->summary, group->atomic ? "all or none" : "each call alone",
			group->segments_any ? "anything: the calls do not use them" : "flat");
		for (size_t i = 0; i < m->call_count; i++)
			if (!m->calls[i].reserved && m->calls[i].group == g)
				print_call(m, out, &m->calls[i]);
	}
	fprintf(out, "\n## Reserved numbers\n\n");
	for (size_t i = 0; i < m->call_count; i++)
		if (m->calls[i].reserved)
			fprintf(out, "* %zu %s: %s\n", i, m->calls[i].name, m->calls[i].summary);
	fprintf(out, "\n## Relocation types\n\n| type | name | meaning |\n|---|---|---|\n");
	for (size_t i = 0; i < m->relocation_count; i++)
		fprintf(out, "| %zu | %s | %s |\n", i, m->relocations[i].name, m->relocations[i].summary);
	for (size_t i = 0; i < m->flags_count; i++) {
		fprintf(out, "\n## Flags %s\n\n| bit | name | meaning |\n|---|---|---|\n", m->flags[i].prefix);
		for (size_t b = 0; b < m->flags[i].count; b++)
			fprintf(out, "| 0x%llx | %s | %s |\n", m->flags[i].bits[b].value,
				m->flags[i].bits[b].name, m->flags[i].bits[b].summary);
	}
	for (size_t i = 0; i < m->struct_count; i++) {
		const struct structure *st = &m->structs[i];
		fprintf(out, "\n## struct %s\n\n%s 0x%llx bytes.\n\n| offset | type | field | meaning |\n"
			     "|---|---|---|---|\n", st->name, st->summary, st->size);
		for (size_t f = 0; f < st->count; f++) {
			const struct member *mem = &st->members[f];
			fprintf(out, "| 0x%02llx | %s", mem->offset, mem->type);
			if (mem->count)
				fprintf(out, "[%llu]", mem->count);
			fprintf(out, " | %s | %s |\n", mem->name, mem->summary);
		}
	}
	fprintf(out, "\n## Reason codes\n\n| code | name | scope | cause | remedy |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < m->reason_count; i++)
		fprintf(out, "| %u | VMI_%s | %s | %s | %s |\n", m->reasons[i].number, m->reasons[i].name,
			m->reasons[i].scope, m->reasons[i].cause, m->reasons[i].remedy);
}

static void json_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			fprintf(out, "\\u%04x", *text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void json_key(FILE *out, const char *key, const char *value)
{
	fprintf(out, ", \"%s\": ", key);
	json_string(out, value);
}

static void json_places(FILE *out, const char *key, const struct reg_list *list)
{
	fprintf(out, ", \"%s\": [", key);
	for (size_t i = 0; i < list->count; i++) {
		const struct reg_arg *a = &list->items[i];
		fprintf(out, "%s{\"arg\": \"%s\"", i ? ", " : "", a->arg);
		if (a->low >= 0)
			fprintf(out, ", \"reg\": %d", a->low);
		if (a->high >= 0)
			fprintf(out, ", \"reg_high\": %d", a->high);
		if (a->stack_low >= 0)
			fprintf(out, ", \"stack\": %d", a->stack_low);
		if (a->stack_high >= 0)
			fprintf(out, ", \"stack_high\": %d", a->stack_high);
		fputc('}', out);
	}
	fputc(']', out);
}

static void json_width(const struct model *m, FILE *out, const struct call *c, int width)
{
	const struct call_regs *r = &c->width[width];
	(void)m;
	fprintf(out, ", \"i386\": {\"noreturn\": %s, \"clobber\": %u", r->noreturn ? "true" : "false",
		r->clobber);
	json_places(out, "in", &r->in);
	json_places(out, "out", &r->out);
	if (r->native_known) {
		fprintf(out, ", \"native\": [");
		for (size_t i = 0; i < r->native_count; i++) {
			fprintf(out, "%s", i ? ", " : "");
			json_string(out, r->native[i]);
		}
		fputc(']', out);
	}
	fputc('}', out);
}

void emit_json(const struct model *m, FILE *out)
{
	fprintf(out, "{\"abi\": \"%s\", \"version\": \"%u.%u\",\n\"groups\": [", m->abi_name,
		m->abi_major, m->abi_minor);
	for (size_t i = 0; i < m->group_count; i++) {
		fprintf(out, "%s\n{\"name\": \"%s\", \"atomic\": %s, \"segments_any\": %s", i ? "," : "",
			m->groups[i].name, m->groups[i].atomic ? "true" : "false",
			m->groups[i].segments_any ? "true" : "false");
		json_key(out, "summary", m->groups[i].summary);
		fputc('}', out);
	}
	fprintf(out, "],\n\"calls\": [");
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		fprintf(out, "%s\n{\"number\": %zu, \"name\": \"%s\", \"reserved\": %s, \"since\": \"%u.%u\"",
			i ? "," : "", i, c->name, c->reserved ? "true" : "false", c->since_major,
			c->since_minor);
		json_key(out, "summary", c->summary);
		if (!c->reserved) {
			fprintf(out, ", \"group\": \"%s\", \"answers\": [", m->groups[c->group].name);
			const char *comma = "";
			for (size_t t = 0; t < m->relocation_count; t++)
				if (c->answers & 1u << t) {
					fprintf(out, "%s\"%s\"", comma, m->relocations[t].word);
					comma = ", ";
				}
			fputc(']', out);
			json_key(out, "prototype", c->proto);
			json_width(m, out, c, 0);
		}
		fputc('}', out);
	}
	fprintf(out, "],\n\"structs\": [");
	for (size_t i = 0; i < m->struct_count; i++) {
		const struct structure *st = &m->structs[i];
		fprintf(out, "%s\n{\"name\": \"%s\", \"size\": %llu, \"fields\": [", i ? "," : "", st->name,
			st->size);
		for (size_t f = 0; f < st->count; f++) {
			const struct member *mem = &st->members[f];
			fprintf(out, "%s{\"offset\": %llu, \"type\": \"%s\", \"count\": %llu, \"name\": \"%s\"",
				f ? ", " : "", mem->offset, mem->type, mem->count ? mem->count : 1, mem->name);
			json_key(out, "summary", mem->summary);
			fputc('}', out);
		}
		fprintf(out, "]}");
	}
	fprintf(out, "],\n\"reasons\": [");
	for (size_t i = 0; i < m->reason_count; i++) {
		const struct reason *r = &m->reasons[i];
		fprintf(out, "%s\n{\"number\": %u, \"name\": \"VMI_%s\", \"scope\": \"%s\"", i ? "," : "",
			r->number, r->name, r->scope);
		json_key(out, "cause", r->cause);
		json_key(out, "remedy", r->remedy);
		fputc('}', out);
	}
	fprintf(out, "]}\n");
}
