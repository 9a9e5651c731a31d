/* SPDX-License-Identifier: GPL-2.0-only */
/* The window of memory and the calls into what lies there. */
#include <string.h>

#include "bind/bind.h"
#include "emu/post.h"
#include "emu/slots.h"

#define LIMIT 100000u /* instructions; a call that needs more never returns */

/* Changes a byte, and the image's sum by as much less: damage done before stays visible. */
static void store(uint8_t *image, uint32_t offset, uint8_t value)
{
	image[offsetof(struct vrom_header, rom_pad0)] += (uint8_t)(image[offset] - value);
	image[offset] = value;
}

/* Cuts the image down as its POST does. Result: the bytes that stay. */
static size_t drop_init_part(uint8_t *image, size_t length, uint32_t config)
{
	uint8_t blocks = image[config + offsetof(struct vrom_config, resident_blocks)];
	size_t resident = blocks * (size_t)VROM_BLOCK;
	struct vrom_header header;
	struct vrom_pcir pcir;

	if (resident >= length || resident < sizeof(header))
		return length;
	for (size_t at = resident; at < length; at++)
		image[offsetof(struct vrom_header, rom_pad0)] += image[at];
	store(image, offsetof(struct vrom_header, rom_length), blocks);
	memcpy(&header, image, sizeof(header));
	if (header.pci_header_offs <= resident - sizeof(pcir)) {
		memcpy(&pcir, image + header.pci_header_offs, sizeof(pcir));
		if (pcir.signature == VROM_PCIR_SIGNATURE)
			store(image, header.pci_header_offs +
				     (uint32_t)offsetof(struct vrom_pcir, image_length), blocks);
	}
	/* What was dropped is no longer the image's, and not part of what follows it. */
	memset(image + resident, 0, length - resident);
	return resident;
}

uint32_t bind_place(struct bind_window *window, const struct romfile *rom, bool *posted)
{
	static const struct emu_clock clock = { .tsc_hz = BIND_TSC_HZ };

	uint32_t at = (window->used + VROM_WINDOW_STEP - 1) / VROM_WINDOW_STEP * VROM_WINDOW_STEP;
	size_t length = 0, size = rom->size;

	if (size > offsetof(struct vrom_header, rom_length))
		length = rom->bytes[offsetof(struct vrom_header, rom_length)] * (size_t)VROM_BLOCK;
	if (!length)
		length = size;
	if (size > length)
		size = length;
	if (at >= BIND_WINDOW || length > BIND_WINDOW - at)
		return 0;
	memcpy(window->bytes + at, rom->bytes, size);
	window->used = at + (uint32_t)length;
	/* The firmware runs the POST of whole images only. */
	uint32_t config = romfile_sum(window->bytes + at, length) ? 0 :
			  emu_post(window->bytes + at, length, VROM_WINDOW_BASE + at, &clock);
	*posted = config;
	if (config)
		window->used = at + (uint32_t)drop_init_part(window->bytes + at, length, config);
	return VROM_WINDOW_BASE + at;
}

bool bind_read(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	const struct bind_window *w = context;

	if (from < VROM_WINDOW_BASE || from > VROM_WINDOW_END || length > VROM_WINDOW_END - from)
		return false;
	memcpy(to, w->bytes + (from - VROM_WINDOW_BASE), length);
	return true;
}

/* Maps the image that `entry`, an address in the window, lies in: the nearest one below it. */
static bool map_image(struct bind_window *w, uint32_t entry)
{
	uint32_t base = entry - (entry - VROM_WINDOW_BASE) % VROM_WINDOW_STEP;
	const uint8_t *image = w->bytes + (base - VROM_WINDOW_BASE);
	uint16_t signature;

	if (w->loaded && entry - w->loaded < w->size)
		return true;
	for (;; base -= VROM_WINDOW_STEP, image -= VROM_WINDOW_STEP) {
		memcpy(&signature, image, sizeof(signature));
		if (signature == VROM_SIGNATURE || base == VROM_WINDOW_BASE)
			break;
	}
	size_t size = image[offsetof(struct vrom_header, rom_length)] * (size_t)VROM_BLOCK;

	if (entry - base >= size || size > VROM_WINDOW_END - base ||
	    emu_load(w->emu, base, image, size))
		return false;
	w->loaded = base;
	w->size = size;
	return true;
}

/* In the order in which the guest looks (guest-shim/foreign.c). */
static enum vmi_call_status status_of(const struct emu_slot_call *call)
{
	unsigned int lost = emu_lost(call);

	/* Whoever halts waits for an interrupt, and the guest has none for it. */
	if (call->result.end == EMU_RAN_AWAY || call->result.end == EMU_HALTED)
		return VMI_CALL_EXPIRED;
	return lost & EMU_LOST_RETURN	 ? VMI_CALL_FAULTED :
	       lost & EMU_LOST_STACK	 ? VMI_CALL_LOST_STACK :
	       lost & EMU_LOST_REGISTERS ? VMI_CALL_LOST_REGISTERS :
	       lost & EMU_LOST_FLAGS	 ? VMI_CALL_LOST_FLAGS :
	       lost & EMU_LOST_SEGMENTS	 ? VMI_CALL_LOST_SEGMENTS :
	       lost & EMU_LOST_SYSTEM	 ? VMI_CALL_LOST_SYSTEM :
	       lost & EMU_LOST_ABOVE	 ? VMI_CALL_LOST_STACK :
					   VMI_CALL_RETURNED;
}

static enum vmi_call_status call(struct bind_window *w, vmi_virt_t entry, uint32_t input,
				 struct vmi_registers *out)
{
	struct emu_slot_call made;

	if (!map_image(w, (uint32_t)entry))
		return VMI_CALL_FAULTED;
	emu_call_slot(w->emu, (uint32_t)entry, input, 0, LIMIT, &made);
	out->eax = made.result.state.value[EMU_EAX];
	out->edx = made.result.state.value[EMU_EDX];
	return status_of(&made);
}

enum vmi_call_status bind_init(void *context, vmi_virt_t entry, struct vmi_registers *out)
{
	return call(context, entry, 0, out);
}

enum vmi_call_status bind_get_reloc(void *context, vmi_virt_t entry, uint32_t number,
				    struct vmi_registers *out)
{
	return call(context, entry, number, out);
}
