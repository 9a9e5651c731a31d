/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads vmi.abi: the calls and what they refer to. */
#include "model.h"

#include <string.h>

#define MAX_TYPES 8

int read_version(const struct stanza_file *file, int line, const char *word, unsigned *major,
		 unsigned *minor)
{
	char *text = keep(word), *dot = strchr(text, '.');
	unsigned long long high, low;
	if (dot)
		*dot = 0;
	if (!dot || !stanza_number(text, UINT8_MAX, &high) || !stanza_number(dot + 1, UINT8_MAX, &low))
		return stanza_error(file, line, "`%s` is not MAJOR.MINOR", word);
	*major = (unsigned)high;
	*minor = (unsigned)low;
	return 0;
}

static int read_abi(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { NULL };
	if (m->abi_name)
		return stanza_error(file, s->line, "there is a second `abi`");
	if (s->word_count != 2)
		return stanza_error(file, s->line, "`abi` takes a name and a version");
	m->abi_line = s->line;
	m->abi_name = s->words[0];
	return check_keys(file, s, keys) || check_name(file, s->line, m->abi_name) ||
	       read_version(file, s->line, s->words[1], &m->abi_major, &m->abi_minor) ? -1 : 0;
}

static int read_relocation(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "word", "summary", NULL };
	unsigned long long number;
	if (s->word_count != 2 || !stanza_number(s->words[0], MAX_TYPES - 1, &number))
		return stanza_error(file, s->line, "`relocation` takes a number below %d and a name",
				    MAX_TYPES);
	if (number != m->relocation_count)
		return stanza_error(file, s->line, "relocation %llu out of order, expected %zu", number,
				    m->relocation_count);
	const struct stanza_field *word = need(file, s, "word"), *sum = need(file, s, "summary");
	if (!word || !sum || check_keys(file, s, keys) ||
	    claim(m, file, s->line, "VMI_RELOCATION", "_", s->words[1]) ||
	    claim(m, file, word->line, "word", " ", word->value))
		return -1;
	*APPEND(m->relocations, m->relocation_count) =
		(struct relocation){ s, s->words[1], word->value, sum->value };
	return 0;
}

static int read_clobbers(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "registers", NULL };
	const struct stanza_field *f = need(file, s, "registers");
	if (!f || check_keys(file, s, keys))
		return -1;
	if (s->word_count != 2 || (strcmp(s->words[1], "32") && strcmp(s->words[1], "64")))
		return stanza_error(file, s->line, "`clobbers` takes a name and 32 or 64");
	struct clobber_list c = { .name = s->words[0], .width = !strcmp(s->words[1], "64") };
	if (claim(m, file, s->line, c.width ? "clobbers64" : "clobbers32", " ", c.name))
		return -1;
	size_t count;
	char **words = stanza_words(keep(f->value), &count);
	for (size_t i = 0; i < count; i++) {
		bool all = !strcmp(words[i], "all");
		int only = reg_number(words[i], c.width);
		if (only < 0 && !all)
			return stanza_error(file, f->line, "unknown clobbered register `%s`", words[i]);
		for (int reg = 0; reg < REG_COUNT; reg++)
			if (reg == only || (all && reg_name(reg, c.width)))
				c.mask |= 1u << reg;
	}
	*APPEND(m->clobbers, m->clobber_count) = c;
	return 0;
}

int read_group(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "binds", "needs", "segments", "summary", NULL };
	const struct stanza_field *needs = stanza_field(s, "needs");
	const struct stanza_field *binds = need(file, s, "binds");
	const struct stanza_field *segments = need(file, s, "segments");
	const struct stanza_field *summary = need(file, s, "summary");
	if (!binds || !segments || !summary || check_keys(file, s, keys))
		return -1;
	if (s->word_count != 1)
		return stanza_error(file, s->line, "`group` takes a name");
	bool atomic = !strcmp(binds->value, "atomic"), any = !strcmp(segments->value, "any");
	if (!atomic && strcmp(binds->value, "each"))
		return stanza_error(file, binds->line, "`binds` is each or atomic, not `%s`",
				    binds->value);
	if (!any && strcmp(segments->value, "flat"))
		return stanza_error(file, segments->line, "`segments` is flat or any, not `%s`",
				    segments->value);
	/* "answer" too: profiles name calls and groups alike. */
	if (claim(m, file, s->line, "VMI_GROUP", "_", s->words[0]) ||
	    claim(m, file, s->line, "answer", " ", s->words[0]))
		return -1;
	int needed = needs ? find_group(m, needs->value) : -1;
	if (needs && (needed < 0 || !atomic))
		return stanza_error(file, needs->line, "`needs` is a group that stands before an atomic "
				    "one, not `%s`", needs->value);
	*APPEND(m->groups, m->group_count) =
		(struct group){ s, s->words[0], summary->value, atomic, any, needed };
	return 0;
}

