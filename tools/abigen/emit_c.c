/* SPDX-License-Identifier: GPL-2.0-only */
/* The C header and the C tables. */
#include "model.h"

#include <string.h>

static const char *c_type(const char *type)
{
	static const char *const types[][2] = {
		{ "u8", "uint8_t" }, { "u16", "uint16_t" }, { "u32", "uint32_t" },
		{ "u64", "uint64_t" }, { "ptr", "void *" }, { "bool", "uint32_t" },
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i][0], type))
			return types[i][1];
	return type;
}

static void print_bits(FILE *out, const struct bit_set *set)
{
	fprintf(out, "\n");
	for (size_t i = 0; i < set->count; i++) {
		const struct bit *b = &set->bits[i];
		fprintf(out, "#define %s_%s 0x%llxu%s /* %s */\n", set->prefix, b->name, b->value,
			b->value > UINT32_MAX ? "ll" : "", b->summary);
	}
}

static void print_struct(FILE *out, const struct structure *st)
{
	fprintf(out, "\n/* %s */\nstruct %s {\n", st->summary, st->name);
	for (size_t i = 0; i < st->count; i++) {
		const struct member *f = &st->members[i];
		fprintf(out, "\t%s %s", c_type(f->type), f->name);
		if (f->count)
			fprintf(out, "[%llu]", f->count);
		fprintf(out, "; /* %s */\n", f->summary);
	}
	fprintf(out, "} __attribute__((packed));\n_Static_assert(sizeof(struct %s) == %llu, \"size\");\n",
		st->name, st->size);
	for (size_t i = 0; i < st->count; i++)
		fprintf(out, "_Static_assert(offsetof(struct %s, %s) == 0x%llx, \"offset\");\n", st->name,
			st->members[i].name, st->members[i].offset);
}

