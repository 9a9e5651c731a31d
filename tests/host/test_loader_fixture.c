// SPDX-License-Identifier: GPL-2.0-only
#include "test_loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool produced[UINT16_MAX + 1];

bool reason_produced(enum vmi_reason reason)
{
	return produced[(uint16_t)reason];
}

void reason_note(const char *name)
{
	for (size_t i = 0; i < vmi_reason_count; i++)
		if (!strcmp(vmi_reasons[i].name, name)) {
			produced[vmi_reasons[i].number] = true;
			return;
		}
	fail_msg("there is no reason %s", name);
}

uint8_t *fixture_at(struct fixture *f, vmi_phys_t address)
{
	assert_in_range(address, VROM_WINDOW_BASE, VROM_WINDOW_END - 1);
	return f->memory + (address - VROM_WINDOW_BASE);
}

static const struct vmi_abi *abi_of(const struct fixture *f)
{
	return vmi_abi_of(f->load.long_mode);
}

static bool read_memory(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	struct fixture *f = context;
	const struct vmi_window *window = &f->load.window;

	if (from < window->base || from + length > window->base + window->size)
		fail_msg("read of %u bytes at %#llx leaves the window", length,
			 (unsigned long long)from);
	if (from < f->unreadable_end && from + length > f->unreadable)
		return false;
	memcpy(to, fixture_at(f, from), length);
	return true;
}

/* `offset`: what of a ROM is called. */
static struct script *called(struct fixture *f, vmi_virt_t entry, uint32_t offset)
{
	vmi_virt_t rom = entry - offset;

	if (f->installed)
		fail_msg("the ROM is called after a row was installed");
	for (size_t i = 0; i < 2; i++)
		if (f->scripts[i].base &&
		    rom == f->load.window.virt + f->scripts[i].base - f->load.window.base)
			return &f->scripts[i];
	fail_msg("call of %#llx, which is no ROM's offset %#x", (unsigned long long)entry, offset);
	return NULL;
}

/* The candidate that an address of the guest lies in, or NULL. */
static const struct vmi_candidate *candidate_of(const struct fixture *f, vmi_virt_t entry)
{
	vmi_phys_t at = f->load.window.base + (entry - f->load.window.virt);

	for (size_t i = 0; i < f->load.candidate_count; i++) {
		const struct vmi_candidate *c = &f->load.candidates[i];

		if (at >= c->base && at < c->base + c->length && c->directory.used)
			return c;
	}
	return NULL;
}

static enum vmi_call_status call_init(void *context, vmi_virt_t entry, struct vmi_registers *out)
{
	const struct fixture *f = context;
	uint32_t offset = VROM_SLOT_TABLE;

	if (f->load.long_mode) {
		const struct vmi_candidate *c = candidate_of(f, entry);

		assert_non_null(c);
		offset = c->directory.init;
		if (offset != ROM_IMAGE64_INIT)
			return VMI_CALL_FAULTED; /* a damaged directory led elsewhere */
	}
	struct script *script = called(context, entry, offset);

	script->inits++;
	out->eax = script->init_eax;
	return script->init_status;
}

#define GET_RELOC_SLOT (VROM_SLOT_TABLE + VROM_SLOT_GET_RELOC * VROM_SLOT_SIZE)

/* The slot, or of a ROM with a directory what that names. */
static uint32_t get_reloc_offset(const struct fixture *f, vmi_virt_t entry)
{
	const struct vmi_candidate *c = candidate_of(f, entry);

	return c ? c->directory.get_reloc : GET_RELOC_SLOT;
}

/* SetBackends has the registers of GetRelocationInfo, and is called the same way. */
static bool is_set_backends(const struct fixture *f, vmi_virt_t entry)
{
	const struct vmi_candidate *c = candidate_of(f, entry);

	return c && entry == f->load.window.virt + c->base - f->load.window.base +
				     f->load.capabilities[VMI_CALL_SetBackends].entry_offs;
}

static enum vmi_call_status call_get_reloc(void *context, vmi_virt_t entry, uint32_t call,
					   struct vmi_registers *out)
{
	if (is_set_backends(context, entry)) {
		*out = (struct vmi_registers){ ((struct fixture *)context)->backends, 0 };
		((struct fixture *)context)->allowed = call;
		return VMI_CALL_RETURNED;
	}
	uint32_t offset = get_reloc_offset(context, entry);
	struct script *script = called(context, entry, offset);

	if (offset != ((struct fixture *)context)->get_reloc && offset != GET_RELOC_SLOT)
		return VMI_CALL_FAULTED; /* a damaged directory led elsewhere */
	assert_in_range(call, 0, abi_of(context)->call_count - 1);
	assert_int_equal(script->inits, 1);
	script->asked[call]++;
	*out = script->answers[call];
	if ((int)call == script->change_call && script->asked[call] == 2)
		out->eax ^= 1;
	return (int)call == script->fault_call ? script->fault_status : VMI_CALL_RETURNED;
}

static void install(void *context, size_t row, const struct vmi_slot *slot,
		    const struct vmi_binding *binding)
{
	struct fixture *f = context;

	assert_int_equal(row, f->installed++);
	assert_ptr_equal(slot, &f->slots[row]);
	assert_ptr_equal(binding, &f->bindings[row]);
}

