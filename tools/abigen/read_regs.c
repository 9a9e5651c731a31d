/* SPDX-License-Identifier: GPL-2.0-only */
/* The register lines of a call. */
#include "model.h"

#include <string.h>

#define STACK_END 64 /* no argument lies at [esp+64] or above */

static const char *const reg_names[WIDTHS][REG_COUNT] = {
	{ "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", [REG_FLAGS] = "flags" },
	{ "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
	  "r13", "r14", "r15", [REG_FLAGS] = "flags" },
};
static const int stack_reg = 4;
static const int word_bytes[WIDTHS] = { 4, 8 };

int reg_number(const char *name, int width)
{
	for (int i = 0; i < REG_COUNT; i++)
		if (reg_names[width][i] && !strcmp(reg_names[width][i], name))
			return i;
	return -1;
}

const char *reg_name(int number, int width)
{
	return reg_names[width][number];
}

const char *stack_name(int width)
{
	return reg_names[width][stack_reg];
}

/* "eax" or "[esp+4]". Exactly one of the results is set; false if it is neither. */
static bool parse_place(const char *word, int width, int *reg, int *stack)
{
	char text[16];
	*reg = *stack = -1;
	for (int at = word_bytes[width]; at < STACK_END; at += word_bytes[width]) {
		snprintf(text, sizeof(text), "[%s+%d]", stack_name(width), at);
		if (!strcmp(text, word)) {
			*stack = at;
			return true;
		}
	}
	*reg = reg_number(word, width);
	return *reg >= 0 && *reg != stack_reg && *reg != REG_FLAGS;
}

static bool take(struct places *list, int reg, int stack)
{
	uint32_t registers = reg >= 0 ? 1u << reg : 0, slots = stack >= 0 ? 1u << stack / 4 : 0;
	if (list->registers & registers || list->slots & slots)
		return false;
	list->registers |= registers;
	list->slots |= slots;
	return true;
}

static int parse_places(const struct stanza_file *file, const struct stanza_field *f, int width,
			struct places *list)
{
	if (!strcmp(f->value, "-"))
		return 0;
	size_t count;
	char **words = stanza_words(keep(f->value), &count);
	for (size_t i = 0; i < count; i++) {
		char *equals = strchr(words[i], '=');
		if (!equals)
			return stanza_error(file, f->line, "`%s` is not REG=ARG", words[i]);
		*equals = 0;
		if (check_name(file, f->line, equals + 1))
			return -1;
		struct place a = { equals + 1, -1, -1, -1, -1 };
		char *low = words[i], *dot = strchr(words[i], '.');
		if (dot) {
			*dot = 0;
			low = dot + 1;
			if (!parse_place(words[i], width, &a.high, &a.stack_high))
				return stanza_error(file, f->line, "unknown high register `%s`", words[i]);
		}
		if (!parse_place(low, width, &a.low, &a.stack_low))
			return stanza_error(file, f->line, "unknown register `%s`", low);
		if (!take(list, a.high, a.stack_high) || !take(list, a.low, a.stack_low))
			return stanza_error(file, f->line, "the place of `%s` is taken", a.arg);
		*APPEND(list->items, list->count) = a;
	}
	return 0;
}

const struct place *find_place(const struct places *list, const char *arg)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i].arg, arg))
			return &list->items[i];
	return NULL;
}

/* On i386 a u64 takes two places, all else takes one. */
static bool fits(const struct place *a, const char *type, int width)
{
	bool pair = a->high >= 0 || a->stack_high >= 0;
	return pair == (!width && !strcmp(type, "u64"));
}

static int check_in(const struct stanza_file *file, int line, const struct call *call, int width)
{
	const struct proto_arg *args = width ? call->wide.args : call->args;
	size_t count = width ? call->wide.arg_count : call->arg_count;
	const struct places *in = &call->width[width].in;
	for (size_t i = 0; i < count; i++) {
		const struct place *a = find_place(in, args[i].name);
		if (!a)
			return stanza_error(file, line, "argument `%s` lies nowhere", args[i].name);
		if (!fits(a, args[i].type, width))
			return stanza_error(file, line, "`%s` is no place for a %s", a->arg,
					    args[i].type);
	}
	if (in->count != count)
		return stanza_error(file, line, "%zu places for %zu arguments", in->count, count);
	return 0;
}

