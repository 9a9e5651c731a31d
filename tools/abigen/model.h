/* SPDX-License-Identifier: GPL-2.0-only */
/* What abigen read from spec/, checked; the emitters only print it. */
#ifndef ABIGEN_MODEL_H
#define ABIGEN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "stanza/stanza.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

#define WIDTHS 2 /* index 0: i386, index 1: x86-64 */
#define MAX_CALLS 256

/* Register bits, in the processor's own numbering; flags come last. */
#define REG_FLAGS 16
#define REG_COUNT 17

struct place { /* one `REG=ARG` of an in or out line */
	const char *arg;
	int high, low;             /* register numbers; high < 0 unless it is a pair */
	int stack_high, stack_low; /* [esp+N] offsets instead; -1 if none */
};

struct places {
	struct place *items;
	size_t count;
	uint32_t registers, slots; /* what is taken: registers, and bit N for [esp+N] */
};

struct call_regs { /* one width of one call */
	bool present;
	struct places in, out;
	bool noreturn;
	uint32_t clobber;
	const char **native; /* lines; count 0 with native_known: empty */
	size_t native_count;
	bool native_known; /* the processor has an equivalent */
};

struct proto_arg {
	const char *type, *name;
};

struct signature { /* a prototype, read */
	const char *text;
	const char *result; /* type */
	struct proto_arg *args;
	size_t arg_count;
};

struct call {
	bool used, reserved;
	bool wide_only; /* of vmi64.abi alone */
	bool c_callable; /* its i386 registers are those of regparm(3) */
	const struct stanza *stanza; /* where it stands, as with all that follow */
	unsigned since_major, since_minor, group, answers;
	const char *name, *entry, *proto, *summary;
	const char *result; /* type */
	struct proto_arg *args;
	size_t arg_count;
	struct call_regs width[WIDTHS];
	struct signature wide; /* of the 64-bit form, where it has one */
	const char *natively, *hypervised, *fails; /* of a call that says so, else NULL */
};

struct service { /* pv_ops slots that a call serves, maybe with a flag bit */
	int line;
	const char *class, *slot; /* slot: STRUCT.SLOT */
	unsigned call;
	const char *prefix, *bit; /* NULL: without one */
};

struct group {
	const struct stanza *stanza;
	const char *name, *summary;
	bool atomic, segments_any;
	int needs; /* index of another group; -1: none */
};

struct relocation {
	const struct stanza *stanza;
	const char *name, *word, *summary;
};

struct clobber_list {
	const char *name;
	int width;
	uint32_t mask;
};

struct bit {
	int line;
	unsigned long long value;
	const char *name, *summary;
	bool private; /* no part of the contract: a later release may change it */
	bool wide; /* it stands in vmi64.abi, or its meaning does */
};

struct bit_set { /* flags and constants: PREFIX and its values */
	const char *prefix;
	struct bit *bits;
	size_t count;
};

struct member {
	int line;
	unsigned long long offset, count; /* count 0: not an array */
	const char *type, *name, *summary;
	bool private; /* as that of struct bit */
};

struct structure {
	const struct stanza *stanza;
	const char *name, *summary;
	unsigned long long size;
	struct member *members;
	size_t count;
};

struct text {
	int line;
	const char *name, *value;
};

struct reason {
	const struct stanza *stanza;
	unsigned number;
	const char *name, *scope, *cause, *remedy;
};

struct claimed { /* a name that is taken, and by whom */
	const char *name, *path;
	int line;
};

struct model {
	const char *vmi_path, *image_path, *reasons_path; /* of what was read */
	const char *wide_path; /* of vmi64.abi, NULL without it */
	const struct stanza *wide_first; /* its stanzas */
	size_t wide_count;
	const char *abi_name;
	int abi_line;
	unsigned abi_major, abi_minor;
	struct call *calls; /* by number */
	size_t call_count;
	struct group *groups;
	size_t group_count;
	struct relocation *relocations; /* by type */
	size_t relocation_count;
	struct clobber_list *clobbers;
	size_t clobber_count;
	struct bit_set *flags, *constants;
	size_t flags_count, constants_count;
	struct structure *structs;
	size_t struct_count;
	struct text *strings;
	size_t string_count;
	struct reason *reasons;
	size_t reason_count;
	int width; /* index of the width that is described: 1 with vmi64.abi */
	size_t old_calls, old_groups, old_structs; /* of vmi.abi and image.abi, with vmi64.abi */
	struct text *conventions; /* of vmi64.abi */
	size_t convention_count;
	struct service *services; /* of calls that say so */
	size_t service_count;
	struct claimed *claimed;
	size_t claimed_count;
};

/* Which function reads which kind of stanza; the list ends with a NULL kind. */
struct stanza_reader {
	const char *kind;
	int (*read)(struct model *m, const struct stanza_file *file, const struct stanza *s);
};
int read_stanzas(struct model *m, const struct stanza_file *file,
		 const struct stanza_reader *readers);

/*
 * Readers: add what a parsed file holds to the model. Result: 0, or -1 after
 * printing `file:line: error: ...`. The model points into the file's memory.
 */
int read_vmi(struct model *m, const struct stanza_file *file);
int read_image(struct model *m, const struct stanza_file *file);
int read_reasons(struct model *m, const struct stanza_file *file);

/*
 * Reads vmi64.abi on top of the others, and leaves the model with the 64-bit forms alone: what
 * has none is reserved.
 */
int read_wide(struct model *m, const struct stanza_file *file);

