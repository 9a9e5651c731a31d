/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads image.abi and reasons.abi: structures, constants, strings, reason codes. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

int read_bits(struct bit_set *set, const struct stanza_file *file, const struct stanza *s,
	      const char *key)
{
	if (s->word_count != 1)
		return stanza_error(file, s->line, "`%s` takes one prefix", s->kind);
	set->line = s->line;
	set->prefix = s->words[0];
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		if (strcmp(f->key, key))
			return stanza_error(file, f->line, "unknown field `%s` in `%s`", f->key, s->kind);
		char *text = keep(f->value), *save = NULL;
		char *number = strtok_r(text, " \t", &save), *name = strtok_r(NULL, " \t", &save);
		struct bit b = { .name = name };
		if (!name || !stanza_number(number, UINT64_MAX, &b.value))
			return stanza_error(file, f->line, "`%s` is not NUMBER NAME SUMMARY", f->value);
		b.summary = save + strspn(save, " \t");
		for (size_t j = 0; j < set->count; j++)
			if (!strcmp(set->bits[j].name, name))
				return stanza_error(file, f->line, "`%s` stands twice", name);
		*APPEND(set->bits, set->count) = b;
	}
	return 0;
}

static unsigned type_size(const char *type)
{
	static const struct { const char *name; unsigned size; } types[] = {
		{ "u8", 1 }, { "u16", 2 }, { "u32", 4 }, { "u64", 8 } };
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i].name, type))
			return types[i].size;
	return 0;
}

static int read_member(const struct stanza_file *file, const struct stanza_field *f,
		       struct structure *st, unsigned long long *end)
{
	char *text = keep(f->value), *save = NULL;
	char *offset = strtok_r(text, " \t", &save), *type = strtok_r(NULL, " \t", &save);
	char *name = strtok_r(NULL, " \t", &save);
	struct member m = { .type = type, .name = name };
	if (!name || !stanza_number(offset, 0xFFFF, &m.offset))
		return stanza_error(file, f->line, "`%s` is not OFFSET TYPE NAME SUMMARY", f->value);
	m.summary = save + strspn(save, " \t");
	char *bracket = strchr(type, '[');
	if (bracket) {
		*bracket = 0;
		bracket[strlen(bracket + 1)] = 0; /* the closing one */
		if (!stanza_number(bracket + 1, 0xFFFF, &m.count) || !m.count)
			return stanza_error(file, f->line, "bad array length of `%s`", name);
	}
	m.size = type_size(type);
	if (!m.size)
		return stanza_error(file, f->line, "unknown type `%s`", type);
	if (m.offset != *end)
		return stanza_error(file, f->line, "`%s` lies at 0x%llx, expected 0x%llx", name, m.offset,
				    *end);
	for (size_t i = 0; i < st->count; i++)
		if (!strcmp(st->members[i].name, name))
			return stanza_error(file, f->line, "`%s` stands twice", name);
	*end = m.offset + m.size * (m.count ? m.count : 1);
	*APPEND(st->members, st->count) = m;
	return 0;
}

static int read_struct(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	struct structure st = { .line = s->line };
	if (s->word_count != 2 || !stanza_number(s->words[1], 0xFFFF, &st.size))
		return stanza_error(file, s->line, "`struct` takes a name and a size");
	st.name = s->words[0];
	for (size_t i = 0; i < m->struct_count; i++)
		if (!strcmp(m->structs[i].name, st.name))
			return stanza_error(file, s->line, "struct `%s` stands twice", st.name);
	unsigned long long end = 0;
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		if (!strcmp(f->key, "summary"))
			st.summary = f->value;
		else if (strcmp(f->key, "field"))
			return stanza_error(file, f->line, "unknown field `%s` in `struct`", f->key);
		else if (read_member(file, f, &st, &end))
			return -1;
	}
	if (!need(file, s, "summary"))
		return -1;
	if (end != st.size)
		return stanza_error(file, s->line, "fields of `%s` end at 0x%llx, its size is 0x%llx",
				    st.name, end, st.size);
	*APPEND(m->structs, m->struct_count) = st;
	return 0;
}

int read_image(struct model *m, const struct stanza_file *file)
{
	for (size_t i = 0; i < file->count; i++) {
		const struct stanza *s = &file->stanzas[i];
		int result;
		if (!strcmp(s->kind, "constants")) {
			for (size_t c = 0; c < m->constants_count; c++)
				if (s->word_count && !strcmp(m->constants[c].prefix, s->words[0]))
					return stanza_error(file, s->line, "constants `%s` stand twice", s->words[0]);
			result = read_bits(APPEND(m->constants, m->constants_count), file, s, "value");
		} else if (!strcmp(s->kind, "struct")) {
			result = read_struct(m, file, s);
		} else if (!strcmp(s->kind, "string") && s->word_count >= 2) {
			const char *value = s->rest + strlen(s->words[0]);
			*APPEND(m->strings, m->string_count) =
				(struct text){ s->words[0], value + strspn(value, " \t") };
			result = 0;
		} else {
			result = stanza_error(file, s->line, "unknown stanza `%s`", s->kind);
		}
		if (result)
			return result;
	}
	return 0;
}

int read_reasons(struct model *m, const struct stanza_file *file)
{
	static const char *const keys[] = { "scope", "cause", "remedy", NULL };
	for (size_t i = 0; i < file->count; i++) {
		const struct stanza *s = &file->stanzas[i];
		unsigned long long number;
		if (strcmp(s->kind, "reason"))
			return stanza_error(file, s->line, "unknown stanza `%s`", s->kind);
		if (s->word_count != 2 || !stanza_number(s->words[0], 999, &number))
			return stanza_error(file, s->line, "`reason` takes a number below 1000 and a name");
		if (m->reason_count && number <= m->reasons[m->reason_count - 1].number)
			return stanza_error(file, s->line, "number %llu is not above the one before it",
					    number);
		for (size_t r = 0; r < m->reason_count; r++)
			if (!strcmp(m->reasons[r].name, s->words[1]))
				return stanza_error(file, s->line, "reason `%s` stands twice", s->words[1]);
		const struct stanza_field *scope = need(file, s, "scope"), *cause = need(file, s, "cause");
		const struct stanza_field *remedy = need(file, s, "remedy");
		if (!scope || !cause || !remedy || check_keys(file, s, keys))
			return -1;
		if (strcmp(scope->value, "rom") && strcmp(scope->value, "slot") &&
		    strcmp(scope->value, "loader"))
			return stanza_error(file, scope->line, "scope is rom, slot or loader, not `%s`",
					    scope->value);
		*APPEND(m->reasons, m->reason_count) = (struct reason){ s->line, (unsigned)number,
			s->words[1], scope->value, cause->value, remedy->value };
	}
	if (!m->reason_count || m->reasons[0].number || strcmp(m->reasons[0].name, "OK"))
		return stanza_error(file, 0, "the first reason must be `reason 0 OK`");
	return 0;
}
