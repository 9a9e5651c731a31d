// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt flag follows the irq slots, a masked interrupt waits for it, and the
 * four slots that Linux patches over its own pushes and pops keep every register, with
 * DS and ES holding anything.
 */
#include "binding.h"
#include "cpu.h"
#include "irq.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

TEST(flag, "irq.flag", VMI_CALL_EnableInterrupts, VMI_CALL_DisableInterrupts)
{
	for (int i = 0; i < 2; i++) {
		pv_irq_enable();
		CHECK_EQ("IF after irq_enable", raw_eflags() & EFLAGS_IF, EFLAGS_IF);
		pv_irq_enable();
		CHECK_EQ("IF after a second irq_enable", raw_eflags() & EFLAGS_IF, EFLAGS_IF);
		pv_irq_disable();
		CHECK_EQ("IF after irq_disable", raw_eflags() & EFLAGS_IF, 0);
		pv_irq_disable();
		CHECK_EQ("IF after a second irq_disable", raw_eflags() & EFLAGS_IF, 0);
	}
}

TEST(save_restore, "irq.save-restore", VMI_CALL_GetInterruptMask, VMI_CALL_SetInterruptMask)
{
	uint32_t on, off;

	raw_sti();
	on = pv_save_fl();
	raw_cli();
	off = pv_save_fl();
	CHECK_EQ("IF in save_fl, on", on & EFLAGS_IF, EFLAGS_IF);
	CHECK_EQ("IF in save_fl, off", off & EFLAGS_IF, 0);
	pv_restore_fl(on);
	CHECK_EQ("IF after restore_fl of on", raw_eflags() & EFLAGS_IF, EFLAGS_IF);
	pv_restore_fl(on);
	CHECK_EQ("IF after restore_fl of on again", raw_eflags() & EFLAGS_IF, EFLAGS_IF);
	pv_restore_fl(off);
	CHECK_EQ("IF after restore_fl of off", raw_eflags() & EFLAGS_IF, 0);
	/* A client whose 32 is native loads the answer of 31 with POPF: all of it must be real. */
	CHECK_EQ("save_fl as EFLAGS", (off ^ raw_eflags()) & ~EFLAGS_ARITHMETIC, 0);
}

static volatile unsigned ticks;

static void count_tick(void)
{
	ticks++;
}

/* An interrupt that waits at the PIC is taken after irq_enable, not before. */
TEST(delivery, "irq.delivery", VMI_CALL_EnableInterrupts, VMI_CALL_DisableInterrupts)
{
	ticks = 0;
	irq_set_handler(IRQ_PIT, count_tick);
	pv_irq_disable();
	pit_one_shot(1000);
	irq_unmask(IRQ_PIT);
	for (unsigned i = 0; i < 10000000 && !irq_pending(IRQ_PIT); i++)
		asm volatile("pause");
	if (!irq_pending(IRQ_PIT)) {
		test_error("the PIT raises no interrupt");
	} else {
		CHECK_EQ("interrupts taken while off", ticks, 0);
		pv_irq_enable();
		asm volatile("nop; nop");
		pv_irq_disable();
		CHECK_EQ("interrupts taken after irq_enable", ticks, 1);
	}
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
}

static void run_probe(void *probe)
{
	probe_run(probe);
}

static void check_slot(enum slot_id row, uint32_t may_change)
{
	struct probe p;
	struct trap_info trap;
	const char *name = binding_slots[row].name, *lost;

	probe_init(&p, binding_pointer(row));
	p.segment = SEL_POISON;
	p.in[ARG0] = row == SLOT_restore_fl ? EFLAGS_FIXED : p.in[ARG0];
	bool trapped = trap_guard(run_probe, &p, &trap);

	if (!CHECK(!trapped, "%s: trap %u at 0x%08lx", name, trap.regs.vector, (unsigned long)trap.regs.ip))
		return;
	lost = probe_lost(&p, may_change);
	CHECK(!lost, "%s does not keep %s", name, lost ? lost : "");
}

TEST(keep, "irq.keeps-registers", VMI_CALL_EnableInterrupts, VMI_CALL_DisableInterrupts,
     VMI_CALL_GetInterruptMask, VMI_CALL_SetInterruptMask)
{
	static const enum slot_id rows[] = {
		SLOT_irq_enable, SLOT_irq_disable, SLOT_save_fl, SLOT_restore_fl,
	};

	for (unsigned i = 0; i < 4; i++) {
		const struct vmi_call_info *call = &GUEST_ABI->calls[binding_slots[rows[i]].call];

		check_slot(rows[i], call->clobber | call->out);
	}
}