/* What a call returns lies in one place; a void one may still write registers. */
static int check_out(const struct stanza_file *file, int line, const struct call *call, int width)
{
	const char *result = width ? call->wide.result : call->result;
	const struct places *out = &call->width[width].out;
	if (out->slots)
		return stanza_error(file, line, "results lie in registers, not on the stack");
	if (strcmp(result, "void") &&
	    (out->count != 1 || !fits(&out->items[0], result, width)))
		return stanza_error(file, line, "the result is one %s", result);
	return 0;
}

static int read_clobber(const struct model *m, const struct stanza_file *file,
			const struct stanza_field *f, struct call_regs *r, int width)
{
	for (size_t i = 0; i < m->clobber_count; i++)
		if (m->clobbers[i].width == width && !strcmp(m->clobbers[i].name, f->value)) {
			r->clobber = m->clobbers[i].mask;
			return 0;
		}
	return stanza_error(file, f->line, "unknown clobber list `%s`", f->value);
}

static int read_native(const struct stanza_file *file, const struct stanza *s, const char *key,
		       struct call_regs *r)
{
	/* No preprocessor, no continuation, nothing that C would have to escape. */
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789 _.,:+*-[]";
	const struct stanza_field *only = NULL;
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		if (strcmp(f->key, key))
			continue;
		if (only)
			return stanza_error(file, f->line, "`%s` is followed by more", only->value);
		bool none = !strcmp(f->value, "-"), nothing = !strcmp(f->value, "nothing");
		if ((none || nothing) && r->native_count)
			return stanza_error(file, f->line, "`%s` follows an instruction", f->value);
		if (!*f->value || f->value[strspn(f->value, plain)])
			return stanza_error(file, f->line, "`%s` is no plain instruction", f->value);
		r->native_known = !none;
		if (none || nothing)
			only = f;
		else
			*APPEND(r->native, r->native_count) = f->value;
	}
	return 0;
}

int read_width(struct model *m, const struct stanza_file *file, const struct stanza *s,
	       struct call *call, int width)
{
	static const char *const keys[WIDTHS][4] = {
		{ "in32", "out32", "clobber32", "native32" }, { "in64", "out64", "clobber64", "native64" },
	};
	struct call_regs *r = &call->width[width];
	const struct stanza_field *f[4];
	for (size_t i = 0; i < COUNT_OF(f); i++)
		if (!(f[i] = need(file, s, keys[width][i])))
			return -1;
	r->present = true;
	if (parse_places(file, f[0], width, &r->in) || check_in(file, f[0]->line, call, width))
		return -1;
	r->noreturn = !strcmp(f[1]->value, "noreturn");
	const char *result = width ? call->wide.result : call->result;
	if (r->noreturn && strcmp(result, "void"))
		return stanza_error(file, f[1]->line, "noreturn, but the result is a %s", result);
	if (!r->noreturn && (parse_places(file, f[1], width, &r->out) ||
			     check_out(file, f[1]->line, call, width)))
		return -1;
	return read_clobber(m, file, f[2], r, width) || read_native(file, s, keys[width][3], r) ? -1 : 0;
}

int read_call_regs(struct model *m, const struct stanza_file *file, const struct stanza *s,
		   struct call *call)
{
	if (read_width(m, file, s, call, 0))
		return -1;
	/* Any field of the 64-bit form asks for all of them. */
	bool wide = stanza_field(s, "in64") || stanza_field(s, "out64") ||
		    stanza_field(s, "clobber64") || stanza_field(s, "native64");
	if (wide && read_width(m, file, s, call, 1))
		return -1;
	/* What returns through a frame of its own is a jump target, not a function. */
	bool jump_target = call->width[0].noreturn && m->groups[call->group].segments_any;
	call->c_callable = !jump_target && follows_c(call);
	return 0;
}
