// SPDX-License-Identifier: GPL-2.0-only
/* The register dump on x86-64, and double faults and NMIs on their own stacks. */
#include "trap_dump.h"
#include "console.h"
#include "cpu.h"
#include "exit.h"
#include "memory.h"
#include "percpu.h"
#include "rom_fault.h"
#include "rom_place.h"
#include "watchdog.h"

#define MSR_GS_BASE 0xc0000101u

void trap_guard_task(void);

void trap_dump(const struct regs *r, uintptr_t sp, uint32_t ss)
{
	char place[ROM_PLACE_SIZE];

	rom_place(r->ip, place);
	printf("exception %u %s error=0x%08x rip=0x%016lx%s%s\n", (unsigned)r->vector,
	       trap_name((unsigned)r->vector), (uint32_t)r->error, (unsigned long)r->ip,
	       *place ? " in " : "", place);
	rom_fault_report(r, sp);
	printf("  rax=%016lx rbx=%016lx rcx=%016lx rdx=%016lx\n", r->ax, r->bx, r->cx, r->dx);
	printf("  rsi=%016lx rdi=%016lx rbp=%016lx rsp=%016lx\n", r->si, r->di, r->bp, sp);
	printf("  r8=%016lx r9=%016lx r10=%016lx r11=%016lx\n", r->r8, r->r9, r->r10, r->r11);
	printf("  r12=%016lx r13=%016lx r14=%016lx r15=%016lx\n", r->r12, r->r13, r->r14, r->r15);
	printf("  cs=%04x ss=%04x rflags=%08x gs=%016llx\n", (uint32_t)r->cs & 0xffff, ss & 0xffff,
	       (uint32_t)r->flags, (unsigned long long)raw_read_msr(MSR_GS_BASE));
	printf("  cr0=%08lx cr2=%016lx cr3=%08lx cr4=%08lx\n", raw_read_cr0(), raw_read_cr2(),
	       raw_read_cr3(), raw_read_cr4());
	guest_exit(GUEST_EXIT_EXCEPTION);
}

/*
 * What was interrupted goes on where its guard stands, if it has one: whatever its stack
 * pointer was, it gets the guard's.
 */
static bool end_guarded(struct regs *r)
{
	struct trap_guard *guard = trap_guards[cpu_number() % CPU_MAX];

	if (!guard)
		return false;
	if (guard->info) {
		memset(guard->info, 0, sizeof(*guard->info));
		guard->info->regs = *r;
		guard->info->cr2 = raw_read_cr2();
		guard->info->frame = r->sp;
	}
	r->ip = (uintptr_t)trap_guard_task;
	r->sp = guard->stack;
	r->flags = EFLAGS_FIXED;
	r->cs = SEL_KERNEL_CODE;
	r->ss = SEL_KERNEL_DATA;
	return true;
}

static void take_double_fault(struct regs *r)
{
	if (!end_guarded(r))
		trap_dump(r, r->sp, (uint32_t)r->ss);
}

static void take_nmi(struct regs *r)
{
	int tick = watchdog_tick();

	if (tick != 1 && (tick != 2 || !end_guarded(r)))
		trap_dump(r, r->sp, (uint32_t)r->ss);
}

void trap_arch_init(void)
{
	trap_set_handler(2, take_nmi);
	trap_set_handler(8, take_double_fault);
}

void trap_nmi_prepare(void)
{
}
