// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leave undoes what was registered: no alarm fires after it and none is left to be cancelled,
 * on either wiring and for both counters; those of other processors stay theirs; a mapping that
 * was told is withdrawn; and a second VMI_Init finds the ROM as the first one did.
 */
#include "apic.h"
#include "foreign.h"
#include "frames.h"
#include "harden.h"
#include "load.h"
#include "paging.h"
#include "binding.h"
#include "pv_ops.h"
#include "rom_place.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "timing.h"
#include "trap.h"

#define SOON_US 400u
#define WAIT_US 3000u
#define ATTEMPTS 50 /* a host that stalls before the call spoils one */
#define STRETCH 10  /* attempts, after which alarms are set twice as far: exits may be slow */

static bool by_rom(enum slot_id row)
{
	return load_result()->bindings[row].kind == VMI_BIND_ROM;
}

static bool serves(void)
{
	if (time_usable() && by_rom(SLOT_leave) && by_rom(SLOT_set_alarm))
		return true;
	vmi_ops.leave();
	CHECK(!by_rom(SLOT_leave) || !by_rom(SLOT_set_alarm) || !time_usable(), "no reason to stop");
	test_note("no alarms by a ROM, or no clock");
	return false;
}

/* Both counters armed, one of them repeating; then nothing. */
static void no_more(uint32_t wiring, uint32_t period)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		uint32_t soon = SOON_US << i / STRETCH, wait = WAIT_US << i / STRETCH;
		uint64_t set;
		uint32_t count;

		timing_start(wiring);
		pv_irq_disable();
		set = timing_now();
		vmi_ops.set_alarm(wiring, set + time_ticks(soon), 0);
		timing_set(wiring | VMI_ALARM_AVAILABLE | VMI_ALARM_PERIODIC,
				  set + time_ticks(2 * soon), time_ticks(period));
		vmi_ops.leave();
		if (timing_now() >= set + time_ticks(soon)) {
			load_tell();
			timing_stop(wiring);
			continue;
		}
		timing_wait(1, timing_now() + time_ticks(wait));
		count = timing[0].count;
		load_tell(); /* or a copy would take the PIT for LVTT */
		CHECK(!count, "%s: %u interrupts after Leave", timing_name(wiring), count);
		for (uint32_t c = 0; c < 2; c++)
			CHECK(!vmi_ops.cancel_alarm(wiring | c), "%s: an alarm of counter %u is left",
			      timing_name(wiring), c);
		timing_stop(wiring);
		return;
	}
	test_error("the host takes the processor away too often");
}

TEST(alarms, "leave.alarms", VMI_CALL_Leave, VMI_CALL_SetAlarm, VMI_CALL_CancelAlarm)
{
	if (!serves())
		return;
	for (const uint32_t *w = timing_wirings(); *w != 1; w++) {
		no_more(*w, SOON_US);
		no_more(*w, 0);
	}
}

/* An alarm can be armed again at once, and fires. */
TEST(again, "leave.alarm-after", VMI_CALL_Leave, VMI_CALL_SetAlarm)
{
	if (!serves())
		return;
	for (const uint32_t *w = timing_wirings(); *w != 1; w++) {
		uint64_t expiry;

		timing_start(*w);
		vmi_ops.leave();
		load_tell();
		expiry = timing_now() + time_ticks(SOON_US);
		vmi_ops.set_alarm(*w, expiry, 0);
		CHECK(timing_await(1, expiry), "%s: no alarm after Leave", timing_name(*w));
		timing_stop(*w);
	}
}

static volatile uint32_t armed[CPU_MAX];

static void arm(void)
{
	vmi_ops.set_alarm(VMI_ALARM_LVTT, timing_now() + time_ticks(100000000), 0);
}

static void cancel(void)
{
	armed[cpu_number()] = vmi_ops.cancel_alarm(VMI_ALARM_LVTT);
}

