// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares two states of vmi64.abi, each on top of the vmi.abi that it belongs to. The models hold what
 * both files say, so what was said of vmi.abi alone is found again here; it is left out.
 */
#include "abidiff/spec.h"

#include <string.h>

#define SUBJECT "long mode: "

static bool same_side(const struct side *a, const struct side *b)
{
	if (a->at != b->at || !a->text != !b->text || strcmp(a->file, b->file))
		return false;
	return !a->text || !strcmp(a->text, b->text);
}

static bool said(const struct differences *list, const struct difference *d)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].rule == d->rule && same_side(&list->items[i].a, &d->a) &&
		    same_side(&list->items[i].b, &d->b))
			return true;
	return false;
}

static const struct text *find_convention(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->convention_count; i++)
		if (!strcmp(m->conventions[i].name, name))
			return &m->conventions[i];
	return NULL;
}

/* No program can tell whether other words say the same: the difference is shown, for people. */
static void compare_conventions(const struct spec_pair *p)
{
	const char *from = p->m->wide_path, *to = p->n->wide_path;
	for (size_t i = 0; i < p->m->convention_count; i++) {
		const struct text *old = &p->m->conventions[i], *new = find_convention(p->n, old->name);
		const char *subject = differ_format("convention %s", old->name);
		struct side a = spec_side(from, old->line, old->value);
		if (new)
			differ_words(p->list, RULE_WORDS, subject, a, spec_side(to, new->line, new->value));
		else
			differ_breaks(p->list, RULE_CALL, subject, a, spec_nothing(to),
				      "keep it: whoever wrote code for 64 bits relies on it");
	}
	for (size_t i = 0; i < p->n->convention_count; i++) {
		const struct text *new = &p->n->conventions[i];
		if (!find_convention(p->m, new->name))
			differ_new(p->list, RULE_NEW, differ_format("convention %s", new->name),
				   spec_nothing(from), spec_side(to, new->line, new->value), p->newer);
	}
}

static void compare_both(const struct model *old, const struct model *new, struct differences *list)
{
	struct differences wide = { .note = NULL };
	const struct spec_pair p = spec_pair_of(old, new, &wide);
	spec_compare_all(&p);
	compare_conventions(&p);
	size_t before = list->count;
	struct differences first = *list; /* what was said of 32 bit; items are added behind it */
	for (size_t i = 0; i < wide.count; i++) {
		struct difference *d = &wide.items[i];
		first.items = list->items;
		first.count = before;
		if (said(&first, d))
			continue;
		d->subject = differ_format(SUBJECT "%s", d->subject);
		*APPEND(list->items, list->count) = *d;
		list->breaks += d->breaks;
	}
}

static struct side whole(const struct model *m)
{
	return m->wide_path ? spec_side(m->wide_path, m->abi_line,
					differ_format("%s %u.%u", m->abi_name, m->abi_major, m->abi_minor)) :
			      spec_nothing(m->vmi_path);
}

void spec_compare_wide(const struct model *old, const struct model *new, struct differences *list)
{
	if (old->wide_path && new->wide_path)
		compare_both(old, new, list);
	else if (old->wide_path)
		differ_breaks(list, RULE_VERSION, SUBJECT "abi", whole(old), whole(new),
			      "keep vmi64.abi: guests in long mode have nothing else");
	else if (new->wide_path)
		differ_harmless(list, RULE_VERSION, SUBJECT "abi", whole(old), whole(new));
}
