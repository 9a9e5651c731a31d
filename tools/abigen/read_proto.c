/* SPDX-License-Identifier: GPL-2.0-only */
/* The prototype of a call, and whether its registers are those of C. */
#include "model.h"

#include <string.h>

static bool known_type(const char *type)
{
	static const char *const types[] = { "void", "u8", "u16", "u32", "u64", "bool", "ptr" };
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

static int read_arg(struct model *m, const struct stanza_file *file, int line, char *text,
		    const char *space, struct signature *s)
{
	size_t count;
	char **words = stanza_words(text, &count);
	if (count != 2)
		return stanza_error(file, line, "an argument is not TYPE NAME; none at all is `void`");
	if (!known_type(words[0]) || !strcmp(words[0], "void"))
		return stanza_error(file, line, "unknown argument type `%s`", words[0]);
	if (claim(m, file, line, space, ".", words[1]))
		return -1;
	*APPEND(s->args, s->arg_count) = (struct proto_arg){ words[0], words[1] };
	return 0;
}

int read_proto(struct model *m, const struct stanza_file *file, const struct stanza_field *field,
	       const struct call *call, const char *space, struct signature *s)
{
	s->text = field->value;
	char *text = keep(field->value);
	char *open = strchr(text, '('), *close = strrchr(text, ')');
	if (!open || !close || close < open || close[1])
		return stanza_error(file, field->line, "prototype is not TYPE NAME(...)");
	*open = *close = 0;
	size_t count;
	char **words = stanza_words(text, &count);
	if (count != 2 || strcmp(words[1], call->name))
		return stanza_error(file, field->line, "prototype is not that of `%s`", call->name);
	if (!known_type(words[0]))
		return stanza_error(file, field->line, "unknown result type `%s`", words[0]);
	s->result = words[0];
	char *next = open + 1;
	if (!strcmp(next, "void"))
		return 0;
	while (next) {
		char *arg = strsep(&next, ",");
		if (read_arg(m, file, field->line, arg, space, s))
			return -1;
	}
	return 0;
}

static bool is_wide(const char *type)
{
	return !strcmp(type, "u64");
}

bool follows_c(const struct call *call)
{
	enum { EAX, ECX, EDX };
	static const int order[] = { EAX, EDX, ECX };
	const struct call_regs *r = &call->width[0];
	size_t next = 0;
	int stack = 4; /* the return address lies at [esp] */
	for (size_t i = 0; i < call->arg_count; i++) {
		const struct place *a = find_place(&r->in, call->args[i].name);
		bool pair = is_wide(call->args[i].type);
		size_t words = pair ? 2 : 1;
		if (next + words <= COUNT_OF(order)) {
			if (a->low != order[next] || (pair && a->high != order[next + 1]))
				return false;
			next += words;
		} else {
			next = COUNT_OF(order); /* after the first one, all go to the stack */
			if (a->stack_low != stack || (pair && a->stack_high != stack + 4))
				return false;
			stack += 4 * (int)words;
		}
	}
	if (!strcmp(call->result, "void"))
		return !r->out.count;
	return r->out.items[0].low == EAX &&
	       r->out.items[0].high == (is_wide(call->result) ? EDX : -1);
}
