/* SPDX-License-Identifier: GPL-2.0-only */
/* The C header and the C tables. */
#include "emit.h"

#include <ctype.h>
#include <string.h>

static const char *c_type(const char *type)
{
	static const char *const types[][2] = {
		{ "u8", "uint8_t" }, { "u16", "uint16_t" }, { "u32", "uint32_t" },
		{ "u64", "uint64_t" }, { "ptr", "void *" }, { "bool", "uint32_t" },
	};
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (!strcmp(types[i][0], type))
			return types[i][1];
	return type;
}

/* Spec text inside a comment, which it can neither end nor open again. */
void print_comment(FILE *out, const char *text)
{
	fprintf(out, " /* ");
	for (const char *c = text; *c; c++) {
		fputc(*c, out);
		if ((*c == '*' && c[1] == '/') || (*c == '/' && c[1] == '*'))
			fputc(' ', out);
	}
	fprintf(out, " */\n");
}

/* The lowest and the highest number of a group's calls. */
static void print_range(FILE *out, const struct model *m, size_t group)
{
	size_t first = m->call_count, last = 0;

	for (size_t i = m->call_count; i-- > 0;)
		if (!m->calls[i].reserved && m->calls[i].group == group) {
			first = i;
			last = last > i ? last : i;
		}
	fprintf(out, "%zu, %zu },\n", first, last);
}

void print_c_bits(FILE *out, const struct bit_set *set)
{
	fprintf(out, "\n");
	for (size_t i = 0; i < set->count; i++) {
		const struct bit *b = &set->bits[i];
		fprintf(out, "#define %s_%s 0x%llxu%s", set->prefix, b->name, b->value,
			b->value > UINT32_MAX ? "ll" : "");
		print_comment(out, b->summary);
	}
}

void print_c_struct(FILE *out, const struct structure *st)
{
	fprintf(out, "\nstruct %s {", st->name);
	print_comment(out, st->summary);
	for (size_t i = 0; i < st->count; i++) {
		const struct member *f = &st->members[i];
		fprintf(out, "\t%s %s", c_type(f->type), f->name);
		if (f->count)
			fprintf(out, "[%llu]", f->count);
		fprintf(out, ";");
		print_comment(out, f->summary);
	}
	fprintf(out, "} __attribute__((packed));\n"
		     "_Static_assert(sizeof(struct %s) == %llu, \"size\");\n", st->name, st->size);
	for (size_t i = 0; i < st->count; i++)
		fprintf(out, "_Static_assert(offsetof(struct %s, %s) == 0x%llx, \"offset\");\n",
			st->name, st->members[i].name, st->members[i].offset);
}

/* A function type for every call that C can make; the others are for assembly. */
static void print_prototype(FILE *out, const struct call *c)
{
	if (!c->c_callable) {
		fprintf(out, "/* %s() cannot be called from C */\n", c->name);
		return;
	}
	fprintf(out, "typedef %s VMI_REGPARM vmi_%s_fn(", c_type(c->result), c->entry);
	for (size_t i = 0; i < c->arg_count; i++)
		fprintf(out, "%s%s %s", i ? ", " : "", c_type(c->args[i].type), c->args[i].name);
	fprintf(out, "%s);\n", c->arg_count ? "" : "void");
}