/* A function type for every call that a C compiler can make; the others are for assembly. */
static void print_prototype(FILE *out, const struct call *c)
{
	if (!c->width[0].c_callable) {
		fprintf(out, "/* %s(): registers are not those of C */\n", c->name);
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
		print_bits(out, &m->constants[i]);
	for (size_t i = 0; i < m->flags_count; i++)
		print_bits(out, &m->flags[i]);
	fprintf(out, "\n");
	for (size_t i = 0; i < m->string_count; i++)
		fprintf(out, "#define %s \"%s\"\n", m->strings[i].name, m->strings[i].value);
	fprintf(out, "\nenum vmi_relocation {\n");
	for (size_t i = 0; i < m->relocation_count; i++)
		fprintf(out, "\tVMI_RELOCATION_%s = %zu, /* %s */\n", m->relocations[i].name, i,
			m->relocations[i].summary);
	fprintf(out, "};\n#define VMI_RELOCATIONS %zu\n\nenum vmi_group {\n", m->relocation_count);
	for (size_t i = 0; i < m->group_count; i++)
		fprintf(out, "\tVMI_GROUP_%s, /* %s */\n", m->groups[i].name, m->groups[i].summary);
	fprintf(out, "};\n#define VMI_GROUPS %zu\n\nenum vmi_call {\n", m->group_count);
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved)
			fprintf(out, "\tVMI_CALL_%s = %zu, /* %s */\n", m->calls[i].name, i,
				m->calls[i].summary);
	fprintf(out, "};\n#define VMI_CALLS %zu /* reserved numbers included */\n\nenum vmi_reason {\n",
		m->call_count);
	for (size_t i = 0; i < m->reason_count; i++)
		fprintf(out, "\tVMI_%s = %u, /* %s */\n", m->reasons[i].name, m->reasons[i].number,
			m->reasons[i].cause);
	fprintf(out, "};\n");
	for (size_t i = 0; i < m->struct_count; i++)
		print_struct(out, &m->structs[i]);
	fprintf(out, "\n/* Bits of a register mask, in the processor's numbering. */\n");
	static const char *const regs[] = { "EAX", "ECX", "EDX", "EBX", "ESP", "EBP", "ESI", "EDI" };
	for (size_t i = 0; i < 8; i++)
		fprintf(out, "#define VMI_REG_%s 0x%xu\n", regs[i], 1u << i);
	fprintf(out, "#define VMI_REG_FLAGS 0x%xu\n", 1u << REG_FLAGS);
	fprintf(out,
		"\nstruct vmi_call_info { /* name is NULL-free; for a reserved number only name and since count */\n"
		"\tconst char *name, *entry, *prototype, *summary;\n"
		"\tconst char *native32; /* instructions, one a line; \"\" = empty; NULL = no equivalent */\n"
		"\tuint8_t number, group, since_major, since_minor;\n"
		"\tuint8_t answers; /* bit 1 << type for each relocation type a ROM may give */\n"
		"\tbool reserved, noreturn;\n"
		"\tuint32_t in32, out32, clobber32; /* VMI_REG_ masks; clobber32 leaves results out */\n};\n"
		"extern const struct vmi_call_info vmi_calls[VMI_CALLS];\n\n"
		"struct vmi_group_info {\n\tconst char *name, *summary;\n\tbool atomic, segments_any;\n};\n"
		"extern const struct vmi_group_info vmi_groups[VMI_GROUPS];\n\n"
		"struct vmi_reason_info {\n\tconst char *name, *scope, *cause, *remedy;\n\tuint16_t number;\n};\n"
		"extern const struct vmi_reason_info vmi_reasons[];\nextern const size_t vmi_reason_count;\n\n"
		"extern const char *const vmi_relocation_names[VMI_RELOCATIONS]; /* none, call, jump, nop */\n\n"
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

static void print_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
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

void emit_tables(const struct model *m, FILE *out)
{
	fprintf(out, "#include \"vmi_abi.h\"\n\nconst struct vmi_call_info vmi_calls[VMI_CALLS] = {\n");
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		const struct call_regs *r = &c->width[0];
		fprintf(out, "\t[%zu] = { .name = \"%s\", .number = %zu, .since_major = %u, .since_minor = %u,",
			i, c->name, i, c->since_major, c->since_minor);
		fprintf(out, "\n\t\t.summary = ");
		print_string(out, c->summary);
		if (c->reserved) {
			fprintf(out, ", .reserved = true },\n");
			continue;
		}
		fprintf(out, ",\n\t\t.entry = \"%s\", .prototype = \"%s\", .group = VMI_GROUP_%s,\n"
			     "\t\t.answers = 0x%x, .noreturn = %s, .in32 = 0x%x, .out32 = 0x%x,"
			     " .clobber32 = 0x%x,\n\t\t.native32 = ",
			c->entry, c->proto, m->groups[c->group].name, c->answers,
			r->noreturn ? "true" : "false", r->in.mask, r->out.mask, r->clobber);
		print_native(out, r);
		fprintf(out, " },\n");
	}
	fprintf(out, "};\n\nconst struct vmi_group_info vmi_groups[VMI_GROUPS] = {\n");
	for (size_t i = 0; i < m->group_count; i++) {
		const struct named *g = &m->groups[i];
		fprintf(out, "\t{ \"%s\", \"%s\", %s, %s },\n", g->name, g->summary,
			g->atomic ? "true" : "false", g->segments_any ? "true" : "false");
	}
	fprintf(out, "};\n\nconst struct vmi_reason_info vmi_reasons[] = {\n");
	for (size_t i = 0; i < m->reason_count; i++) {
		const struct reason *r = &m->reasons[i];
		fprintf(out, "\t{ \"%s%s\", \"%s\", ", r->number ? "VMI_" : "", r->number ? r->name : "ok",
			r->scope);
		print_string(out, r->cause);
		fprintf(out, ", ");
		print_string(out, r->remedy);
		fprintf(out, ", %u },\n", r->number);
	}
	fprintf(out, "};\nconst size_t vmi_reason_count = %zu;\n\n"
		     "const char *const vmi_relocation_names[VMI_RELOCATIONS] = {", m->reason_count);
	for (size_t i = 0; i < m->relocation_count; i++)
		fprintf(out, "%s\"%s\"", i ? ", " : " ", m->relocations[i].word);
	fprintf(out, " };\n");
}
