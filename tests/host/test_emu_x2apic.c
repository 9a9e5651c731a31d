/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The APIC calls and LVTT alarms of our ROM in x2APIC mode, which QEMU's TCG does not have, in
 * either width: no register makes them fault, those that exist are reached, and the two halves of an
 * interrupt command become one write, each processor's with its own destination.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emu/emu.h"
#include "emu/post.h"
#include "romfile/romfile.h"
#include "vmi64_abi.h"

#define BASE (width == 64 ? 0xFFFFFFFFB00C3000ull : 0xC00C3000u)
#define LIMIT 2000
#define HZ 1000000000u
#define ICR 0x300u
#define ICR_HIGH 0x310u
#define DFR 0x0E0u
#define EOI 0x0B0u
#define LVTT 0x320u
#define MSR(offset) (0x800u + (offset) / 16)

static unsigned int width;
static uint32_t entries[VMI_CALLS]; /* of the image; jump slots in 32 bit */
static struct emu *emu;
static struct emu_start start;
static struct vmi_state kept; /* the ROM's state from call to call, */
#define KEPT offsetof(struct vmi_state, hv_page) /* without what no hypervisor writes here */
static struct emu_result result;

static void find_entries(const struct romfile *rom)
{
	struct romfile_table table;

	if (width == 64)
		assert_true(romfile_find_abi(rom, width, VMI64_MAJOR, &table));
	for (uint32_t n = 0; n < VMI_CALLS; n++)
		entries[n] = width == 64 ? romfile_capability(&table, n).entry_offs :
					   VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + n) * VROM_SLOT_SIZE;
}

/* The ROM as POST leaves it where one TSC tick is one APIC count. */
static int setup(unsigned int bits)
{
	const char *build = getenv("PVROM_BUILD");
	const struct emu_clock clock = { .tsc_hz = HZ };
	struct romfile_error error;
	struct romfile rom;
	char text[128], path[4096];

	width = bits;
	emu = emu_open(width, text, sizeof(text));
	if (!emu)
		fail_msg("%s", text);
	assert_non_null(build);
	snprintf(path, sizeof(path), "%s/rom/full.rom", build);
	assert_int_equal(romfile_read(&rom, path, &error), 0);
	assert_int_not_equal(emu_post(rom.bytes, rom.size, BASE, &clock), 0);
	assert_int_equal(emu_load(emu, BASE, rom.bytes, rom.size), 0);
	if (emu_state_place(BASE) != EMU_STATE)
		assert_int_equal(emu_map_state(emu, emu_state_place(BASE)), 0);
	find_entries(&rom);
	romfile_free(&rom);
	return 0;
}

static int setup32(void **state)
{
	(void)state;
	return setup(32);
}

static int setup64(void **state)
{
	(void)state;
	return setup(64);
}

static int teardown(void **state)
{
	(void)state;
	emu_close(emu);
	return 0;
}

/* A processor whose x2APIC is as after a reset; the ROM's state is empty. */
static int plain(void **state)
{
	(void)state;
	emu_start_plain(width, &start);
	memset(&kept, 0, sizeof(kept));
	start.x2apic = true;
	start.apic_id = 1;
	return 0;
}

/* Calls an entry with two words, the second of 64 bits; the call must come back. Result: EAX. */
static uint32_t call(unsigned int number, uint32_t first, uint64_t second)
{
	if (width == 64) { /* the upper half of an argument of 32 bits is anything */
		start.gpr[EMU_EDI] = 0xBAD00000000 | first;
		start.gpr[EMU_ESI] = number == VMI_CALL_SetAlarm ? second : 0xBAD00000000 | second;
		start.gpr[EMU_EDX] = 0;
	} else {
		start.gpr[EMU_EAX] = first;
		start.gpr[EMU_EDX] = (uint32_t)second;
		start.gpr[EMU_ECX] = second >> 32;
	}
	start.eip = BASE + entries[number];
	emu_ram_template(width, emu_ram(emu)); /* a run marks the TSS as busy, for one */
	memcpy(emu_ram(emu) + (EMU_STATE - EMU_RAM), &kept, KEPT);
	emu_poke(emu_ram(emu), width, start.gpr[EMU_ESP], EMU_LANDING + 0x123);
	emu_run(emu, &start, LIMIT, &result);
	memcpy(&kept, emu_ram(emu) + (EMU_STATE - EMU_RAM), KEPT);
	if (result.end != EMU_LANDED)
		fail_msg("call %u, %#x: %s, vector %u, %#llx", number, first, emu_end_names[result.end],
			 result.vector, (unsigned long long)result.address);
	return (uint32_t)result.state.value[EMU_EAX];
}

static uint32_t apic_read(uint32_t reg)
{
	return call(VMI_CALL_APICRead, reg, 0);
}

static void apic_write(uint32_t reg, uint32_t value)
{
	call(VMI_CALL_APICWrite, reg, value);
}

static void wrote(unsigned int index, uint32_t msr, uint64_t value)
{
	assert_in_range(index, 0, result.msr_writes - 1u);
	assert_int_equal(result.msr_write[index].number, msr);
	assert_int_equal(result.msr_write[index].value, value);
}

