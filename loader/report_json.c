// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The report as JSON lines, one object a line; docs/negotiation.md lists the keys. Every
 * object of a type has the same keys, null where there is nothing to say, so that a
 * script need not ask first. Numbers of addresses and found values are strings of hex
 * digits: JSON's own numbers lose bits above 53.
 */
#include "internal.h"

static void key(const struct vmi_load *load, const char *name)
{
	vmi_print(load, ",\"");
	vmi_print(load, name);
	vmi_print(load, "\":");
}

static void start(const struct vmi_load *load, const char *type)
{
	vmi_print(load, "{\"type\":\"");
	vmi_print(load, type);
	vmi_print(load, "\"");
}

static void end(const struct vmi_load *load)
{
	vmi_print(load, "}\n");
}

/* `text` may hold anything; NULL is null. */
static void put_string(const struct vmi_load *load, const char *name, const char *text)
{
	char one[2] = "";

	key(load, name);
	if (!text) {
		vmi_print(load, "null");
		return;
	}
	vmi_print(load, "\"");
	for (; *text; text++) {
		one[0] = *text >= ' ' && *text <= '~' ? *text : '?';
		if (*text == '"' || *text == '\\')
			vmi_print(load, "\\");
		vmi_print(load, one);
	}
	vmi_print(load, "\"");
}

static void put_bool(const struct vmi_load *load, const char *name, bool value)
{
	key(load, name);
	vmi_print(load, value ? "true" : "false");
}

static void put_number(const struct vmi_load *load, const char *name, uint32_t value)
{
	key(load, name);
	vmi_print_decimal(load, value);
}

static void put_hex(const struct vmi_load *load, const char *name, bool there, uint64_t value,
		    unsigned int digits)
{
	key(load, name);
	vmi_print(load, there ? "\"" : "null");
	if (!there)
		return;
	vmi_print_hex(load, value, digits);
	vmi_print(load, "\"");
}

static void put_version(const struct vmi_load *load, bool there, uint8_t major, uint8_t minor)
{
	key(load, "version");
	vmi_print(load, there ? "\"" : "null");
	if (!there)
		return;
	vmi_print_version(load, major, minor);
	vmi_print(load, "\"");
}

/* A call by number and name, both null if it is none. */
static void put_call(const struct vmi_load *load, const char *number, const char *name, int call)
{
	const struct vmi_abi *abi = vmi_load_abi(load);
	bool there = call >= 0 && call < abi->call_count;

	if (there) {
		put_number(load, number, (uint32_t)call);
	} else {
		key(load, number);
		vmi_print(load, "null");
	}
	put_string(load, name, there ? abi->calls[call].name : NULL);
}

static void put_reason(const struct vmi_load *load, enum vmi_reason reason, uint64_t found,
		       uint64_t expected)
{
	bool call = vmi_reason_names_call(reason, found, expected);
	bool numbers = !call && found != expected;

	put_string(load, "why", vmi_reason_name(reason));
	put_number(load, "code", (uint32_t)reason);
	put_call(load, "missing", "missing_name", call ? (int)found : -1);
	put_hex(load, "found", numbers, found, 1);
	put_hex(load, "expected", numbers, expected, 1);
}

static void put_fault(const struct vmi_load *load, const char *word, size_t length,
		      enum vmi_reason reason)
{
	char text[VMI_TEXT_MAX + 1];
	size_t i;

	for (i = 0; i < length && i < VMI_TEXT_MAX; i++)
		text[i] = word[i] ? word[i] : '?';
	text[i] = '\0';
	start(load, "override");
	put_string(load, "word", text);
	put_reason(load, reason, 0, 0);
	end(load);
}

static void put_candidate(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	start(load, "candidate");
	put_hex(load, "base", true, candidate->base, 8);
	put_bool(load, "used", candidate->reason == VMI_OK);
	put_version(load, candidate->vmi, candidate->major, candidate->minor);
	put_number(load, "length", candidate->length);
	put_string(load, "license", candidate->license[0] ? candidate->license : NULL);
	put_string(load, "field", candidate->field);
	put_hex(load, "at", candidate->field, candidate->where, 8);
	put_string(load, "directory", candidate->directory.used ? vmi_reason_name(VMI_OK) :
		   candidate->directory.reason == VMI_OK ? NULL :
		   vmi_reason_name(candidate->directory.reason));
	put_reason(load, candidate->reason, candidate->found, candidate->expected);
	end(load);
}

static void put_outcome(const struct vmi_load *load)
{
	const struct vmi_candidate *used =
		load->chosen < 0 ? NULL : &load->candidates[load->chosen];

	start(load, "outcome");
	put_hex(load, "base", used, used ? used->base : 0, 8);
	put_version(load, used, used ? used->major : 0, load->minor);
	put_number(load, "bound", vmi_count_bound(load, VMI_BIND_ROM));
	put_number(load, "nop", vmi_count_bound(load, VMI_BIND_NOP));
	put_number(load, "native", vmi_count_bound(load, VMI_BIND_NATIVE));
	put_number(load, "inline", vmi_count_bound(load, VMI_BIND_INLINE));
	put_bool(load, "defer", load->update_flags & VMI_UPDATE_DEFER);
	put_reason(load, load->reason, load->reason_found, load->reason_expected);
	end(load);
}

static void put_slot(const struct vmi_load *load, size_t row)
{
	const struct vmi_slot *slot = &load->slots[row];
	const struct vmi_binding *binding = &load->bindings[row];
	bool rom = binding->kind == VMI_BIND_ROM;

	start(load, "slot");
	put_string(load, "slot", slot->name);
	put_call(load, "call", "name", slot->call);
	put_bool(load, "mandatory", slot->flags & VMI_SLOT_MANDATORY);
	put_string(load, "kind", vmi_kind_name(binding->kind));
	put_hex(load, "address", rom, binding->address, 8);
	put_string(load, "answer",
		   vmi_relocation_names[rom ? binding->type : VMI_RELOCATION_NONE]);
	put_reason(load, binding->reason, binding->found, binding->expected);
	end(load);
}

void vmi_report_json(const struct vmi_load *load)
{
	start(load, "census");
	put_number(load, "format", 1);
	end(load);
	vmi_each_fault(load, put_fault);
	for (size_t i = 0; i < load->candidate_count; i++)
		put_candidate(load, &load->candidates[i]);
	put_outcome(load);
	for (size_t row = 0; row < load->slot_count; row++)
		put_slot(load, row);
}