void emit_header(const struct model *m, FILE *out)
{
	fprintf(out, "#ifndef VMI_ABI_H\n#define VMI_ABI_H\n\n#include <stdbool.h>\n"
		     "#include <stddef.h>\n#include <stdint.h>\n");
	for (size_t i = 0; i < m->constants_count; i++)
		print_c_bits(out, &m->constants[i]);
	for (size_t i = 0; i < m->flags_count; i++)
		print_c_bits(out, &m->flags[i]);
	fprintf(out, "\n");
	for (size_t i = 0; i < m->string_count; i++)
		fprintf(out, "#define %s \"%s\"\n", m->strings[i].name, m->strings[i].value);
	fprintf(out, "\nenum vmi_relocation {\n");
	for (size_t i = 0; i < m->relocation_count; i++) {
		fprintf(out, "\tVMI_RELOCATION_%s = %zu,", m->relocations[i].name, i);
		print_comment(out, m->relocations[i].summary);
	}
	fprintf(out, "};\n#define VMI_RELOCATIONS %zu\n\nenum vmi_group {\n", m->relocation_count);
	for (size_t i = 0; i < m->group_count; i++) {
		fprintf(out, "\tVMI_GROUP_%s,", m->groups[i].name);
		print_comment(out, m->groups[i].summary);
	}
	fprintf(out, "};\n#define VMI_GROUPS %zu\n\nenum vmi_call {\n", m->group_count);
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved) {
			fprintf(out, "\tVMI_CALL_%s = %zu,", m->calls[i].name, i);
			print_comment(out, m->calls[i].summary);
		}
	fprintf(out, "};\n#define VMI_CALLS %zu /* reserved numbers included */\n\n"
		     "enum vmi_reason {\n", m->call_count);
	for (size_t i = 0; i < m->reason_count; i++) {
		fprintf(out, "\tVMI_%s = %u,", m->reasons[i].name, m->reasons[i].number);
		print_comment(out, m->reasons[i].cause);
	}
	fprintf(out, "};\n");
	for (size_t i = 0; i < m->struct_count; i++)
		print_c_struct(out, &m->structs[i]);
	fprintf(out, "\n/* Bits of a register mask, in the processor's numbering. */\n");
	for (int i = 0; i < REG_COUNT; i++) {
		const char *name = reg_name(i, 0) ? reg_name(i, 0) : reg_name(i, 1);
		fprintf(out, "#define VMI_REG_");
		for (const char *c = name; *c; c++)
			fputc(toupper((unsigned char)*c), out);
		fprintf(out, " 0x%xu\n", 1u << i);
	}
	fprintf(out,
		"\n/* An argument or result: registers in the processor's numbering, bytes above ESP at"
		"\n * entry; -1 = none. A u64 has both halves. */\n"
		"struct vmi_place_info {\n\tconst char *name, *type;\n"
		"\tint8_t reg, reg_high, stack, stack_high;\n};\n"
		"struct vmi_call_places { /* arguments in the prototype's order */\n"
		"\tconst struct vmi_place_info *args, *results;\n"
		"\tuint8_t arg_count, result_count;\n};\n"
		"extern const struct vmi_call_places vmi_places32[VMI_CALLS];\n");
	fprintf(out,
		"\nstruct vmi_call_info { /* of a reserved number: name, number, since, summary */\n"
		"\tconst char *name, *entry, *prototype, *summary;\n"
		"\tconst char *native; /* one instruction a line; \"\" = nothing; NULL = none */\n"
		"\tuint8_t number, group, since_major, since_minor;\n"
		"\tuint8_t answers; /* bit 1 << type for each relocation type a ROM may give */\n"
		"\tbool reserved, noreturn;\n"
		"\tuint32_t in;\n\tuint32_t out, clobber; /* VMI_REG_ masks; the call may change both */\n"
		"};\n"
		"extern const struct vmi_call_info vmi_calls[VMI_CALLS];\n\n"
		"struct vmi_group_info {\n\tconst char *name, *summary;\n"
		"\tbool atomic, segments_any;\n\tint8_t needs; /* another group without which it is not bound; -1: none */\n"
		"\tint16_t first, last; /* its calls have no lower and no higher number; first > last: it has none */\n};\n"
		"extern const struct vmi_group_info vmi_groups[VMI_GROUPS];\n\n"
		"struct vmi_reason_info {\n\tconst char *name, *scope, *cause, *remedy;\n"
		"\tuint16_t number;\n};\nextern const struct vmi_reason_info vmi_reasons[];\n"
		"extern const size_t vmi_reason_count;\n\n"
		"/* spec/image.abi as tables (vmi_fields.c); each list ends with a NULL name. */\n"
		"struct vmi_field_info {\n\tconst char *name, *summary;\n"
		"\tuint16_t offset, size, count; /* bytes; elements, 0 = no array */\n};\n"
		"struct vmi_struct_info {\n\tconst char *name, *summary;\n"
		"\tconst struct vmi_field_info *fields;\n\tuint16_t field_count, size;\n};\n"
		"extern const struct vmi_struct_info vmi_structs[];\n"
		"struct vmi_value_info {\n\tconst char *name, *summary;\n\tuint64_t value;\n};\n"
		"struct vmi_constants_info {\n\tconst char *prefix;\n"
		"\tconst struct vmi_value_info *values;\n\tuint16_t count;\n};\n"
		"extern const struct vmi_constants_info vmi_constants[];\n\n"
		"/* none, call, jump... */\n"
		"extern const char *const vmi_relocation_names[VMI_RELOCATIONS];\n\n"
		"/*\n * Native equivalents, assembled: for each call a u16 offset into this blob and a u16\n"
		" * length (0xFFFF where there is none), then the bytes.\n */\n"
		"extern const uint8_t vmi_native32[];\n\n"
		"/* Calls as C functions; on i386 the convention is regparm(3). */\n"
		"#ifdef __i386__\n#define VMI_REGPARM __attribute__((regparm(3)))\n#else\n"
		"#define VMI_REGPARM\n#endif\n");
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved)
			print_prototype(out, &m->calls[i]);
	fprintf(out, "\n#endif\n");
}

static void print_native(FILE *out, const struct call_regs *r)
{
	if (!r->native_known) {
		fprintf(out, "NULL");
		return;
	}
	fprintf(out, "\"");
	for (size_t i = 0; i < r->native_count; i++)
		fprintf(out, "%s%s", i ? "\\n" : "", r->native[i]);
	fprintf(out, "\"");
}

