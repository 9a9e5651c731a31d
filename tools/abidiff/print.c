/* SPDX-License-Identifier: GPL-2.0-only */
/* The result for people. */
#include "abidiff/abidiff.h"
#include "run/rules.h"

static const char *version(const struct abi_state *s)
{
	unsigned int major = s->is_rom ? s->rom.header.api_version_maj : s->model.abi_major;
	unsigned int minor = s->is_rom ? s->rom.header.api_version_min : s->model.abi_minor;
	return differ_format("%s (%s%u.%u)", s->name, s->is_rom ? "ROM of " : "", major, minor);
}

static void print_side(const char *which, const struct side *s)
{
	printf("    %s ", which);
	if (!s->file)
		printf("pvrom");
	else if (s->rom)
		printf("%s:0x%02lx", s->file, s->at);
	else if (s->at)
		printf("%s:%lu", s->file, s->at);
	else
		printf("%s", s->file);
	printf(s->text ? ": %s\n" : ": nothing\n", s->text);
}

static void print_difference(const struct difference *d)
{
	printf("%s, rule %d: %s\n", !d->breaks ? "harmless" : d->excuse ? "suppressed" : "breaking",
	       d->rule, d->subject);
	print_side("a", &d->a);
	print_side("b", &d->b);
	if (d->excuse)
		printf("    suppressed: %s\n", d->excuse);
	else if (d->breaks)
		printf("    remedy: %s\n", d->remedy);
}

/* What the rules say that something breaks. */
static void print_rules(const struct differences *list)
{
	bool seen[RULES_END] = { false };
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].breaks && !list->items[i].excuse)
			seen[list->items[i].rule] = true;
	for (int rule = 0; rule < RULES_END; rule++) {
		const struct rule *r = rule_find(differ_format("abi-policy.%d", rule));
		if (seen[rule])
			printf("rule %d: %s\n", rule, r ? r->text : "docs/abi-policy.md has lost it");
	}
}

int abi_print(const struct abi_state *a, const struct abi_state *b, const struct differences *list,
	      bool harmless)
{
	for (size_t i = 0; i < list->count; i++)
		if (harmless || list->items[i].breaks)
			print_difference(&list->items[i]);
	print_rules(list);
	if (list->note)
		printf("note %s\n", list->note);
	printf("%s -> %s: %s: %zu breaking, %zu harmless, %zu suppressed\n", version(a), version(b),
	       abi_verdict(list), list->breaks, list->count - list->breaks - list->suppressed,
	       list->suppressed);
	return 0;
}
