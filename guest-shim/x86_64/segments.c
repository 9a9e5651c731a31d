// SPDX-License-Identifier: GPL-2.0-only
/* FS and GS of user mode: selectors of a process, and the bases that they load. */
#include "cpu.h"
#include "pv_ops.h"
#include "thread.h"

void thread_save(struct thread *thread)
{
	asm volatile("mov %%fs, %0" : "=r"(thread->fs));
	asm volatile("mov %%gs, %0" : "=r"(thread->gs));
}

/* After load_tls and set_ldt: the selectors load bases from there. */
void thread_load(const struct thread *thread)
{
	raw_load_fs(thread->fs);
	pv_cpu_ops.load_gs_index(thread->gs);
}
