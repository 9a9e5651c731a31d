// SPDX-License-Identifier: GPL-2.0-only
/*
 * What 3.2 added, by its effect: model-specific registers (those that are not there fault at no
 * processor of QEMU's), other processors, ports, pages, and which interfaces of a hypervisor are
 * used. Natively some of it does nothing; the arguments count all the same.
 */
#include "cpu.h"
#include "irq.h"
#include "memory.h"
#include "percpu.h"
#include "pv_ops.h"
#include "test.h"

#define MSR_SYSENTER_CS 0x174u
#define SOON 20000u /* PIT ticks: 17 ms */

TEST(msr, "msr.safe", VMI_CALL_ReadMSRSafe, VMI_CALL_WriteMSRSafe)
{
	int error = 1;
	uint64_t old;

	old = pv_cpu_ops.read_msr(MSR_SYSENTER_CS, &error);
	if (!cpu_has(CPU_SEP)) { /* an emulator may have it all the same */
		CHECK(!error || !old, "a register that cannot be read holds something");
		return;
	}
	CHECK_EQ("error of a register that is there", error, 0);
	CHECK_EQ("error of its write", pv_cpu_ops.write_msr(MSR_SYSENTER_CS, SEL_KERNEL_CODE, 0), 0);
	CHECK_EQ("what was written", raw_read_msr(MSR_SYSENTER_CS), SEL_KERNEL_CODE);
	CHECK_EQ("what is read", pv_cpu_ops.read_msr(MSR_SYSENTER_CS, &error), SEL_KERNEL_CODE);
	raw_write_msr(MSR_SYSENTER_CS, old);
}

static volatile unsigned ticks;

/* Once more, for a halt that began behind the first. */
static void tick(void)
{
	ticks++;
	pit_one_shot(SOON);
}

/* HLT alone comes back by an interrupt if they are on, and does not turn them off. */
TEST(halt, "halt.only", VMI_CALL_HaltOnly)
{
	raw_cli();
	ticks = 0;
	irq_set_handler(IRQ_PIT, tick);
	pit_one_shot(SOON);
	irq_unmask(IRQ_PIT);
	raw_sti();
	for (int i = 0; i < 3; i++) {
		unsigned before = ticks;

		for (int again = 0; again < 1000 && ticks == before; again++)
			pv_irq_ops.halt(); /* it may come back for no reason */
		CHECK(ticks != before, "halt comes back without an interrupt");
		CHECK(raw_eflags() & EFLAGS_IF, "halt turned interrupts off");
	}
	raw_cli();
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
}

TEST(state, "vcpu.state", VMI_CALL_GetVcpuState)
{
	CHECK_EQ("a processor that runs", vmi_ops.get_vcpu_state(0), VMI_VCPU_RUNNING);
	CHECK_EQ("no processor", vmi_ops.get_vcpu_state(0xfffffffe), VMI_VCPU_RUNNING);
}

/* Nobody waits here: the memory holds something else, or the processor was kicked before. */
TEST(wait, "vcpu.wait", VMI_CALL_VcpuWait, VMI_CALL_VcpuKick)
{
	static uint64_t word __attribute__((aligned(8))) = 0x1122334455667788u;
	const char *bytes = (const char *)&word;
	static const uint32_t bad[] = { 0, 3, 5, 6, 7, 9, 16, 0x80000000u, 0xffffffffu };

	for (uint32_t size = 1; size <= 8; size *= 2)
		CHECK_EQ("a wait for what is not there", vmi_ops.vcpu_wait(&word, 0, size), VMI_REFUSED_OK);
	vmi_ops.vcpu_kick(0);
	vmi_ops.vcpu_kick(0xfffffffe);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_EQ("a size", vmi_ops.vcpu_wait(&word, 0, bad[i]), VMI_REFUSED_SIZE);
	for (uint32_t size = 2; size <= 8; size *= 2)
		CHECK_EQ("an address", vmi_ops.vcpu_wait(bytes + size / 2, 0, size), VMI_REFUSED_ALIGN);
}

TEST(ports, "cpu.io-bitmap", VMI_CALL_SetIOBitmap)
{
	static uint8_t bitmap[8192];

	CHECK_EQ("all ports", vmi_ops.set_io_bitmap(bitmap, sizeof(bitmap)), VMI_REFUSED_OK);
	CHECK_EQ("too many", vmi_ops.set_io_bitmap(bitmap, sizeof(bitmap) + 1), VMI_REFUSED_SIZE);
	CHECK_EQ("as many as there are numbers", vmi_ops.set_io_bitmap(bitmap, 0xffffffffu),
		 VMI_REFUSED_SIZE);
	CHECK_EQ("none", vmi_ops.set_io_bitmap(bitmap, 0), VMI_REFUSED_OK);
}

TEST(visibility, "mmu.visibility", VMI_CALL_SetPageVisibility)
{
	CHECK_EQ("no pages", vmi_ops.set_page_visibility(0, 0, 0), VMI_REFUSED_OK);
	CHECK_EQ("no such kind", vmi_ops.set_page_visibility(0, 1, VMI_VISIBILITY_SHARED | 2),
		 VMI_REFUSED_KIND);
	CHECK_EQ("as many kinds as there are numbers", vmi_ops.set_page_visibility(0, 1, ~0u), VMI_REFUSED_KIND);
	CHECK_EQ("pages that wrap", vmi_ops.set_page_visibility(UINTPTR_MAX, 1, 0), VMI_REFUSED_RANGE);
	CHECK_EQ("more of them", vmi_ops.set_page_visibility(16, UINTPTR_MAX - 8, VMI_VISIBILITY_SHARED),
		 VMI_REFUSED_RANGE);
	CHECK_EQ("the kind comes first", vmi_ops.set_page_visibility(UINTPTR_MAX, 1, 2), VMI_REFUSED_KIND);
}

/* Calls are bound, so this is too late for another choice: all that the ROM likes are allowed. */
TEST(backends, "guest.backends", VMI_CALL_SetBackends)
{
	uint32_t all = vmi_ops.set_backends(UINT32_MAX);

	CHECK_EQ("bits that are no interface's", all & 0xff & ~(VMI_BACKEND_KVM | VMI_BACKEND_HYPERV |
								  VMI_BACKEND_VMWARE), 0);
	CHECK_EQ("the same once more", vmi_ops.set_backends(UINT32_MAX), all);
}
