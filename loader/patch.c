// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Patch: decides what stands at each site, and puts it there and back. A site is
 * read before it is written: what is neither the recorded call nor what an earlier
 * run has put there is not touched.
 */
#include "patch_internal.h"

/* The first bytes of an entry that a direct branch need not run. */
static const uint8_t endbr32[] = { 0xF3, 0x0F, 0x1E, 0xFB };
static const uint8_t endbr64[] = { 0xF3, 0x0F, 0x1E, 0xFA };
#define ENDBR_SIZE 4

static bool same(const uint8_t *a, const uint8_t *b, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

static void copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		to[i] = from[i];
}

/* Ends the treatment of a site with `kind`. Result: false, to be returned. */
static bool settle(struct vmi_patch_result *result, enum vmi_patch_kind kind,
		   enum vmi_reason reason, uint64_t found, uint64_t expected)
{
	result->kind = kind;
	result->reason = reason;
	result->found = found;
	result->expected = expected;
	result->pad = VMI_PAD_NONE;
	result->pad_bytes = result->pad_instructions = 0;
	return false;
}

static bool skip(struct vmi_patch_result *result, enum vmi_reason reason, uint64_t found,
		 uint64_t expected)
{
	return settle(result, VMI_PATCH_SKIPPED, reason, found, expected);
}

/* Notes bytes that are not as they should be: up to 8 from the first wrong one on. */
static bool skip_bytes(struct vmi_patch_result *result, const uint8_t *found,
		       const uint8_t *expected, uint32_t length)
{
	uint64_t numbers[2] = { 0, 0 };
	uint32_t at = 0;

	while (at < length && found[at] == expected[at])
		at++;
	for (uint32_t end = at + 8; at < length && at < end; at++) {
		numbers[0] = numbers[0] << 8 | found[at];
		numbers[1] = numbers[1] << 8 | expected[at];
	}
	return skip(result, VMI_E_SITE_BYTES, numbers[0], numbers[1]);
}

static bool read_site(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		      uint8_t *bytes)
{
	const struct vmi_text *text = patch->text;

	return text->read(text->context, site->address, bytes, site->length);
}

/*
 * Makes `want` stand at a site that holds `have`. On failure, what the write may have
 * left is undone as far as it can be. Result: whether it stands there.
 */
static bool write_site(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		       const uint8_t *have, const uint8_t *want)
{
	const struct vmi_text *text = patch->text;
	uint8_t bytes[VMI_SITE_MAX];

	if (same(have, want, site->length))
		return true;
	if (text->write(text->context, site->address, want, site->length) &&
	    read_site(patch, site, bytes) && same(bytes, want, site->length))
		return true;
	text->write(text->context, site->address, have, site->length);
	return false;
}

static bool wrapped(const struct vmi_slot *slot)
{
	return slot->flags & VMI_SLOT_WRAPPER;
}

static vmi_virt_t wrapper_of(const struct vmi_patch *patch, uint16_t row)
{
	const struct vmi_text *text = patch->text;

	if (!wrapped(&patch->load->slots[row]) || !text->wrapper)
		return 0;
	return text->wrapper(text->context, row);
}

static uint8_t recorded_opcode(const struct vmi_patch_site *site)
{
	return site->kind == VMI_SITE_JUMP ? OPCODE_JUMP : OPCODE_CALL;
}

/*
 * Finds out whose bytes these are and keeps the original ones. Result: false, and the
 * site is skipped, if they are nobody's.
 */
static bool identify(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		     struct vmi_patch_result *result, const uint8_t *bytes)
{
	vmi_virt_t twin = patch->load->slots[site->row].native, target, wrapper;
	struct vmi_code recorded = { .length = 0 };

	if (result->patched) {
		if (same(bytes, result->now, site->length) ||
		    same(bytes, result->original, site->length))
			return true;
		return skip_bytes(result, bytes, result->now, site->length);
	}
	target = vmi_branch_target(bytes, site->address, patch->long_mode);
	wrapper = wrapper_of(patch, site->row);
	if (bytes[0] != recorded_opcode(site) || (target != twin && (!wrapper || target != wrapper))) {
		vmi_encode_branch(&recorded, recorded_opcode(site), site->address, twin);
		return skip_bytes(result, bytes, recorded.bytes, recorded.length);
	}
	copy(result->original, bytes, site->length);
	return true;
}

/* Where a direct branch to the entry may go: behind its ENDBR, if it has one. */
static vmi_virt_t behind_endbr(const struct vmi_patch *patch, vmi_virt_t entry)
{
	const struct vmi_load *load = patch->load;
	const struct vmi_candidate *rom;
	uint8_t bytes[ENDBR_SIZE];
	vmi_virt_t offset;

	if (load->chosen < 0)
		return entry;
	rom = &load->candidates[load->chosen];
	offset = entry - vmi_image_virt(load, rom);
	if (offset >= rom->length || rom->length - offset <= ENDBR_SIZE ||
	    !load->platform->read(load->platform->context, rom->base + offset, bytes, ENDBR_SIZE) ||
	    !same(bytes, patch->long_mode ? endbr64 : endbr32, ENDBR_SIZE))
		return entry;
	return entry + ENDBR_SIZE;
}

static bool branch(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		   struct vmi_patch_result *result, struct vmi_code *code, uint8_t opcode,
		   vmi_virt_t target)
{
	vmi_virt_t nearest = vmi_branch_reach(site->address, target, patch->long_mode);

	if (nearest != target)
		return skip(result, VMI_E_SITE_REACH, target, nearest);
	vmi_encode_branch(code, opcode, site->address, target);
	result->kind = opcode == OPCODE_CALL ? VMI_PATCH_CALL : VMI_PATCH_JUMP;
	return true;
}

