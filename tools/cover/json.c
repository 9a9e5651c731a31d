/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer as one JSON document. */
#include "cover.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static void number(cJSON *to, const char *name, size_t value)
{
	cJSON_AddNumberToObject(to, name, (double)value);
}

static void add_counts(cJSON *to, const char *name, const struct cover_counts *counts)
{
	cJSON *o = cJSON_AddObjectToObject(to, name);
	number(o, "slots", counts->slots);
	for (int i = 0; i < PVOPS_CLASSES; i++)
		number(o, pvops_class_names[i], counts->class[i]);
	number(o, "wanting", counts->wanting);
}

static void add_slot(cJSON *slots, const struct cover_slot *slot)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "struct", slot->row->structure);
	cJSON_AddStringToObject(o, "slot", slot->row->slot);
	cJSON_AddStringToObject(o, "class", pvops_class_names[slot->class]);
	cJSON_AddStringToObject(o, "calls", slot->row->calls);
	if (slot->missing >= 0)
		cJSON_AddStringToObject(o, "missing", cover_call_name(slot->missing));
	else
		cJSON_AddNullToObject(o, "missing");
	cJSON_AddBoolToObject(o, "wide", slot->row->wide);
	if (slot->row->wants)
		cJSON_AddStringToObject(o, "wants", slot->row->wants);
	else
		cJSON_AddNullToObject(o, "wants");
	cJSON_AddItemToArray(slots, o);
}

static int add_minimum(cJSON *to, const struct pvops *data, const struct cover_abi *abi,
		       size_t kernel)
{
	cJSON *levels = cJSON_AddObjectToObject(to, "minimum");
	for (int level = 0; level < COVER_LEVELS; level++) {
		struct cover_minimum m;
		if (cover_minimum(&m, data, kernel, abi, (enum cover_level)level))
			return 1;
		cJSON *o = cJSON_AddObjectToObject(levels, cover_level_names[level]);
		cJSON_AddBoolToObject(o, "reached", m.reached);
		number(o, "blocked", m.blocked);
		cJSON *calls = cJSON_AddArrayToObject(o, "calls");
		for (int n = 0; n < COVER_CALLS; n++)
			if (m.call[n]) {
				cJSON *call = cJSON_CreateObject();
				number(call, "number", (size_t)n);
				cJSON_AddStringToObject(call, "name", cover_call_name(n));
				if (m.needs[n])
					cJSON_AddStringToObject(call, "needed_by", m.needs[n]->slot);
				else
					cJSON_AddNullToObject(call, "needed_by");
				cJSON_AddItemToArray(calls, call);
			}
	}
	return 0;
}

static int add_kernel(cJSON *kernels, const struct pvops *data, const struct cover_abi *abi,
		      size_t kernel)
{
	struct cover_kernel sum = { 0 };
	cJSON *o = cJSON_CreateObject();
	cJSON_AddItemToArray(kernels, o);
	cJSON_AddStringToObject(o, "kernel", data->kernels[kernel]);
	cJSON *slots = cJSON_CreateArray();
	for (size_t i = 0; i < data->row_count; i++) {
		struct cover_slot slot = cover_slot(&data->rows[i], abi);
		if (data->rows[i].kernel != kernel)
			continue;
		cover_count(&sum, &slot);
		add_slot(slots, &slot);
	}
	add_counts(o, "all", &sum.all);
	if (!abi->wide)
		add_counts(o, "i386", &sum.i386);
	int result = add_minimum(o, data, abi, kernel);
	cJSON_AddItemToObject(o, "slots", slots);
	return result;
}

static void add_calls(cJSON *to, const struct pvops *data, const struct cover_abi *abi,
		      size_t kernel)
{
	struct cover_call calls[COVER_CALLS];
	cJSON *list = cJSON_AddArrayToObject(to, "calls");
	cover_calls(calls, data, kernel, abi);
	for (int n = 0; n < COVER_CALLS; n++) {
		if (!cover_call_name(n) || (n >= VMI_CALLS && !abi->wide))
			continue;
		cJSON *o = cJSON_CreateObject();
		number(o, "number", (size_t)n);
		cJSON_AddStringToObject(o, "name", cover_call_name(n));
		cJSON_AddBoolToObject(o, "there", abi->call[n]);
		number(o, "carries", calls[n].carries);
		number(o, "cost", calls[n].cost);
		number(o, "gain", calls[n].gain);
		cJSON_AddItemToArray(list, o);
	}
}

static void add_wants(cJSON *to, const struct pvops *data, size_t kernel)
{
	struct cover_want wants[COVER_WANTS];
	cJSON *list = cJSON_AddArrayToObject(to, "wants");
	size_t count = cover_wants(wants, data, kernel);
	for (size_t i = 0; i < count; i++) {
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "name", wants[i].name);
		number(o, "serves", wants[i].rows);
		number(o, "inexpressible", wants[i].inexpressible);
		cJSON_AddStringToObject(o, "since", data->kernels[wants[i].first]);
		cJSON_AddItemToArray(list, o);
	}
}

int cover_print_json(const struct pvops *data, const struct cover_abi *abi, size_t kernel)
{
	cJSON *root = cJSON_CreateObject();
	int result = 0;
	cJSON_AddNumberToObject(root, "format", 1);
	cJSON_AddStringToObject(root, "abi", abi->name);
	number(root, "calls_there", abi->count);
	if (abi->wide)
		number(root, "left_out", data->left_out); /* rows that no 64-bit build has */
	cJSON *kernels = cJSON_AddArrayToObject(root, "kernels");
	for (size_t k = 0; k < data->kernel_count && !result; k++)
		if (kernel == COVER_ALL_KERNELS || k == kernel)
			result = add_kernel(kernels, data, abi, k);
	add_calls(root, data, abi, kernel);
	add_wants(root, data, kernel);
	char *text = result ? NULL : cJSON_PrintUnformatted(root);
	cJSON_Delete(root);
	if (!text)
		return 2;
	puts(text);
	cJSON_free(text);
	return 0;
}
