/* SPDX-License-Identifier: GPL-2.0-only */
/* What a call means natively, under a hypervisor and when it fails, and the slots that it serves. */
#include "model.h"

#include <string.h>

/* `serves` of a call: CLASS SLOT...; of a bit: CLASS BIT CALL SLOT... */
static int read_serves(struct model *m, const struct stanza_file *file,
		       const struct stanza_field *f, struct service service)
{
	size_t count, next = service.prefix ? 3 : 1;
	char **words = stanza_words(keep(f->value), &count);
	if (count <= next || (strcmp(words[0], "direct") && strcmp(words[0], "adapt")))
		return stanza_error(file, f->line, "`serves` is direct or adapt, %sand slots: `%s`",
				    service.prefix ? "a bit, a call, " : "", f->value);
	service.line = f->line;
	service.class = words[0];
	if (service.prefix) {
		service.bit = words[1];
		while (service.call < m->call_count && strcmp(m->calls[service.call].name, words[2]))
			service.call++;
		if (service.call == m->call_count)
			return stanza_error(file, f->line, "`serves` names call `%s`, which is not here",
					    words[2]);
	}
	for (; next < count; next++) {
		const char *dot = strchr(words[next], '.');
		if (!dot || dot == words[next] || !dot[1])
			return stanza_error(file, f->line, "`%s` is not STRUCT.SLOT", words[next]);
		for (size_t i = 0; i < m->service_count; i++)
			if (!strcmp(m->services[i].slot, words[next]))
				return stanza_error(file, f->line, "`%s` is served twice, first on line %d",
						    words[next], m->services[i].line);
		service.slot = words[next];
		*APPEND(m->services, m->service_count) = service;
	}
	return 0;
}

int read_all_serves(struct model *m, const struct stanza_file *file, const struct stanza *s,
		    struct service service)
{
	for (size_t i = 0; i < s->field_count; i++)
		if (!strcmp(s->fields[i].key, "serves") &&
		    read_serves(m, file, &s->fields[i], service))
			return -1;
	return 0;
}

int read_meaning(struct model *m, const struct stanza_file *file, const struct stanza *s,
		 struct call *c)
{
	static const char *const texts[] = { "natively", "hypervised", "fails" };
	const struct stanza_field *f[3], *serves = need(file, s, "serves");
	if (!serves)
		return -1;
	for (size_t i = 0; i < COUNT_OF(f); i++)
		if (!(f[i] = need(file, s, texts[i])))
			return -1;
	c->natively = f[0]->value;
	c->hypervised = f[1]->value;
	c->fails = f[2]->value;
	/* No slot: a kernel that knows VMI calls it. */
	if (!strcmp(serves->value, "-"))
		return 0;
	return read_all_serves(m, file, s, (struct service){ .call = (unsigned)(c - m->calls) });
}

static bool older(const struct call *a, const struct call *b)
{
	return a->since_major < b->since_major ||
	       (a->since_major == b->since_major && a->since_minor < b->since_minor);
}

int check_meanings(const struct model *m, const struct stanza_file *file)
{
	const struct call *first = NULL;
	for (size_t i = 0; i < m->call_count; i++)
		if (m->calls[i].natively && (!first || older(&m->calls[i], first)))
			first = &m->calls[i];
	for (size_t i = 0; first && i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (!c->reserved && !c->natively && !older(c, first))
			return stanza_error(file, c->stanza->line, "%s has no `natively`, as the calls since "
					    "%u.%u have", c->name, first->since_major, first->since_minor);
	}
	return 0;
}