static void print(void *context, const char *text)
{
	struct fixture *f = context;
	size_t length = strlen(text);

	assert_true(f->text_length + length < sizeof(f->text));
	memcpy(f->text + f->text_length, text, length + 1);
	f->text_length += length;
}

void fixture_add_rom(struct fixture *f, struct script *script, vmi_phys_t base, uint8_t major,
		     uint8_t minor)
{
	rom_image_build(fixture_at(f, base), major, minor);
	*script = (struct script){
		.base = base, .fault_call = -1, .fault_status = VMI_CALL_FAULTED, .change_call = -1,
	};
	for (uint32_t call = 0; call < VMI_CALLS; call++) {
		/* Reserved numbers answer NONE, as a real ROM's do. */
		if (vmi_calls[call].reserved)
			continue;
		script->answers[call].edx = rom_image_answer((int)call);
		script->answers[call].eax = (uint32_t)(WINDOW_VIRT + base - VROM_WINDOW_BASE) +
					    ROM_IMAGE_CALLS + 16 * call;
	}
}

void fixture_remove_rom(struct fixture *f, struct script *script)
{
	memset(fixture_at(f, script->base), 0, ROM_IMAGE_SIZE);
	script->base = 0;
}

/* A row without a call, and one for each call of the guest's ABI. */
static void fill_slots(struct fixture *f)
{
	const struct vmi_abi *abi = abi_of(f);
	size_t rows = 0;

	f->slots[rows++] = (struct vmi_slot){ "pv_irq_ops.init_IRQ", VMI_SLOT_NO_CALL, 0, 0x1000 };
	for (int16_t call = 0; call < abi->call_count; call++) {
		if (abi->calls[call].reserved)
			continue;
		f->slots[rows] = (struct vmi_slot){
			.name = abi->calls[call].entry, .call = call, .native = 0x1000 + 16 * rows,
		};
		if (abi->calls[call].answers & 1 << VMI_RELOCATION_JUMP_REL) {
			f->slots[rows].flags = VMI_SLOT_MANDATORY;
			f->slots[rows].native = 0;
		}
		rows++;
	}
	assert_true(rows <= MAX_ROWS);
	f->load.slot_count = rows;
}

uint8_t *fixture_widen(struct fixture *f)
{
	uint8_t *rom = fixture_at(f, ROM_A);
	struct script *script = &f->scripts[0];

	fixture_add_rom(f, script, ROM_A, VROM_API_MAJOR, VROM_API_MINOR);
	rom_image_widen(rom);
	f->get_reloc = ROM_IMAGE64_GET_RELOC;
	f->load.long_mode = true;
	f->load.range = (struct vmi_version_range){ VMI64_MAJOR, 0, VMI64_MINOR };
	fill_slots(f);
	memset(script->answers, 0, sizeof(script->answers));
	for (int call = 0; call < VMI64_CALLS; call++)
		if (!vmi64_calls[call].reserved)
			script->answers[call] = (struct vmi_registers){
				WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE + ROM_IMAGE64_CALLS +
					16 * (uintptr_t)call, rom_image_answer64(call),
			};
	return rom;
}

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->get_reloc = ROM_IMAGE_GET_RELOC;
	f->platform = (struct vmi_platform){
		.context = f, .read = read_memory, .init = call_init, .get_reloc = call_get_reloc,
		.install = install, .print = print,
	};
	f->load.platform = &f->platform;
	f->load.window = (struct vmi_window){ VROM_WINDOW_BASE, WINDOW_SIZE, WINDOW_VIRT };
	f->load.range = (struct vmi_version_range){ 3, 0, 0 };
	f->load.slots = f->slots;
	f->load.bindings = f->bindings;
	fill_slots(f);
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	free(*state);
	return 0;
}

bool fixture_knows(const struct fixture *f, int call)
{
	const struct vmi_call_info *info = &abi_of(f)->calls[call];

	return !info->reserved && info->since_major <= f->load.range.major &&
	       info->since_minor <= f->load.range.minor_max;
}

void fixture_shrink(struct fixture *f, uint32_t size)
{
	f->load.window.base = ROM_A;
	f->load.window.virt = WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE;
	f->load.window.size = size;
}

uint32_t fixture_place_file(struct fixture *f)
{
	const char *path = getenv("PVROM_TEST_ROM");
	uint8_t *rom = fixture_at(f, ROM_A);
	size_t size;
	FILE *file;

	if (!path)
		skip();
	file = fopen(path, "rb");
	if (!file)
		fail_msg("PVROM_TEST_ROM: cannot open %s", path);
	fixture_remove_rom(f, &f->scripts[0]);
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 0);
	memset(rom, 0, ROM_IMAGE_SIZE);
	size = fread(rom, 1, VROM_WINDOW_END - ROM_A, file);
	fclose(file);
	assert_int_equal(size, rom[2] * VROM_BLOCK);
	fixture_shrink(f, (uint32_t)(size + 2 * VROM_WINDOW_STEP) / VROM_WINDOW_STEP *
				 VROM_WINDOW_STEP);
	f->get_reloc = rom_image_directory(rom)->get_reloc_offs;
	return (uint32_t)size;
}