/* What the readers of vmi.abi, image.abi and vmi64.abi share: one stanza each. */
int read_version(const struct stanza_file *file, int line, const char *word, unsigned *major,
		 unsigned *minor);
int read_group(struct model *m, const struct stanza_file *file, const struct stanza *s);
int read_flags(struct model *m, const struct stanza_file *file, const struct stanza *s);
int read_reserved(struct model *m, const struct stanza_file *file, const struct stanza *s);
int read_struct(struct model *m, const struct stanza_file *file, const struct stanza *s);
/* A call's number, names, since, summary, group and answers. NULL after an error. */
struct call *read_call_head(struct model *m, const struct stanza_file *file,
			    const struct stanza *s);
/*
 * What a call means where, and the slots that it serves. Result: 0, or -1 after an error: one of
 * these fields is missing. stanza_field(s, "fails") and the like tell whether a call has them.
 */
int read_meaning(struct model *m, const struct stanza_file *file, const struct stanza *s,
		 struct call *c);
/* The `serves` lines of a stanza; `service` says of what. */
int read_all_serves(struct model *m, const struct stanza_file *file, const struct stanza *s,
		    struct service service);
/* Every call that is as new as one with such fields, or newer, has them. */
int check_meanings(const struct model *m, const struct stanza_file *file);
/* No number up to the highest is missing. */
int check_numbers(const struct model *m, const struct stanza_file *file);

/*
 * The three files of spec/ by path, or below a folder by their names; the model points into
 * `files`. Result: 0, or after a message SPEC_WRONG if a file is not what it should be,
 * SPEC_UNREADABLE if it cannot be read.
 */
enum { SPEC_WRONG = 1, SPEC_UNREADABLE };
int read_spec(struct model *m, struct stanza_file files[3], const char *const paths[3]);
int read_spec_folder(struct model *m, struct stanza_file files[3], const char *folder);
/* One of them. `read`: what reads its stanzas; NULL = nothing does. */
int read_spec_file(struct model *m, struct stanza_file *file, const char *path,
		   int (*read)(struct model *, const struct stanza_file *));
/* The fields `key` (NUMBER NAME SUMMARY) of a flags or constants stanza. */
int read_bits(struct model *m, struct bit_set *set, const struct stanza_file *file,
	      const struct stanza *s, const char *key);
/* Those fields alone, whatever else the stanza has; set->prefix is known. */
int read_bit_list(struct model *m, struct bit_set *set, const struct stanza_file *file,
		  const struct stanza *s, const char *key);
/*
 * The field `private`, if there is one: `all`, or names. `mark` is given each name, NULL for
 * all of them, and says whether it found any.
 */
int read_private(const struct stanza_file *file, const struct stanza *s,
		 bool (*mark)(void *context, const char *name), void *context);
/* Each width's in, out, clobber and native fields; the prototype is read before. */
int read_call_regs(struct model *m, const struct stanza_file *file, const struct stanza *s,
		   struct call *call);
int read_width(struct model *m, const struct stanza_file *file, const struct stanza *s,
	       struct call *call, int width); /* those of one width, which must be there */
/* `space`: the names of its arguments are claimed there, after the call's own name. */
int read_proto(struct model *m, const struct stanza_file *file, const struct stanza_field *field,
	       const struct call *call, const char *space, struct signature *signature);
/*
 * A profile, printed as a NASM include. The path gives its name. wide: the 64-bit ABI, too, and
 * `unprovided` comes after the profile's lines; NULL = the 32-bit one alone, and nothing behind.
 */
int emit_profile(const struct model *m, const struct model *wide, const struct stanza_file *profile,
		 const struct stanza_file *unprovided, FILE *out);

/* Registers by name (`eax`, `flags`); -1 or NULL where the width has no such register. */
int reg_number(const char *name, int width);
const char *reg_name(int number, int width);
const char *stack_name(int width);
/* True if regparm(3) puts every argument and the result where the spec has them. */
bool follows_c(const struct call *call);
const struct place *find_place(const struct places *list, const char *arg);

/* Checks that every key of a stanza is one of the NULL-ended `keys`, once unless it ends in `*`. */
int check_keys(const struct stanza_file *file, const struct stanza *s, const char *const *keys);
/* The field, or NULL after an error: it is missing or empty. */
const struct stanza_field *need(const struct stanza_file *file, const struct stanza *s,
				const char *key);
/* Checks that `name` can be an identifier in C and NASM. */
int check_name(const struct stanza_file *file, int line, const char *name);
/* Checks that a name that stands alone in C and NASM begins with vmi or vrom. */
int check_public(const struct stanza_file *file, int line, const char *name);
/*
 * Checks `name` and takes SPACE SEPARATOR NAME, which nobody may have taken
 * before: what C or NASM would refuse as a second definition is refused here.
 */
int claim(struct model *m, const struct stanza_file *file, int line, const char *space,
	  const char *separator, const char *name);

/* Index of a group or of a relocation type's word; -1 if there is none. */
int find_group(const struct model *m, const char *name);
int find_relocation(const struct model *m, const char *word);

/*
 * Memory lives as long as the program, which ends when its files are written:
 * nothing is freed. Both exit with status 2 when memory is out.
 */
void *append(void *array, size_t *count, size_t size); /* one zeroed element more */
#define APPEND(array, count) \
	((array) = append((array), &(count), sizeof(*(array))), &(array)[(count) - 1])
char *keep(const char *text);

#endif
