/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares what image.abi says in two states of spec/: constants and strings; and structures. */
#include "abidiff/spec.h"

#include <string.h>

static const struct text *find_string(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->string_count; i++)
		if (!strcmp(m->strings[i].name, name))
			return &m->strings[i];
	return NULL;
}

static void compare_strings(const struct spec_pair *p)
{
	const char *from = p->m->image_path, *to = p->n->image_path;
	for (size_t i = 0; i < p->m->string_count; i++) {
		const struct text *old = &p->m->strings[i], *new = find_string(p->n, old->name);
		const char *subject = differ_format("string %s", old->name);
		struct side a = spec_side(from, old->line, old->value);
		if (new)
			differ_text(p->list, RULE_LAYOUT, subject, a,
				    spec_side(to, new->line, new->value));
		else
			differ_breaks(p->list, RULE_LAYOUT, subject, a, spec_nothing(to), NULL);
	}
	for (size_t i = 0; i < p->n->string_count; i++) {
		const struct text *new = &p->n->strings[i];
		if (!find_string(p->m, new->name))
			differ_new(p->list, RULE_NEW, differ_format("string %s", new->name),
				   spec_nothing(from), spec_side(to, new->line, new->value),
				   p->newer);
	}
}

void spec_compare_image(const struct spec_pair *p)
{
	const struct model *m = p->m, *n = p->n;
	spec_compare_sets(p, &(struct spec_sets){
		"constants", "", m->constants, n->constants, m->constants_count,
		n->constants_count, m->image_path, n->image_path, false });
	if (!p->wide)
		compare_strings(p);
	spec_compare_structs(p);
}
