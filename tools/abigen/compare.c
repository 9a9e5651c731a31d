/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares the contract of two states of spec/: what vmi.abi and reasons.abi say. */
#define _GNU_SOURCE
#include "compare.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char restore[] = "give it its old form back; a change takes a new name or number";

const char *compare_format(const char *format, ...)
{
	va_list args;
	char *text;
	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		fprintf(stderr, "abigen: out of memory\n");
		exit(2);
	}
	return text;
}

void difference_breaks(struct differences *list, const char *subject, const char *was,
		       const char *is, const char *remedy)
{
	*APPEND(list->items, list->count) =
		(struct difference){ true, subject, was, is, remedy ? remedy : restore };
	list->breaks++;
}

void difference_new(struct differences *list, const char *subject, const char *is,
		    bool version_newer)
{
	if (version_newer)
		*APPEND(list->items, list->count) =
			(struct difference){ .subject = subject, .is = is };
	else
		difference_breaks(list, subject, NULL, is,
				  "what is new needs a newer version: raise `abi`, and `since` "
				  "of a call");
}

void compare_text(struct differences *list, const char *subject, const char *was, const char *is)
{
	if (strcmp(was, is))
		difference_breaks(list, subject, was, is, NULL);
}

bool version_is_newer(const struct model *old, unsigned major, unsigned minor)
{
	return major > old->abi_major || (major == old->abi_major && minor > old->abi_minor);
}

/* Grows a text by one word. */
static const char *join(const char *text, const char *separator, const char *word)
{
	return *text ? compare_format("%s%s%s", text, separator, word) : word;
}

static const char *one_place(int reg, int stack, int width)
{
	return stack >= 0 ? compare_format("[%s+%d]", stack_name(width), stack) :
			    reg_name(reg, width);
}

static const char *places_text(const struct places *p, int width)
{
	const char *text = "";
	for (size_t i = 0; i < p->count; i++) {
		const struct place *at = &p->items[i];
		const char *low = one_place(at->low, at->stack_low, width);
		bool pair = at->high >= 0 || at->stack_high >= 0;
		const char *where = !pair ? low :
			compare_format("%s.%s", one_place(at->high, at->stack_high, width), low);
		text = join(text, " ", compare_format("%s=%s", where, at->arg));
	}
	return *text ? text : "-";
}

static const char *mask_text(uint32_t mask, int width)
{
	const char *text = "";
	for (int i = 0; i < REG_COUNT; i++)
		if (mask & 1u << i)
			text = join(text, " ", reg_name(i, width));
	return text;
}

static const char *answers_text(const struct model *m, unsigned mask)
{
	const char *text = "";
	for (size_t i = 0; i < m->relocation_count; i++)
		if (mask & 1u << i)
			text = join(text, " ", m->relocations[i].word);
	return text;
}

static void compare_regs(const struct call_regs *old, const struct call_regs *new, int width,
			 const char *subject, struct differences *list)
{
	int bits = width ? 64 : 32;
	const char *in = compare_format("%s: in%d", subject, bits);
	if (!old->present)
		return;
	if (!new->present) {
		difference_breaks(list, in, places_text(&old->in, width), NULL, NULL);
		return;
	}
	compare_text(list, in, places_text(&old->in, width), places_text(&new->in, width));
	compare_text(list, compare_format("%s: out%d", subject, bits),
		     old->noreturn ? "noreturn" : places_text(&old->out, width),
		     new->noreturn ? "noreturn" : places_text(&new->out, width));
	compare_text(list, compare_format("%s: clobber%d", subject, bits),
		     mask_text(old->clobber, width), mask_text(new->clobber, width));
}

static void compare_call(const struct model *m, const struct model *n, size_t number,
			 struct differences *list)
{
	const struct call *old = &m->calls[number];
	const char *subject = compare_format("%s %zu %s", old->reserved ? "reserved" : "call",
					     number, old->name);
	if (number >= n->call_count) {
		difference_breaks(list, subject, "there", NULL, NULL);
		return;
	}
	const struct call *new = &n->calls[number];
	compare_text(list, compare_format("%s: kind", subject), old->reserved ? "reserved" : "call",
		     new->reserved ? "reserved" : "call");
	compare_text(list, compare_format("%s: name", subject), old->name, new->name);
	compare_text(list, compare_format("%s: since", subject),
		     compare_format("%u.%u", old->since_major, old->since_minor),
		     compare_format("%u.%u", new->since_major, new->since_minor));
	if (old->reserved || new->reserved)
		return;
	compare_text(list, compare_format("%s: group", subject), m->groups[old->group].name,
		     n->groups[new->group].name);
	compare_text(list, compare_format("%s: proto", subject), old->proto, new->proto);
	compare_text(list, compare_format("%s: answers", subject), answers_text(m, old->answers),
		     answers_text(n, new->answers));
	for (int width = 0; width < WIDTHS; width++)
		compare_regs(&old->width[width], &new->width[width], width, subject, list);
}

