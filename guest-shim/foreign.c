// SPDX-License-Identifier: GPL-2.0-only
/* Calls into a ROM of which nothing is known yet. */
#include "foreign.h"
#include "cpu.h"
#include "memory.h"
#include "probe.h"
#include "trap.h"
#include "watchdog.h"

static void run_probe(void *probe)
{
	probe_run(probe);
}

/* What of the call was lost, apart from the system registers. */
static enum vmi_call_status probe_status(const struct probe *p)
{
	if (p->out[ESP] != p->esp)
		return VMI_CALL_LOST_STACK;
	if (p->eflags & (EFLAGS_IF | EFLAGS_DF))
		return VMI_CALL_LOST_FLAGS;
	if ((uint16_t)p->out_ds != p->segment || (uint16_t)p->out_es != p->segment)
		return VMI_CALL_LOST_SEGMENTS;
	if (!probe_lost(p, VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX))
		return VMI_CALL_RETURNED;
	/* With every register allowed to change, what is left is the stack. */
	return probe_lost(p, UINT32_MAX) ? VMI_CALL_LOST_STACK : VMI_CALL_LOST_REGISTERS;
}

enum vmi_call_status foreign_call(vmi_virt_t entry, uint32_t eax, struct vmi_registers *out)
{
	struct cpu_system before;
	struct probe p;
	bool trapped, expired, system, segments;

	cpu_system_read(&before);
	probe_init(&p, (uintptr_t)entry);
	p.in[EAX] = eax;
	p.gdt = before.gdt;
	watchdog_start();
	trapped = trap_guard(run_probe, &p, NULL);
	expired = watchdog_stop();
	system = cpu_system_restore(&before, &segments);
	if (expired)
		return VMI_CALL_EXPIRED;
	if (trapped)
		return VMI_CALL_FAULTED;
	out->eax = p.out[EAX];
	out->edx = p.out[EDX];
	if (system || memcmp(&p.gdt, &before.gdt, sizeof(p.gdt)))
		return VMI_CALL_LOST_SYSTEM;
	return segments ? VMI_CALL_LOST_SEGMENTS : probe_status(&p);
}