static void test_no_read_faults(void **state)
{
	(void)state;
	for (uint32_t reg = 0; reg < 0x400; reg += 16) {
		uint32_t found = apic_read(reg);

		if (!emu_x2apic_may_read(reg / 16))
			assert_int_equal(found, 0);
		assert_int_equal(result.msr_writes, 0);
	}
	assert_int_equal(apic_read(0x020), 1);
	assert_int_equal(apic_read(0x030), 0x50014);
	assert_int_equal(apic_read(0xFEE00030), 0x50014);
	assert_int_equal(apic_read(LVTT), 0x10000);
	assert_int_equal(apic_read(0x400), 0);
}

static void test_no_write_faults(void **state)
{
	(void)state;
	for (uint32_t reg = 0; reg < 0x400; reg += 16) {
		uint32_t value = reg == 0x280 ? 0 : 0x31; /* the error register takes 0 alone */

		if (reg == ICR || reg == ICR_HIGH)
			continue;
		apic_write(reg, value);
		assert_int_equal(result.msr_writes, emu_x2apic_may_write(reg / 16));
		if (result.msr_writes)
			wrote(0, MSR(reg), reg == EOI ? 0 : value);
	}
}

static void test_interrupt_command(void **state)
{
	(void)state;
	assert_int_equal(apic_read(ICR_HIGH), 0);
	apic_write(ICR_HIGH, 0x12345678);
	assert_int_equal(result.msr_writes, 0);
	assert_int_equal(apic_read(ICR_HIGH), 0x12345678);
	apic_write(ICR, 0x4500);
	assert_int_equal(result.msr_writes, 1);
	wrote(0, MSR(ICR), 0x1234567800004500);
	/* The destination stays, as that of the memory form does. */
	apic_write(ICR, 0x4606);
	wrote(0, MSR(ICR), 0x1234567800004606);
	apic_write(0xFFFFB310, 7);
	apic_write(0xFFFFB300, 0x40FD);
	wrote(0, MSR(ICR), 0x7000040FD);
}

/* One processor between its two writes, another one comes. */
static void test_each_has_its_own(void **state)
{
	(void)state;
	apic_write(ICR_HIGH, 0xAAAA);
	start.apic_id = 31;
	apic_write(ICR_HIGH, 0xBBBB);
	start.apic_id = 1;
	apic_write(ICR, 0x40F1);
	wrote(0, MSR(ICR), 0xAAAA000040F1);
	start.apic_id = 31;
	apic_write(ICR, 0x40F2);
	wrote(0, MSR(ICR), 0xBBBB000040F2);
	/* No state is kept for this one: nothing goes to a destination that it did not name. */
	start.apic_id = 32;
	apic_write(ICR_HIGH, 0xCCCC);
	assert_int_equal(apic_read(ICR_HIGH), 0);
	apic_write(ICR, 0x40F3);
	assert_int_equal(result.msr_writes, 0);
	start.apic_id = 0x80000001;
	apic_write(ICR, 0x40F3);
	assert_int_equal(result.msr_writes, 0);
}

static void test_no_dfr(void **state)
{
	(void)state;
	apic_write(DFR, 0xFFFFFFFF);
	assert_int_equal(result.msr_writes, 0);
	assert_int_equal(apic_read(DFR), 0);
}

/* The TSC is the host's, so only alarms in the past and far away have a known count. */
static void test_alarm(void **state)
{
	uint32_t count;
	(void)state;

	call(VMI_CALL_SetAlarm, VMI_ALARM_LVTT, 0);
	assert_in_range(result.msr_writes, 1, EMU_LOG);
	wrote(result.msr_writes - 1, MSR(0x380), 1); /* in the past: at once */
	assert_int_equal(result.ports, 0);
	call(VMI_CALL_SetAlarm, VMI_ALARM_LVTT, UINT64_MAX);
	count = (uint32_t)result.msr_write[result.msr_writes - 1].value;
	assert_int_equal(result.msr_write[result.msr_writes - 1].number, MSR(0x380));
	assert_int_equal(count, 0xFFFFFFFF); /* as far as it goes */
	assert_int_equal(result.ports, 0);
	start.apic_id = 32;
	call(VMI_CALL_SetAlarm, VMI_ALARM_LVTT, 0);
	assert_int_equal(result.msr_writes, 0);
	assert_in_range(result.ports, 1, EMU_LOG); /* the PIT serves it */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_no_read_faults, plain),
		cmocka_unit_test_setup(test_no_write_faults, plain),
		cmocka_unit_test_setup(test_interrupt_command, plain),
		cmocka_unit_test_setup(test_each_has_its_own, plain),
		cmocka_unit_test_setup(test_no_dfr, plain),
		cmocka_unit_test_setup(test_alarm, plain),
	};

	return cmocka_run_group_tests_name("emu_x2apic", tests, setup32, teardown) +
	       cmocka_run_group_tests_name("emu_x2apic, 64 bit", tests, setup64, teardown);
}
