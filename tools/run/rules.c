/* SPDX-License-Identifier: GPL-2.0-only */
#include "rules.h"

#include <stddef.h>
#include <string.h>

#include "text.h"

static const struct rule rules[] = {
#include "rules.inc" /* made of docs/ by tools/run/rules.mk */
};

const struct rule *rule_find(const char *word)
{
	struct text name = { 0 };
	const struct rule *found = NULL;
	text_addf(&name, "%s%s", strchr(word, '.') ? "" : "negotiation.", word);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !found; i++)
		if (!strcmp(rules[i].name, text_string(&name)))
			found = &rules[i];
	text_free(&name);
	return found;
}
