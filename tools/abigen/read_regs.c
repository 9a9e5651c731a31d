/* SPDX-License-Identifier: GPL-2.0-only */
/* The register lines and the prototype of a call. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

static const char *const reg_names[WIDTHS][REG_COUNT] = {
	{ "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", [REG_FLAGS] = "flags" },
	{ "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
	  "r13", "r14", "r15", [REG_FLAGS] = "flags" },
};
/* The order in which C passes arguments. */
static const int c_args[WIDTHS][6] = { { 0, 2, 1, -1, -1, -1 }, { 7, 6, 2, 1, 8, 9 } };

int reg_number(const char *name, int width)
{
	for (int i = 0; i < REG_COUNT; i++)
		if (reg_names[width][i] && !strcmp(reg_names[width][i], name))
			return i;
	return -1;
}

/* "eax" or "[esp+4]". Exactly one of the results is set; false if it is neither. */
static bool parse_place(const char *word, int width, int *reg, int *stack)
{
	const char *prefix = width ? "[rsp+" : "[esp+";
	*reg = *stack = -1;
	if (strncmp(word, prefix, 5)) {
		*reg = reg_number(word, width);
		return *reg >= 0;
	}
	char *end;
	*stack = (int)strtol(word + 5, &end, 10);
	return *stack >= 4 && *stack < 64 && !strcmp(end, "]");
}

static int parse_list(const struct stanza_file *file, const struct stanza_field *f, int width,
		      struct reg_list *list)
{
	if (!strcmp(f->value, "-"))
		return 0;
	size_t count;
	char **words = stanza_words(keep(f->value), &count);
	for (size_t i = 0; i < count; i++) {
		char *equals = strchr(words[i], '=');
		if (!equals || !equals[1])
			return stanza_error(file, f->line, "`%s` is not REG=ARG", words[i]);
		*equals = 0;
		struct reg_arg *a = APPEND(list->items, list->count);
		*a = (struct reg_arg){ equals + 1, -1, -1, -1, -1 };
		char *low = words[i], *dot = strchr(words[i], '.');
		if (dot) {
			*dot = 0;
			if (!parse_place(words[i], width, &a->high, &a->stack_high))
				return stanza_error(file, f->line, "unknown register `%s`", words[i]);
			low = dot + 1;
		}
		if (!parse_place(low, width, &a->low, &a->stack_low))
			return stanza_error(file, f->line, "unknown register `%s`", low);
		uint32_t mask = (a->high >= 0 ? 1u << a->high : 0) | (a->low >= 0 ? 1u << a->low : 0);
		if (list->mask & mask)
			return stanza_error(file, f->line, "register of `%s` is named twice", a->arg);
		list->mask |= mask;
	}
	free(words);
	return 0;
}

static const struct reg_arg *find_arg(const struct reg_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i].arg, name))
			return &list->items[i];
	return NULL;
}

static bool is_wide(const char *type)
{
	return !strcmp(type, "u64");
}

/* Would a C compiler put every argument and the result where the spec has them? */
static bool follows_c(const struct call *call, const struct call_regs *r, int width)
{
	size_t next = 0;
	int stack = width ? 8 : 4;
	for (size_t i = 0; i < call->arg_count; i++) {
		const struct reg_arg *a = find_arg(&r->in, call->args[i].name);
		bool pair = !width && is_wide(call->args[i].type);
		size_t slots = pair ? 2 : 1;
		size_t registers = width ? 6 : 3;
		if (next + slots <= registers) {
			if (a->low != c_args[width][next] || (pair && a->high != c_args[width][next + 1]))
				return false;
			next += slots;
		} else {
			next = registers;
			if (a->stack_low != stack || (pair && a->stack_high != stack + 4))
				return false;
			stack += width ? 8 : 4 * (int)slots;
		}
	}
	bool pair = !width && is_wide(call->result);
	if (!strcmp(call->result, "void"))
		return !r->out.count;
	return r->out.count == 1 && r->out.items[0].low == 0 &&
	       r->out.items[0].high == (pair ? 2 : -1);
}

