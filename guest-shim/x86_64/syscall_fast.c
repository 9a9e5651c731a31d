// SPDX-License-Identifier: GPL-2.0-only
/* SYSCALL, which processes may use beside INT. */
#include "console.h"
#include "cpu.h"
#include "process.h"
#include "pv_ops.h"

#define MSR_STAR 0xc0000081u
#define MSR_LSTAR 0xc0000082u
#define MSR_FMASK 0xc0000084u

void syscall_process(void);

void syscall_fast(bool on)
{
	uint32_t star = (SEL_USER_CODE32 << 16) | SEL_KERNEL_CODE;
	uintptr_t entry = on ? (uintptr_t)syscall_process : 0;
	int error;

	error = pv_cpu_ops.write_msr(MSR_STAR, 0, on ? star : 0);
	error |= pv_cpu_ops.write_msr(MSR_LSTAR, (uint32_t)entry, (uint32_t)(entry >> 32));
	error |= pv_cpu_ops.write_msr(MSR_FMASK, EFLAGS_IF | EFLAGS_DF | EFLAGS_TF | EFLAGS_AC | EFLAGS_NT, 0);
	if (error)
		printf("note the SYSCALL registers cannot be written\n");
}
