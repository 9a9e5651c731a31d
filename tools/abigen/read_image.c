/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads image.abi: structures, constants, strings. */
#include "model.h"

#include <string.h>

static unsigned type_size(const char *type)
{
	static const struct { const char *name; unsigned size; } types[] = {
		{ "u8", 1 }, { "u16", 2 }, { "u32", 4 }, { "u64", 8 } };
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (!strcmp(types[i].name, type))
			return types[i].size;
	return 0;
}

/* Cuts `[N]` off a type. Result: false if what follows the `[` is no such length. */
static bool cut_length(char *type, unsigned long long *count)
{
	char *open = strchr(type, '[');
	if (!open)
		return true;
	char *close = strchr(open, ']');
	if (!close || close[1])
		return false;
	*open = *close = 0;
	return stanza_number(open + 1, 0xFFFF, count) && *count;
}

static int read_member(struct model *m, const struct stanza_file *file,
		       const struct stanza_field *f, struct structure *st, unsigned long long *end)
{
	char *save = NULL, *offset = strtok_r(keep(f->value), " \t", &save);
	char *type = strtok_r(NULL, " \t", &save);
	struct member mem = { .line = f->line, .type = type, .name = strtok_r(NULL, " \t", &save) };
	if (mem.name)
		mem.summary = save + strspn(save, " \t");
	if (!mem.name || !*mem.summary || !stanza_number(offset, 0xFFFF, &mem.offset))
		return stanza_error(file, f->line, "`%s` is not OFFSET TYPE NAME SUMMARY", f->value);
	if (!cut_length(type, &mem.count))
		return stanza_error(file, f->line, "the type of `%s` is not TYPE or TYPE[N]", mem.name);
	unsigned size = type_size(type);
	if (!size)
		return stanza_error(file, f->line, "unknown field type `%s`", type);
	if (mem.offset != *end)
		return stanza_error(file, f->line, "`%s` lies at 0x%llx, expected 0x%llx", mem.name,
				    mem.offset, *end);
	if (claim(m, file, f->line, st->name, ".", mem.name))
		return -1;
	*end += size * (mem.count ? mem.count : 1);
	*APPEND(st->members, st->count) = mem;
	return 0;
}

static bool mark_private(void *context, const char *name)
{
	struct structure *st = context;
	bool any = false;
	for (size_t i = 0; i < st->count; i++)
		if (!name || !strcmp(st->members[i].name, name))
			any = st->members[i].private = true;
	return any;
}

int read_struct(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "field*", "private", "summary", NULL };
	struct structure st = { .stanza = s };
	if (s->word_count != 2 || !stanza_number(s->words[1], 0xFFFF, &st.size))
		return stanza_error(file, s->line, "`struct` takes a name and a size");
	st.name = s->words[0];
	const struct stanza_field *summary = need(file, s, "summary");
	if (!summary || !need(file, s, "field") || check_keys(file, s, keys) ||
	    claim(m, file, s->line, "struct", " ", st.name) || check_public(file, s->line, st.name))
		return -1;
	st.summary = summary->value;
	unsigned long long end = 0;
	for (size_t i = 0; i < s->field_count; i++)
		if (!strcmp(s->fields[i].key, "field") && read_member(m, file, &s->fields[i], &st, &end))
			return -1;
	if (end != st.size)
		return stanza_error(file, s->line, "fields of `%s` end at 0x%llx, its size is 0x%llx",
				    st.name, end, st.size);
	if (read_private(file, s, mark_private, &st))
		return -1;
	*APPEND(m->structs, m->struct_count) = st;
	return 0;
}

static int read_string(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { NULL };
	if (s->word_count < 2)
		return stanza_error(file, s->line, "`string` takes a name and a text");
	const char *name = s->words[0], *value = s->rest + strlen(name);
	value += strspn(value, " \t");
	if (check_keys(file, s, keys) || claim(m, file, s->line, "", "", name) ||
	    check_public(file, s->line, name))
		return -1;
	/* C and NASM would not agree on what these mean inside quotes. */
	if (strpbrk(value, "\"'`\\"))
		return stanza_error(file, s->line, "`%s` may hold no quote and no backslash", name);
	*APPEND(m->strings, m->string_count) = (struct text){ s->line, name, value };
	return 0;
}

static int read_constants(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	return read_bits(m, APPEND(m->constants, m->constants_count), file, s, "value");
}

int read_image(struct model *m, const struct stanza_file *file)
{
	static const struct stanza_reader readers[] = {
		{ "constants", read_constants }, { "struct", read_struct }, { "string", read_string },
		{ NULL, NULL },
	};
	m->image_path = file->path;
	return read_stanzas(m, file, readers);
}
