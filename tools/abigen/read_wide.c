/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads vmi64.abi: a later major of the ABI, in 64-bit mode, on top of vmi.abi. */
#include "model.h"

#include <string.h>

static int read_abi(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	unsigned major, minor;
	if (s->word_count != 2 || read_version(file, s->line, s->words[1], &major, &minor))
		return s->word_count == 2 ? -1 : stanza_error(file, s->line, "`abi` of a later major "
							      "takes its name and version");
	if (m->width || strcmp(s->words[0], m->abi_name) || major <= m->abi_major)
		return stanza_error(file, s->line, "`%s` is no later major of %s %u.%u", s->rest,
				    m->abi_name, m->abi_major, m->abi_minor);
	m->width = 1;
	m->old_calls = m->call_count;
	m->old_groups = m->group_count;
	m->old_structs = m->struct_count;
	m->abi_line = s->line;
	m->abi_major = major;
	m->abi_minor = minor;
	return 0;
}

static int read_convention(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	if (s->word_count < 2 || s->field_count)
		return stanza_error(file, s->line, "`convention` takes a name and a text, and no fields");
	const char *name = s->words[0], *text = s->rest + strlen(name);
	if (claim(m, file, s->line, "convention", " ", name))
		return -1;
	*APPEND(m->conventions, m->convention_count) =
		(struct text){ s->line, name, text + strspn(text, " \t") };
	return 0;
}

static bool is_old(const struct call *c)
{
	return c->used && !c->reserved && !c->wide_only;
}

/* The call of vmi.abi that a stanza `KIND NUMBER NAME` speaks of; NULL after an error. */
static struct call *old_call(struct model *m, const struct stanza_file *file,
			     const struct stanza *s)
{
	unsigned long long number;
	if (s->word_count == 2 && stanza_number(s->words[0], MAX_CALLS - 1, &number) &&
	    number < m->call_count && is_old(&m->calls[number]) &&
	    !strcmp(m->calls[number].name, s->words[1]))
		return &m->calls[number];
	stanza_error(file, s->line, "`%s %s` is no number and name of a call of %s", s->kind, s->rest,
		     m->vmi_path);
	return NULL;
}

static int read_form(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "proto", "in64", "out64", "clobber64", "native64*", NULL };
	const struct stanza_field *proto = stanza_field(s, "proto");
	struct call *c = check_keys(file, s, keys) ? NULL : old_call(m, file, s);
	char space[128];
	if (!c)
		return -1;
	snprintf(space, sizeof(space), "%s(%u)", c->name, m->abi_major);
	if (claim(m, file, s->line, "form", " ", c->name))
		return -1;
	c->stanza = s;
	if (proto) {
		c->wide = (struct signature){ .text = NULL };
		if (read_proto(m, file, proto, c, keep(space), &c->wide))
			return -1;
	}
	c->width[1] = (struct call_regs){ .present = false };
	return read_width(m, file, s, c, 1);
}

static int read_absent(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "summary", NULL };
	const struct stanza_field *sum = need(file, s, "summary");
	struct call *c = !sum || check_keys(file, s, keys) ? NULL : old_call(m, file, s);
	if (!c)
		return -1;
	if (c->width[1].present)
		return stanza_error(file, s->line, "`%s` is absent and has a 64-bit form, on line %d",
				    c->name, c->stanza->line);
	c->reserved = true;
	c->summary = sum->value;
	return 0;
}

static int read_wide_call(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "since", "group", "proto", "in64", "out64", "clobber64",
					    "native64*", "answers", "summary", "natively",
					    "hypervised", "fails", "serves*", NULL };
	struct call *c = check_keys(file, s, keys) ? NULL : read_call_head(m, file, s);
	const struct stanza_field *proto = c ? need(file, s, "proto") : NULL;
	if (!proto)
		return -1;
	c->wide_only = true;
	return read_meaning(m, file, s, c) || read_proto(m, file, proto, c, c->name, &c->wide) ||
	       read_width(m, file, s, c, 1) ? -1 : 0;
}

static struct bit_set *find_set(struct model *m, const char *prefix)
{
	for (size_t i = 0; i < m->flags_count; i++)
		if (!strcmp(m->flags[i].prefix, prefix))
			return &m->flags[i];
	for (size_t i = 0; i < m->constants_count; i++)
		if (!strcmp(m->constants[i].prefix, prefix))
			return &m->constants[i];
	return NULL;
}

static struct bit *find_bit(const struct bit_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (!strcmp(set->bits[i].name, name))
			return &set->bits[i];
	return NULL;
}

