/* SPDX-License-Identifier: GPL-2.0-only */
/* The numbered rules of docs/, which cells of a run list say that they check. */
#ifndef RUN_RULES_H
#define RUN_RULES_H

/* A row of a table in docs/NAME.md whose first column is headed `rule`. */
struct rule {
	const char *name; /* negotiation.5 */
	const char *text; /* what holds */
};

/* `word`: negotiation.5, or 5 for the same. Result: the rule, or NULL if there is none. */
const struct rule *rule_find(const char *word);

#endif
