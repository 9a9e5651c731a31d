/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences that break and are wanted all the same: each is named, with its reason. */
#include "abidiff/abidiff.h"
#include "run/rules.h"

#include <string.h>

/* The rule and the reason of a stanza. Result: 0, or -1 after a line. */
static int read_fields(const struct stanza_file *file, const struct stanza *s,
		       unsigned long long *rule, const char **reason)
{
	static const char *const keys[] = { "rule", "reason", NULL };
	const struct stanza_field *number = need(file, s, "rule"), *why = need(file, s, "reason");
	if (!number || !why || check_keys(file, s, keys))
		return -1;
	if (!stanza_number(number->value, RULES_END, rule) ||
	    !rule_find(differ_format("abi-policy.%llu", *rule)))
		return stanza_error(file, number->line, "`%s` is no rule of docs/abi-policy.md",
				    number->value);
	*reason = why->value;
	return 0;
}

static int apply(struct differences *list, const struct stanza_file *file, const struct stanza *s)
{
	unsigned long long rule = 0;
	const char *reason = NULL;
	bool any = false;
	if (strcmp(s->kind, "suppress") || !*s->rest)
		return stanza_error(file, s->line, "found `%s %s`, expected `suppress SUBJECT`, as "
				    "`suppress call 17 SetCR3: clobber32`", s->kind, s->rest);
	if (read_fields(file, s, &rule, &reason))
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		struct difference *d = &list->items[i];
		if (!d->breaks || d->excuse || (unsigned long long)d->rule != rule ||
		    strcmp(d->subject, s->rest))
			continue;
		d->excuse = reason;
		list->breaks--;
		list->suppressed++;
		any = true;
	}
	return any ? 0 : stanza_error(file, s->line, "`%s` by rule %llu excuses nothing: no difference "
				      "that breaks is left of that name and rule; remove the stanza",
				      s->rest, rule);
}

int abi_suppress(struct differences *list, const char *path)
{
	/* Reasons are printed later: the file stays in memory. */
	static struct stanza_file file;
	int result = !abi_regular(path) || stanza_read(&file, path) ? 2 : 0;
	for (size_t i = 0; !result && i < file.count; i++)
		result = apply(list, &file, &file.stanzas[i]) ? 2 : 0;
	return result;
}
