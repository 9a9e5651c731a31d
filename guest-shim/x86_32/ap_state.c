// SPDX-License-Identifier: GPL-2.0-only
/* With what an application processor starts, i386. */
#include "ap_state.h"
#include "cpu.h"
#include "paging.h"
#include "pv_ops.h"

#define MSR_EFER 0xc0000080u

void ap_entry(void);

/* Read by trampoline.asm. */
struct vmi_ap_state ap_state;
_Static_assert(offsetof(struct vmi_ap_state, cr0) == AP_CR0, "layout.h");
_Static_assert(offsetof(struct vmi_ap_state, cr3) == AP_CR3, "layout.h");
_Static_assert(offsetof(struct vmi_ap_state, cr4) == AP_CR4, "layout.h");
_Static_assert(offsetof(struct vmi_ap_state, efer) == AP_EFER, "layout.h");
_Static_assert(offsetof(struct vmi_ap_state, eip) == AP_EIP, "layout.h");

void ap_state_fill(void)
{
	ap_state = (struct vmi_ap_state){
		.cr0 = pv_cpu_ops.read_cr0(), .cr3 = paging_root(),
		.cr4 = cpu_has_cr4() ? pv_cpu_ops.read_cr4() : 0,
		.efer = paging.nx ? vmi_ops.rdmsr(MSR_EFER) : 0,
		.eip = (uint32_t)ap_entry, .eflags = EFLAGS_FIXED,
		.cs = SEL_KERNEL_CODE, .ss = SEL_KERNEL_DATA, .ds = SEL_KERNEL_DATA,
		.es = SEL_KERNEL_DATA,
	};
}
