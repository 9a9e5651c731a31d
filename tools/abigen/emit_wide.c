/* SPDX-License-Identifier: GPL-2.0-only */
/* C tables of the 64-bit ABI: which calls it has, and the pv_ops slots that are served. */
#include "emit.h"

void emit_wide_header(const struct model *m, FILE *out)
{
	fprintf(out, "#ifndef VMI64_ABI_H\n#define VMI64_ABI_H\n\n#define VMI64_MAJOR %u\n"
		     "#define VMI64_MINOR %u\n#define VMI64_CALLS %zu\n#define VMI64_SERVICES %zu\n",
		m->abi_major, m->abi_minor, m->call_count, m->service_count);
	fprintf(out, "\n/* By number; NULL: reserved, or without a meaning in 64-bit mode. */\n"
		     "extern const char *const vmi64_calls[VMI64_CALLS];\n"
		     "\nstruct vmi64_service { /* a pv_ops slot that a call serves */\n"
		     "\tconst char *slot, *class; /* STRUCT.SLOT; direct or adapt */\n"
		     "\tunsigned char call;\n"
		     "\tconst char *flag; /* with this flag, or NULL */\n};\n"
		     "extern const struct vmi64_service vmi64_services[VMI64_SERVICES];\n\n#endif\n");
}

void emit_wide_tables(const struct model *m, FILE *out)
{
	fprintf(out, "#include \"vmi64_abi.h\"\n\n#include <stddef.h>\n\n"
		     "const char *const vmi64_calls[VMI64_CALLS] = {\n");
	for (size_t i = 0; i < m->call_count; i++)
		if (!m->calls[i].reserved)
			fprintf(out, "\t[%zu] = \"%s\",\n", i, m->calls[i].name);
	fprintf(out, "};\n\nconst struct vmi64_service vmi64_services[VMI64_SERVICES] = {\n");
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
