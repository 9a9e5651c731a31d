/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of call-site patching share with each other. */
#ifndef VMI_PATCH_INTERNAL_H
#define VMI_PATCH_INTERNAL_H

#include "internal.h"
#include "vmi_patch.h"

enum { OPCODE_CALL = 0xE8, OPCODE_JUMP = 0xE9 }; /* both with rel32 */

/* The new bytes of a site while they are put together: at most VMI_SITE_MAX. */
struct vmi_code {
	uint8_t bytes[VMI_SITE_MAX];
	uint8_t length;
	enum vmi_pad_kind pad;
	uint8_t pad_bytes, pad_instructions;
};

/* The ABI of the code that is patched. */
static inline const struct vmi_abi *vmi_patch_abi(const struct vmi_patch *patch)
{
	return vmi_abi_of(patch->long_mode);
}
/* The call of a site's row, which must exist. */
static inline const struct vmi_call_info *vmi_patch_call(const struct vmi_patch *patch,
							 const struct vmi_patch_site *site)
{
	return &vmi_patch_abi(patch)->calls[patch->load->slots[site->row].call];
}

/* Where the branch leads whose `bytes`, an opcode and a rel32, stand at `from`. */
vmi_virt_t vmi_branch_target(const uint8_t *bytes, vmi_virt_t from, bool long_mode);
/* The nearest address to `to` that a branch at `from` reaches: `to` itself if it can. */
vmi_virt_t vmi_branch_reach(vmi_virt_t from, vmi_virt_t to, bool long_mode);
/* Makes `code` a branch, whose target must be in reach. */
void vmi_encode_branch(struct vmi_code *code, uint8_t opcode, vmi_virt_t from, vmi_virt_t to);

/*
 * patch_trampoline.c: a trampoline to `target` that a branch at `from` reaches, made if there is
 * none yet. 0: there is no room, or it cannot be written.
 */
vmi_virt_t vmi_trampoline(const struct vmi_patch *patch, vmi_virt_t from, vmi_virt_t target);

/* Whether a native text does the same without the call around it. */
bool vmi_text_movable(const char *text);
/* Whether DS prefixes before the first instruction of a native text change nothing. */
bool vmi_text_takes_prefixes(const char *text);

/*
 * Makes `code` the native text of a call. Result: whether that can stand inline in
 * `room` bytes; if not, *length is the text's length, or `room` if it is no matter of
 * length.
 */
bool vmi_encode_native(struct vmi_code *code, const struct vmi_abi *abi, int call, uint8_t room,
		       uint8_t *length);

/*
 * Fills `code` up to `length` bytes. `native`: the assembly text of what is in it,
 * NULL if that takes no prefixes; `comes_back`: whether control gets behind it.
 */
void vmi_pad(struct vmi_code *code, uint8_t length, const char *native, bool comes_back,
	     bool long_nops);

/* patch.c: whether two strings of bytes are the same. */
bool vmi_same(const uint8_t *a, const uint8_t *b, uint32_t length);

/* Ends the treatment of a site with `kind`, or as skipped. Result: false, to be returned. */
bool vmi_site_settle(struct vmi_patch_result *result, enum vmi_patch_kind kind,
		     enum vmi_reason reason, uint64_t found, uint64_t expected);
bool vmi_site_skip(struct vmi_patch_result *result, enum vmi_reason reason, uint64_t found,
		   uint64_t expected);
/* The wrapper that the guest names for a row, or 0. */
vmi_virt_t vmi_site_wrapper(const struct vmi_patch *patch, uint16_t row);
/* The opcode that the guest emitted at the site. */
uint8_t vmi_site_opcode(const struct vmi_patch_site *site);
/*
 * patch_decide.c: decides what shall stand at a good site, whose original bytes are in
 * `result`. Result: true if it is in `code`, still to be padded; false if the original
 * bytes shall stand, and the result is settled.
 */
bool vmi_decide(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		struct vmi_patch_result *result, struct vmi_code *code);

/*
 * patch_sites.c: checks the table by itself, without looking at the text: each
 * result gets VMI_OK or why the site is bad.
 */
void vmi_check_sites(struct vmi_patch *patch);

#endif
