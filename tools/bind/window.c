/* SPDX-License-Identifier: GPL-2.0-only */
/* The window of memory and the calls into what lies there. */
#include <string.h>

#include "bind/bind.h"
#include "emu/post.h"

#define RETURN_TO (EMU_LANDING + 0x40)
#define LIMIT 100000u /* instructions; a call that needs more never returns */
#define MAY_CHANGE (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX)

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
	*posted = !romfile_sum(window->bytes + at, length) &&
		  emu_post(window->bytes + at, length, VROM_WINDOW_BASE + at, &clock);
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

/* Maps the image that `entry` lies in. The loader calls slots: the entry is in the header. */
static bool map_image(struct bind_window *w, uint32_t entry)
{
	uint32_t base = entry - (entry - VROM_WINDOW_BASE) % VROM_WINDOW_STEP;
	const uint8_t *image = w->bytes + (base - VROM_WINDOW_BASE);
	size_t size = image[offsetof(struct vrom_header, rom_length)] * (size_t)VROM_BLOCK;

	if (w->loaded == base)
		return true;
	if (!size || size > VROM_WINDOW_END - base || emu_load(w->emu, base, image, size))
		return false;
	w->loaded = base;
	w->size = size;
	return true;
}

/* As the guest does it (guest-shim/load.c): what may change is what the ABI says of C calls. */
static enum vmi_call_status check(const struct emu_start *start, const struct emu_result *result)
{
	const uint64_t *v = result->state.value;
	const struct emu_setup *s = &start->setup;

	if (result->end == EMU_RAN_AWAY)
		return VMI_CALL_EXPIRED;
	if (result->end != EMU_LANDED || v[EMU_EIP] != RETURN_TO)
		return VMI_CALL_FAULTED;
	if (v[EMU_ESP] != start->gpr[EMU_ESP] + 4)
		return VMI_CALL_LOST_STACK;
	for (unsigned int i = 0; i < EMU_GPRS; i++)
		if (i != EMU_ESP && !(MAY_CHANGE & 1u << i) && v[i] != start->gpr[i])
			return VMI_CALL_LOST_REGISTERS;
	if ((v[EMU_EFLAGS] ^ start->eflags) & (EMU_FLAG_IF | EMU_FLAG_DF))
		return VMI_CALL_LOST_FLAGS;
	if (v[EMU_DS] != s->ds || v[EMU_ES] != s->es || v[EMU_FS] != s->fs || v[EMU_GS] != s->gs)
		return VMI_CALL_LOST_SEGMENTS;
	if (v[EMU_GDTR_BASE] != s->gdtr.base || v[EMU_GDTR_LIMIT] != s->gdtr.limit ||
	    v[EMU_IDTR_BASE] != s->idtr.base || v[EMU_IDTR_LIMIT] != s->idtr.limit ||
	    v[EMU_CR0] != s->cr0 || v[EMU_CR3] != s->cr3 || v[EMU_CR4] != s->cr4)
		return VMI_CALL_LOST_SYSTEM;
	return VMI_CALL_RETURNED;
}

static enum vmi_call_status call(struct bind_window *w, vmi_virt_t entry, uint32_t input,
				 struct vmi_registers *out)
{
	struct emu_start start;
	struct emu_result result;

	if (!map_image(w, (uint32_t)entry))
		return VMI_CALL_FAULTED;
	emu_start_plain(&start);
	for (unsigned int i = 0; i < EMU_GPRS; i++)
		if (i != EMU_ESP)
			start.gpr[i] = 0xC0DE0001u * (i + 1);
	start.gpr[EMU_EAX] = input;
	start.eip = (uint32_t)entry;
	emu_ram_template(emu_ram(w->emu));
	emu_poke32(emu_ram(w->emu), start.gpr[EMU_ESP], RETURN_TO);
	emu_run(w->emu, &start, LIMIT, &result);
	out->eax = (uint32_t)result.state.value[EMU_EAX];
	out->edx = (uint32_t)result.state.value[EMU_EDX];
	return check(&start, &result);
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
