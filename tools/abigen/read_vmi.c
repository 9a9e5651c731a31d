/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads vmi.abi: the calls and what they refer to. */
#include "model.h"

#include <string.h>

#define MAX_CALLS 256
#define MAX_TYPES 8

static int read_version(const struct stanza_file *file, int line, const char *word,
			unsigned *major, unsigned *minor)
{
	char tail;
	if (sscanf(word, "%3u.%3u%c", major, minor, &tail) != 2)
		return stanza_error(file, line, "`%s` is not MAJOR.MINOR", word);
	return 0;
}

static int read_abi(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	if (m->abi_name)
		return stanza_error(file, s->line, "`abi` stands twice");
	if (s->word_count != 2)
		return stanza_error(file, s->line, "`abi` takes a name and a version");
	m->abi_name = s->words[0];
	return read_version(file, s->line, s->words[1], &m->abi_major, &m->abi_minor);
}

static int read_relocation(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "word", "summary", NULL };
	unsigned long long number;
	if (s->word_count != 2 || !stanza_number(s->words[0], MAX_TYPES - 1, &number))
		return stanza_error(file, s->line, "`relocation` takes a number below 8 and a name");
	if (number != m->relocation_count)
		return stanza_error(file, s->line, "relocation %llu out of order, expected %zu", number,
				    m->relocation_count);
	if (find_named(m->relocations, m->relocation_count, s->words[1]) >= 0)
		return stanza_error(file, s->line, "relocation `%s` stands twice", s->words[1]);
	const struct stanza_field *word = need(file, s, "word"), *sum = need(file, s, "summary");
	if (check_keys(file, s, keys) || !word || !sum)
		return -1;
	*APPEND(m->relocations, m->relocation_count) = (struct named){
		.line = s->line, .name = s->words[1], .summary = sum->value, .word = word->value };
	return 0;
}

static int read_clobbers(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "registers", NULL };
	const struct stanza_field *f = need(file, s, "registers");
	if (!f || check_keys(file, s, keys))
		return -1;
	struct named c = { .line = s->line };
	if (s->word_count != 2 || (strcmp(s->words[1], "32") && strcmp(s->words[1], "64")))
		return stanza_error(file, s->line, "`clobbers` takes a name and 32 or 64");
	c.name = s->words[0];
	c.width = !strcmp(s->words[1], "64");
	for (size_t i = 0; i < m->clobber_count; i++)
		if (m->clobbers[i].width == c.width && !strcmp(m->clobbers[i].name, c.name))
			return stanza_error(file, s->line, "clobber list `%s` stands twice", c.name);
	size_t count;
	char **words = stanza_words(keep(f->value), &count);
	for (size_t i = 0; i < count; i++) {
		int reg = reg_number(words[i], c.width);
		if (reg < 0 && strcmp(words[i], "all"))
			return stanza_error(file, f->line, "unknown register `%s`", words[i]);
		c.mask |= reg < 0 ? (1u << REG_COUNT) - 1 : 1u << reg;
	}
	*APPEND(m->clobbers, m->clobber_count) = c;
	return 0;
}

static int read_group(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "binds", "segments", "summary", NULL };
	const struct stanza_field *binds = need(file, s, "binds");
	const struct stanza_field *segments = need(file, s, "segments");
	const struct stanza_field *summary = need(file, s, "summary");
	if (!binds || !segments || !summary || check_keys(file, s, keys))
		return -1;
	if (s->word_count != 1)
		return stanza_error(file, s->line, "`group` takes a name");
	if (find_named(m->groups, m->group_count, s->words[0]) >= 0)
		return stanza_error(file, s->line, "group `%s` stands twice", s->words[0]);
	bool atomic = !strcmp(binds->value, "atomic"), any = !strcmp(segments->value, "any");
	if (!atomic && strcmp(binds->value, "each"))
		return stanza_error(file, binds->line, "`binds` is each or atomic, not `%s`",
				    binds->value);
	if (!any && strcmp(segments->value, "flat"))
		return stanza_error(file, segments->line, "`segments` is flat or any, not `%s`",
				    segments->value);
	*APPEND(m->groups, m->group_count) = (struct named){ .line = s->line, .name = s->words[0],
		.summary = summary->value, .atomic = atomic, .segments_any = any };
	return 0;
}