static int read_more(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	static const char *const keys[] = { "bit*", "serves*", NULL };
	struct bit_set *set = s->word_count == 1 ? find_set(m, s->words[0]) : NULL, more = { 0 };
	if (!set)
		return stanza_error(file, s->line, "`more %s` is no set of flags or constants", s->rest);
	more.prefix = set->prefix;
	if (check_keys(file, s, keys) || read_bit_list(m, &more, file, s, "bit"))
		return -1;
	for (size_t i = 0; i < more.count; i++) {
		for (size_t k = 0; k < set->count; k++)
			if (set->bits[k].value == more.bits[i].value)
				return stanza_error(file, more.bits[i].line, "the value of `%s` is that "
						    "of %s", more.bits[i].name, set->bits[k].name);
		*APPEND(set->bits, set->count) = more.bits[i];
	}
	size_t first = m->service_count;
	if (read_all_serves(m, file, s, (struct service){ .prefix = set->prefix }))
		return -1;
	for (size_t i = first; i < m->service_count; i++)
		if (!find_bit(set, m->services[i].bit))
			return stanza_error(file, m->services[i].line, "%s has no bit `%s`", set->prefix,
					    m->services[i].bit);
	return 0;
}

static int read_reword(struct model *m, const struct stanza_file *file, const struct stanza *s)
{
	struct bit_set *set = s->word_count > 2 ? find_set(m, s->words[0]) : NULL;
	struct bit *bit = set && !s->field_count ? find_bit(set, s->words[1]) : NULL;
	if (!bit)
		return stanza_error(file, s->line, "`reword %s` names no bit of vmi.abi and its new text",
				    s->rest);
	const char *text = s->rest + strcspn(s->rest, " \t");
	text += strspn(text, " \t");
	text += strcspn(text, " \t"); /* behind the prefix and the name */
	bit->summary = text + strspn(text, " \t");
	bit->line = s->line;
	bit->wide = true;
	return 0;
}

/* System V: arguments in these registers in order, then on the stack; the result in rax. */
static int check_sysv(const struct model *m, const struct stanza_file *file, const struct call *c)
{
	static const char *const order[] = { "rdi", "rsi", "rdx", "rcx", "r8", "r9" };
	const struct call_regs *r = &c->width[1];
	if (r->noreturn && m->groups[c->group].segments_any)
		return 0; /* jumped to, not called */
	for (size_t i = 0; i < c->wide.arg_count; i++) {
		const struct place *a = find_place(&r->in, c->wide.args[i].name);
		const char *want = i < COUNT_OF(order) ? order[i] : NULL;
		int stack = 8 * ((int)i - (int)COUNT_OF(order) + 1);
		if (want ? a->low != reg_number(want, 1) : a->stack_low != stack)
			return stanza_error(file, c->stanza->line, "argument `%s` of %s lies elsewhere "
					    "than in System V", a->arg, c->name);
	}
	if (strcmp(c->wide.result, "void") && r->out.items[0].low != reg_number("rax", 1))
		return stanza_error(file, c->stanza->line, "the result of %s lies not in rax", c->name);
	return 0;
}

/* From here on the model has the 64-bit forms alone. */
static int take_wide(struct model *m, const struct stanza_file *file)
{
	for (size_t i = 0; i < m->call_count; i++) {
		struct call *c = &m->calls[i];
		if (c->reserved)
			continue;
		if (!c->width[1].present)
			return stanza_error(file, 0, "call %zu %s has neither a 64-bit form nor an "
					    "`absent`", i, c->name);
		if (check_sysv(m, file, c))
			return -1;
		if (is_old(c)) {
			c->since_major = m->abi_major;
			c->since_minor = 0;
		}
		c->width[0] = (struct call_regs){ .present = false };
		c->proto = c->wide.text;
		c->result = c->wide.result;
		c->args = c->wide.args;
		c->arg_count = c->wide.arg_count;
	}
	for (size_t i = 0; i < m->service_count; i++)
		if (m->calls[m->services[i].call].reserved)
			return stanza_error(file, m->services[i].line, "`%s` is served by a call that is "
					    "absent", m->services[i].slot);
	return 0;
}

int read_wide(struct model *m, const struct stanza_file *file)
{
	static const struct stanza_reader readers[] = {
		{ "abi", read_abi }, { "convention", read_convention }, { "form", read_form },
		{ "absent", read_absent }, { "call", read_wide_call }, { "reserved", read_reserved },
		{ "group", read_group }, { "flags", read_flags }, { "more", read_more },
		{ "reword", read_reword }, { "struct", read_struct }, { NULL, NULL },
	};
	if (!file->count || strcmp(file->stanzas[0].kind, "abi"))
		return stanza_error(file, 0, "`abi` must stand first");
	m->wide_path = file->path;
	m->wide_first = file->stanzas;
	m->wide_count = file->count;
	return read_stanzas(m, file, readers) || check_numbers(m, file) || take_wide(m, file) ? -1 : 0;
}
