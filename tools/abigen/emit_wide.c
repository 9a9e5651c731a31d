/* SPDX-License-Identifier: GPL-2.0-only */
/* The 64-bit ABI for C and NASM: its calls, and the pv_ops slots that they serve. */
#include "emit.h"

void emit_wide_header(const struct model *m, FILE *out)
{
	fprintf(out, "#ifndef VMI64_ABI_H\n#define VMI64_ABI_H\n\n#include \"vmi_abi.h\"\n"
		     "\n#define VMI64_MAJOR %u\n#define VMI64_MINOR %u\n#define VMI64_SERVICES %zu\n"
		     "#define VMI64_CALLS %zu /* reserved numbers included */\n#define VMI64_GROUPS %zu\n",
		m->abi_major, m->abi_minor, m->service_count, m->call_count, m->group_count);
	fprintf(out, "\n/* Numbers and groups that vmi_abi.h does not have. */\n");
	for (size_t i = 0; i < m->call_count; i++)
		if (m->calls[i].wide_only) {
			fprintf(out, "#define VMI_CALL_%s %zu", m->calls[i].name, i);
			print_comment(out, m->calls[i].summary);
		}
	for (size_t i = m->old_groups; i < m->group_count; i++) {
		fprintf(out, "#define VMI_GROUP_%s %zu", m->groups[i].name, i);
		print_comment(out, m->groups[i].summary);
	}
	fprintf(out, "\n/* Flags and values, those of vmi_abi.h once more. */");
	for (size_t i = 0; i < m->constants_count; i++)
		print_c_bits(out, &m->constants[i]);
	for (size_t i = 0; i < m->flags_count; i++)
		print_c_bits(out, &m->flags[i]);
	for (size_t i = m->old_structs; i < m->struct_count; i++)
		print_c_struct(out, &m->structs[i]);
	fprintf(out, "\n/* By number; reserved also: without a meaning in 64-bit mode. */\n"
		     "extern const struct vmi_call_info vmi64_calls[VMI64_CALLS];\n"
		     "extern const struct vmi_call_places vmi_places64[VMI64_CALLS];\n"
		     "extern const struct vmi_group_info vmi64_groups[VMI64_GROUPS];\n"
		     "/* As vmi_native32. */\nextern const uint8_t vmi_native64[];\n"
		     "\nstruct vmi64_service { /* a pv_ops slot that a call serves */\n"
		     "\tconst char *slot, *class; /* STRUCT.SLOT; direct or adapt */\n"
		     "\tunsigned char call;\n"
		     "\tconst char *flag; /* with this flag, or NULL */\n};\n"
		     "extern const struct vmi64_service vmi64_services[VMI64_SERVICES];\n\n#endif\n");
}

/* What the ROM's 64-bit half includes beside vmi_abi.inc. */
void emit_wide_nasm(const struct model *m, FILE *out)
{
	for (size_t i = 0; i < m->constants_count; i++)
		print_nasm_bits(out, &m->constants[i]);
	for (size_t i = 0; i < m->flags_count; i++)
		print_nasm_bits(out, &m->flags[i]);
	fprintf(out, "\n%%define VMI64_MAJOR %u\n%%define VMI64_MINOR %u\n%%define VMI64_CALLS %zu\n",
		m->abi_major, m->abi_minor, m->call_count);
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved)
			fprintf(out, "%%define VMI_CALL_%s %zu\n", m->calls[i].name, i);
	print_inline(m, out, "vmi64");
	fprintf(out, "\n; Invokes the macro %%1 with NUMBER, NAME, ENTRY for every number in order;"
		     "\n; a number without a meaning has the ENTRY 0.\n%%macro VMI64_FOR_EACH_CALL 1\n");
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (c->reserved)
			fprintf(out, "\t%%1 %zu, %s, 0\n", i, c->name);
		else
			fprintf(out, "\t%%1 %zu, %s, vmi64_%s\n", i, c->name, c->entry);
	}
	fprintf(out, "%%endmacro\n\n; By entry: the native text; VMI64_NORETURN_ where it does not come back.\n");
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *c = &m->calls[i];
		if (c->reserved)
			continue;
		if (c->width[1].noreturn)
			fprintf(out, "%%define VMI64_NORETURN_vmi64_%s\n", c->entry);
		if (!c->width[1].native_known)
			continue;
		fprintf(out, "%%macro VMI64_NATIVE_vmi64_%s 0\n", c->entry);
		print_lines(out, &c->width[1]);
		fprintf(out, "%%endmacro\n");
	}
	print_atomic_groups(m, out, "VMI64");
}

void emit_wide_tables(const struct model *m, FILE *out)
{
	fprintf(out, "#include \"vmi64_abi.h\"\n\n#include <stddef.h>\n\n");
	print_call_tables(m, out);
	fprintf(out, "\n");
	fprintf(out, "const struct vmi64_service vmi64_services[VMI64_SERVICES] = {\n");
	for (size_t i = 0; i < m->service_count; i++) {
		const struct service *s = &m->services[i];
		fprintf(out, "\t{ ");
		print_quoted(out, s->slot);
		fprintf(out, ", \"%s\", %u, ", s->class, s->call);
		if (s->prefix)
			fprintf(out, "\"%s_%s\" },\n", s->prefix, s->bit);
		else
			fprintf(out, "NULL },\n");
	}
	fprintf(out, "};\n");
}
