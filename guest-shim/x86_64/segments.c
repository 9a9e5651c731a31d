// SPDX-License-Identifier: GPL-2.0-only
/* FS and GS of user mode: selectors of a process, and the bases that they load. */
#include "cpu.h"
#include "pv_ops.h"
#include "native.h"
#include "thread.h"

/* The GS base of user mode, while the kernel's own is loaded. */
void PV guest_load_gs_index(uint32_t selector)
{
	uintptr_t flags = raw_eflags();

	raw_cli();
	asm volatile("swapgs; mov %0, %%gs; mfence; swapgs" : : "r"(selector) : "memory");
	raw_restore_if((uint32_t)flags);
}

void thread_save(struct thread *thread)
{
	asm volatile("mov %%fs, %0" : "=r"(thread->fs));
	asm volatile("mov %%gs, %0" : "=r"(thread->gs));
}

/* After load_tls and set_ldt: the selectors load bases from there. */
void thread_load(const struct thread *thread)
{
	raw_load_fs(thread->fs);
	vmi_ops.load_gs_index(thread->gs);
}
