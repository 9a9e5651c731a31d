// SPDX-License-Identifier: GPL-2.0-only
/* Arguments for every entry that can be called without consequences. */
#include "harmless.h"
#include "cpu.h"
#include "frames.h"
#include "paging.h"
#include "pv_ops.h"

static struct descriptor scratch[4];
static table_pointer pointer;
static uint64_t scratch_pte;
static struct vmi_ap_state ap_state;

bool harmless_arguments(int call, struct probe *p)
{
	switch (call) {
	case VMI_CALL_IRET: case VMI_CALL_SYSEXIT: /* flow.c */
	case VMI_CALL_Halt: case VMI_CALL_HaltOnly: /* halt.c, calls_3_2.c */
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
	case VMI_CALL_SetPxE: p->in[EDX] = (uintptr_t)&scratch_pte; return true;
	case VMI_CALL_SetPxELong: p->in[ECX] = (uintptr_t)&scratch_pte; return true;
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
		p->in[ECX] = frames_end() >> PAGE_SHIFT;
		return true;
	case VMI_CALL_SetInitialAPState:
		p->in[EAX] = (uint32_t)&ap_state;
		p->in[EDX] = 0xfe; /* no processor has that APIC id */
		return true;
	case VMI_CALL_SetAlarm: /* in 2^62 ticks; CancelAlarm comes after it */
		p->in[EAX] = VMI_ALARM_LVTT;
		p->in[EDX] = 0;
		p->in[ECX] = 1u << 30;
		return true;
	case VMI_CALL_CancelAlarm: p->in[EAX] = VMI_ALARM_LVTT; return true;
	case VMI_CALL_GetCycleCounter: p->in[EAX] = 0; return true;
	case VMI_CALL_APICRead: case VMI_CALL_APICWrite: /* the task priority */
		p->in[EAX] = 0x80;
		p->in[EDX] = 0;
		return true;
	case VMI_CALL_SetIOPLMask: p->in[EAX] = 0; return true;
	case VMI_CALL_SetMapping: p->in[EAX] = 0; return true; /* no such kind */
	case VMI_CALL_SetLazyMode: p->in[EAX] = 0; return true;
	case VMI_CALL_ReadMSRSafe: p->in[ECX] = 0x174; return cpu_has(CPU_SEP);
	case VMI_CALL_WriteMSRSafe: p->in[ECX] = 0x174; p->in[EAX] = p->in[EDX] = 0; return cpu_has(CPU_SEP);
	case VMI_CALL_SetIOBitmap: p->in[EDX] = 0; return true;
	case VMI_CALL_SetPageVisibility: p->in[EDX] = 0; return true; /* no pages */
	case VMI_CALL_SetBackends: p->in[EAX] = UINT32_MAX; return true; /* all, as before */
	default: return true;
	}
	p->in[EAX] = (uintptr_t)&pointer;
	return true;
}
