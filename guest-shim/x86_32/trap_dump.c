// SPDX-License-Identifier: GPL-2.0-only
/* The register dump on i386, and the tasks of double faults and NMIs. */
#include "trap_dump.h"
#include "console.h"
#include "cpu.h"
#include "exit.h"
#include "memory.h"
#include "percpu.h"
#include "rom_fault.h"
#include "rom_place.h"
#include "watchdog.h"

void trap_double_fault(void);
void trap_nmi(void);
void trap_guard_task(void);

void trap_dump(const struct regs *r, uintptr_t esp, uint32_t ss)
{
	char place[ROM_PLACE_SIZE];

	rom_place(r->ip, place);
	printf("exception %u %s error=0x%08x eip=0x%08x%s%s\n", r->vector,
	       trap_name(r->vector), r->error, r->ip, *place ? " in " : "",
	       place);
	rom_fault_report(r, esp);
	printf("  eax=%08x ebx=%08x ecx=%08x edx=%08x\n", r->ax, r->bx, r->cx, r->dx);
	printf("  esi=%08x edi=%08x ebp=%08x esp=%08x\n", r->si, r->di, r->bp, esp);
	printf("  cs=%04x ss=%04x ds=%04x es=%04x fs=%04x gs=%04x eflags=%08x\n", r->cs & 0xffff,
	       ss & 0xffff, r->ds & 0xffff, r->es & 0xffff, r->fs & 0xffff, r->gs & 0xffff,
	       r->flags);
	printf("  cr0=%08x cr2=%08x cr3=%08x cr4=", raw_read_cr0(), raw_read_cr2(), raw_read_cr3());
	if (cpu_has_cr4())
		printf("%08x\n", raw_read_cr4());
	else
		printf("none\n");
	guest_exit(GUEST_EXIT_EXCEPTION);
}

/* The TSS of what the task `task` interrupted. */
static struct tss *interrupted(const struct tss *task)
{
	struct vmi_descriptor_pointer p;
	uint32_t selector = task->backlink;

	raw_store_gdt(&p);
	if (!selector || selector + 7u > p.limit)
		return &main_tss;
	const struct descriptor *d = (void *)(p.base + (selector & ~7u));

	return (void *)(d->low >> 16 | (d->high & 0xff) << 16 | (d->high & 0xff000000u));
}

static struct regs task_regs(const struct tss *from, unsigned vector)
{
	return (struct regs){
		.gs = from->gs, .fs = from->fs, .es = from->es, .ds = from->ds,
		.di = from->edi, .si = from->esi, .bp = from->ebp, .bx = from->ebx,
		.dx = from->edx, .cx = from->ecx, .ax = from->eax,
		.vector = vector, .ip = from->eip, .cs = from->cs, .flags = from->eflags,
	};
}

/*
 * The interrupted task goes on where its guard stands, if it has one: whatever its stack
 * pointer was, it gets the guard's. CR3 is not saved by the switch, but loaded.
 */
static bool end_guarded(struct tss *from, const struct tss *task, unsigned vector)
{
	struct trap_guard *guard = trap_guards[cpu_number() % CPU_MAX];

	if (!guard)
		return false;
	if (guard->info) {
		memset(guard->info, 0, sizeof(*guard->info));
		guard->info->regs = task_regs(from, vector);
		guard->info->cr2 = raw_read_cr2();
		guard->info->frame = from->esp;
	}
	from->eip = (uint32_t)trap_guard_task;
	from->esp = guard->stack;
	from->eflags = EFLAGS_FIXED;
	from->cs = SEL_KERNEL_CODE;
	from->ss = from->ds = from->es = from->fs = from->gs = SEL_KERNEL_DATA;
	from->cr3 = task->cr3;
	return true;
}

/* Both run as tasks of their own; what was interrupted stands in the TSS it came from. */
void trap_double_fault(void)
{
	struct tss *from = interrupted(&df_tss);

	if (end_guarded(from, &df_tss, 8))
		return;
	struct regs r = task_regs(from, 8);

	trap_dump(&r, from->esp, from->ss);
}

void trap_nmi(void)
{
	struct tss *from = interrupted(&nmi_tss);
	int tick = watchdog_tick();

	if (tick == 1 || (tick == 2 && end_guarded(from, &nmi_tss, 2)))
		return;
	struct regs r = task_regs(from, 2);

	trap_dump(&r, from->esp, from->ss);
}

/* A switch of tasks loads these and does not save them. */
void trap_nmi_prepare(void)
{
	nmi_tss.cr3 = main_tss.cr3 = raw_read_cr3();
	main_tss.ldt = raw_store_ldt();
}
