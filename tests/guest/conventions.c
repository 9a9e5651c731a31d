// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every entry that can be called and comes back keeps what its clobber list in spec/
 * does not name: callee-saved registers, the stack pointer, the caller's arguments'
 * surroundings, segments and the direction flag.
 */
#include "binding.h"
#include "cpu.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"

static struct descriptor scratch[4];
static struct vmi_descriptor_pointer pointer;
static uint64_t scratch_pte;
static struct vmi_ap_state ap_state;

/* Arguments that change nothing that matters; false: not to be called here. */
static bool harmless(int call, struct probe *p)
{
	switch (call) {
	case VMI_CALL_IRET: case VMI_CALL_SYSEXIT: case VMI_CALL_Halt: /* flow.c, halt.c */
	case VMI_CALL_Reboot: case VMI_CALL_Shutdown: /* power.c */
		return false;
	case VMI_CALL_SetTR: /* LTR wants a TSS that is not busy */
		gdt[SEL_TSS / 8].high &= ~SEG_BUSY_HIGH;
		p->in[EAX] = SEL_TSS;
		return true;
	case VMI_CALL_CPUID: p->in[EAX] = 0; p->in[ECX] = 0; return cpu_has_cpuid();
	case VMI_CALL_WRMSR: p->in[ECX] = 0x174; p->in[EAX] = p->in[EDX] = 0; return cpu_has(CPU_SEP);
	case VMI_CALL_RDMSR: p->in[ECX] = 0x174; return cpu_has(CPU_SEP);
	case VMI_CALL_RDPMC: return false; /* faults where there are no counters: counters.c */
	case VMI_CALL_RDTSC: return cpu_has(CPU_TSC);
	case VMI_CALL_SetGDT: raw_store_gdt(&pointer); break;
	case VMI_CALL_SetIDT: raw_store_idt(&pointer); break;
	case VMI_CALL_SetLDT: p->in[EAX] = 0; return true;
	case VMI_CALL_GetGDT: case VMI_CALL_GetIDT: break;
	case VMI_CALL_WriteGDTEntry: case VMI_CALL_WriteLDTEntry: case VMI_CALL_WriteIDTEntry:
		p->in[EAX] = (uint32_t)scratch;
		p->in[EDX] = 2;
		p->args[0] = 0x89abcdef;
		return true;
	case VMI_CALL_UpdateKernelStack:
		p->in[EAX] = SEL_KERNEL_DATA;
		p->in[EDX] = main_tss.esp0;
		return true;
	case VMI_CALL_SetCR0: p->in[EAX] = raw_read_cr0(); return true;
	case VMI_CALL_SetCR2: return true;
	case VMI_CALL_SetCR3: p->in[EAX] = raw_read_cr3(); return true;
	case VMI_CALL_SetCR4: p->in[EAX] = cpu_has_cr4() ? raw_read_cr4() : 0; return cpu_has_cr4();
	case VMI_CALL_GetCR4: case VMI_CALL_FlushTLB: return cpu_has_cr4();
	case VMI_CALL_SetDR: case VMI_CALL_GetDR: p->in[EAX] = 3; p->in[EDX] = 0; return true;
	case VMI_CALL_SetInterruptMask: p->in[EAX] = EFLAGS_FIXED; return true;
	case VMI_CALL_SetPxE: p->in[EDX] = (uint32_t)&scratch_pte; return true;
	case VMI_CALL_SetPxELong: p->in[ECX] = (uint32_t)&scratch_pte; return true;
	case VMI_CALL_UpdatePxE: case VMI_CALL_UpdatePxELong:
		p->in[EAX] = (uint32_t)&scratch_pte;
		p->in[EDX] = VMI_PAGE_PT;
		return true;
	case VMI_CALL_AllocatePage: case VMI_CALL_ReleasePage:
		p->in[EAX] = (uint32_t)&scratch_pte >> 12;
		p->in[EDX] = VMI_PAGE_PT;
		p->in[ECX] = 0;
		return true;
	case VMI_CALL_SetLinearMapping:
		p->in[EAX] = 0;
		p->in[EDX] = LINEAR_BASE;
		p->in[ECX] = 1024;
		return true;
	case VMI_CALL_SetInitialAPState:
		p->in[EAX] = (uint32_t)&ap_state;
		p->in[EDX] = 0xfe; /* no processor has that APIC id */
		return true;
	case VMI_CALL_SetIOPLMask: p->in[EAX] = 0; return true;
	case VMI_CALL_SetLazyMode: p->in[EAX] = 0; return true;
	default: return true;
	}
	p->in[EAX] = (uint32_t)&pointer;
	return true;
}

static void run_probe(void *probe)
{
	probe_run(probe);
}

static void check_row(size_t row)
{
	const struct vmi_slot *slot = &binding_slots[row];
	const struct vmi_call_info *call = &vmi_calls[slot->call];
	struct probe p;
	struct trap_info trap;

	probe_init(&p, slot_entry[row]);
	for (unsigned i = 0; i < 4; i++)
		p.args[i] = 0;
	if (!harmless(slot->call, &p))
		return;
	bool trapped = trap_guard(run_probe, &p, &trap);

	if (!CHECK(!trapped, "%s: trap %u at 0x%08x", slot->name, trap.regs.vector, trap.regs.eip))
		return;
	const char *lost = probe_lost(&p, call->clobber32 | call->out32);

	CHECK(!lost, "%s does not keep %s", slot->name, lost ? lost : "");
}

TEST(entries, "convention.entries")
{
	for (size_t row = 0; row < SLOT_COUNT; row++)
		if (binding_slots[row].call != VMI_SLOT_NO_CALL)
			check_row(row);
	raw_cli();
}

/* Calls whose group does not promise flat segments at entry must not use DS or ES. */
TEST(segments, "convention.segments")
{
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		const struct vmi_slot *slot = &binding_slots[row];
		struct trap_info trap;
		struct probe p;

		if (slot->call == VMI_SLOT_NO_CALL || !vmi_groups[vmi_calls[slot->call].group].segments_any)
			continue;
		probe_init(&p, slot_entry[row]);
		if (!harmless(slot->call, &p))
			continue;
		p.segment = SEL_POISON;
		bool trapped = trap_guard(run_probe, &p, &trap);

		if (CHECK(!trapped, "%s uses DS or ES: trap %u at 0x%08x", slot->name,
			  trap.regs.vector, trap.regs.eip))
			CHECK(!probe_lost(&p, vmi_calls[slot->call].clobber32 |
					  vmi_calls[slot->call].out32), "%s loses a register", slot->name);
	}
	raw_cli();
}
