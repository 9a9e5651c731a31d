/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows as calls make them that 3.0 does not have. */
#define _GNU_SOURCE
#include "cover.h"

#include <stdlib.h>
#include <string.h>

#include "run/text.h" /* grow, text_addf */

const char *cover_call_name(int call)
{
	if (call < VMI_CALLS && !vmi_calls[call].reserved)
		return vmi_calls[call].name;
	return call < VMI64_CALLS && !vmi64_calls[call].reserved ? vmi64_calls[call].name : NULL;
}

bool cover_serves(const struct vmi64_service *service, const struct pvops_row *row)
{
	size_t length = strlen(row->structure);
	return !strncmp(service->slot, row->structure, length) && service->slot[length] == '.' &&
	       !strcmp(service->slot + length + 1, row->slot);
}

/* Is `name` what the row wants? SYSRET is there if SYSRET64 is. */
static bool meets(const char *name, const char *wants)
{
	size_t length = strlen(wants);
	return !strncmp(name, wants, length) &&
	       (!name[length] || !strcmp(name + length, "64") || !strcmp(name + length, "32"));
}

static const char *keep(struct pvops *data, const struct vmi64_service *s)
{
	struct text text = { 0 };
	text_addf(&text, "%u %s", s->call, cover_call_name(s->call));
	if (s->flag)
		text_addf(&text, "(%s)", s->flag);
	data->made = grow(data->made, (data->made_count + 1) * sizeof(*data->made));
	return data->made[data->made_count++] = text.bytes;
}

static void widen(struct pvops *data, struct pvops_row *row, const struct vmi64_service *s)
{
	enum pvops_class class = strcmp(s->class, pvops_class_names[PVOPS_DIRECT]) ? PVOPS_ADAPT :
										    PVOPS_DIRECT;
	bool wanted = row->wants && meets(s->flag ? s->flag : vmi64_calls[s->call].name, row->wants);
	if (!wanted && class >= row->class)
		return;
	row->needed = row->class == PVOPS_INEXPRESSIBLE;
	row->class = class;
	row->calls = keep(data, s);
	row->terms[0] = (struct pvops_term){ .calls = { s->call }, .count = 1 };
	row->term_count = 1;
	if (wanted)
		row->wants = NULL;
}

void cover_widen(struct pvops *data, const struct cover_abi *abi)
{
	for (size_t i = 0; i < VMI64_SERVICES; i++) {
		const struct vmi64_service *s = &vmi64_services[i];
		if (!abi->call[s->call] || (s->flag && !abi->wide))
			continue; /* flags that serve slots are the 64-bit ABI's */
		for (size_t k = 0; k < data->row_count; k++)
			if (cover_serves(s, &data->rows[k]))
				widen(data, &data->rows[k], s);
	}
}

/* Does `condition` ask for something that 32-bit builds alone have? Parts are joined by &&. */
static bool is_narrow(const char *condition)
{
	static const char *const narrow[] = { "X86_32", "X86_PAE", "HIGHPTE" };
	for (const char *part = condition; *part;) {
		size_t length = strcspn(part, " ");
		for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
			if (length == strlen(narrow[i]) && !strncmp(part, narrow[i], length))
				return true;
		part += length + strspn(part + length, " &");
	}
	return false;
}

/* Of one kernel, or of all. */
static bool any_wide(const struct pvops *data, size_t kernel)
{
	for (size_t i = 0; i < data->row_count; i++)
		if (data->rows[i].wide && (kernel == COVER_ALL_KERNELS || data->rows[i].kernel == kernel))
			return true;
	return false;
}

void cover_keep_wide(struct pvops *data)
{
	bool *built = grow(NULL, (data->kernel_count + 1) * sizeof(*built));
	const bool known = any_wide(data, COVER_ALL_KERNELS);
	size_t kept = 0;
	for (size_t k = 0; k < data->kernel_count; k++)
		built[k] = !known || any_wide(data, k);
	for (size_t i = 0; i < data->row_count; i++)
		if (built[data->rows[i].kernel] && !is_narrow(data->rows[i].condition))
			data->rows[kept++] = data->rows[i];
	data->left_out = data->row_count - kept;
	data->row_count = kept;
	free(built);
}
