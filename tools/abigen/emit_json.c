/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The JSON form: the whole model. Names are checked words and stand in quotes as
 * they are; free text goes through print_key().
 */
#include "emit.h"

static void print_key(FILE *out, const char *key, const char *text)
{
	fprintf(out, ", \"%s\": ", key);
	print_quoted(out, text);
}

static void print_places(FILE *out, const char *key, const struct places *list, int width)
{
	fprintf(out, ", \"%s\": [", key);
	for (size_t i = 0; i < list->count; i++) {
		const struct place *a = &list->items[i];
		fprintf(out, "%s{\"arg\": \"%s\"", i ? ", " : "", a->arg);
		if (a->low >= 0)
			fprintf(out, ", \"reg\": \"%s\"", reg_name(a->low, width));
		if (a->high >= 0)
			fprintf(out, ", \"reg_high\": \"%s\"", reg_name(a->high, width));
		if (a->stack_low >= 0)
			fprintf(out, ", \"stack\": %d", a->stack_low);
		if (a->stack_high >= 0)
			fprintf(out, ", \"stack_high\": %d", a->stack_high);
		fputc('}', out);
	}
	fputc(']', out);
}

static void print_width(FILE *out, const struct call_regs *r, int width)
{
	static const char *const keys[WIDTHS] = { "i386", "x86_64" };
	fprintf(out, ",\n  \"%s\": {\"noreturn\": %s, \"clobber\": [", keys[width],
		true_or_false(r->noreturn));
	print_registers(out, r->clobber, width, "\"");
	fputc(']', out);
	print_places(out, "in", &r->in, width);
	print_places(out, "out", &r->out, width);
	if (r->native_known) { /* absent: no equivalent; empty: nothing to do */
		fprintf(out, ", \"native\": [");
		for (size_t i = 0; i < r->native_count; i++)
			fprintf(out, "%s\"%s\"", i ? ", " : "", r->native[i]);
		fputc(']', out);
	}
	fputc('}', out);
}

static void print_call(const struct model *m, FILE *out, size_t number)
{
	const struct call *c = &m->calls[number];
	fprintf(out, "{\"number\": %zu, \"name\": \"%s\", \"reserved\": %s, \"since\": \"%u.%u\"", number,
		c->name, true_or_false(c->reserved), c->since_major, c->since_minor);
	print_key(out, "summary", c->summary);
	if (!c->reserved) {
		fprintf(out, ", \"entry\": \"vmi_%s\", \"group\": \"%s\", \"answers\": [", c->entry,
			m->groups[c->group].name);
		const char *comma = "";
		for (size_t t = 0; t < m->relocation_count; t++)
			if (c->answers & 1u << t) {
				fprintf(out, "%s\"%s\"", comma, m->relocations[t].word);
				comma = ", ";
			}
		fprintf(out, "], \"prototype\": \"%s\"", c->proto);
		if (c->width[1].present)
			print_key(out, "prototype64", c->wide.text);
		for (int w = 0; w < WIDTHS; w++)
			if (c->width[w].present)
				print_width(out, &c->width[w], w);
		if (c->natively) {
			print_key(out, "natively", c->natively);
			print_key(out, "hypervised", c->hypervised);
			print_key(out, "fails", c->fails);
		}
	}
	fputc('}', out);
}

static void print_conventions(const struct model *m, FILE *out)
{
	fprintf(out, "],\n\"conventions\": [");
	for (size_t i = 0; i < m->convention_count; i++) {
		fprintf(out, "%s\n{\"name\": \"%s\"", i ? "," : "", m->conventions[i].name);
		print_key(out, "text", m->conventions[i].value);
		fputc('}', out);
	}
}

static void print_services(const struct model *m, FILE *out)
{
	fprintf(out, "],\n\"services\": [");
	for (size_t i = 0; i < m->service_count; i++) {
		const struct service *s = &m->services[i];
		fprintf(out, "%s\n{\"slot\": ", i ? "," : "");
		print_quoted(out, s->slot);
		fprintf(out, ", \"class\": \"%s\", \"call\": %u", s->class, s->call);
		if (s->prefix)
			fprintf(out, ", \"flag\": \"%s_%s\"", s->prefix, s->bit);
		fputc('}', out);
	}
}