static struct call *new_call(struct model *m, const struct stanza_file *file,
			     const struct stanza *s, size_t words)
{
	unsigned long long number;
	if (s->word_count != words || !stanza_number(s->words[0], MAX_CALLS - 1, &number)) {
		stanza_error(file, s->line, "`%s` takes a number below %d and %zu name%s", s->kind,
			     MAX_CALLS, words - 1, words == 2 ? "" : "s");
		return NULL;
	}
	while (m->call_count <= number)
		APPEND(m->calls, m->call_count)->used = false;
	struct call *c = &m->calls[number];
	if (c->used) {
		stanza_error(file, s->line, "number %llu stands twice, first on line %d", number, c->line);
		return NULL;
	}
	for (size_t i = 0; i < m->call_count; i++)
		if (m->calls[i].used && !strcmp(m->calls[i].name, s->words[1])) {
			stanza_error(file, s->line, "name `%s` stands twice, first on line %d", s->words[1],
				     m->calls[i].line);
			return NULL;
		}
	*c = (struct call){ .used = true, .line = s->line, .number = (unsigned)number,
			    .name = s->words[1], .reserved = words == 2 };
	const struct stanza_field *since = need(file, s, "since"), *sum = need(file, s, "summary");
	if (!since || !sum ||
	    read_version(file, since->line, since->value, &c->since_major, &c->since_minor))
		return NULL;
	c->summary = sum->value;
	return c;
}

static int read_answers(struct model *m, const struct stanza_file *file,
			const struct stanza_field *f, struct call *c)
{
	size_t count;
	char **words = stanza_words(keep(f->value), &count);
	for (size_t i = 0; i < count; i++) {
		size_t t = 0;
		while (t < m->relocation_count && strcmp(m->relocations[t].word, words[i]))
			t++;
		if (t == m->relocation_count)
			return stanza_error(file, f->line, "unknown relocation type `%s`", words[i]);
		c->answers |= 1u << t;
	}
	return 0;
}

static int read_call(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "since", "group", "proto", "in32", "out32", "clobber32",
					    "native32*", "in64", "out64", "clobber64", "native64*",
					    "answers", "summary", NULL };
	if (check_keys(file, s, keys))
		return -1;
	struct call *c = new_call(m, file, s, 3);
	if (!c)
		return -1;
	c->entry = s->words[2];
	for (size_t i = 0; i < m->call_count; i++)
		if (&m->calls[i] != c && m->calls[i].entry && !strcmp(m->calls[i].entry, c->entry))
			return stanza_error(file, s->line, "entry `%s` stands twice", c->entry);
	const struct stanza_field *group = need(file, s, "group"), *proto = need(file, s, "proto");
	const struct stanza_field *answers = need(file, s, "answers");
	if (!group || !proto || !answers)
		return -1;
	int g = find_named(m->groups, m->group_count, group->value);
	if (g < 0)
		return stanza_error(file, group->line, "unknown group `%s`", group->value);
	c->group = (unsigned)g;
	if (read_proto(file, proto, c) || read_answers(m, file, answers, c))
		return -1;
	for (int w = 0; w < WIDTHS; w++)
		if (read_call_regs(m, file, s, c, w))
			return -1;
	return 0;
}

static int read_flags(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	for (size_t i = 0; i < m->flags_count; i++)
		if (s->word_count && !strcmp(m->flags[i].prefix, s->words[0]))
			return stanza_error(file, s->line, "flags `%s` stand twice", s->words[0]);
	return read_bits(APPEND(m->flags, m->flags_count), file, s, "bit");
}

static int read_reserved(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "since", "summary", NULL };
	return check_keys(file, s, keys) || !new_call(m, file, s, 2) ? -1 : 0;
}

int read_vmi(struct model *m, const struct stanza_file *file)
{
	static const struct {
		const char *kind;
		int (*read)(struct model *, const struct stanza_file *, const struct stanza *);
	} kinds[] = {
		{ "abi", read_abi }, { "relocation", read_relocation }, { "clobbers", read_clobbers },
		{ "group", read_group }, { "flags", read_flags }, { "call", read_call },
		{ "reserved", read_reserved },
	};
	for (size_t i = 0; i < file->count; i++) {
		const struct stanza *s = &file->stanzas[i];
		size_t k = 0;
		while (k < sizeof(kinds) / sizeof(*kinds) && strcmp(kinds[k].kind, s->kind))
			k++;
		if (k == sizeof(kinds) / sizeof(*kinds))
			return stanza_error(file, s->line, "unknown stanza `%s`", s->kind);
		if (kinds[k].read(m, file, s))
			return -1;
	}
	if (!m->abi_name)
		return stanza_error(file, 0, "there is no `abi` stanza");
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].used) {
			size_t next = i;
			while (!m->calls[next].used)
				next++;
			return stanza_error(file, m->calls[next].line,
					    "number %zu is missing before %zu; reserve it", i, next);
		}
	return 0;
}
