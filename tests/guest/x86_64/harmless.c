// SPDX-License-Identifier: GPL-2.0-only
#include "harmless.h"
#include "cpu.h"
#include "frames.h"
#include "mm.h"
#include "paging.h"
#include "pv_ops.h"
#include "time.h"

static uint8_t scratch[64] __attribute__((aligned(16)));
static uint64_t scratch_pte;
static table_pointer pointer;
static struct vmi_ap_state state;

enum { RDI = EDI, RSI = ESI, RDX = EDX, RCX = ECX };

bool harmless_arguments(int call, struct probe *p)
{
	p->in[RDI] = (uintptr_t)&pointer;
	switch (call) {
	case VMI_CALL_SetTR: /* LTR wants a TSS that is not busy */
		gdt[SEL_TSS / 8].high &= ~SEG_BUSY_HIGH;
		p->in[RDI] = SEL_TSS;
		return true;
	case VMI_CALL_CPUID: p->in[RDI] = 0, p->in[RSI] = 0; return true;
	case VMI_CALL_WRMSR: p->in[RDI] = 0, p->in[RSI] = 0x174; return true;
	case VMI_CALL_RDMSR: p->in[RDI] = 0x174; return true;
	case VMI_CALL_RDPMC: return false; /* faults where there are no counters: counters.c */
	case VMI_CALL_RDTSC: return true;
	case VMI_CALL_SetGDT: raw_store_gdt(&pointer); return true;
	case VMI_CALL_SetIDT: raw_store_idt(&pointer); return true;
	case VMI_CALL_SetLDT: p->in[RDI] = 0; return true;
	case VMI_CALL_WriteGDTEntry: case VMI_CALL_WriteLDTEntry: case VMI_CALL_WriteIDTEntry:
		p->in[RDI] = (uintptr_t)scratch;
		p->in[RSI] = 2;
		return true;
	case VMI_CALL_UpdateKernelStack: p->in[RSI] = main_tss.rsp0; return true;
	case VMI_CALL_SetCR0: p->in[RDI] = raw_read_cr0(); return true;
	case VMI_CALL_SetCR3: p->in[RDI] = raw_read_cr3(); return true;
	case VMI_CALL_SetCR4: p->in[RDI] = raw_read_cr4(); return true;
	case VMI_CALL_SetDR: case VMI_CALL_GetDR: p->in[RDI] = 3, p->in[RSI] = 0; return true;
	case VMI_CALL_SetInterruptMask: p->in[RDI] = EFLAGS_FIXED; return true;
	case VMI_CALL_SetPxELong: p->in[RSI] = (uintptr_t)&scratch_pte, p->in[RDX] = VMI_PAGE_PT; return true;
	case VMI_CALL_UpdatePxELong:
		p->in[RDI] = (uintptr_t)&scratch_pte;
		p->in[RSI] = VMI_PAGE_PT;
		return true;
	case VMI_CALL_AllocatePage: case VMI_CALL_ReleasePage:
		p->in[RDI] = frames_end() >> PAGE_SHIFT; /* a page that nobody has */
		p->in[RSI] = VMI_PAGE_PT;
		return true;
	case VMI_CALL_SetLinearMapping:
		p->in[RDI] = 0;
		p->in[RSI] = LINEAR_BASE;
		p->in[RDX] = frames_end() >> PAGE_SHIFT;
		p->in[RCX] = 0;
		return true;
	case VMI_CALL_SetInitialAPState:
		p->in[RDI] = (uintptr_t)&state;
		p->in[RSI] = 0xfe; /* no processor has that APIC id */
		return true;
	case VMI_CALL_SetAlarm: /* in 2^62 ticks; CancelAlarm comes after it */
		p->in[RDI] = VMI_ALARM_LVTT;
		p->in[RSI] = 1ull << 62;
		p->in[RDX] = 0;
		return time_usable();
	case VMI_CALL_CancelAlarm: p->in[RDI] = VMI_ALARM_LVTT; return time_usable();
	case VMI_CALL_GetCycleCounter: p->in[RDI] = 0; return true;
	case VMI_CALL_FlushTLB: p->in[RDI] = VMI_FLUSH_TLB | VMI_FLUSH_GLOBAL; return true;
	case VMI_CALL_SetIOPLMask: case VMI_CALL_SetLazyMode: p->in[RDI] = 0; return true;
	case VMI_CALL_GetCapability: p->in[RDI] = 0; return true;
	case VMI_CALL_SetMapping: p->in[RDI] = 0, p->in[RCX] = 0; return true;
	case VMI_CALL_Reboot: case VMI_CALL_Shutdown: case VMI_CALL_Halt: case VMI_CALL_IRET:
	case VMI_CALL_SYSRET64: case VMI_CALL_SYSRET32: case VMI_CALL_SYSEXIT:
	case VMI_CALL_SwapGS: case VMI_CALL_HaltOnly: case VMI_CALL_APICRead: case VMI_CALL_APICWrite:
		return false;
	case VMI_CALL_LoadGSIndex: p->in[RDI] = 0; return true;
	case VMI_CALL_ReadMSRSafe: p->in[RDI] = 0x174; return true;
	case VMI_CALL_WriteMSRSafe: p->in[RDI] = 0, p->in[RSI] = 0x174; return true;
	case VMI_CALL_SetIOBitmap: p->in[RSI] = 0; return true;
	case VMI_CALL_SetPageVisibility: p->in[RSI] = 0; return true; /* no pages */
	case VMI_CALL_SetBackends: p->in[RDI] = UINT32_MAX; return true; /* all, as before */
	default: return true;
	}
}
