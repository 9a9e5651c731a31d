// SPDX-License-Identifier: GPL-2.0-only
/* Traps on i386: dispatch, the register dump, guards and the tasks of double faults and NMIs. */
#include "console.h"
#include "cpu.h"
#include "exit.h"
#include "memory.h"
#include "percpu.h"
#include "rom_fault.h"
#include "rom_place.h"
#include "trap.h"
#include "watchdog.h"

struct guard {
	uintptr_t stack;
	struct guard *outer;
	struct trap_info *info;
};

int trap_guard_call(void (*run)(void *argument), void *argument, uintptr_t *stack);
__attribute__((noreturn)) void trap_guard_resume(uintptr_t stack);
void trap_handler(struct regs *regs);
void trap_double_fault(void);
void trap_nmi(void);
void trap_guard_task(void);

static struct guard *guards[CPU_MAX];
static trap_handler_fn *handlers[256];
extern const char native_iret[], trap_iret[];
static uintptr_t fixup_at;
static trap_handler_fn *fixup;
static void (*return_hook)(void);

static const char *const names[32] = {
	"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "CSO", "#TS",
	"#NP", "#SS", "#GP", "#PF", "15", "#MF", "#AC", "#MC", "#XM", "#VE", "#CP",
	"22", "23", "24", "25", "26", "27", "#HV", "#VC", "#SX", "31",
};

void trap_set_handler(unsigned vector, trap_handler_fn *handler)
{
	handlers[vector & 255] = handler;
}

void trap_set_return_hook(void (*hook)(void))
{
	return_hook = hook;
}

void trap_set_fixup(uintptr_t at, trap_handler_fn *handler)
{
	fixup_at = at;
	fixup = handler;
}

bool trap_guard(void (*run)(void *argument), void *argument, struct trap_info *info)
{
	struct guard **guard = &guards[cpu_number()];
	struct guard g = { .outer = *guard, .info = info };
	int trapped;

	*guard = &g;
	trapped = trap_guard_call(run, argument, &g.stack);
	*guard = g.outer;
	return trapped;
}

/* A native IRET may also stand inline at the site in trap.asm. */
static bool at_fixup(uint32_t eip)
{
	return eip == fixup_at ||
	       (fixup_at == (uintptr_t)native_iret && eip == (uintptr_t)trap_iret);
}

static bool from_user(const struct regs *regs)
{
	return (regs->cs & 3) || (regs->eflags & 0x20000);
}

__attribute__((noreturn)) static void dump(const struct regs *r, uint32_t esp, uint32_t ss)
{
	char place[ROM_PLACE_SIZE];

	rom_place(r->eip, place);
	printf("exception %u %s error=0x%08x eip=0x%08x%s%s\n", r->vector,
	       r->vector < 32 ? names[r->vector] : "INT", r->error, r->eip, *place ? " in " : "",
	       place);
	rom_fault_report(r, esp);
	printf("  eax=%08x ebx=%08x ecx=%08x edx=%08x\n", r->eax, r->ebx, r->ecx, r->edx);
	printf("  esi=%08x edi=%08x ebp=%08x esp=%08x\n", r->esi, r->edi, r->ebp, esp);
	printf("  cs=%04x ss=%04x ds=%04x es=%04x fs=%04x gs=%04x eflags=%08x\n", r->cs & 0xffff,
	       ss & 0xffff, r->ds & 0xffff, r->es & 0xffff, r->fs & 0xffff, r->gs & 0xffff,
	       r->eflags);
	printf("  cr0=%08x cr2=%08x cr3=%08x cr4=", raw_read_cr0(), raw_read_cr2(), raw_read_cr3());
	if (cpu_has_cr4())
		printf("%08x\n", raw_read_cr4());
	else
		printf("none\n");
	guest_exit(GUEST_EXIT_EXCEPTION);
}

/* Called by the stubs in trap.asm with interrupts off. */
void trap_handler(struct regs *regs)
{
	if (handlers[regs->vector])
		handlers[regs->vector](regs);
	else
		trap_unhandled(regs);
	if (return_hook && from_user(regs))
		return_hook();
}

void trap_unhandled(struct regs *regs)
{
	struct guard *guard = guards[cpu_number() % CPU_MAX];
	static bool dumping;

	if (fixup && !from_user(regs) && at_fixup(regs->eip)) {
		fixup(regs);
		return;
	}
	if (guard) {
		struct guard *g = guard;

		if (g->info) {
			uint32_t size = from_user(regs) ? sizeof(*regs) : offsetof(struct regs, esp);

			memset(g->info, 0, sizeof(*g->info));
			memcpy(&g->info->regs, regs, size);
			g->info->cr2 = raw_read_cr2();
			g->info->frame = (uintptr_t)regs;
		}
		trap_guard_resume(g->stack);
	}
	if (dumping)
		guest_exit(GUEST_EXIT_EXCEPTION); /* the dump itself trapped */
	dumping = true;
	if (from_user(regs))
		dump(regs, regs->esp, regs->ss);
	dump(regs, (uint32_t)&regs->esp, SEL_KERNEL_DATA);
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
		.edi = from->edi, .esi = from->esi, .ebp = from->ebp, .ebx = from->ebx,
		.edx = from->edx, .ecx = from->ecx, .eax = from->eax,
		.vector = vector, .eip = from->eip, .cs = from->cs, .eflags = from->eflags,
	};
}

/*
 * The interrupted task goes on where its guard stands, if it has one: whatever its stack
 * pointer was, it gets the guard's. CR3 is not saved by the switch, but loaded.
 */
static bool end_guarded(struct tss *from, const struct tss *task, unsigned vector)
{
	struct guard *guard = guards[cpu_number() % CPU_MAX];

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

	dump(&r, from->esp, from->ss);
}

void trap_nmi(void)
{
	struct tss *from = interrupted(&nmi_tss);
	int tick = watchdog_tick();

	if (tick == 1 || (tick == 2 && end_guarded(from, &nmi_tss, 2)))
		return;
	struct regs r = task_regs(from, 2);

	dump(&r, from->esp, from->ss);
}