static void compare_calls(const struct model *m, const struct model *n, struct differences *list)
{
	for (size_t i = 0; i < m->call_count; i++)
		compare_call(m, n, i, list);
	for (size_t i = m->call_count; i < n->call_count; i++) {
		const struct call *new = &n->calls[i];
		difference_new(list, compare_format("call %zu %s", i, new->name),
			       compare_format("since %u.%u", new->since_major, new->since_minor),
			       version_is_newer(m, new->since_major, new->since_minor));
	}
}

static void compare_groups(const struct model *m, const struct model *n, struct differences *list)
{
	for (size_t i = 0; i < m->group_count; i++) {
		const struct group *old = &m->groups[i];
		const char *subject = compare_format("group %s", old->name);
		int at = find_group(n, old->name);
		if (at < 0) {
			difference_breaks(list, subject, "there", NULL, NULL);
			continue;
		}
		compare_text(list, compare_format("%s: binds", subject),
			     old->atomic ? "atomic" : "each", n->groups[at].atomic ? "atomic" : "each");
		compare_text(list, compare_format("%s: segments", subject),
			     old->segments_any ? "any" : "flat",
			     n->groups[at].segments_any ? "any" : "flat");
	}
}

static void compare_relocations(const struct model *m, const struct model *n,
				struct differences *list, bool newer)
{
	for (size_t i = 0; i < m->relocation_count; i++) {
		const struct relocation *old = &m->relocations[i];
		const char *subject = compare_format("relocation %zu %s", i, old->name);
		if (i >= n->relocation_count) {
			difference_breaks(list, subject, "there", NULL, NULL);
			continue;
		}
		compare_text(list, compare_format("%s: name", subject), old->name,
			     n->relocations[i].name);
		compare_text(list, compare_format("%s: word", subject), old->word,
			     n->relocations[i].word);
	}
	for (size_t i = m->relocation_count; i < n->relocation_count; i++)
		difference_new(list, compare_format("relocation %zu", i), n->relocations[i].name,
			       newer);
}

static const struct bit *find_bit(const struct bit_set *sets, size_t count, const char *prefix,
				  const char *name)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sets[i].count && !strcmp(sets[i].prefix, prefix); k++)
			if (!strcmp(sets[i].bits[k].name, name))
				return &sets[i].bits[k];
	return NULL;
}

static void compare_flags(const struct model *m, const struct model *n, struct differences *list,
			  bool newer)
{
	for (size_t i = 0; i < m->flags_count; i++)
		for (size_t k = 0; k < m->flags[i].count; k++) {
			const struct bit *old = &m->flags[i].bits[k];
			const struct bit *new = find_bit(n->flags, n->flags_count,
							 m->flags[i].prefix, old->name);
			const char *subject = compare_format("flags %s: bit %s", m->flags[i].prefix,
							     old->name);
			const char *was = compare_format("0x%llx", old->value);
			if (new)
				compare_text(list, subject, was,
					     compare_format("0x%llx", new->value));
			else
				difference_breaks(list, subject, was, NULL, NULL);
		}
	for (size_t i = 0; i < n->flags_count; i++)
		for (size_t k = 0; k < n->flags[i].count; k++) {
			const struct bit *new = &n->flags[i].bits[k];
			if (!find_bit(m->flags, m->flags_count, n->flags[i].prefix, new->name))
				difference_new(list, compare_format("flags %s: bit %s",
								    n->flags[i].prefix, new->name),
					       compare_format("0x%llx", new->value), newer);
		}
}

/* Reasons are the loader's own words: more of them may come with any release. */
static void compare_reasons(const struct model *m, const struct model *n, struct differences *list)
{
	for (size_t i = 0; i < m->reason_count; i++) {
		const struct reason *old = &m->reasons[i];
		const char *is = NULL;
		for (size_t k = 0; k < n->reason_count; k++)
			if (n->reasons[k].number == old->number)
				is = n->reasons[k].name;
		const char *subject = compare_format("reason %u", old->number);
		if (is)
			compare_text(list, subject, old->name, is);
		else
			difference_breaks(list, subject, old->name, NULL, NULL);
	}
	size_t k = 0; /* both are in the order of their numbers */
	for (size_t i = 0; i < n->reason_count; i++) {
		while (k < m->reason_count && m->reasons[k].number < n->reasons[i].number)
			k++;
		if (k == m->reason_count || m->reasons[k].number != n->reasons[i].number)
			difference_new(list, compare_format("reason %u", n->reasons[i].number),
				       n->reasons[i].name, true);
	}
}

void compare_models(const struct model *m, const struct model *n, struct differences *list)
{
	bool newer = version_is_newer(m, n->abi_major, n->abi_minor);
	const char *was = compare_format("%u.%u", m->abi_major, m->abi_minor);
	const char *is = compare_format("%u.%u", n->abi_major, n->abi_minor);
	compare_text(list, "abi: name", m->abi_name, n->abi_name);
	if (newer)
		difference_new(list, "abi: version", is, true);
	else
		compare_text(list, "abi: version", was, is);
	compare_relocations(m, n, list, newer);
	compare_groups(m, n, list);
	compare_flags(m, n, list, newer);
	compare_calls(m, n, list);
	compare_image(m, n, list);
	compare_reasons(m, n, list);
}
