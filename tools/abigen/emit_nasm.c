/* SPDX-License-Identifier: GPL-2.0-only */
/* The NASM include, the native equivalents and the native twins. */
#include "emit.h"

#include <string.h>

static const char *reserve(const char *type)
{
	return !strcmp(type, "u8") ? "resb" : !strcmp(type, "u16") ? "resw" :
	       !strcmp(type, "u32") ? "resd" : "resq";
}

void print_nasm_bits(FILE *out, const struct bit_set *set)
{
	fprintf(out, "\n");
	for (size_t i = 0; i < set->count; i++)
		fprintf(out, "%%define %s_%s 0x%llx\n", set->prefix, set->bits[i].name,
			set->bits[i].value);
}

/* The highest place is 4 bytes above its offset, the lowest is 4: behind the return address. */
static int stack_bytes(const struct places *in)
{
	int most = 0;
	for (size_t i = 0; i < in->count; i++) {
		const struct place *p = &in->items[i];
		most = p->stack_low > most ? p->stack_low : most;
		most = p->stack_high > most ? p->stack_high : most;
	}
	return most;
}

/*
 * A native text that a ROM's entry may share and a guest may copy: a few instructions that
 * neither branch nor look at what lies on the stack.
 */
#define INLINE_LINES 2
static bool plain(const struct call_regs *r)
{
	if (!r->native_known || !r->native_count || r->native_count > INLINE_LINES || r->noreturn)
		return false;
	for (size_t i = 0; i < r->native_count; i++) {
		const char *line = r->native[i];
		if (*line == '.' || *line == 'j' || strstr(line, "esp") || strstr(line, "rsp"))
			return false;
	}
	return true;
}

/* VROM_INLINE bits of spec/image.abi: by register number, then all others, flags on top. */
static unsigned inline_clobbers(const struct call_regs *r)
{
	uint32_t mask = r->clobber | r->out.registers;
	return (mask & 0xF) | (mask & 0xFFF0 ? 0x10 : 0) | (mask & 1u << REG_FLAGS ? 0x80 : 0);
}

void print_inline(const struct model *m, FILE *out, const char *space)
{
	fprintf(out, "\n; By entry: what the native text changes, if a guest may copy it.\n");
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved && plain(&m->calls[i].width[m->width]))
			fprintf(out, "%%define VMI_INLINE_%s_%s 0x%02x\n", space, m->calls[i].entry,
				inline_clobbers(&m->calls[i].width[m->width]));
}

void print_atomic_groups(const struct model *m, FILE *out, const char *space)
{
	fprintf(out, "\n; The atomic groups: the count of a group's calls and their numbers, as bytes."
		     "\n%%macro %s_ATOMIC_GROUPS 0\n", space);
	for (size_t g = 0; g < m->group_count; g++) {
		size_t count = 0;
		for (size_t i = 0; i < m->call_count; i++)
			count += !m->calls[i].reserved && m->calls[i].group == g;
		if (!m->groups[g].atomic || !count)
			continue;
		fprintf(out, "\tdb %zu", count);
		for (size_t i = 0; i < m->call_count; i++)
			if (!m->calls[i].reserved && m->calls[i].group == g)
				fprintf(out, ", %zu", i);
		fprintf(out, " ; %s\n", m->groups[g].name);
	}
	fprintf(out, "%%endmacro\n");
}

