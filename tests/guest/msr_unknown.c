// SPDX-License-Identifier: GPL-2.0-only
/*
 * RDMSR and WRMSR of a register that no processor has: the entries do what the instructions do,
 * which is a fault with all registers in place, or nothing on an emulator. The verdict's note
 * tells which.
 */
#include "binding.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

#define NO_MSR 0xdeadbeef
#define LOW 0x11223344u
#define HIGH 0x55667788u

static void raw_read(void *unused)
{
	uint32_t low, high;

	(void)unused;
	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(NO_MSR));
}

static void raw_write(void *unused)
{
	(void)unused;
	asm volatile("wrmsr" : : "c"(NO_MSR), "a"(LOW), "d"(HIGH) : "memory");
}

static void run_probe(void *probe)
{
	probe_run(probe);
}

/* Result: whether both fault. */
static bool same(const char *name, enum slot_id row, void (*instruction)(void *))
{
	struct trap_info raw = { 0 }, slot = { 0 };
	struct probe p;
	bool faults = trap_guard(instruction, NULL, &raw), slot_faults;

	probe_init(&p, slot_entry[row]);
	p.in[ECX] = NO_MSR;
	p.in[EDI] = p.in[ESI] = NO_MSR; /* where entries with System V's arguments have it */
	p.in[EAX] = LOW;
	p.in[EDX] = HIGH;
	slot_faults = trap_guard(run_probe, &p, &slot);
	CHECK(slot_faults == faults, "%s %s, but the entry %s", name,
	      faults ? "faults" : "does not fault", slot_faults ? "does" : "does not");
	if (!slot_faults || !faults)
		return faults;
	CHECK_EQ("vector of the fault", slot.regs.vector, raw.regs.vector);
	CHECK_EQ("error code of the fault", slot.regs.error, raw.regs.error);
	CHECK_EQ("EBX at the fault", slot.regs.bx, p.in[EBX]);
	CHECK_EQ("ECX at the fault", slot.regs.cx, p.in[ECX]);
	CHECK_EQ("ESI at the fault", slot.regs.si, p.in[ESI]);
	CHECK_EQ("EDI at the fault", slot.regs.di, p.in[EDI]);
	CHECK_EQ("EBP at the fault", slot.regs.bp, p.in[EBP]);
	return true;
}

TEST(unknown, "msr.unknown", VMI_CALL_RDMSR, VMI_CALL_WRMSR)
{
	int error;
	bool faults;

	faults = same("RDMSR", SLOT_rdmsr, raw_read);
	CHECK(same("WRMSR", SLOT_wrmsr, raw_write) == faults,
	      "of RDMSR and WRMSR, only one faults");
	pv_cpu_ops.read_msr(NO_MSR, &error);
	CHECK_EQ("error of read_msr", !!error, faults);
	CHECK_EQ("error of write_msr", !!pv_cpu_ops.write_msr(NO_MSR, LOW, HIGH), faults);
	test_note("%s", faults ? "a fault at the instruction" : "this processor faults at no MSR");
}
