// SPDX-License-Identifier: GPL-2.0-only
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/rom_check.h"

/* Not assert(): it must be there in every build. */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz %s: %s\n", fuzz_name, what);
	abort();
}

static bool read_memory(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	struct machine *m = context;

	must(from >= FUZZ_BASE && length <= FUZZ_WINDOW &&
	     from - FUZZ_BASE <= FUZZ_WINDOW - length, "a read leaves the window");
	memcpy(to, m->memory + (from - FUZZ_BASE), length);
	return true;
}

/* A ROM is called only if it is one: the checks are not the loader's. */
static void check_called(struct machine *m, vmi_virt_t entry, uint32_t at)
{
	uint64_t offset = entry - FUZZ_VIRT - at;
	const char *wrong;

	must(!m->installed, "the ROM is called after a row was installed");
	must(offset < FUZZ_WINDOW && offset % VROM_WINDOW_STEP == 0, "no ROM's entry is called");
	wrong = rom_check(m->memory + offset, (uint32_t)(FUZZ_WINDOW - offset));
	must(!wrong, wrong);
}

/*
 * What of the ROM that holds `entry` is called as VMI_Init, or as GetRelocationInfo: the slot, or
 * what the directory names, which the loader uses only if it is good; for VMI_Init, that of a
 * further ABI.
 */
static uint32_t entry_offset(const struct machine *m, vmi_virt_t entry, bool init)
{
	uint32_t slot = VROM_SLOT_TABLE +
			(init ? VROM_SLOT_INIT : VROM_SLOT_GET_RELOC) * VROM_SLOT_SIZE;

	for (size_t i = 0; i < m->load.candidate_count; i++) {
		const struct vmi_candidate *c = &m->load.candidates[i];
		uint64_t offset = entry - FUZZ_VIRT - (c->base - FUZZ_BASE);
		uint32_t named = init ? c->directory.init : c->directory.get_reloc;

		if (c->usable && c->directory.used && offset == named && (!init || c->abi))
			return named;
	}
	return slot;
}

static enum vmi_call_status call_init(void *context, vmi_virt_t entry, struct vmi_registers *out)
{
	struct machine *m = context;

	check_called(m, entry, entry_offset(m, entry, true));
	memset(m->asked, 0, sizeof(m->asked));
	out->eax = m->init_eax;
	return m->init_status;
}

static enum vmi_call_status call_get_reloc(void *context, vmi_virt_t entry, uint32_t call,
					   struct vmi_registers *out)
{
	struct machine *m = context;
	const struct vmi_abi *abi = vmi_abi_of(m->load.long_mode);
	uint32_t at = entry_offset(m, entry, false);

	if (!call)
		check_called(m, entry, at);
	must((int)call < abi->call_count && !abi->calls[call].reserved, "a call is asked for that is none");
	must(m->asked[call] < 2, "a call is asked for a third time");
	out->eax = (uint32_t)(entry - at) + 0x4F0;
	out->edx = abi->calls[call].answers & 1 << VMI_RELOCATION_JUMP_REL ?
			   VMI_RELOCATION_JUMP_REL : VMI_RELOCATION_CALL_REL;
	return m->answer ? m->answer(m->input, call, m->asked[call]++, out) : VMI_CALL_RETURNED;
}

static void install(void *context, size_t row, const struct vmi_slot *slot,
		    const struct vmi_binding *binding)
{
	struct machine *m = context;

	must(row == m->installed++ && slot == &m->slots[row] && binding == &m->bindings[row],
	     "rows are not installed once and in order");
}

static void print(void *context, const char *text)
{
	struct machine *m = context;

	for (; *text; text++, m->printed++)
		must(*text == '\n' || (*text >= ' ' && *text <= '~'),
		     "the report holds a byte that does not print");
}

static void check_row(const struct machine *m, size_t row)
{
	const struct vmi_binding *binding = &m->bindings[row];
	const struct vmi_slot *slot = &m->slots[row];
	const struct vmi_candidate *used;
	uint64_t image;

	if (binding->kind == VMI_BIND_NATIVE) {
		must(binding->reason != VMI_OK && !binding->address, "a native row without reason");
		must(m->load.chosen < 0 || !(slot->flags & VMI_SLOT_MANDATORY),
		     "a mandatory row is native, and a ROM is in use");
		return;
	}
	must(m->load.chosen >= 0 && binding->reason == VMI_OK, "a row is bound without a ROM");
	must(vmi_abi_of(m->load.long_mode)->calls[slot->call].answers & 1 << binding->type, "a type that is forbidden");
	must(!m->load.overrides.native[slot->call] && !m->load.overrides.off, "an override is lost");
	if (binding->kind == VMI_BIND_NOP)
		return;
	used = &m->load.candidates[m->load.chosen];
	image = FUZZ_VIRT + (used->base - FUZZ_BASE);
	must(binding->address >= image + VROM_SLOT_TABLE + used->jump_slots * VROM_SLOT_SIZE &&
	     binding->address < image + used->length, "an address outside the image is bound");
}

void machine_init(struct machine *m, bool long_mode)
{
	const struct vmi_abi *abi = vmi_abi_of(long_mode);

	memset(m, 0, sizeof(*m));
	m->platform = (struct vmi_platform){
		.context = m, .read = read_memory, .init = call_init, .get_reloc = call_get_reloc,
		.install = install, .print = print,
	};
	for (int16_t call = 0; call < abi->call_count; call++)
		if (!abi->calls[call].reserved)
			m->slots[m->load.slot_count++] = (struct vmi_slot){
				.name = abi->calls[call].entry, .call = call, .native = 0x1000,
			};
	m->load.platform = &m->platform;
	m->load.window = (struct vmi_window){ FUZZ_BASE, FUZZ_WINDOW, FUZZ_VIRT };
	m->load.long_mode = long_mode;
	m->load.range = (struct vmi_version_range){ VROM_API_MAJOR, 0, VROM_API_MINOR };
	if (long_mode)
		m->load.range = (struct vmi_version_range){ VMI64_MAJOR, 0, VMI64_MINOR };
	m->load.slots = m->slots;
	m->load.bindings = m->bindings;
}

void machine_run(struct machine *m)
{
	enum vmi_reason reason = vmi_load(&m->load);

	must((reason == VMI_OK) == (m->load.chosen >= 0), "reason and outcome differ");
	must(m->installed == m->load.slot_count, "not every row was installed");
	if (m->load.chosen >= 0) {
		uint32_t at = (uint32_t)(m->load.candidates[m->load.chosen].base - FUZZ_BASE);
		const char *wrong = rom_check(m->memory + at, FUZZ_WINDOW - at);

		must(!wrong, wrong);
	}
	for (size_t row = 0; row < m->load.slot_count; row++)
		check_row(m, row);
	vmi_report(&m->load);
	must(m->printed, "the report is empty");
}
