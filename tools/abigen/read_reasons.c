/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads reasons.abi: the loader's reason codes. */
#include "model.h"

#include <string.h>

static int read_reason(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "scope", "cause", "remedy", NULL };
	unsigned long long number;
	if (s->word_count != 2 || !stanza_number(s->words[0], 999, &number))
		return stanza_error(file, s->line, "`reason` takes a number below 1000 and a name");
	if (m->reason_count && number <= m->reasons[m->reason_count - 1].number)
		return stanza_error(file, s->line, "number %llu is not above the one before it", number);
	if (!m->reason_count && (number || strcmp(s->words[1], "OK")))
		return stanza_error(file, s->line, "the first reason must be `reason 0 OK`");
	const struct stanza_field *scope = need(file, s, "scope"), *cause = need(file, s, "cause");
	const struct stanza_field *remedy = need(file, s, "remedy");
	if (!scope || !cause || !remedy || check_keys(file, s, keys) ||
	    claim(m, file, s->line, "VMI", "_", s->words[1]))
		return -1;
	if (strcmp(scope->value, "rom") && strcmp(scope->value, "slot") &&
	    strcmp(scope->value, "loader"))
		return stanza_error(file, scope->line, "scope is rom, slot or loader, not `%s`",
				    scope->value);
	*APPEND(m->reasons, m->reason_count) = (struct reason){ s, (unsigned)number, s->words[1],
		scope->value, cause->value, remedy->value };
	return 0;
}

int read_reasons(struct model *m, const struct stanza_file *file)
{
	static const struct stanza_reader readers[] = { { "reason", read_reason }, { NULL, NULL } };
	m->reasons_path = file->path;
	if (read_stanzas(m, file, readers))
		return -1;
	return m->reason_count ? 0 : stanza_error(file, 0, "there is no `reason`");
}
