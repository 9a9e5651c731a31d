// SPDX-License-Identifier: GPL-2.0-only
/*
 * APICRead and APICWrite of every register there may be: what is seen past the calls is seen
 * through them, and what is written back changes nothing. In x2APIC mode (x2apic=1) registers
 * are MSRs, and what is no register faults: the calls must not.
 */
#include "apic.h"
#include "cpu.h"
#include "layout.h"
#include "load.h"
#include "slots.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

#define X2APIC_MSR(reg) (0x800u + ((reg) >> 4))
#define TPR 0x080u
#define VERSION 0x030u
#define CMCI 0x2f0u /* few have it, and no call reaches it as an MSR */
#define SELF_IPI 0x3f0u
#define SELF_SHORTHAND 0x00040000u
#define TRIAL_VECTOR 0xc5u
#define REGISTERS 0x40u

#define NEEDS_APIC if (!apic_present()) SKIP("this machine has no APIC")

struct access {
	uint32_t reg, value;
	struct trap_info trap;
};

/* What is written there sends an interrupt, or says to whom. */
static bool is_command(uint32_t reg)
{
	return reg == APIC_ICR_LOW || reg == APIC_ICR_HIGH || reg == SELF_IPI;
}

static void do_read(void *access)
{
	struct access *a = access;

	a->value = pv_apic_ops.apic_read(a->reg);
}

static void do_write(void *access)
{
	struct access *a = access;

	pv_apic_ops.apic_write(a->reg, a->value);
}

/* The register past the calls; *fault: it cannot be read. */
static uint32_t read_past(uint32_t reg, int *fault)
{
	if (apic_x2())
		return (uint32_t)pv_cpu_ops.read_msr(X2APIC_MSR(reg), fault);
	*fault = 0;
	return apic_read(reg);
}

static void check_read(uint32_t reg)
{
	struct access a = { .reg = reg };
	uint32_t value;
	int fault;
	bool trapped;

	trapped = trap_guard(do_read, &a, &a.trap);
	if (!CHECK(!trapped, "APICRead(0x%x): trap %u", reg, a.trap.regs.vector))
		return;
	value = read_past(reg, &fault);
	if (!apic_x2() || apic_readable(reg))
		CHECK(!fault && a.value == value, "APICRead(0x%x): found 0x%x, expected 0x%x%s",
		      reg, a.value, value, fault ? " after a fault" : "");
	else
		CHECK(!a.value && (fault || reg == CMCI),
		      "APICRead(0x%x): found 0x%x, expected 0: the MSR %s", reg, a.value,
		      fault ? "faults" : "is there");
}

TEST(every, "apic.every-register", VMI_CALL_APICRead)
{
	NEEDS_APIC;
	pv_irq_disable();
	for (uint32_t i = 0; i < REGISTERS; i++)
		if (!apic_x2() || !is_command(i << 4))
			check_read(i << 4);
	CHECK(pv_apic_ops.apic_read(VERSION) != 0, "the APIC's version reads 0");
	test_note("%s", apic_x2() ? "x2APIC, by MSR" : "by its page");
}

static volatile unsigned taken;

static void take(struct regs *regs)
{
	(void)regs;
	taken++;
	pv_apic_ops.apic_write(APIC_EOI, 0);
}

/* An x2APIC has one register for both halves of a command; the ROM puts them together. */
static void check_command(void)
{
	pv_apic_ops.apic_write(APIC_ICR_HIGH, apic_id());
	CHECK_EQ("the destination, read back", pv_apic_ops.apic_read(APIC_ICR_HIGH), apic_id());
	trap_set_handler(VECTOR_TEST, take);
	idt[VECTOR_TEST] = interrupt_gate(trap_stubs[VECTOR_TEST], 0);
	pv_apic_ops.apic_write(APIC_ICR_LOW, APIC_ICR_FIXED | VECTOR_TEST);
	pv_irq_enable();
	for (unsigned i = 0; i < 1000000 && !taken; i++)
		cpu_relax();
	pv_irq_disable();
	CHECK_EQ("interrupts sent through ICR and taken", taken, 1);
	idt[VECTOR_TEST] = (gate_desc){ 0 };
	trap_set_handler(VECTOR_TEST, NULL);
}

TEST(write_back, "apic.write-back", VMI_CALL_APICWrite)
{
	uint32_t before[REGISTERS];
	bool trapped;

	NEEDS_APIC;
	pv_irq_disable();
	for (uint32_t i = 0; i < REGISTERS; i++)
		before[i] = apic_readable(i << 4) ? apic_read(i << 4) : 0;
	for (uint32_t i = 0; i < REGISTERS; i++) {
		struct access a = { .reg = i << 4, .value = before[i] };

		/*
		 * No register, or read-only: as MSRs all are ignored.
		 */
		if (!apic_writable(i << 4))
			a.value = SELF_SHORTHAND | TRIAL_VECTOR;
		if (!apic_writable(i << 4) && (!apic_x2() || is_command(i << 4)))
			continue;
		trapped = trap_guard(do_write, &a, &a.trap);
		CHECK(!trapped, "APICWrite(0x%x, 0x%x): trap %u", a.reg, a.value,
		      a.trap.regs.vector);
	}
	for (uint32_t i = 0; i < REGISTERS; i++)
		if (apic_readable(i << 4))
			CHECK(apic_read(i << 4) == before[i],
			      "register 0x%x: found 0x%x, expected 0x%x", i << 4,
			      apic_read(i << 4), before[i]);
	if (apic_x2() && load_result()->bindings[SLOT_apic_write].kind == VMI_BIND_ROM)
		check_command();
}
