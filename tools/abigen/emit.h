/* SPDX-License-Identifier: GPL-2.0-only */
/* The emitters, and what they share. All text is printable ASCII: stanza_read() saw to it. */
#ifndef ABIGEN_EMIT_H
#define ABIGEN_EMIT_H

#include "model.h"

/* Prints one generated file. */
typedef void emitter(const struct model *m, FILE *out);
emitter emit_header, emit_tables, emit_fields, emit_nasm, emit_native, emit_twins, emit_native64,
	emit_markdown, emit_json, emit_wide_header, emit_wide_tables, emit_wide_nasm;

/* In C: the calls of the width that is described, their places, and the groups. */
void print_call_tables(const struct model *m, FILE *out);
void print_c_bits(FILE *out, const struct bit_set *set);
void print_c_struct(FILE *out, const struct structure *st);
void print_comment(FILE *out, const char *text);
/* In NASM. */
void print_nasm_bits(FILE *out, const struct bit_set *set);
void print_inline(const struct model *m, FILE *out, const char *space);
void print_atomic_groups(const struct model *m, FILE *out, const char *space);
void print_lines(FILE *out, const struct call_regs *r);

/* A string literal, for C as for JSON. */
void print_quoted(FILE *out, const char *text);
/* The registers of a mask, with `quote` around each and commas between them. */
void print_registers(FILE *out, uint32_t mask, int width, const char *quote);

static inline const char *true_or_false(bool value)
{
	return value ? "true" : "false";
}

#endif