/* What `call` and `reserved` have in common; `words` after the kind. NULL after an error. */
static struct call *new_call(struct model *m, const struct stanza_file *file,
			     const struct stanza *s, size_t words)
{
	unsigned long long number;
	const struct stanza_field *since = need(file, s, "since"), *sum = need(file, s, "summary");
	if (!since || !sum)
		return NULL;
	if (s->word_count != words || !stanza_number(s->words[0], MAX_CALLS - 1, &number)) {
		stanza_error(file, s->line, "`%s` takes a number below %d and %s", s->kind, MAX_CALLS,
			     words == 2 ? "a name" : "two names");
		return NULL;
	}
	while (m->call_count <= number)
		APPEND(m->calls, m->call_count)->used = false;
	struct call *c = &m->calls[number];
	/* vmi.abi keeps a number for 64 bit as a reserved one of the same name. */
	bool kept = m->width && words == 3 && c->reserved && number < m->old_calls &&
		    !strcmp(c->name, s->words[1]);
	if (c->used && !kept) {
		stanza_error(file, s->line, "number %llu stands twice, first on line %d", number,
			     c->stanza->line);
		return NULL;
	}
	*c = (struct call){ .used = true, .stanza = s, .name = s->words[1],
			    .summary = sum->value, .reserved = words == 2 };
	if ((!kept && (claim(m, file, s->line, "VMI_CALL", "_", c->name) ||
		       claim(m, file, s->line, "answer", " ", c->name))) ||
	    read_version(file, since->line, since->value, &c->since_major, &c->since_minor))
		return NULL;
	if (c->since_major > m->abi_major ||
	    (c->since_major == m->abi_major && c->since_minor > m->abi_minor)) {
		stanza_error(file, since->line, "since %s, but no `abi` above is as new", since->value);
		return NULL;
	}
	return c;
}

static int read_answers(struct model *m, const struct stanza_file *file,
			const struct stanza_field *f, struct call *c)
{
	size_t count;
	char **words = stanza_words(keep(f->value), &count);
	for (size_t i = 0; i < count; i++) {
		int type = find_relocation(m, words[i]);
		if (type < 0)
			return stanza_error(file, f->line, "unknown relocation type `%s`", words[i]);
		c->answers |= 1u << type;
	}
	if (!(c->answers & 1))
		return stanza_error(file, f->line, "`%s` must be among the answers: no ROM has every call",
				    m->relocations[0].word);
	return 0;
}

struct call *read_call_head(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	struct call *c = new_call(m, file, s, 3);
	if (!c)
		return NULL;
	c->entry = s->words[2];
	const struct stanza_field *group = need(file, s, "group");
	const struct stanza_field *answers = need(file, s, "answers");
	if (!group || !answers || claim(m, file, s->line, "entry", " ", c->entry))
		return NULL;
	int g = find_group(m, group->value);
	if (g < 0) {
		stanza_error(file, group->line, "unknown group `%s`", group->value);
		return NULL;
	}
	c->group = (unsigned)g;
	return read_answers(m, file, answers, c) ? NULL : c;
}

/* The prototype of the 64-bit form: its own, or the same. */
static int read_wide_proto(struct model *m, const struct stanza_file *file,
			   const struct stanza *s, struct call *c, const struct signature *narrow)
{
	const struct stanza_field *own = stanza_field(s, "proto64");
	char space[128];
	c->wide = *narrow;
	if (!own)
		return 0;
	if (!stanza_field(s, "in64"))
		return stanza_error(file, own->line, "`proto64` without `in64`");
	c->wide = (struct signature){ .text = NULL };
	snprintf(space, sizeof(space), "%s(64)", c->name);
	return read_proto(m, file, own, c, keep(space), &c->wide);
}

static int read_call(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "since", "group", "proto", "in32", "out32", "clobber32",
					    "native32*", "in64", "out64", "clobber64", "native64*",
					    "proto64", "answers", "summary", "natively",
					    "hypervised", "fails", "serves*", NULL };
	if (check_keys(file, s, keys))
		return -1;
	struct call *c = read_call_head(m, file, s);
	const struct stanza_field *proto = c ? need(file, s, "proto") : NULL;
	struct signature narrow = { .text = NULL };
	if (!proto || read_proto(m, file, proto, c, c->name, &narrow))
		return -1;
	c->proto = narrow.text;
	c->result = narrow.result;
	c->args = narrow.args;
	c->arg_count = narrow.arg_count;
	bool meaning = stanza_field(s, "natively") || stanza_field(s, "hypervised") ||
		       stanza_field(s, "fails") || stanza_field(s, "serves");
	if (meaning && read_meaning(m, file, s, c))
		return -1;
	return read_wide_proto(m, file, s, c, &narrow) || read_call_regs(m, file, s, c) ? -1 : 0;
}

int read_flags(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	return read_bits(m, APPEND(m->flags, m->flags_count), file, s, "bit");
}

int read_reserved(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "since", "summary", NULL };
	return check_keys(file, s, keys) || !new_call(m, file, s, 2) ? -1 : 0;
}

int check_numbers(const struct model *m, const struct stanza_file *file)
{
	for (size_t i = 0; i < m->call_count; i++) {
		size_t next = i;
		while (!m->calls[next].used)
			next++;
		if (next != i)
			return stanza_error(file, m->calls[next].stanza->line,
					    "number %zu is missing before %zu; reserve it", i, next);
	}
	return 0;
}

int read_vmi(struct model *m, const struct stanza_file *file)
{
	static const struct stanza_reader readers[] = {
		{ "abi", read_abi }, { "relocation", read_relocation }, { "clobbers", read_clobbers },
		{ "group", read_group }, { "flags", read_flags }, { "call", read_call },
		{ "reserved", read_reserved }, { NULL, NULL },
	};
	m->vmi_path = file->path;
	if (read_stanzas(m, file, readers))
		return -1;
	if (check_numbers(m, file) || check_meanings(m, file))
		return -1;
	bool any = false;
	for (size_t i = 0; i < m->call_count; i++)
		any = any || !m->calls[i].reserved;
	return any ? 0 : stanza_error(file, 0, "there is no `call`");
}
