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

/* How a branch over the `VMI_SITE_MIN` bytes at `from` gets to `to`. */
vmi_virt_t vmi_branch_target(const uint8_t *bytes, vmi_virt_t from, bool long_mode);
/* The nearest address to `to` that a branch at `from` reaches: `to` itself if it can. */
vmi_virt_t vmi_branch_reach(vmi_virt_t from, vmi_virt_t to, bool long_mode);
/* Makes `code` a branch, whose target must be in reach. */
void vmi_encode_branch(struct vmi_code *code, uint8_t opcode, vmi_virt_t from, vmi_virt_t to);

/*
 * Makes `code` the native text of a call. Result: whether that can stand inline in
 * `room` bytes; if not, *length is the text's length, or `room` if it is no matter of
 * length.
 */
bool vmi_encode_native(struct vmi_code *code, int call, uint8_t room, uint8_t *length);

/*
 * Fills `code` up to `length` bytes. `native`: the assembly text of what is in it,
 * NULL if that takes no prefixes; `comes_back`: whether control gets behind it.
 */
void vmi_pad(struct vmi_code *code, uint8_t length, const char *native, bool comes_back,
	     bool long_nops);

/*
 * patch_sites.c: checks the table by itself, without looking at the text: each
 * result gets VMI_OK or why the site is bad.
 */
void vmi_check_sites(struct vmi_patch *patch);

#endif