static void print_place(FILE *out, const struct place *p, const char *type)
{
	fprintf(out, "\n\t\t\t{ \"%s\", \"%s\", %d, %d, %d, %d },", p->arg, type, p->low, p->high,
		p->stack_low, p->stack_high);
}

/* Arguments in the prototype's order; results as they stand in the spec. */
static void print_places(FILE *out, const struct call *c, size_t number, int width)
{
	const struct call_regs *r = &c->width[width];
	if (!c->arg_count && !r->out.count)
		return;
	fprintf(out, "\t[%zu] = { .arg_count = %zu, .result_count = %zu,", number, c->arg_count,
		r->out.count);
	if (c->arg_count) {
		fprintf(out, "\n\t\t.args = (const struct vmi_place_info[]){");
		for (size_t i = 0; i < c->arg_count; i++)
			print_place(out, find_place(&r->in, c->args[i].name), c->args[i].type);
		fprintf(out, " },");
	}
	if (r->out.count) {
		fprintf(out, "\n\t\t.results = (const struct vmi_place_info[]){");
		for (size_t i = 0; i < r->out.count; i++)
			print_place(out, &r->out.items[i], strcmp(c->result, "void") ? c->result : "u32");
		fprintf(out, " },");
	}
	fprintf(out, " },\n");
}

static void print_call(const struct model *m, FILE *out, size_t number)
{
	const struct call *c = &m->calls[number];
	const struct call_regs *r = &c->width[m->width];
	fprintf(out, "\t[%zu] = { .name = \"%s\", .number = %zu, .since_major = %u, .since_minor = %u,",
		number, c->name, number, c->since_major, c->since_minor);
	fprintf(out, "\n\t\t.summary = ");
	print_quoted(out, c->summary);
	if (c->reserved) {
		fprintf(out, ", .reserved = true },\n");
		return;
	}
	fprintf(out, ",\n\t\t.entry = \"%s\", .prototype = \"%s\", .group = VMI_GROUP_%s,\n"
		     "\t\t.answers = 0x%x, .noreturn = %s, .in = 0x%x, .out = 0x%x,"
		     " .clobber = 0x%x,\n\t\t.native = ",
		c->entry, c->proto, m->groups[c->group].name, c->answers,
		true_or_false(r->noreturn), r->in.registers, r->out.registers, r->clobber);
	print_native(out, r);
	fprintf(out, " },\n");
}

void print_call_tables(const struct model *m, FILE *out)
{
	const char *space = m->width ? "vmi64" : "vmi", *upper = m->width ? "VMI64" : "VMI";
	fprintf(out, "const struct vmi_call_info %s_calls[%s_CALLS] = {\n", space, upper);
	for (size_t i = 0; i < m->call_count; i++)
		print_call(m, out, i);
	fprintf(out, "};\n\nconst struct vmi_call_places vmi_places%d[%s_CALLS] = {\n",
		m->width ? 64 : 32, upper);
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved)
			print_places(out, &m->calls[i], i, m->width);
	fprintf(out, "};\n\nconst struct vmi_group_info %s_groups[%s_GROUPS] = {\n", space, upper);
	for (size_t i = 0; i < m->group_count; i++) {
		const struct group *g = &m->groups[i];
		fprintf(out, "\t{ \"%s\", ", g->name);
		print_quoted(out, g->summary);
		fprintf(out, ", %s, %s, %d, ", true_or_false(g->atomic), true_or_false(g->segments_any),
			g->needs);
		print_range(out, m, i);
	}
	fprintf(out, "};\n");
}

void emit_tables(const struct model *m, FILE *out)
{
	fprintf(out, "#include \"vmi_abi.h\"\n\n");
	print_call_tables(m, out);
	fprintf(out, "\nconst struct vmi_reason_info vmi_reasons[] = {\n");
	for (size_t i = 0; i < m->reason_count; i++) {
		const struct reason *r = &m->reasons[i];
		fprintf(out, "\t{ \"%s%s\", \"%s\", ", r->number ? "VMI_" : "", r->number ? r->name : "ok",
			r->scope);
		print_quoted(out, r->cause);
		fprintf(out, ", ");
		print_quoted(out, r->remedy);
		fprintf(out, ", %u },\n", r->number);
	}
	fprintf(out, "};\nconst size_t vmi_reason_count = %zu;\n\n"
		     "const char *const vmi_relocation_names[VMI_RELOCATIONS] = {", m->reason_count);
	for (size_t i = 0; i < m->relocation_count; i++)
		fprintf(out, "%s\"%s\"", i ? ", " : " ", m->relocations[i].word);
	fprintf(out, " };\n");
}
