/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares the calls of two states of spec/. */
#include "abidiff/spec.h"

#include <string.h>

/* Grows a text by one word. */
static const char *join(const char *text, const char *separator, const char *word)
{
	return *text ? differ_format("%s%s%s", text, separator, word) : word;
}

static const char *one_place(int reg, int stack, int width)
{
	return stack >= 0 ? differ_format("[%s+%d]", stack_name(width), stack) :
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
			differ_format("%s.%s", one_place(at->high, at->stack_high, width), low);
		text = join(text, " ", differ_format("%s=%s", where, at->arg));
	}
	return *text ? text : "-";
}

static const char *out_text(const struct call_regs *r, int width)
{
	return r->noreturn ? "noreturn" : places_text(&r->out, width);
}

static const char *mask_text(uint32_t mask, int width)
{
	const char *text = "";
	for (int i = 0; i < REG_COUNT; i++)
		if (mask & 1u << i)
			text = join(text, " ", reg_name(i, width));
	return text;
}

static const char *native_text(const struct call_regs *r)
{
	const char *text = "";
	for (size_t i = 0; i < r->native_count; i++)
		text = join(text, "; ", r->native[i]);
	return *text ? text : r->native_known ? "nothing" : "-";
}

static const char *answers_text(const struct model *m, unsigned mask)
{
	const char *text = "";
	for (size_t i = 0; i < m->relocation_count; i++)
		if (mask & 1u << i)
			text = join(text, " ", m->relocations[i].word);
	return text;
}

/* A call's stanza is in vmi.abi, or in vmi64.abi. */
static const char *path_of(const struct model *m, const struct call *c)
{
	return spec_path(m, c->stanza, m->vmi_path);
}

struct call_pair {
	const struct spec_pair *p;
	const struct call *old, *new;
	const char *subject;
};

/* The field `key` of both calls, as these texts; without them as it stands. */
static void field(const struct call_pair *c, int rule, const char *key, const char *was,
		  const char *is)
{
	const char *subject = differ_format("%s: %s", c->subject, key);
	struct side a = spec_field(path_of(c->p->m, c->old), c->old->stanza, key, was);
	struct side b = spec_field(path_of(c->p->n, c->new), c->new->stanza, key, is);
	if (rule == RULE_WORDS)
		differ_words(c->p->list, rule, subject, a, b);
	else
		differ_text(c->p->list, rule, subject, a, b);
}

/* Both calls have it from vmi.abi, where it was compared. */
static bool inherited(const struct call_pair *c, const char *key)
{
	return c->p->wide && !c->old->wide_only && !c->new->wide_only &&
	       !(path_of(c->p->m, c->old) == c->p->m->wide_path && stanza_field(c->old->stanza, key)) &&
	       !(path_of(c->p->n, c->new) == c->p->n->wide_path && stanza_field(c->new->stanza, key));
}

static void compare_width(const struct call_pair *c, int width)
{
	static const char *const keys[WIDTHS][4] = {
		{ "in32", "out32", "clobber32", "native32" }, { "in64", "out64", "clobber64", "native64" },
	};
	const struct call_regs *old = &c->old->width[width], *new = &c->new->width[width];
	const char *from = path_of(c->p->m, c->old), *to = path_of(c->p->n, c->new);
	const char *in = differ_format("%s: %s", c->subject, keys[width][0]);
	if (old->present && new->present) {
		if (width && !inherited(c, "proto"))
			field(c, RULE_CALL, "proto64", c->old->wide.text, c->new->wide.text);
		field(c, RULE_CALL, keys[width][0], places_text(&old->in, width),
		      places_text(&new->in, width));
		field(c, RULE_CALL, keys[width][1], out_text(old, width), out_text(new, width));
		field(c, RULE_CALL, keys[width][2], mask_text(old->clobber, width),
		      mask_text(new->clobber, width));
		field(c, RULE_WORDS, keys[width][3], native_text(old), native_text(new));
	} else if (old->present) {
		differ_breaks(c->p->list, RULE_CALL, in,
			      spec_field(from, c->old->stanza, keys[width][0],
					 places_text(&old->in, width)), spec_nothing(to), NULL);
	} else if (new->present) {
		differ_new(c->p->list, RULE_NEW, in, spec_nothing(from),
			   spec_field(to, c->new->stanza, keys[width][0],
				      places_text(&new->in, width)), c->p->newer);
	}
}

/* What is said of a call since 3.2, as words. */
static void compare_meaning(const struct call_pair *c)
{
	static const char none[] = "";
	const char *old[] = { c->old->natively, c->old->hypervised, c->old->fails };
	const char *new[] = { c->new->natively, c->new->hypervised, c->new->fails };
	static const char *const keys[] = { "natively", "hypervised", "fails" };
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (old[i] || new[i])
			field(c, RULE_WORDS, keys[i], old[i] ? old[i] : none, new[i] ? new[i] : none);
}

