// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Decide: what shall stand at a site, by what its row is bound to. Writes nothing. */
#include "patch_internal.h"

bool vmi_site_settle(struct vmi_patch_result *result, enum vmi_patch_kind kind,
		     enum vmi_reason reason, uint64_t found, uint64_t expected)
{
	result->kind = kind;
	result->reason = reason;
	result->found = found;
	result->expected = expected;
	result->pad = VMI_PAD_NONE;
	result->pad_bytes = result->pad_instructions = 0;
	result->trampoline = 0;
	return false;
}

bool vmi_site_skip(struct vmi_patch_result *result, enum vmi_reason reason, uint64_t found,
		   uint64_t expected)
{
	return vmi_site_settle(result, VMI_PATCH_SKIPPED, reason, found, expected);
}

static bool wrapped(const struct vmi_slot *slot)
{
	return slot->flags & VMI_SLOT_WRAPPER;
}

vmi_virt_t vmi_site_wrapper(const struct vmi_patch *patch, uint16_t row)
{
	const struct vmi_text *text = patch->text;

	if (!wrapped(&patch->load->slots[row]) || !text->wrapper)
		return 0;
	return text->wrapper(text->context, row);
}

uint8_t vmi_site_opcode(const struct vmi_patch_site *site)
{
	return site->kind == VMI_SITE_JUMP ? OPCODE_JUMP : OPCODE_CALL;
}

/* Where a direct branch to the entry may go: behind its ENDBR, if it has one. */
static vmi_virt_t behind_endbr(const struct vmi_patch *patch, vmi_virt_t entry)
{
	const struct vmi_load *load = patch->load;
	const struct vmi_candidate *rom;
	uint32_t endbr; /* which a direct branch need not run */
	vmi_virt_t offset;

	if (load->chosen < 0)
		return entry;
	rom = &load->candidates[load->chosen];
	offset = entry - vmi_image_virt(load, rom);
	if (offset >= rom->length || rom->length - offset <= sizeof(endbr) ||
	    !load->platform->read(load->platform->context, rom->base + offset, &endbr,
				  sizeof(endbr)) ||
	    endbr != (patch->long_mode ? VROM_ENDBR64 : VROM_ENDBR32))
		return entry;
	return entry + sizeof(endbr);
}

/* To `target`; or if that is out of reach, by a trampoline to `entry`, which is the same code. */
static bool branch(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		   struct vmi_patch_result *result, struct vmi_code *code, uint8_t opcode,
		   vmi_virt_t target, vmi_virt_t entry)
{
	vmi_virt_t nearest = vmi_branch_reach(site->address, target, patch->long_mode);

	if (nearest != target) {
		result->trampoline = vmi_trampoline(patch, site->address, entry);
		if (!result->trampoline)
			return vmi_site_skip(result, VMI_E_SITE_REACH, target, nearest);
		target = result->trampoline;
	}
	vmi_encode_branch(code, opcode, site->address, target);
	result->kind = opcode == OPCODE_CALL ? VMI_PATCH_CALL : VMI_PATCH_JUMP;
	return true;
}

static bool call_wrapper(const struct vmi_patch *patch, const struct vmi_patch_site *site,
			 struct vmi_patch_result *result, struct vmi_code *code)
{
	vmi_virt_t wrapper = 0;

	if (patch->load->bindings[site->row].kind == VMI_BIND_ROM)
		wrapper = vmi_site_wrapper(patch, site->row);
	if (!wrapper || wrapper == vmi_branch_target(result->original, site->address,
						     patch->long_mode))
		return vmi_site_settle(result, VMI_PATCH_UNCHANGED, VMI_E_SITE_WRAPPER, 0, 0);
	return branch(patch, site, result, code, vmi_site_opcode(site), wrapper, wrapper);
}

static bool call_rom(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		     struct vmi_patch_result *result, struct vmi_code *code)
{
	const struct vmi_binding *binding = &patch->load->bindings[site->row];
	const struct vmi_call_info *call = vmi_patch_call(patch, site);
	uint32_t changed = call->out | call->clobber;

	if (!call->noreturn && (changed & ~site->clobbers))
		return vmi_site_skip(result, VMI_E_SITE_CLOBBERS, site->clobbers, changed);
	return branch(patch, site, result, code,
		      binding->type == VMI_RELOCATION_JUMP_REL ? OPCODE_JUMP : OPCODE_CALL,
		      behind_endbr(patch, binding->address), binding->address);
}

static bool copy_inline(const struct vmi_patch *patch, const struct vmi_patch_site *site,
			struct vmi_patch_result *result, struct vmi_code *code)
{
	int call = patch->load->slots[site->row].call;
	const struct vmi_abi *abi = vmi_patch_abi(patch);
	uint32_t changed = abi->calls[call].out | abi->calls[call].clobber;
	uint16_t length;
	/* The ROM's bytes were found to be these; what lies there now may have changed. */
	const uint8_t *bytes = vmi_native_bytes(abi, call, &length);

	if (changed & ~site->clobbers)
		return vmi_site_skip(result, VMI_E_SITE_CLOBBERS, site->clobbers, changed);
	/* The twin that the site calls is the same code. */
	if (!length || length > site->length)
		return vmi_site_settle(result, VMI_PATCH_UNCHANGED, VMI_E_SITE_NATIVE, length,
				       site->length);
	for (uint16_t i = 0; i < length; i++)
		code->bytes[i] = bytes[i];
	code->length = (uint8_t)length;
	result->kind = VMI_PATCH_INLINE;
	return true;
}

bool vmi_decide(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		struct vmi_patch_result *result, struct vmi_code *code)
{
	const struct vmi_slot *slot = &patch->load->slots[site->row];
	const struct vmi_binding *binding = &patch->load->bindings[site->row];
	uint8_t length = site->length;

	if (!vmi_call_exists(vmi_patch_abi(patch), slot->call))
		return vmi_site_settle(result, VMI_PATCH_UNCHANGED, VMI_E_NO_CALL, 0, 0);
	if (wrapped(slot))
		return call_wrapper(patch, site, result, code);
	switch (binding->kind) {
	case VMI_BIND_ROM:
		return call_rom(patch, site, result, code);
	case VMI_BIND_NOP:
		/* Behind a jump there is nothing to go on with. */
		if (site->kind != VMI_SITE_CALL)
			return vmi_site_skip(result, VMI_E_SITE_KIND, site->kind, VMI_SITE_CALL);
		result->kind = VMI_PATCH_EMPTY;
		return true;
	case VMI_BIND_INLINE:
		return copy_inline(patch, site, result, code);
	case VMI_BIND_NATIVE:
		break;
	}
	if (!vmi_encode_native(code, vmi_patch_abi(patch), slot->call, length, &length))
		return vmi_site_settle(result, VMI_PATCH_UNCHANGED, VMI_E_SITE_NATIVE, length,
				       site->length);
	result->kind = VMI_PATCH_NATIVE;
	result->reason = binding->reason;
	return true;
}