static void print_bits(FILE *out, const char *key, const struct bit_set *sets, size_t count)
{
	fprintf(out, "],\n\"%s\": [", key);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s\n{\"prefix\": \"%s\", \"values\": [", i ? "," : "", sets[i].prefix);
		for (size_t b = 0; b < sets[i].count; b++) {
			const struct bit *bit = &sets[i].bits[b];
			fprintf(out, "%s\n  {\"value\": %llu, \"name\": \"%s\"", b ? "," : "", bit->value,
				bit->name);
			print_key(out, "summary", bit->summary);
			fputc('}', out);
		}
		fprintf(out, "]}");
	}
}

static void print_struct(FILE *out, const struct structure *st)
{
	fprintf(out, "{\"name\": \"%s\", \"size\": %llu", st->name, st->size);
	print_key(out, "summary", st->summary);
	fprintf(out, ", \"fields\": [");
	for (size_t i = 0; i < st->count; i++) {
		const struct member *mem = &st->members[i];
		fprintf(out, "%s\n  {\"offset\": %llu, \"type\": \"%s\", \"count\": %llu, \"name\": \"%s\"",
			i ? "," : "", mem->offset, mem->type, mem->count ? mem->count : 1, mem->name);
		print_key(out, "summary", mem->summary);
		fputc('}', out);
	}
	fprintf(out, "]}");
}

void emit_json(const struct model *m, FILE *out)
{
	fprintf(out, "{\"abi\": \"%s\", \"version\": \"%u.%u\",\n\"relocations\": [", m->abi_name,
		m->abi_major, m->abi_minor);
	for (size_t i = 0; i < m->relocation_count; i++) {
		const struct relocation *r = &m->relocations[i];
		fprintf(out, "%s\n{\"type\": %zu, \"name\": \"%s\", \"word\": \"%s\"", i ? "," : "", i,
			r->name, r->word);
		print_key(out, "summary", r->summary);
		fputc('}', out);
	}
	fprintf(out, "],\n\"groups\": [");
	for (size_t i = 0; i < m->group_count; i++) {
		const struct group *g = &m->groups[i];
		fprintf(out, "%s\n{\"name\": \"%s\", \"atomic\": %s, \"segments_any\": %s", i ? "," : "",
			g->name, true_or_false(g->atomic), true_or_false(g->segments_any));
		if (g->needs >= 0)
			print_key(out, "needs", m->groups[g->needs].name);
		print_key(out, "summary", g->summary);
		fputc('}', out);
	}
	fprintf(out, "],\n\"calls\": [");
	for (size_t i = 0; i < m->call_count; i++) {
		fprintf(out, "%s\n", i ? "," : "");
		print_call(m, out, i);
	}
	if (m->width)
		print_conventions(m, out);
	print_services(m, out);
	print_bits(out, "flags", m->flags, m->flags_count);
	print_bits(out, "constants", m->constants, m->constants_count);
	fprintf(out, "],\n\"strings\": [");
	for (size_t i = 0; i < m->string_count; i++)
		fprintf(out, "%s\n{\"name\": \"%s\", \"value\": \"%s\"}", i ? "," : "", m->strings[i].name,
			m->strings[i].value);
	fprintf(out, "],\n\"structs\": [");
	for (size_t i = 0; i < m->struct_count; i++) {
		fprintf(out, "%s\n", i ? "," : "");
		print_struct(out, &m->structs[i]);
	}
	fprintf(out, "],\n\"reasons\": [");
	for (size_t i = 0; i < m->reason_count; i++) {
		const struct reason *r = &m->reasons[i];
		fprintf(out, "%s\n{\"number\": %u, \"name\": \"VMI_%s\", \"scope\": \"%s\"", i ? "," : "",
			r->number, r->name, r->scope);
		print_key(out, "cause", r->cause);
		print_key(out, "remedy", r->remedy);
		fputc('}', out);
	}
	fprintf(out, "]}\n");
}
