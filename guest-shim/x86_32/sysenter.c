// SPDX-License-Identifier: GPL-2.0-only
/* SYSENTER, which processes may use beside INT. */
#include "console.h"
#include "cpu.h"
#include "percpu.h"
#include "process.h"
#include "pv_ops.h"

#define MSR_SYSENTER_CS 0x174u
#define MSR_SYSENTER_ESP 0x175u
#define MSR_SYSENTER_EIP 0x176u

void sysenter_process(void);

/* ESP leads to the place in the TSS that load_sp0 writes. */
void syscall_fast(bool on)
{
	int error;

	if (!cpu_has(CPU_SEP))
		return;
	error = pv_cpu_ops.write_msr(MSR_SYSENTER_CS, on ? SEL_KERNEL_CODE : 0, 0);
	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_ESP, on ? (uint32_t)&this_cpu()->tss->esp0 : 0, 0);
	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_EIP, on ? (uint32_t)sysenter_process : 0, 0);
	if (error)
		printf("note the SYSENTER registers cannot be written\n");
}