/* A processor that leaves does not forget what is armed on another one's timer. */
TEST(others, "leave.other-processors", VMI_CALL_Leave, VMI_CALL_CancelAlarm)
{
	if (!serves())
		return;
	if (!time_wiring()) {
		CHECK(!vmi_ops.cancel_alarm(0), "an alarm is left");
		test_note("no timers of their own");
		return;
	}
	smp_run(arm);
	vmi_ops.leave();
	load_tell();
	smp_run(cancel);
	for (unsigned i = 0; i < cpu_count; i++)
		CHECK(armed[i] == (i != 0), "processor %u: CancelAlarm says %u", i, armed[i]);
	test_note("%u processors", cpu_count);
}

#define APIC_ADDRESS 0xfee00000u
#define OTHER_PAGE 2 /* device pages: 0 is the guest's own mapping of the APIC */

static volatile uint32_t version;

static void read_version(void *unused)
{
	(void)unused;
	version = pv_apic_ops.apic_read(0x30);
}

/* The mapping that was told is gone: who still used it would fault. */
TEST(mappings, "leave.mappings", VMI_CALL_Leave, VMI_CALL_SetMapping)
{
	uintptr_t at = FIXED_BASE + OTHER_PAGE * PAGE_SIZE;

	paging_map_device(OTHER_PAGE, APIC_ADDRESS);
	if (!by_rom(SLOT_apic_read) || !apic_present() || apic_x2() ||
	    vmi_ops.set_mapping(VMI_MAPPING_APIC, APIC_ADDRESS, at, PAGE_SIZE)) {
		vmi_ops.leave();
		CHECK(!harden_was_told() || !apic_present() || apic_x2(), "no mapping is taken");
		load_tell();
		test_note("no mapping to be told");
		return;
	}
	vmi_ops.leave();
	pte_set(&kernel_mm, at, pte_entry(&kernel_mm, at), 0);
	pv_mmu_ops.flush_tlb_single(at);
	CHECK(!trap_guard(read_version, NULL, NULL), "the mapping is used after Leave");
	CHECK_EQ("the APIC's version", version, harden_done() || !ROM_FINDS_APIC ? 0 : apic_read(0x30));
	load_tell();
	CHECK_EQ("the APIC's version, told again", pv_apic_ops.apic_read(0x30), apic_read(0x30));
}

static void check_init(void)
{
	struct vmi_registers out = { 1, 0 };
	enum vmi_call_status status;

	vmi_ops.leave();
	status = foreign_call(rom_init(), 0, &out);
	CHECK_EQ("how VMI_Init ended", status, VMI_CALL_RETURNED);
	CHECK_EQ("VMI_Init", out.eax, VMI_INIT_OK);
	if (load_result()->backends_told) {
		const struct vmi_overrides *o = &load_result()->overrides;

		CHECK_EQ("SetBackends", vmi_ops.set_backends((o->any_backend ? o->backends : ~0u) & ~o->no_backends),
			 load_result()->backends);
	}
	for (int call = 0; call < GUEST_ABI->call_count; call++) {
		const struct vmi_binding *first = &load_result()->answers[call];

		if (first->kind != VMI_BIND_ROM)
			continue;
		status = foreign_call(rom_get_reloc(), (uint8_t)call, &out);
		CHECK(status == VMI_CALL_RETURNED && out.eax == first->address &&
		      out.edx == (uint32_t)first->type,
		      "call %d: found 0x%08lx type %u, expected 0x%08llx type %u", call, (unsigned long)out.eax, (unsigned)out.edx,
		      (unsigned long long)first->address, first->type);
	}
}

TEST(init, "leave.second-init", VMI_CALL_Leave, VMI_CALL_WallclockUpdated)
{
	uintptr_t start, end;

	if (!by_rom(SLOT_leave) || !rom_image(&start, &end)) {
		vmi_ops.leave();
		CHECK(!by_rom(SLOT_leave), "a ROM serves Leave, but there is no image");
		test_note("no ROM serves it");
		return;
	}
	check_init();
	if (by_rom(SLOT_wallclock_updated)) {
		CHECK_EQ("WallclockUpdated after VMI_Init", vmi_ops.wallclock_updated(), 1);
		CHECK_EQ("WallclockUpdated after that", vmi_ops.wallclock_updated(), 0);
	}
	load_tell();
	if (by_rom(SLOT_apic_read) && apic_present())
		CHECK_EQ("the APIC's version", pv_apic_ops.apic_read(0x30), apic_read(0x30));
}