static bool call_wrapper(const struct vmi_patch *patch, const struct vmi_patch_site *site,
			 struct vmi_patch_result *result, struct vmi_code *code)
{
	vmi_virt_t wrapper = 0;

	if (patch->load->bindings[site->row].kind == VMI_BIND_ROM)
		wrapper = wrapper_of(patch, site->row);
	if (!wrapper || wrapper == vmi_branch_target(result->original, site->address,
						     patch->long_mode))
		return settle(result, VMI_PATCH_UNCHANGED, VMI_E_SITE_WRAPPER, 0, 0);
	return branch(patch, site, result, code, recorded_opcode(site), wrapper);
}

static bool call_rom(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		     struct vmi_patch_result *result, struct vmi_code *code)
{
	const struct vmi_binding *binding = &patch->load->bindings[site->row];
	const struct vmi_call_info *call = &vmi_calls[patch->load->slots[site->row].call];
	uint32_t changed = call->out32 | call->clobber32;

	if (!call->noreturn && (changed & ~site->clobbers))
		return skip(result, VMI_E_SITE_CLOBBERS, site->clobbers, changed);
	return branch(patch, site, result, code,
		      binding->type == VMI_RELOCATION_JUMP_REL ? OPCODE_JUMP : OPCODE_CALL,
		      behind_endbr(patch, binding->address));
}

/*
 * Decides what shall stand at a good site. Result: true if it is in `code`, still to be
 * padded; false if the original bytes shall stand, and the result is settled.
 */
static bool decide(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		   struct vmi_patch_result *result, struct vmi_code *code)
{
	const struct vmi_slot *slot = &patch->load->slots[site->row];
	const struct vmi_binding *binding = &patch->load->bindings[site->row];
	uint8_t length = site->length;

	if (!vmi_call_exists(slot->call))
		return settle(result, VMI_PATCH_UNCHANGED, VMI_E_NO_CALL, 0, 0);
	if (wrapped(slot))
		return call_wrapper(patch, site, result, code);
	switch (binding->kind) {
	case VMI_BIND_ROM:
		return call_rom(patch, site, result, code);
	case VMI_BIND_NOP:
		/* Behind a jump there is nothing to go on with. */
		if (site->kind != VMI_SITE_CALL)
			return skip(result, VMI_E_SITE_KIND, site->kind, VMI_SITE_CALL);
		result->kind = VMI_PATCH_EMPTY;
		return true;
	case VMI_BIND_NATIVE:
		break;
	}
	if (patch->long_mode || !vmi_encode_native(code, slot->call, length, &length))
		return settle(result, VMI_PATCH_UNCHANGED, VMI_E_SITE_NATIVE, length, site->length);
	result->kind = VMI_PATCH_NATIVE;
	result->reason = binding->reason;
	return true;
}

static void patch_site(const struct vmi_patch *patch, uint32_t index)
{
	const struct vmi_patch_site *site = &patch->sites[index];
	struct vmi_patch_result *result = &patch->results[index];
	struct vmi_code code = { .length = 0, .pad = VMI_PAD_NONE };
	uint8_t have[VMI_SITE_MAX];
	const uint8_t *want = result->original;

	skip(result, result->reason, result->found, result->expected);
	if (result->reason != VMI_OK)
		return;
	if (!read_site(patch, site, have)) {
		skip(result, VMI_E_SITE_TEXT, site->address, site->address);
		return;
	}
	if (!identify(patch, site, result, have))
		return;
	if (decide(patch, site, result, &code)) {
		const struct vmi_call_info *call = &vmi_calls[patch->load->slots[site->row].call];

		vmi_pad(&code, site->length,
			result->kind == VMI_PATCH_NATIVE ? call->native32 : NULL, !call->noreturn,
			patch->long_nops || patch->long_mode);
		result->pad = code.pad;
		result->pad_bytes = code.pad_bytes;
		result->pad_instructions = code.pad_instructions;
		want = code.bytes;
	}
	if (!write_site(patch, site, have, want)) {
		skip(result, VMI_E_SITE_TEXT, site->address, site->address);
		return;
	}
	copy(result->now, want, site->length);
	result->patched = !same(want, result->original, site->length);
}

static void count(struct vmi_patch *patch)
{
	for (uint32_t kind = 0; kind < VMI_PATCH_KINDS; kind++)
		patch->counts[kind] = 0;
	patch->pad_instructions = 0;
	for (uint32_t i = 0; i < patch->site_count; i++) {
		patch->counts[patch->results[i].kind]++;
		patch->pad_instructions += patch->results[i].pad_instructions;
	}
}

uint32_t vmi_patch(struct vmi_patch *patch)
{
	vmi_check_sites(patch);
	for (uint32_t i = 0; i < patch->site_count; i++)
		patch_site(patch, i);
	count(patch);
	return patch->counts[VMI_PATCH_SKIPPED];
}

/* Result: false if the site is left alone. */
static bool unpatch_site(const struct vmi_patch *patch, uint32_t index)
{
	const struct vmi_patch_site *site = &patch->sites[index];
	struct vmi_patch_result *result = &patch->results[index];
	uint8_t have[VMI_SITE_MAX];

	if (!read_site(patch, site, have))
		return skip(result, VMI_E_SITE_TEXT, site->address, site->address);
	if (!identify(patch, site, result, have))
		return false;
	if (!write_site(patch, site, have, result->original))
		return skip(result, VMI_E_SITE_TEXT, site->address, site->address);
	result->patched = false;
	settle(result, VMI_PATCH_UNCHANGED, VMI_OK, 0, 0);
	return true;
}

uint32_t vmi_unpatch(struct vmi_patch *patch)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < patch->site_count; i++)
		if (patch->results[i].patched && !unpatch_site(patch, i))
			left++;
	count(patch);
	return left;
}
