/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares the contract of two states of spec/: what image.abi says. */
#include "compare.h"

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
	return f->count ? compare_format("0x%02llx %s[%llu]", f->offset, f->type, f->count) :
			  compare_format("0x%02llx %s", f->offset, f->type);
}

static bool all_private(const struct structure *st)
{
	size_t i = 0;
	while (i < st->count && st->members[i].private)
		i++;
	return i == st->count;
}

/* Private members may give their bytes to others; all else stays where it is. */
static void compare_struct(const struct structure *old, const struct model *n,
			   struct differences *list, bool newer)
{
	const char *subject = compare_format("struct %s", old->name);
	const struct structure *new = find_struct(n, old->name);
	if (all_private(old))
		return;
	if (!new) {
		difference_breaks(list, subject, "there", NULL, NULL);
		return;
	}
	compare_text(list, compare_format("%s: size", subject), compare_format("%llu", old->size),
		     compare_format("%llu", new->size));
	for (size_t i = 0; i < old->count; i++) {
		const struct member *was = &old->members[i], *is = find_member(new, was->name);
		const char *name = compare_format("%s.%s", subject, was->name);
		if (was->private)
			continue;
		if (is)
			compare_text(list, name, member_text(was), member_text(is));
		else
			difference_breaks(list, name, member_text(was), NULL, NULL);
	}
	for (size_t i = 0; i < new->count; i++)
		if (!find_member(old, new->members[i].name))
			difference_new(list, compare_format("%s.%s", subject, new->members[i].name),
				       member_text(&new->members[i]), newer);
}

static const struct bit *find_constant(const struct model *m, const char *prefix, const char *name)
{
	for (size_t i = 0; i < m->constants_count; i++)
		for (size_t k = 0; k < m->constants[i].count; k++)
			if (!strcmp(m->constants[i].prefix, prefix) &&
			    !strcmp(m->constants[i].bits[k].name, name))
				return &m->constants[i].bits[k];
	return NULL;
}

static void compare_constants(const struct model *m, const struct model *n,
			      struct differences *list)
{
	for (size_t i = 0; i < m->constants_count; i++)
		for (size_t k = 0; k < m->constants[i].count; k++) {
			const struct bit *old = &m->constants[i].bits[k];
			const char *prefix = m->constants[i].prefix;
			const struct bit *new = find_constant(n, prefix, old->name);
			const char *subject = compare_format("constants %s: %s", prefix, old->name);
			const char *was = compare_format("0x%llx", old->value);
			if (old->private)
				continue;
			if (new)
				compare_text(list, subject, was,
					     compare_format("0x%llx", new->value));
			else
				difference_breaks(list, subject, was, NULL, NULL);
		}
}

static void compare_strings(const struct model *m, const struct model *n, struct differences *list)
{
	for (size_t i = 0; i < m->string_count; i++) {
		const char *subject = compare_format("string %s", m->strings[i].name);
		const char *is = NULL;
		for (size_t k = 0; k < n->string_count; k++)
			if (!strcmp(m->strings[i].name, n->strings[k].name))
				is = n->strings[k].value;
		if (is)
			compare_text(list, subject, m->strings[i].value, is);
		else
			difference_breaks(list, subject, m->strings[i].value, NULL, NULL);
	}
}

void compare_image(const struct model *m, const struct model *n, struct differences *list)
{
	compare_constants(m, n, list);
	compare_strings(m, n, list);
	for (size_t i = 0; i < m->struct_count; i++)
		compare_struct(&m->structs[i], n, list,
			       version_is_newer(m, n->abi_major, n->abi_minor));
}
