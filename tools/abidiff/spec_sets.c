/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares named numbers: the flags of vmi.abi and the constants of image.abi. */
#include "abidiff/spec.h"

#include <string.h>

static const struct bit *find_bit(const struct bit_set *sets, size_t count, const char *prefix,
				  const char *name)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sets[i].count && !strcmp(sets[i].prefix, prefix); k++)
			if (!strcmp(sets[i].bits[k].name, name))
				return &sets[i].bits[k];
	return NULL;
}

/* A value that a set of bits, or of numbers, had given away. */
static const struct bit *taken(const struct bit_set *set, const struct bit *new)
{
	bool single = true;
	for (size_t k = 0; k < set->count; k++)
		single = single && !(set->bits[k].value & (set->bits[k].value - 1));
	for (size_t k = 0; k < set->count; k++)
		if (single ? set->bits[k].value & new->value : set->bits[k].value == new->value)
			return &set->bits[k];
	return NULL;
}

static const struct bit *taken_before(const struct spec_sets *sets, const char *prefix,
				      const struct bit *new)
{
	for (size_t i = 0; sets->bits && i < sets->old_count; i++)
		if (!strcmp(sets->old[i].prefix, prefix))
			return taken(&sets->old[i], new);
	return NULL;
}

static const char *value_text(const struct bit *b)
{
	return differ_format("0x%llx%s", b->value, b->private ? " private" : "");
}

/* The file that a bit of one side stands in. */
static const char *path_of(const struct model *m, const struct bit *b, const char *path)
{
	return b->wide ? m->wide_path : path;
}

static void compare_bit(const struct spec_pair *p, const struct spec_sets *sets,
			const struct bit *old, const struct bit *new, const char *subject)
{
	struct side a = spec_side(path_of(p->m, old, sets->old_path), old->line, value_text(old));
	struct side b = new ? spec_side(path_of(p->n, new, sets->new_path), new->line, value_text(new)) :
			      spec_nothing(sets->new_path);
	if (new && !old->private && !new->private)
		differ_text(p->list, RULE_LAYOUT, subject, a, b);
	else if (!old->private)
		differ_breaks(p->list, RULE_LAYOUT, subject, a, b, NULL);
	else if (!new)
		differ_harmless(p->list, RULE_LAYOUT, subject, a, b);
	else if (!new->private)
		differ_new(p->list, RULE_NEW, subject, a, b, p->newer); /* promised from now on */
	else
		differ_words(p->list, RULE_LAYOUT, subject, a, b);
	if (new)
		spec_words(p, subject, "summary",
			   spec_side(path_of(p->m, old, sets->old_path), old->line, old->summary),
			   spec_side(path_of(p->n, new, sets->new_path), new->line, new->summary));
}

static void compare_new(const struct spec_pair *p, const struct spec_sets *sets,
			const char *prefix, const struct bit *new, const char *subject)
{
	struct side b = spec_side(path_of(p->n, new, sets->new_path), new->line, value_text(new));
	const struct bit *owner = taken_before(sets, prefix, new);
	if (owner)
		differ_breaks(p->list, RULE_NEW, subject,
			      spec_side(path_of(p->m, owner, sets->old_path), owner->line,
					differ_format("0x%llx is %s", owner->value, owner->name)), b,
			      "take a value that was free");
	else if (new->private)
		differ_harmless(p->list, RULE_LAYOUT, subject, spec_nothing(sets->old_path), b);
	else
		differ_new(p->list, RULE_NEW, subject, spec_nothing(sets->old_path), b, p->newer);
}

static const char *subject_of(const struct spec_sets *sets, const char *prefix, const char *name)
{
	return differ_format("%s %s: %s%s", sets->kind, prefix, sets->item, name);
}

void spec_compare_sets(const struct spec_pair *p, const struct spec_sets *sets)
{
	for (size_t i = 0; i < sets->old_count; i++)
		for (size_t k = 0; k < sets->old[i].count; k++) {
			const char *prefix = sets->old[i].prefix;
			const struct bit *old = &sets->old[i].bits[k];
			const struct bit *new = find_bit(sets->new, sets->new_count, prefix, old->name);
			if (!p->wide || old->wide || (new && new->wide))
				compare_bit(p, sets, old, new, subject_of(sets, prefix, old->name));
		}
	for (size_t i = 0; i < sets->new_count; i++)
		for (size_t k = 0; k < sets->new[i].count; k++) {
			const char *prefix = sets->new[i].prefix;
			const struct bit *new = &sets->new[i].bits[k];
			if ((!p->wide || new->wide) &&
			    !find_bit(sets->old, sets->old_count, prefix, new->name))
				compare_new(p, sets, prefix, new,
					    subject_of(sets, prefix, new->name));
		}
}