static int check_args(const struct stanza_file *file, int line, const struct call *call,
		      const struct call_regs *r)
{
	for (size_t i = 0; i < call->arg_count; i++)
		if (!find_arg(&r->in, call->args[i].name))
			return stanza_error(file, line, "argument `%s` lies in no register", call->args[i].name);
	if (r->in.count != call->arg_count)
		return stanza_error(file, line, "%zu places for %zu arguments", r->in.count,
				    call->arg_count);
	return 0;
}

int read_call_regs(struct model *m, const struct stanza_file *file, const struct stanza *s,
		   struct call *call, int width)
{
	struct call_regs *r = &call->width[width];
	const char *w = width_names[width];
	char key[16];
	snprintf(key, sizeof(key), "in%s", w);
	if (width && !stanza_field(s, key))
		return 0; /* this ABI has no 64-bit form of the call */
	r->present = true;
	const struct stanza_field *in = need(file, s, key);
	snprintf(key, sizeof(key), "out%s", w);
	const struct stanza_field *out = need(file, s, key);
	snprintf(key, sizeof(key), "clobber%s", w);
	const struct stanza_field *clobber = need(file, s, key);
	snprintf(key, sizeof(key), "native%s", w);
	if (!in || !out || !clobber || !need(file, s, key))
		return -1;
	if (parse_list(file, in, width, &r->in) || check_args(file, in->line, call, r))
		return -1;
	r->noreturn = !strcmp(out->value, "noreturn");
	if (!r->noreturn && parse_list(file, out, width, &r->out))
		return -1;
	for (size_t i = 0; i < m->clobber_count; i++)
		if (m->clobbers[i].width == width && !strcmp(m->clobbers[i].name, clobber->value))
			r->clobber = m->clobbers[i].mask;
	if (!r->clobber)
		return stanza_error(file, clobber->line, "unknown clobber list `%s`", clobber->value);
	r->native_known = strcmp(stanza_field(s, key)->value, "-");
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		if (strcmp(f->key, key) || !strcmp(f->value, "-") || !strcmp(f->value, "nothing"))
			continue;
		if (!*f->value)
			return stanza_error(file, f->line, "`%s` is empty; say `nothing` or `-`", key);
		*APPEND(r->native, r->native_count) = f->value;
	}
	/* What returns through a frame of its own is a jump target, not a function. */
	bool jump_target = r->noreturn && m->groups[call->group].segments_any;
	r->c_callable = !jump_target && follows_c(call, r, width);
	return 0;
}

static bool known_type(const char *type)
{
	static const char *const types[] = { "void", "u8", "u16", "u32", "u64", "bool", "ptr" };
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

int read_proto(const struct stanza_file *file, const struct stanza_field *field, struct call *call)
{
	call->proto = field->value;
	char *text = keep(field->value);
	char *open = strchr(text, '('), *close = strrchr(text, ')');
	if (!open || !close || close < open || close[1])
		return stanza_error(file, field->line, "prototype is not TYPE NAME(...)");
	*open = *close = 0;
	size_t count;
	char **words = stanza_words(text, &count);
	if (count != 2 || strcmp(words[1], call->name))
		return stanza_error(file, field->line, "prototype does not name `%s`", call->name);
	if (!known_type(words[0]))
		return stanza_error(file, field->line, "unknown type `%s`", words[0]);
	call->result = words[0];
	if (!strcmp(open + 1, "void"))
		return 0;
	char *save = NULL;
	for (char *arg = strtok_r(open + 1, ",", &save); arg; arg = strtok_r(NULL, ",", &save)) {
		words = stanza_words(arg, &count);
		if (count != 2)
			return stanza_error(file, field->line, "an argument is not TYPE NAME");
		if (!known_type(words[0]) || !strcmp(words[0], "void"))
			return stanza_error(file, field->line, "unknown type `%s`", words[0]);
		*APPEND(call->args, call->arg_count) = (struct proto_arg){ words[0], words[1] };
	}
	return 0;
}
