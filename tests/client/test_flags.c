// SPDX-License-Identifier: GPL-2.0-only
/* Returns to user mode where flags matter: NT left over from user mode, and VM. */
#include "check.h"
#include "memory.h"
#include "proc.h"
#include "raw.h"
#include "rom.h"
#include "signals.h"

#define VECTOR_GP 13
#define V86_AX 0x1234
#define V86_SP 0x0ff0

/*
 * NT is set when the kernel is entered by SYSENTER. IRET would then change tasks. The ROM
 * clears NT, so the process lives; natively the fault is fixed up and it gets a signal.
 */
void test_flags(void)
{
	struct proc *p;

	if (!(features & CPUID1_EDX_SEP)) {
		check_skip("signal.nt", "this processor has no SYSENTER");
		return;
	}
	p = proc_create(user_nt_sysexit);
	proc_run_all();
	check("signal.nt_sysexit", proc_passed(p), "end %u value 0x%x", p ? p->end : 0,
	      p ? p->end_value : 0);
	if (p)
		proc_free(p);
	p = proc_create(user_nt_iret);
	proc_run_all();
	check("signal.nt_iret", rom ? proc_passed(p) : p && p->end == END_BAD_IRET,
	      "end %u value 0x%x at 0x%08x", p ? p->end : 0, p ? p->end_value : 0,
	      p ? p->end_eip : 0);
	if (p)
		proc_free(p);
	check("signal.nt_gone", !(raw_eflags() & EFLAGS_NT), "NT is set in the kernel");
}

/* A v8086 frame: CS and SS are paragraphs there, so a check of selectors must not see them. */
static void v86(const char *name, uint32_t cs, uint32_t ip)
{
	struct proc *p = proc_create(user_text);
	uint32_t frame = p ? space_map(&p->space, 0, 0, true) : 0;

	if (!frame) {
		check(name, false, "no memory for a process");
		return;
	}
	memcpy((uint8_t *)virt(frame) + USER_V86_IP, user_v86, (uint32_t)(user_v86_end - user_v86));
	p->regs.eflags |= EFLAGS_VM;
	p->regs.cs = cs;
	p->regs.eip = ip;
	p->regs.ss = 0;
	p->regs.esp = V86_SP;
	proc_run_all();
	check(name,
	      p->end == END_SIGNAL && p->end_value == VECTOR_GP && p->end_cs == cs &&
		      (p->regs.eax & 0xffff) == V86_AX && (p->regs.ebx & 0xffff) == V86_SP &&
		      p->regs.eflags & EFLAGS_VM,
	      "end %u value 0x%x at 0x%x:0x%x ax 0x%x bx 0x%x", p->end, p->end_value, p->end_cs,
	      p->end_eip, p->regs.eax, p->regs.ebx);
	proc_free(p);
}

void test_v86(void)
{
	v86("signal.v86_paragraph_0", 0, USER_V86_IP);
	v86("signal.v86_paragraph_1", 1, USER_V86_IP - 0x10); /* an RPL of 1, if it were one */
}
