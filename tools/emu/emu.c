/* SPDX-License-Identifier: GPL-2.0-only */
#include "emu/emu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/emu_internal.h"

#define HLT 0xF4
#define INT3 0xCC
/* uc_emu_start() wants an end; hooks decide it. It is looked at: paging has to map it. */
#define UNTIL(emu) ((emu)->width == 64 ? EMU_ONE_TO_ONE - 1 : UINT32_MAX)
#define HIGHEST 0xFFFFF000u
/* Of an Intel processor: SYSEXIT exists in long mode. */
#define MODEL64 UC_CPU_X86_SKYLAKE_CLIENT

const char *const emu_end_names[] = {
	[EMU_LANDED] = "returned", [EMU_FAULTED] = "faulted", [EMU_HALTED] = "halted",
	[EMU_RAN_AWAY] = "ran away", [EMU_WROTE_IMAGE] = "wrote into the image",
	[EMU_SHUT_DOWN] = "shut down", [EMU_BROKEN] = "broke the emulator",
};

/* Flat ring-0 segments; everything that emu_run() begins with before its setup code. */
static uc_err reset(struct emu *emu)
{
	static const struct {
		int reg;
		uint32_t selector;
	} segments[] = {
		{ UC_X86_REG_CS, EMU_SEL_CODE0 }, { UC_X86_REG_SS, EMU_SEL_DATA0 },
		{ UC_X86_REG_DS, EMU_SEL_DATA0 }, { UC_X86_REG_ES, EMU_SEL_DATA0 },
	};
	uc_x86_mmr gdtr = { .base = EMU_GDT, .limit = EMU_GDT_SIZE - 1 };

	emu_ram_template(emu->width, emu->ram);
	uc_err err = uc_reg_write(emu->uc, UC_X86_REG_GDTR, &gdtr);
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]) && !err; i++)
		err = uc_reg_write(emu->uc, segments[i].reg, &segments[i].selector);
	if (!err)
		err = uc_context_alloc(emu->uc, &emu->fresh);
	if (!err)
		err = uc_context_save(emu->uc, emu->fresh);
	return err;
}

const uint8_t *emu_host(const struct emu *emu, uint64_t address, uint32_t size)
{
	if (address - EMU_RAM < EMU_RAM_SIZE && address - EMU_RAM + size <= EMU_RAM_SIZE)
		return emu->ram + (address - EMU_RAM);
	if (emu->code && address - emu->code_base < emu->code_size &&
	    address - emu->code_base + size <= emu->code_size)
		return emu->code + (address - emu->code_base);
	return NULL;
}

static uc_err set_up(struct emu *emu, const struct emu_start *start)
{
	unsigned int gprs = emu_gprs(emu->width);
	uint64_t copy[EMU_GPRS], block = EMU_BLOCK;
	void *values[EMU_GPRS];
	int ids[EMU_GPRS];
	uc_err err = uc_context_restore(emu->uc, emu->fresh);

	memcpy(emu->ram + (EMU_BLOCK - EMU_RAM), &start->setup, sizeof(start->setup));
	if (!err)
		err = uc_reg_write(emu->uc, emu_register(emu->width, EMU_ESI), &block);
	if (!err)
		err = uc_emu_start(emu->uc, EMU_SETUP, UNTIL(emu), 0, 0);
	const uint8_t *last = emu_host(emu, emu->last, 1);
	if (!err && (!last || *last != HLT))
		err = UC_ERR_EXCEPTION; /* the setup code faulted: *start cannot be loaded */
	for (unsigned int i = 0; i < gprs; i++) {
		copy[i] = start->gpr[i];
		values[i] = &copy[i];
		ids[i] = emu_register(emu->width, i);
	}
	if (!err)
		err = uc_reg_write_batch(emu->uc, ids, values, (int)gprs);
	if (!err)
		err = uc_reg_write(emu->uc, emu_register(emu->width, EMU_EFLAGS), &start->eflags);
	return err;
}

struct emu *emu_open(unsigned int width, char *error, size_t error_size)
{
	struct emu *emu = calloc(1, sizeof(*emu));
	struct emu_start plain;
	const char *what = "out of memory";
	uc_err err = UC_ERR_NOMEM;

