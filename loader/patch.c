// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Patch: puts what was decided at each site, and back. A site is read before it is
 * written: what is neither the recorded call nor what an earlier run has put there is
 * not touched.
 */
#include "patch_internal.h"

bool vmi_same(const uint8_t *a, const uint8_t *b, uint32_t length)
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
	return vmi_site_skip(result, VMI_E_SITE_BYTES, numbers[0], numbers[1]);
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

	if (vmi_same(have, want, site->length))
		return true;
	if (text->write(text->context, site->address, want, site->length) &&
	    read_site(patch, site, bytes) && vmi_same(bytes, want, site->length))
		return true;
	text->write(text->context, site->address, have, site->length);
	return false;
}

/*
 * Finds out whose bytes these are and keeps the original ones. Result: false, and the
 * site is skipped, if they are nobody's.
 */
static bool identify(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		     struct vmi_patch_result *result, const uint8_t *bytes)
{
	vmi_virt_t twin, target, wrapper;
	struct vmi_code recorded = { .length = 0 };

	if (result->patched) {
		if (vmi_same(bytes, result->now, site->length) ||
		    vmi_same(bytes, result->original, site->length))
			return true;
		return skip_bytes(result, bytes, result->now, site->length);
	}
	twin = patch->load->slots[site->row].native;
	target = vmi_branch_target(bytes, site->address, patch->long_mode);
	wrapper = vmi_site_wrapper(patch, site->row);
	if (bytes[0] != vmi_site_opcode(site) ||
	    (target != twin && (!wrapper || target != wrapper))) {
		vmi_encode_branch(&recorded, vmi_site_opcode(site), site->address, twin);
		return skip_bytes(result, bytes, recorded.bytes, recorded.length);
	}
	copy(result->original, bytes, site->length);
	return true;
}

static void patch_site(const struct vmi_patch *patch, uint32_t index)
{
	const struct vmi_patch_site *site = &patch->sites[index];
	struct vmi_patch_result *result = &patch->results[index];
	struct vmi_code code = { .length = 0, .pad = VMI_PAD_NONE };
	uint8_t have[VMI_SITE_MAX];
	const uint8_t *want = result->original;

	vmi_site_skip(result, result->reason, result->found, result->expected);
	if (result->reason != VMI_OK)
		return;
	if (!read_site(patch, site, have)) {
		vmi_site_skip(result, VMI_E_SITE_TEXT, site->address, site->address);
		return;
	}
	if (!identify(patch, site, result, have))
		return;
	if (vmi_decide(patch, site, result, &code)) {
		const struct vmi_call_info *call = vmi_patch_call(patch, site);

		vmi_pad(&code, site->length,
			result->kind == VMI_PATCH_NATIVE || result->kind == VMI_PATCH_INLINE ?
				call->native : NULL, !call->noreturn,
			patch->long_nops || patch->long_mode);
		result->pad = code.pad;
		result->pad_bytes = code.pad_bytes;
		result->pad_instructions = code.pad_instructions;
		want = code.bytes;
	}
	if (!write_site(patch, site, have, want)) {
		vmi_site_skip(result, VMI_E_SITE_TEXT, site->address, site->address);
		return;
	}
	copy(result->now, want, site->length);
	result->patched = !vmi_same(want, result->original, site->length);
}

static void count(struct vmi_patch *patch)
{
	for (uint32_t kind = 0; kind < VMI_PATCH_KINDS; kind++)
		patch->counts[kind] = 0;
	patch->pad_instructions = patch->via_trampoline = 0;
	for (uint32_t i = 0; i < patch->site_count; i++) {
		patch->counts[patch->results[i].kind]++;
		patch->pad_instructions += patch->results[i].pad_instructions;
		patch->via_trampoline += !!patch->results[i].trampoline;
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
		return vmi_site_skip(result, VMI_E_SITE_TEXT, site->address, site->address);
	if (!identify(patch, site, result, have))
		return false;
	if (!write_site(patch, site, have, result->original))
		return vmi_site_skip(result, VMI_E_SITE_TEXT, site->address, site->address);
	result->patched = false;
	vmi_site_settle(result, VMI_PATCH_UNCHANGED, VMI_OK, 0, 0);
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