/* A call that ends, or a number that comes back. Result: false if it is neither. */
static bool compare_kind(const struct call_pair *c)
{
	const char *subject = differ_format("%s: kind", c->subject);
	struct side a = spec_side(path_of(c->p->m, c->old), c->old->stanza->line,
				   c->old->reserved ? "reserved" : c->old->stanza->kind);
	struct side b = spec_side(path_of(c->p->n, c->new), c->new->stanza->line,
				   c->new->reserved ? "reserved" : c->new->stanza->kind);
	if (c->old->reserved == c->new->reserved)
		return false;
	if (c->new->reserved && c->p->major)
		differ_harmless(c->p->list, RULE_END, subject, a, b);
	else
		differ_breaks(c->p->list, RULE_END, subject, a, b, c->new->reserved ?
			      "keep it: a call ends in a new major only" :
			      "take the next free number: one that was given away never comes back");
	return true;
}

/* All but the registers: what vmi64.abi has of a call of vmi.abi from there. */
static void compare_head(const struct call_pair *c, struct side a, bool ended)
{
	const struct spec_pair *p = c->p;
	const struct call *old = c->old, *new = c->new;
	differ_text(p->list, old->reserved ? RULE_END : RULE_CALL, differ_format("%s: name", c->subject), a,
		    spec_side(path_of(p->n, new), new->stanza->line, new->name));
	if (!ended) /* of a `reserved` it is when that began */
		field(c, RULE_CALL, "since", NULL, NULL);
	field(c, RULE_WORDS, "summary", NULL, NULL);
	if (old->reserved || new->reserved)
		return;
	field(c, RULE_CALL, "group", NULL, NULL);
	field(c, RULE_CALL, "proto", NULL, NULL);
	field(c, RULE_ANSWERS, "answers", answers_text(p->m, old->answers), answers_text(p->n, new->answers));
	differ_words(p->list, RULE_WORDS, differ_format("%s: entry", c->subject),
		     spec_side(path_of(p->m, old), old->stanza->line, old->entry),
		     spec_side(path_of(p->n, new), new->stanza->line, new->entry));
	compare_meaning(c);
}

static void compare_call(const struct spec_pair *p, size_t number)
{
	const struct call *old = &p->m->calls[number];
	struct call_pair c = { p, old, NULL, differ_format("%s %zu %s",
			       old->reserved ? "reserved" : "call", number, old->name) };
	struct side a = spec_side(path_of(p->m, old), old->stanza->line, old->name);
	if (number >= p->n->call_count) {
		differ_breaks(p->list, RULE_END, c.subject, a, spec_nothing(p->n->vmi_path),
			      "keep its row; a call ends as `reserved`, in a new major only");
		return;
	}
	c.new = &p->n->calls[number];
	bool ended = compare_kind(&c);
	if (!p->wide || old->wide_only || c.new->wide_only)
		compare_head(&c, a, ended);
	for (int width = 0; width < WIDTHS && !old->reserved && !c.new->reserved; width++)
		compare_width(&c, width);
}

static const struct call *find_name(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->call_count; i++)
		if (!strcmp(m->calls[i].name, name))
			return &m->calls[i];
	return NULL;
}

static void compare_new(const struct spec_pair *p, size_t number)
{
	const struct model *m = p->m, *n = p->n;
	const struct call *new = &n->calls[number], *owner = find_name(m, new->name);
	const char *subject = differ_format("call %zu %s", number, new->name);
	struct side a = spec_nothing(m->vmi_path);
	struct side b = spec_field(path_of(n, new), new->stanza, "since",
				   differ_format("since %u.%u", new->since_major, new->since_minor));
	bool later = new->since_major > m->abi_major ||
		     (new->since_major == m->abi_major && new->since_minor > m->abi_minor);
	if (p->wide && !new->wide_only) { /* the rest was said of vmi.abi */
		if (!new->reserved)
			differ_new(p->list, RULE_NEW_CALL, subject, a, b, p->newer);
		return;
	}
	differ_new(p->list, RULE_NEW_CALL, subject, a, b, later);
	if (owner)
		differ_breaks(p->list, RULE_NEW_CALL, differ_format("%s: name", subject),
			      spec_side(path_of(m, owner), owner->stanza->line,
					differ_format("%s was number %zu", owner->name,
						      (size_t)(owner - m->calls))),
			      spec_side(path_of(n, new), new->stanza->line, new->name),
			      "take a name that never was");
	if (new->reserved)
		return;
	const struct group *group = &n->groups[new->group];
	int old = find_group(m, group->name);
	if (old >= 0 && m->groups[old].atomic)
		differ_breaks(p->list, RULE_GROUP, differ_format("%s: group", subject),
			      spec_side(m->vmi_path, m->groups[old].stanza->line,
					differ_format("atomic group %s without it", group->name)),
			      spec_field(path_of(n, new), new->stanza, "group", NULL),
			      "put it into another group, or a new one");
}

void spec_compare_calls(const struct spec_pair *p)
{
	for (size_t i = 0; i < p->m->call_count; i++)
		compare_call(p, i);
	for (size_t i = p->m->call_count; i < p->n->call_count; i++)
		compare_new(p, i);
}