	if (!emu || !(emu->ram = aligned_alloc(EMU_PAGE, EMU_RAM_SIZE)))
		goto fail;
	emu->width = width;
	what = width == 64 ? "cannot open an x86-64 processor" : "cannot open an x86-32 processor";
	err = uc_open(UC_ARCH_X86, width == 64 ? UC_MODE_64 : UC_MODE_32, &emu->uc);
	if (!err && width == 64)
		err = uc_ctl_set_cpu_model(emu->uc, MODEL64);
	if (err)
		goto fail;
	what = "cannot map memory";
	err = uc_mem_map_ptr(emu->uc, EMU_RAM, EMU_RAM_SIZE, UC_PROT_ALL, emu->ram);
	if (!err)
		err = uc_mem_map_ptr(emu->uc, EMU_READ_ONLY + EMU_SCRATCH,
				     EMU_LANDING - EMU_SCRATCH, UC_PROT_ALL,
				     emu->ram + (EMU_SCRATCH - EMU_RAM));
	if (err)
		goto fail;
	what = "cannot add hooks";
	err = emu_observe(emu);
	if (err)
		goto fail;
	what = "cannot set the registers";
	err = reset(emu);
	/* Unicorn 2.0.1 crashes if translations are dropped before it has made one: run once. */
	emu_start_plain(width, &plain);
	if (!err)
		err = set_up(emu, &plain);
	if (!err)
		return emu;
fail:
	snprintf(error, error_size, "Unicorn: %s: %s", what, uc_strerror(err));
	emu_close(emu);
	return NULL;
}

void emu_close(struct emu *emu)
{
	if (!emu)
		return;
	if (emu->fresh)
		uc_context_free(emu->fresh);
	if (emu->uc)
		uc_close(emu->uc);
	free(emu->code);
	free(emu->ram);
	free(emu);
}

int emu_load(struct emu *emu, uint64_t address, const void *code, size_t size)
{
	uint64_t base = address & ~(uint64_t)(EMU_PAGE - 1);
	uint64_t end = (address + size + EMU_PAGE - 1) & ~(uint64_t)(EMU_PAGE - 1);

	if (!size || end < address || (emu->width != 64 && end > HIGHEST) ||
	    (base < EMU_RAM + EMU_RAM_SIZE && end > EMU_RAM))
		return -1;
	if (emu->code) {
		/* Translations outlive the mapping they were made from. */
		uc_ctl_remove_cache(emu->uc, emu->code_base, emu->code_base + emu->code_size);
		if (uc_mem_unmap(emu->uc, emu->code_base, emu->code_size))
			return -1;
		free(emu->code);
	}
	emu->code = aligned_alloc(EMU_PAGE, end - base);
	if (!emu->code)
		return -1;
	memset(emu->code, INT3, end - base);
	memcpy(emu->code + (address - base), code, size);
	emu->code_base = base;
	emu->code_size = (uint32_t)(end - base);
	emu->image = address;
	emu->image_size = (uint32_t)size;
	if (!uc_mem_map_ptr(emu->uc, base, emu->code_size, UC_PROT_ALL, emu->code))
		return 0;
	free(emu->code);
	emu->code = NULL;
	return -1;
}

int emu_map_state(struct emu *emu, uint64_t address)
{
	if (emu->state_view && uc_mem_unmap(emu->uc, emu->state_view, EMU_STATE_SIZE))
		return -1;
	emu->state_view = 0;
	if (!address)
		return 0;
	if (uc_mem_map_ptr(emu->uc, address, EMU_STATE_SIZE, UC_PROT_READ | UC_PROT_WRITE,
			   emu->ram + (EMU_STATE - EMU_RAM)))
		return -1;
	emu->state_view = address;
	return 0;
}

unsigned int emu_width(const struct emu *emu)
{
	return emu->width;
}

uint8_t *emu_ram(struct emu *emu)
{
	return emu->ram;
}

static void broken(struct emu_result *result, uc_err err)
{
	result->end = EMU_BROKEN;
	result->address = err;
}

/* Runs to the next end and reads the state. */
static void go(struct emu *emu, uint64_t eip, uint32_t limit, struct emu_result *result)
{
	emu->result = result;
	emu->limit = limit;
	emu->stopped = false;
	emu->sysret = 0;
	uc_err err = uc_emu_start(emu->uc, eip, UNTIL(emu), 0, 0);
	emu->result = NULL;
	if (!emu->stopped) {
		const uint8_t *last = emu_host(emu, emu->last, 1);

		if (err)
			broken(result, err);
		else
			result->end = last && *last == HLT ? EMU_HALTED : EMU_SHUT_DOWN;
	}
	err = emu_state_read(emu->uc, emu->width, &result->state);
	if (!err && emu->sysret)
		emu_finish_sysret(emu, &result->state);
	if (err)
		broken(result, err);
}

void emu_run(struct emu *emu, const struct emu_start *start, uint32_t limit,
	     struct emu_result *result)
{
	memset(result, 0, sizeof(*result));
	uc_err err = set_up(emu, start);
	if (err) {
		broken(result, err);
		return;
	}
	emu->port_reads = start->port_reads;
	emu->has_x2apic = start->x2apic;
	emu->may_sysret = start->setup.efer & EMU_EFER_SCE;
	emu_x2apic_reset(emu, start->apic_id);
	go(emu, start->eip, limit, result);
}

void emu_resume(struct emu *emu, uint32_t limit, struct emu_result *result)
{
	go(emu, result->state.value[EMU_EIP], limit, result);
}
