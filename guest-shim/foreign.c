// SPDX-License-Identifier: GPL-2.0-only
/* Calls into a ROM of which nothing is known yet. */
#include "foreign.h"
#include "cpu.h"
#include "probe.h"
#include "trap.h"
#include "watchdog.h"

/* What of the call was lost, apart from the system registers. */
static enum vmi_call_status probe_status(const struct probe *p)
{
	if (p->out[ESP] != p->sp)
		return VMI_CALL_LOST_STACK;
	if (p->flags & (EFLAGS_IF | EFLAGS_DF))
		return VMI_CALL_LOST_FLAGS;
	if ((uint16_t)p->out_ds != p->segment || (uint16_t)p->out_es != p->segment)
		return VMI_CALL_LOST_SEGMENTS;
	if (!probe_lost(p, CALLER_SAVED))
		return VMI_CALL_RETURNED;
	/* With every register allowed to change, what is left is the stack. */
	return probe_lost(p, UINT32_MAX) ? VMI_CALL_LOST_STACK : VMI_CALL_LOST_REGISTERS;
}

struct series {
	struct probe probe;
	struct cpu_system before;
	const uint8_t *eax;
	uint32_t count, done;
	struct vmi_registers *out;
	enum vmi_call_status status; /* of the last call made */
};

/* Ends with the first call that does not come back well. */
static void run_series(void *context)
{
	struct series *s = context;
	struct probe *p = &s->probe;
	bool same, segments;

	while (s->done < s->count && s->status == VMI_CALL_RETURNED) {
		p->in[ARG0] = s->eax[s->done];
		p->gdt = s->before.gdt;
		probe_run(p);
		s->out[s->done] = (struct vmi_registers){ p->out[EAX], p->out[EDX] };
		do
			same = cpu_system_same(&s->before, &p->gdt, &segments);
		while (watchdog_ticked() && !same);
		s->status = same     ? probe_status(p) :
			    segments ? VMI_CALL_LOST_SEGMENTS : VMI_CALL_LOST_SYSTEM;
		if (s->status == VMI_CALL_RETURNED)
			s->done++;
	}
}

enum vmi_call_status foreign_calls(vmi_virt_t entry, const uint8_t *eax, uint32_t count,
				   struct vmi_registers *out, uint32_t *done)
{
	struct series s;
	bool trapped, expired;

	cpu_system_read(&s.before);
	probe_init(&s.probe, (uintptr_t)entry);
	s.eax = eax;
	s.count = count;
	s.done = 0;
	s.out = out;
	s.status = VMI_CALL_RETURNED;
	watchdog_start();
	trapped = trap_guard(run_series, &s, NULL);
	expired = watchdog_stop();
	cpu_system_restore(&s.before);
	*done = s.done;
	return expired ? VMI_CALL_EXPIRED : trapped ? VMI_CALL_FAULTED : s.status;
}

enum vmi_call_status foreign_call(vmi_virt_t entry, uint8_t eax, struct vmi_registers *out)
{
	uint32_t done;

	return foreign_calls(entry, &eax, 1, out, &done);
}
