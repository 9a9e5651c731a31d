/* SPDX-License-Identifier: GPL-2.0-only */
/* The structures and constants as tables, for tools that show an image to people. */
#include "emit.h"

#include <string.h>

static unsigned int bytes_of(const struct structure *st, size_t i)
{
	unsigned long long end = i + 1 < st->count ? st->members[i + 1].offset : st->size;

	return (unsigned int)(end - st->members[i].offset);
}

static void print_members(const struct structure *st, FILE *out)
{
	fprintf(out, "\nstatic const struct vmi_field_info fields_%s[] = {\n", st->name);
	for (size_t i = 0; i < st->count; i++) {
		const struct member *f = &st->members[i];

		fprintf(out, "\t{ \"%s\", ", f->name);
		print_quoted(out, f->summary);
		fprintf(out, ", 0x%llx, %u, %llu },\n", f->offset, bytes_of(st, i), f->count);
	}
	fprintf(out, "};\n");
}

static void print_values(const struct bit_set *set, FILE *out)
{
	fprintf(out, "\nstatic const struct vmi_value_info values_%s[] = {\n", set->prefix);
	for (size_t i = 0; i < set->count; i++) {
		fprintf(out, "\t{ \"%s\", ", set->bits[i].name);
		print_quoted(out, set->bits[i].summary);
		fprintf(out, ", 0x%llx },\n", set->bits[i].value);
	}
	fprintf(out, "};\n");
}

void emit_fields(const struct model *m, FILE *out)
{
	fprintf(out, "#include \"vmi_abi.h\"\n");
	for (size_t i = 0; i < m->struct_count; i++)
		print_members(&m->structs[i], out);
	for (size_t i = 0; i < m->constants_count; i++)
		print_values(&m->constants[i], out);
	fprintf(out, "\nconst struct vmi_struct_info vmi_structs[] = {\n");
	for (size_t i = 0; i < m->struct_count; i++) {
		const struct structure *st = &m->structs[i];

		fprintf(out, "\t{ \"%s\", ", st->name);
		print_quoted(out, st->summary);
		fprintf(out, ", fields_%s, %zu, %llu },\n", st->name, st->count, st->size);
	}
	fprintf(out, "\t{ 0 }\n};\n\nconst struct vmi_constants_info vmi_constants[] = {\n");
	for (size_t i = 0; i < m->constants_count; i++)
		fprintf(out, "\t{ \"%s\", values_%s, %zu },\n", m->constants[i].prefix,
			m->constants[i].prefix, m->constants[i].count);
	fprintf(out, "\t{ 0 }\n};\n");
}
