/* SPDX-License-Identifier: GPL-2.0-only */
/* A ROM profile: which relocation type each call answers. Later lines win. */
#include "model.h"

#include <string.h>

static int read_answer(const struct model *m, const struct stanza_file *file,
		       const struct stanza *s, unsigned *answer)
{
	bool wide = !strcmp(s->kind, "answer64"); /* of 64 bit alone */
	if ((!wide && strcmp(s->kind, "answer")) || s->word_count != 2 || s->field_count)
		return stanza_error(file, s->line, "expected `answer CALL|GROUP WORD`, found `%s %s`",
				    s->kind, s->rest);
	if (wide && !m->width)
		return 0;
	const char *name = s->words[0];
	int type = find_relocation(m, s->words[1]), group = find_group(m, name);
	if (type < 0)
		return stanza_error(file, s->line, "`%s` is no relocation type", s->words[1]);
	bool found = false;
	for (size_t c = 0; c < m->call_count; c++) {
		const struct call *call = &m->calls[c];
		if (strcmp(call->name, name) &&
		    (call->reserved || group < 0 || call->group != (unsigned)group))
			continue;
		if (call->reserved && !m->width)
			continue;
		found = true; /* with 64 bit also a call that is absent there */
		if (call->reserved)
			continue;
		if (!(call->answers & 1u << type))
			return stanza_error(file, s->line, "%s may not be answered `%s`", call->name,
					    s->words[1]);
		answer[c] = (unsigned)type;
	}
	return found ? 0 : stanza_error(file, s->line, "`%s` names no call and no group of calls", name);
}

/* The answers of a profile, as NASM defines PREFIX_NUMBER. */
static int print_answers(const struct model *m, const struct stanza_file *const files[2],
			 const char *prefix, FILE *out)
{
	unsigned answer[MAX_CALLS] = { 0 };
	for (size_t f = 0; f < 2 && files[f]; f++)
		for (size_t i = 0; i < files[f]->count; i++)
			if (read_answer(m, files[f], &files[f]->stanzas[i], answer))
				return -1;
	for (size_t c = 0; c < m->call_count; c++)
		fprintf(out, "%%define %s_%zu %u ; %s\n", prefix, c, answer[c],
			m->calls[c].reserved ? "reserved" : m->calls[c].name);
	return 0;
}

int emit_profile(const struct model *m, const struct model *wide, const struct stanza_file *profile,
		 const struct stanza_file *unprovided, FILE *out)
{
	const char *slash = strrchr(profile->path, '/');
	char *name = keep(slash ? slash + 1 : profile->path);
	name[strcspn(name, ".")] = 0;
	if (check_name(profile, 0, name))
		return -1;
	fprintf(out, "%%define VMI_PROFILE '%s'\n", name);
	const struct stanza_file *const files[] = { profile, wide ? unprovided : NULL };
	if (print_answers(m, files, "VMI_ANSWER", out))
		return -1;
	return wide ? print_answers(wide, files, "VMI64_ANSWER", out) : 0;
}
