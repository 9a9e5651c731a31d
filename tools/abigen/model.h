/* SPDX-License-Identifier: GPL-2.0-only */
/* What abigen read from spec/, checked; the emitters only print it. */
#ifndef ABIGEN_MODEL_H
#define ABIGEN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "stanza/stanza.h"

#define WIDTHS 2 /* index 0: i386, index 1: x86-64 */
extern const char *const width_names[WIDTHS]; /* "32", "64" */

/* Register bits, in the processor's own numbering; flags come last. */
#define REG_FLAGS 16
#define REG_COUNT 17

struct reg_arg { /* one `REG=ARG` of an in or out line */
	const char *arg;
	int high, low;      /* register numbers; high < 0 unless it is a pair */
	int stack_high, stack_low; /* [esp+N] offsets instead; -1 if none */
};

struct reg_list {
	struct reg_arg *items;
	size_t count;
	uint32_t mask; /* registers named */
};

struct call_regs { /* one width of one call */
	bool present;
	struct reg_list in, out;
	bool noreturn;
	uint32_t clobber;
	const char **native; /* lines; count 0 with native_known: empty */
	size_t native_count;
	bool native_known;   /* the processor has an equivalent */
	bool c_callable;     /* its registers are those of regparm(3), or of SysV */
};

struct proto_arg {
	const char *type, *name;
};

struct call {
	bool used, reserved;
	int line;
	unsigned number, since_major, since_minor, group, answers;
	const char *name, *entry, *proto, *summary;
	const char *result;
	struct proto_arg *args;
	size_t arg_count;
	struct call_regs width[WIDTHS];
};

struct named { /* groups, relocations, clobber lists */
	int line;
	const char *name, *summary, *word;
	bool atomic, segments_any;
	int width;
	uint32_t mask;
};

struct bit {
	unsigned long long value;
	const char *name, *summary;
};

struct bit_set { /* flags and constants: PREFIX and its values */
	int line;
	const char *prefix;
	struct bit *bits;
	size_t count;
};

struct member {
	unsigned long long offset, count; /* count 0: not an array */
	const char *type, *name, *summary;
	unsigned size; /* bytes of one element */
};

struct structure {
	int line;
	const char *name, *summary;
	unsigned long long size;
	struct member *members;
	size_t count;
};

struct text {
	const char *name, *value;
};

struct reason {
	int line;
	unsigned number;
	const char *name, *scope, *cause, *remedy;
};

struct model {
	const char *abi_name;
	unsigned abi_major, abi_minor;
	struct call *calls; /* by number */
	size_t call_count;
	struct named *groups, *relocations, *clobbers;
	size_t group_count, relocation_count, clobber_count;
	struct bit_set *flags, *constants;
	size_t flags_count, constants_count;
	struct structure *structs;
	size_t struct_count;
	struct text *strings;
	size_t string_count;
	struct reason *reasons;
	size_t reason_count;
};

/*
 * Readers: add what a parsed file holds to the model. Result: 0, or -1 after
 * printing `file:line: error: ...`. The model points into the file's memory.
 */
int read_vmi(struct model *m, const struct stanza_file *file);
int read_image(struct model *m, const struct stanza_file *file);
int read_reasons(struct model *m, const struct stanza_file *file);
int read_bits(struct bit_set *set, const struct stanza_file *file, const struct stanza *s,
	      const char *key);

/* Parses one width's fields of a call (in32, out32, clobber32, native32). */
int read_call_regs(struct model *m, const struct stanza_file *file, const struct stanza *s,
		   struct call *call, int width);
int read_proto(const struct stanza_file *file, const struct stanza_field *field,
	       struct call *call);
int reg_number(const char *name, int width);

/* Checks that every key of a stanza is one of the NULL-ended `keys`, once unless it ends in `*`. */
int check_keys(const struct stanza_file *file, const struct stanza *s, const char *const *keys);
/* The field, or NULL after an error. */
const struct stanza_field *need(const struct stanza_file *file, const struct stanza *s,
				const char *key);

/* Appends one zeroed element to a growing array; exits when memory is out. */
void *append(void *array, size_t *count, size_t size);
#define APPEND(array, count) \
	((array) = append((array), &(count), sizeof(*(array))), &(array)[(count) - 1])
char *keep(const char *text); /* a copy that lives as long as the program */

/* Emitters: print one generated file. */
typedef void emitter(const struct model *m, FILE *out);
emitter emit_header, emit_tables, emit_nasm, emit_native, emit_twins, emit_markdown, emit_json;

/* Turns a profile into a NASM include; result as for the readers. */
int emit_profile(const struct model *m, const struct stanza_file *profile, const char *name,
		 FILE *out);

/* True if group `g` is named by `word`. */
const struct call *find_call(const struct model *m, const char *name);
int find_named(const struct named *items, size_t count, const char *name);

#endif