void emit_nasm(const struct model *m, FILE *out)
{
	for (size_t i = 0; i < m->constants_count; i++)
		print_nasm_bits(out, &m->constants[i]);
	for (size_t i = 0; i < m->flags_count; i++)
		print_nasm_bits(out, &m->flags[i]);
	fprintf(out, "\n");
	for (size_t i = 0; i < m->string_count; i++)
		fprintf(out, "%%define %s '%s'\n", m->strings[i].name, m->strings[i].value);
	fprintf(out, "\n");
	for (size_t i = 0; i < m->relocation_count; i++)
		fprintf(out, "%%define VMI_RELOCATION_%s %zu\n", m->relocations[i].name, i);
	fprintf(out, "\n");
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved)
			fprintf(out, "%%define VMI_CALL_%s %zu\n", m->calls[i].name, i);
	fprintf(out, "%%define VMI_CALLS %zu\n", m->call_count);
	fprintf(out, "\n; By entry: bytes of arguments on the stack; entries that do not return.\n");
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (c->reserved)
			continue;
		fprintf(out, "%%define VMI_STACK_vmi_%s %d\n", c->entry, stack_bytes(&c->width[0].in));
		if (c->width[0].noreturn)
			fprintf(out, "%%define VMI_NORETURN_vmi_%s\n", c->entry);
	}
	print_inline(m, out, "vmi");
	for (size_t i = 0; i < m->struct_count; i++) {
		const struct structure *st = &m->structs[i];
		fprintf(out, "\nstruc %s\n", st->name);
		for (size_t f = 0; f < st->count; f++)
			fprintf(out, ".%s: %s %llu\n", st->members[f].name, reserve(st->members[f].type),
				st->members[f].count ? st->members[f].count : 1);
		fprintf(out, "endstruc\n");
	}
	fprintf(out, "\n; Invokes the macro %%1 with NUMBER, NAME, ENTRY for every number in order;"
		     "\n; a reserved number has the ENTRY 0.\n%%macro VMI_FOR_EACH_CALL 1\n");
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (c->reserved)
			fprintf(out, "\t%%1 %zu, %s, 0\n", i, c->name);
		else
			fprintf(out, "\t%%1 %zu, %s, vmi_%s\n", i, c->name, c->entry);
	}
	fprintf(out, "%%endmacro\n");
	print_atomic_groups(m, out, "VMI");
}

void print_lines(FILE *out, const struct call_regs *r)
{
	for (size_t i = 0; i < r->native_count; i++)
		fprintf(out, "%s%s\n", r->native[i][0] == '.' ? "" : "\t", r->native[i]);
}

/* One blob: a table of u16 offset and length by call number, then the bytes. */
static void print_blob(const struct model *m, FILE *out, int width)
{
	const int bits = width ? 64 : 32;
	fprintf(out, "section .rodata\nbits %d\nglobal vmi_native%d\nvmi_native%d:\n", bits, bits, bits);
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (c->reserved || !c->width[width].native_known)
			fprintf(out, "\tdw 0, 0xFFFF ; %s\n", c->name);
		else
			fprintf(out, "\tdw %s_text - vmi_native%d, %s_end - %s_text\n", c->entry, bits,
				c->entry, c->entry);
	}
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (c->reserved || !c->width[width].native_known)
			continue;
		fprintf(out, "%s_text:\n", c->entry);
		print_lines(out, &c->width[width]);
		fprintf(out, "%s_end:\n", c->entry);
	}
	fprintf(out, "section .note.GNU-stack noalloc noexec nowrite progbits\n");
}

void emit_native(const struct model *m, FILE *out)
{
	print_blob(m, out, 0);
}

void emit_native64(const struct model *m, FILE *out)
{
	print_blob(m, out, 1);
}

/* The same text as functions native_ENTRY: a guest's native twins. */
void emit_twins(const struct model *m, FILE *out)
{
	fprintf(out, "section .text\nbits %d\n", m->width ? 64 : 32);
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (c->reserved || !c->width[m->width].native_known)
			continue;
		fprintf(out, "\n; %s\nglobal native_%s:function (native_%s.twin_end - native_%s)\n"
			     "align 16\nnative_%s:\n",
			c->proto, c->entry, c->entry, c->entry, c->entry);
		print_lines(out, &c->width[m->width]);
		fprintf(out, "%s.twin_end:\n", c->width[m->width].noreturn ? "" : "\tret\n");
	}
	fprintf(out, "section .note.GNU-stack noalloc noexec nowrite progbits\n");
}
