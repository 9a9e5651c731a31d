/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares the structures of two states of image.abi. */
#include "abidiff/spec.h"

#include <string.h>

static const struct structure *find_struct(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->struct_count; i++)
		if (!strcmp(m->structs[i].name, name))
			return &m->structs[i];
	return NULL;
}

static const struct member *find_member(const struct structure *st, const char *name)
{
	for (size_t i = 0; i < st->count; i++)
		if (!strcmp(st->members[i].name, name))
			return &st->members[i];
	return NULL;
}

static const char *member_text(const struct member *f)
{
	const char *private = f->private ? " private" : "";
	return f->count ? differ_format("0x%02llx %s[%llu]%s", f->offset, f->type, f->count, private) :
			  differ_format("0x%02llx %s%s", f->offset, f->type, private);
}

static bool all_private(const struct structure *st)
{
	size_t i = 0;
	while (i < st->count && st->members[i].private)
		i++;
	return i == st->count;
}

/*
 * A structure that may grow at its end: its `length` says how long it is, or a NAME_size of
 * another one, NAME being its own name without vrom_ or vmi_.
 */
static bool says_length(const struct model *m, const struct structure *st)
{
	const char *underscore = strchr(st->name, '_');
	const char *size = differ_format("%s_size", underscore ? underscore + 1 : st->name);
	const struct member *length = find_member(st, "length");
	bool found = length && !length->private;
	for (size_t i = 0; i < m->struct_count && !found; i++) {
		const struct member *other = find_member(&m->structs[i], size);
		found = other && !other->private;
	}
	return found;
}

struct struct_pair {
	const struct spec_pair *p;
	const struct structure *old, *new;
	const char *subject, *from, *to;
};

static void compare_size(const struct struct_pair *s)
{
	const char *subject = differ_format("%s: size", s->subject);
	struct side a = spec_side(s->from, s->old->stanza->line, differ_format("%llu", s->old->size));
	struct side b = spec_side(s->to, s->new->stanza->line, differ_format("%llu", s->new->size));
	if (s->old->size == s->new->size)
		return;
	if (all_private(s->old))
		differ_harmless(s->p->list, RULE_LAYOUT, subject, a, b);
	else if (s->new->size > s->old->size && says_length(s->p->m, s->old))
		differ_new(s->p->list, RULE_NEW_FIELD, subject, a, b, s->p->newer);
	else
		differ_breaks(s->p->list, RULE_LAYOUT, subject, a, b, NULL);
}

/* Private members may give their bytes to others; all else stays where it is. */
static void compare_member(const struct struct_pair *s, const struct member *old)
{
	const struct member *new = find_member(s->new, old->name);
	const char *subject = differ_format("%s.%s", s->subject, old->name);
	struct side a = spec_side(s->from, old->line, member_text(old));
	struct side b = new ? spec_side(s->to, new->line, member_text(new)) : spec_nothing(s->to);
	if (!new && old->private)
		differ_harmless(s->p->list, RULE_LAYOUT, subject, a, b);
	else if (!new)
		differ_breaks(s->p->list, RULE_LAYOUT, subject, a, b, NULL);
	else if (!old->private)
		differ_text(s->p->list, RULE_LAYOUT, subject, a, b);
	else if (new->private)
		differ_words(s->p->list, RULE_LAYOUT, subject, a, b);
	else
		differ_new(s->p->list, RULE_NEW_FIELD, subject, a, b, s->p->newer);
	if (new)
		spec_words(s->p, subject, "summary", spec_side(s->from, old->line, old->summary),
			   spec_side(s->to, new->line, new->summary));
}

static void compare_members(const struct struct_pair *s)
{
	for (size_t i = 0; i < s->old->count; i++)
		compare_member(s, &s->old->members[i]);
	for (size_t i = 0; i < s->new->count; i++) {
		const struct member *new = &s->new->members[i];
		const char *subject = differ_format("%s.%s", s->subject, new->name);
		struct side b = spec_side(s->to, new->line, member_text(new));
		if (find_member(s->old, new->name))
			continue;
		if (new->private)
			differ_harmless(s->p->list, RULE_LAYOUT, subject, spec_nothing(s->from), b);
		else
			differ_new(s->p->list, RULE_NEW_FIELD, subject, spec_nothing(s->from), b,
				   s->p->newer);
	}
}

static void compare_struct(const struct struct_pair *s)
{
	struct side a = spec_side(s->from, s->old->stanza->line, s->old->name);
	if (!s->new && all_private(s->old)) {
		differ_harmless(s->p->list, RULE_LAYOUT, s->subject, a, spec_nothing(s->to));
	} else if (!s->new) {
		differ_breaks(s->p->list, RULE_LAYOUT, s->subject, a, spec_nothing(s->to), NULL);
	} else {
		compare_size(s);
		compare_members(s);
		spec_words(s->p, s->subject, "summary",
			   spec_field(s->from, s->old->stanza, "summary", NULL),
			   spec_field(s->to, s->new->stanza, "summary", NULL));
	}
}

void spec_compare_structs(const struct spec_pair *p)
{
	const char *from = p->m->image_path, *to = p->n->image_path;
	for (size_t i = p->m->old_structs; i < p->m->struct_count; i++) {
		const struct structure *old = &p->m->structs[i];
		const struct structure *new = find_struct(p->n, old->name);
		compare_struct(&(struct struct_pair){ p, old, new, differ_format("struct %s", old->name),
						      spec_path(p->m, old->stanza, from),
						      new ? spec_path(p->n, new->stanza, to) : to });
	}
	for (size_t i = p->n->old_structs; i < p->n->struct_count; i++) {
		const struct structure *new = &p->n->structs[i];
		const char *subject = differ_format("struct %s", new->name);
		struct side b = spec_side(spec_path(p->n, new->stanza, to), new->stanza->line, new->name);
		if (find_struct(p->m, new->name))
			continue;
		if (all_private(new))
			differ_harmless(p->list, RULE_LAYOUT, subject, spec_nothing(from), b);
		else
			differ_new(p->list, RULE_NEW, subject, spec_nothing(from), b, p->newer);
	}
}
