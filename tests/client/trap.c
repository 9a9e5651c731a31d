// SPDX-License-Identifier: GPL-2.0-only
/* Traps. */
#include "console.h"
#include "exit.h"
#include "irq.h"
#include "proc.h"
#include "raw.h"
#include "rom.h"
#include "trap.h"

#define VECTOR_PF 14
#define PF_WRITE 2u

uint32_t trap_tests, trap_fixups;

static bool from_user(const struct regs *r)
{
	return (r->cs & 3) == 3 || r->eflags & EFLAGS_VM;
}

bool in_rom(uint32_t address)
{
	return rom && address - (uint32_t)rom < rom_length(rom);
}

static void die(const struct regs *r)
{
	printf("exception %u error 0x%x at 0x%08x cs 0x%x eflags 0x%08x cr2 0x%08x cpu %u\n",
	       r->vector, r->error, r->eip, r->cs, r->eflags, raw_read_cr2(), this_cpu()->number);
	if (in_rom(r->eip))
		printf("note the address lies in the ROM, at offset 0x%x\n",
		       r->eip - (uint32_t)rom);
	printf("note eax %08x ebx %08x ecx %08x edx %08x\n", r->eax, r->ebx, r->ecx, r->edx);
	printf("note esi %08x edi %08x ebp %08x ds %x es %x fs %x\n", r->esi, r->edi, r->ebp, r->ds,
	       r->es, r->fs);
	guest_exit(GUEST_EXIT_EXCEPTION);
}

/* A fault in ring 0 on the way to user mode. */
static void kernel_fault(struct regs *r)
{
	struct proc *p = this_cpu()->current;

	if (r->eip == (uint32_t)native_iret_insn) {
		__sync_fetch_and_add(&trap_fixups, 1);
		r->eip = (uint32_t)native_iret_fixup;
		return;
	}
	/* No exception table has the ROM's IRET: a real kernel is lost here. Tests name it. */
	if (p && in_rom(r->eip))
		proc_kill(p, r, END_OOPS, r->vector);
	die(r);
}

static void user_fault(struct regs *r, uint32_t address)
{
	struct proc *p = this_cpu()->current;

	if (r->vector == VECTOR_PF && space_fault(&p->space, address, r->error & PF_WRITE))
		return;
	proc_kill(p, r, r->vector == VECTOR_BAD_IRET ? END_BAD_IRET : END_SIGNAL, r->vector);
}

void trap(struct regs *r)
{
	uint32_t address = r->vector == VECTOR_PF ? pv_mmu_ops.read_cr2() : 0;

	if (r->vector >= VECTOR_IRQ && r->vector < VECTOR_IRQ + 16) {
		irq_serve(r->vector - VECTOR_IRQ);
		if (from_user(r)) {
			this_cpu()->current->preempted++;
			proc_switch(this_cpu()->current, r, PROC_RUNNABLE);
		}
	} else if (r->vector == VECTOR_SYSCALL && from_user(r)) {
		syscall(r);
	} else if (r->vector == VECTOR_SPURIOUS) {
		return;
	} else if (r->vector == VECTOR_TEST) {
		trap_tests++;
	} else if (from_user(r) || r->vector == VECTOR_BAD_IRET) {
		user_fault(r, address);
	} else {
		kernel_fault(r);
	}
}
