// SPDX-License-Identifier: GPL-2.0-only
/* With what an application processor starts, x86-64. */
#include "ap_state.h"
#include "cpu.h"
#include "paging.h"
#include "pv_ops.h"

#define MSR_EFER 0xc0000080u
#define EFER_LMA 0x400u

/* Read by trampoline.asm, in protected mode. */
struct ap_start {
	uint64_t cr3, cr4, cr0, efer;
} ap_start;
_Static_assert(offsetof(struct ap_start, cr3) == AP_CR3, "layout.h");
_Static_assert(offsetof(struct ap_start, cr4) == AP_CR4, "layout.h");
_Static_assert(offsetof(struct ap_start, cr0) == AP_CR0, "layout.h");
_Static_assert(offsetof(struct ap_start, efer) == AP_EFER, "layout.h");
struct vmi_ap_state ap_state;

void ap_state_fill(void)
{
	ap_start = (struct ap_start){
		.cr3 = paging_root(), .cr4 = pv_cpu_ops.read_cr4(),
		.cr0 = pv_cpu_ops.read_cr0(), .efer = vmi_ops.rdmsr(MSR_EFER) & ~EFER_LMA,
	};
}
