// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Bytes that a ROM offers to be copied into call sites. They are taken only where they are
 * known to do what the call does: as the native text of spec/, byte for byte. So no code of
 * the ROM is ever run for such a call.
 */
#include "internal.h"

static void judge(struct vmi_load *load, int call, enum vmi_reason reason, uint64_t found,
		  uint64_t expected)
{
	struct vmi_binding *binding = &load->inlines[call];

	binding->kind = reason == VMI_OK ? VMI_BIND_INLINE : VMI_BIND_NATIVE;
	binding->type = VMI_RELOCATION_NONE;
	binding->reason = reason;
	binding->address = 0;
	binding->found = found;
	binding->expected = expected;
}

#define NAMED (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX | VMI_REG_EBX | VMI_REG_FLAGS)

/* VROM_INLINE bits of what a call may change. */
static uint32_t allowed_clobbers(const struct vmi_load *load, int call)
{
	const struct vmi_call_info *info = &vmi_load_abi(load)->calls[call];
	uint32_t registers = info->clobber | info->out, bits = 0;

	bits |= registers & VMI_REG_EAX ? VROM_INLINE_EAX : 0;
	bits |= registers & VMI_REG_ECX ? VROM_INLINE_ECX : 0;
	bits |= registers & VMI_REG_EDX ? VROM_INLINE_EDX : 0;
	bits |= registers & VMI_REG_EBX ? VROM_INLINE_EBX : 0;
	bits |= registers & VMI_REG_FLAGS ? VROM_INLINE_FLAGS : 0;
	bits |= load->long_mode && (registers & ~NAMED) ? VROM_INLINE_OTHER : 0;
	return bits;
}

/* The first eight bytes, as a number that a reason can show. */
static uint64_t bytes_number(const uint8_t *bytes, uint16_t length)
{
	uint64_t number = 0;

	for (uint16_t i = 0; i < length && i < 8; i++)
		number |= (uint64_t)bytes[i] << (8 * i);
	return number;
}

static uint8_t read_bytes(const struct vmi_load *load, const struct vmi_candidate *candidate,
			  const struct vrom_capability *c, uint8_t bytes[UINT8_MAX])
{
	const struct vmi_platform *platform = load->platform;

	return platform->read(platform->context, candidate->base + c->inline_offs, bytes,
			      c->inline_length) ? c->inline_length : 0;
}

static void judge_bytes(struct vmi_load *load, const struct vmi_candidate *candidate, int call,
			const struct vrom_capability *c)
{
	uint32_t first = vmi_table_end(candidate), room = candidate->length - first;
	uint32_t allowed = vmi_clamp(c->inline_length, 1, room);
	uint8_t bytes[UINT8_MAX];
	const uint8_t *native;
	uint16_t length;
	uint32_t i = 0;

	if (c->inline_length != allowed) {
		judge(load, call, VMI_E_INLINE_RANGE, c->inline_length, allowed);
		return;
	}
	allowed = vmi_clamp(c->inline_offs, first, candidate->length - c->inline_length);
	if (c->inline_offs != allowed ||
	    !read_bytes(load, candidate, c, bytes)) {
		judge(load, call, VMI_E_INLINE_RANGE, c->inline_offs, allowed);
		return;
	}
	allowed = c->inline_clobbers & allowed_clobbers(load, call);
	if (c->inline_clobbers != allowed) {
		judge(load, call, VMI_E_INLINE_CLOBBERS, c->inline_clobbers, allowed);
		return;
	}
	native = vmi_native_bytes(vmi_load_abi(load), call, &length);
	while (native && length == c->inline_length && i < length && bytes[i] == native[i])
		i++;
	if (!native || i < length)
		judge(load, call, VMI_E_INLINE_BYTES, bytes_number(bytes, c->inline_length),
		      native ? bytes_number(native, length) : 0);
	else
		judge(load, call, VMI_OK, 0, 0);
}

void vmi_look_inline(struct vmi_load *load, const struct vmi_candidate *candidate, int call)
{
	/* A backend does more than the native text. */
	if ((load->capabilities[call].kinds & VMI_CAPABILITY_INLINE) &&
	    !vmi_backend_answers(load, call) &&
	    load->inlines[call].reason == VMI_E_NO_BINDING)
		judge_bytes(load, candidate, call, &load->capabilities[call]);
}
