// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Report of patching: the lines that vmi_patch.h describes above vmi_patch_report(). */
#include "patch_internal.h"

#define ADDRESS_DIGITS 8

static const char *const kinds[VMI_PATCH_KINDS] = {
	[VMI_PATCH_SKIPPED] = "skipped", [VMI_PATCH_UNCHANGED] = "unchanged",
	[VMI_PATCH_CALL] = "call", [VMI_PATCH_JUMP] = "jump",
	[VMI_PATCH_NATIVE] = "native", [VMI_PATCH_EMPTY] = "empty",
	[VMI_PATCH_INLINE] = "inline",
};
static const char *const pads[] = {
	[VMI_PAD_NONE] = "none", [VMI_PAD_PREFIX] = "prefix", [VMI_PAD_NOP] = "nop",
	[VMI_PAD_JUMP] = "jump", [VMI_PAD_DEAD] = "dead",
};

static void print_count(const struct vmi_load *load, const char *key, uint32_t number)
{
	vmi_print(load, " ");
	vmi_print(load, key);
	vmi_print(load, "=");
	vmi_print_decimal(load, number);
}

static void print_slot(const struct vmi_load *load, uint16_t row)
{
	const struct vmi_slot *slot = row < load->slot_count ? &load->slots[row] : NULL;

	vmi_print(load, " ");
	vmi_print(load, slot ? slot->name : "-");
	if (!slot || !vmi_call_exists(vmi_load_abi(load), slot->call)) {
		vmi_print(load, " - - ");
		return;
	}
	vmi_print(load, " ");
	vmi_print_decimal(load, (uint32_t)slot->call);
	vmi_print(load, " ");
	vmi_print(load, vmi_load_abi(load)->calls[slot->call].name);
	vmi_print(load, " ");
}

static void print_words(const struct vmi_load *load, enum vmi_reason reason)
{
	for (size_t i = 0; i < vmi_reason_count; i++) {
		if (vmi_reasons[i].number != (unsigned int)reason)
			continue;
		vmi_print(load, " # ");
		vmi_print(load, vmi_reasons[i].cause);
		vmi_print(load, " ");
		vmi_print(load, vmi_reasons[i].remedy);
	}
}

static void print_site(const struct vmi_load *load, const struct vmi_patch_site *site,
		       const struct vmi_patch_result *result)
{
	vmi_print(load, "site ");
	vmi_print_hex(load, site->address, ADDRESS_DIGITS);
	print_slot(load, site->row);
	vmi_print(load, kinds[result->kind]);
	vmi_print(load, " pad=");
	vmi_print(load, pads[result->pad]);
	vmi_print(load, ":");
	vmi_print_decimal(load, result->pad_bytes);
	vmi_print(load, " why=");
	vmi_print(load, vmi_reason_name(result->reason));
	if (result->found != result->expected) {
		vmi_print(load, " found=");
		vmi_print_hex(load, result->found, 1);
		vmi_print(load, " expected=");
		vmi_print_hex(load, result->expected, 1);
	}
	if (result->trampoline) {
		vmi_print(load, " via=");
		vmi_print_hex(load, result->trampoline, ADDRESS_DIGITS);
	}
	if (result->kind == VMI_PATCH_SKIPPED)
		print_words(load, result->reason);
	vmi_print(load, "\n");
}

void vmi_patch_report(const struct vmi_patch *patch, bool verbose)
{
	const struct vmi_load *load = patch->load;

	vmi_print(load, "patch 1");
	print_count(load, "sites", patch->site_count);
	for (uint32_t kind = VMI_PATCH_CALL; kind < VMI_PATCH_INLINE; kind++)
		print_count(load, kinds[kind], patch->counts[kind]);
	print_count(load, kinds[VMI_PATCH_UNCHANGED], patch->counts[VMI_PATCH_UNCHANGED]);
	print_count(load, kinds[VMI_PATCH_SKIPPED], patch->counts[VMI_PATCH_SKIPPED]);
	print_count(load, "padding", patch->pad_instructions);
	if (patch->counts[VMI_PATCH_INLINE])
		print_count(load, kinds[VMI_PATCH_INLINE], patch->counts[VMI_PATCH_INLINE]);
	if (patch->via_trampoline)
		print_count(load, "trampoline", patch->via_trampoline);
	vmi_print(load, "\n");
	for (uint32_t i = 0; i < patch->site_count; i++)
		if (verbose || patch->results[i].kind == VMI_PATCH_SKIPPED)
			print_site(load, &patch->sites[i], &patch->results[i]);
}
