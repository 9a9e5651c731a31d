/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares two states of spec/: version, relocations, groups, reasons; the rest in files beside. */
#include "abidiff/spec.h"

const char *spec_path(const struct model *m, const struct stanza *s, const char *path)
{
	bool wide = m->wide_path && s >= m->wide_first && s < m->wide_first + m->wide_count;
	return wide ? m->wide_path : path;
}

struct side spec_side(const char *path, int line, const char *text)
{
	return (struct side){ .text = text, .file = path, .at = (unsigned long)line };
}

struct side spec_field(const char *path, const struct stanza *s, const char *key, const char *text)
{
	const struct stanza_field *f = stanza_field(s, key);
	return spec_side(path, f ? f->line : s->line, text ? text : f ? f->value : "");
}

struct side spec_nothing(const char *path)
{
	return spec_side(path, 0, NULL);
}

void spec_words(const struct spec_pair *p, const char *subject, const char *key,
		struct side a, struct side b)
{
	differ_words(p->list, RULE_WORDS, differ_format("%s: %s", subject, key), a, b);
}

static bool is_newer(const struct model *m, const struct model *n)
{
	return n->abi_major > m->abi_major ||
	       (n->abi_major == m->abi_major && n->abi_minor > m->abi_minor);
}

static void compare_version(const struct spec_pair *p)
{
	const struct model *m = p->m, *n = p->n;
	struct side a = spec_side(m->wide_path ? m->wide_path : m->vmi_path, m->abi_line, m->abi_name);
	struct side b = spec_side(n->wide_path ? n->wide_path : n->vmi_path, n->abi_line, n->abi_name);
	differ_text(p->list, RULE_VERSION, "abi: name", a, b);
	a.text = differ_format("%u.%u", m->abi_major, m->abi_minor);
	b.text = differ_format("%u.%u", n->abi_major, n->abi_minor);
	if (p->newer && !p->major)
		differ_harmless(p->list, RULE_MINOR, "abi: version", a, b);
	else if (p->newer)
		differ_breaks(p->list, RULE_VERSION, "abi: version", a, b,
			      "none: a new major is a new contract, which no guest of the old one takes");
	else
		differ_text(p->list, RULE_VERSION, "abi: version", a, b);
}

static void compare_relocations(const struct spec_pair *p)
{
	const struct model *m = p->m, *n = p->n;
	for (size_t i = 0; i < m->relocation_count; i++) {
		const struct relocation *old = &m->relocations[i];
		const char *subject = differ_format("relocation %zu %s", i, old->name);
		struct side a = spec_side(m->vmi_path, old->stanza->line, old->name);
		if (i >= n->relocation_count) {
			differ_breaks(p->list, RULE_LAYOUT, subject, a, spec_nothing(n->vmi_path), NULL);
			continue;
		}
		const struct stanza *new = n->relocations[i].stanza;
		differ_text(p->list, RULE_LAYOUT, differ_format("%s: name", subject), a,
			    spec_side(n->vmi_path, new->line, n->relocations[i].name));
		differ_text(p->list, RULE_LAYOUT, differ_format("%s: word", subject),
			    spec_field(m->vmi_path, old->stanza, "word", NULL),
			    spec_field(n->vmi_path, new, "word", NULL));
		spec_words(p, subject, "summary", spec_field(m->vmi_path, old->stanza, "summary", NULL),
			   spec_field(n->vmi_path, new, "summary", NULL));
	}
	for (size_t i = m->relocation_count; i < n->relocation_count; i++)
		differ_new(p->list, RULE_NEW, differ_format("relocation %zu", i),
			   spec_nothing(m->vmi_path),
			   spec_side(n->vmi_path, n->relocations[i].stanza->line,
				     n->relocations[i].name), p->newer);
}