size_t fixture_row(const struct fixture *f, int call)
{
	for (size_t row = 0; row < f->load.slot_count; row++)
		if (f->slots[row].call == call)
			return row;
	fail_msg("no row with call %d", call);
	return 0;
}

static void check_binding(const struct fixture *f, size_t row)
{
	const struct vmi_binding *binding = &f->bindings[row];
	const struct vmi_candidate *used;
	vmi_virt_t image;

	if (binding->kind == VMI_BIND_NATIVE) {
		assert_int_not_equal(binding->reason, VMI_OK);
		assert_int_equal(binding->type, VMI_RELOCATION_NONE);
		assert_int_equal(binding->address, 0);
		return;
	}
	assert_int_equal(binding->reason, VMI_OK);
	assert_in_range(f->load.chosen, 0, f->load.candidate_count - 1);
	assert_in_range(f->slots[row].call, 0, abi_of(f)->call_count - 1);
	assert_true(abi_of(f)->calls[f->slots[row].call].answers & 1 << binding->type);
	if (binding->kind == VMI_BIND_NOP) {
		assert_int_equal(binding->type, VMI_RELOCATION_NOP);
		assert_int_equal(binding->address, 0);
		return;
	}
	if (binding->kind == VMI_BIND_INLINE) {
		assert_true(f->load.long_mode || f->load.minor >= VROM_DIRECTORY_MINOR);
		assert_int_equal(binding->type, VMI_RELOCATION_NONE);
		assert_int_equal(binding->address, 0);
		assert_int_not_equal(f->slots[row].native, 0);
		return;
	}
	assert_int_equal(binding->kind, VMI_BIND_ROM);
	assert_in_range(binding->type, VMI_RELOCATION_CALL_REL, VMI_RELOCATION_JUMP_REL);
	used = &f->load.candidates[f->load.chosen];
	image = f->load.window.virt + (used->base - f->load.window.base);
	assert_in_range(binding->address,
			image + VROM_SLOT_TABLE + VROM_SLOT_SIZE * used->jump_slots,
			image + used->length - 1);
}

enum vmi_reason fixture_load(struct fixture *f)
{
	struct vmi_load *load = &f->load;
	enum vmi_reason reason;

	/* Whatever an earlier load left must not matter. */
	memset(&load->candidates, 0xA5, sizeof(*load) - offsetof(struct vmi_load, candidates));
	memset(f->bindings, 0xA5, sizeof(f->bindings));
	f->installed = 0;
	for (size_t i = 0; i < 2; i++) {
		f->scripts[i].inits = 0;
		memset(f->scripts[i].asked, 0, sizeof(f->scripts[i].asked));
	}
	reason = vmi_load(load);
	assert_int_equal(reason, load->reason);
	assert_int_equal(load->chosen >= 0, reason == VMI_OK);
	if (reason == VMI_OK || reason == VMI_E_NO_ROM || reason == VMI_E_NO_CANDIDATE)
		assert_int_equal(load->reason_found | load->reason_expected, 0);
	assert_int_equal(f->installed, load->slot_count);
	assert_true(load->candidate_count <= VMI_MAX_CANDIDATES);
	for (size_t i = 0; i < load->candidate_count; i++) {
		assert_int_equal((int)i == load->chosen, load->candidates[i].reason == VMI_OK);
		assert_string_not_equal(vmi_reason_name(load->candidates[i].reason), "?");
	}
	for (size_t row = 0; row < load->slot_count; row++)
		check_binding(f, row);
	for (size_t i = 0; i < 2; i++) {
		assert_in_range(f->scripts[i].inits, 0, 1);
		for (int call = 0; call < abi_of(f)->call_count; call++)
			assert_in_range(f->scripts[i].asked[call], 0, 2);
	}
	return reason;
}

void fixture_report(struct fixture *f)
{
	f->text_length = 0;
	f->text[0] = '\0';
	vmi_report(&f->load);
}

void expect_load(struct fixture *f, enum vmi_reason reason)
{
	assert_string_equal(vmi_reason_name(fixture_load(f)), vmi_reason_name(reason));
	produced[(uint16_t)reason] = true;
}

void expect_candidate(struct fixture *f, size_t index, enum vmi_reason reason, const char *field)
{
	const struct vmi_candidate *candidate = &f->load.candidates[index];

	assert_in_range(index, 0, f->load.candidate_count - 1);
	assert_string_equal(vmi_reason_name(candidate->reason), vmi_reason_name(reason));
	if (field)
		assert_string_equal(candidate->field, field);
	produced[(uint16_t)reason] = true;
}

void expect_row(struct fixture *f, size_t row, enum vmi_reason reason, uint64_t found,
		uint64_t expected)
{
	const struct vmi_binding *binding = &f->bindings[row];

	assert_string_equal(vmi_reason_name(binding->reason), vmi_reason_name(reason));
	assert_int_equal(binding->found, found);
	assert_int_equal(binding->expected, expected);
	produced[(uint16_t)reason] = true;
}