static void compare_group(const struct spec_pair *p, const struct group *old)
{
	static const char *const keys[] = { "binds", "segments" };
	const char *from = spec_path(p->m, old->stanza, p->m->vmi_path), *to = p->n->vmi_path;
	const char *subject = differ_format("group %s", old->name);
	int at = find_group(p->n, old->name);
	if (at < 0) {
		differ_breaks(p->list, RULE_GROUP, subject,
			      spec_side(from, old->stanza->line, old->name), spec_nothing(to), NULL);
		return;
	}
	const struct stanza *new = p->n->groups[at].stanza;
	to = spec_path(p->n, new, to);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		differ_text(p->list, RULE_GROUP, differ_format("%s: %s", subject, keys[i]),
			    spec_field(from, old->stanza, keys[i], NULL),
			    spec_field(to, new, keys[i], NULL));
	spec_words(p, subject, "summary", spec_field(from, old->stanza, "summary", NULL),
		   spec_field(to, new, "summary", NULL));
}

static void compare_groups(const struct spec_pair *p)
{
	for (size_t i = p->m->old_groups; i < p->m->group_count; i++)
		compare_group(p, &p->m->groups[i]);
	for (size_t i = p->n->old_groups; i < p->n->group_count; i++) {
		const struct group *new = &p->n->groups[i];
		if (find_group(p->m, new->name) < 0)
			differ_new(p->list, RULE_NEW, differ_format("group %s", new->name),
				   spec_nothing(p->m->vmi_path),
				   spec_side(spec_path(p->n, new->stanza, p->n->vmi_path),
					     new->stanza->line, new->name), p->newer);
	}
}

static const struct reason *find_reason(const struct model *m, unsigned number)
{
	for (size_t i = 0; i < m->reason_count; i++)
		if (m->reasons[i].number == number)
			return &m->reasons[i];
	return NULL;
}

static void compare_reason(const struct spec_pair *p, const struct reason *old)
{
	static const char *const keys[] = { "scope", "cause", "remedy" };
	const char *from = p->m->reasons_path, *to = p->n->reasons_path;
	const char *subject = differ_format("reason %u", old->number);
	const struct reason *new = find_reason(p->n, old->number);
	struct side a = spec_side(from, old->stanza->line, old->name);
	if (!new) {
		differ_breaks(p->list, RULE_REASON, subject, a, spec_nothing(to), NULL);
		return;
	}
	differ_text(p->list, RULE_REASON, subject, a, spec_side(to, new->stanza->line, new->name));
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		spec_words(p, subject, keys[i], spec_field(from, old->stanza, keys[i], NULL),
			   spec_field(to, new->stanza, keys[i], NULL));
}

/* Reasons are the loader's own words: more of them may come with any release. */
static void compare_reasons(const struct spec_pair *p)
{
	for (size_t i = 0; i < p->m->reason_count; i++)
		compare_reason(p, &p->m->reasons[i]);
	for (size_t i = 0; i < p->n->reason_count; i++) {
		const struct reason *new = &p->n->reasons[i];
		if (!find_reason(p->m, new->number))
			differ_harmless(p->list, RULE_NEW_REASON,
					differ_format("reason %u", new->number),
					spec_nothing(p->m->reasons_path),
					spec_side(p->n->reasons_path, new->stanza->line, new->name));
	}
}

struct spec_pair spec_pair_of(const struct model *old, const struct model *new,
			      struct differences *list)
{
	return (struct spec_pair){ old, new, is_newer(old, new), new->abi_major > old->abi_major,
				   old->wide_path && new->wide_path, list };
}

void spec_compare_all(const struct spec_pair *p)
{
	const struct model *m = p->m, *n = p->n;
	compare_version(p);
	if (!p->wide)
		compare_relocations(p);
	compare_groups(p);
	spec_compare_sets(p, &(struct spec_sets){
		"flags", "bit ", m->flags, n->flags, m->flags_count, n->flags_count,
		m->vmi_path, n->vmi_path, true });
	spec_compare_calls(p);
	spec_compare_image(p);
	if (!p->wide)
		compare_reasons(p);
}

void spec_compare(const struct model *old, const struct model *new, struct differences *list)
{
	const struct spec_pair p = spec_pair_of(old, new, list);
	spec_compare_all(&p);
}
