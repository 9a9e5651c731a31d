// SPDX-License-Identifier: GPL-2.0-only
/* Processes: made, copied, ended. scheduler.c runs them. */
#include "process.h"
#include "cpu.h"
#include "frames.h"
#include "memory.h"
#include "paging.h"
#include "percpu.h"
#include "syscall.h"

static struct process processes[PROCESSES];
static struct spinlock lock; /* of places that are free or taken */
void process_start(void);

/* The first return of switch_stack() pops this and goes to process_start. */
struct first_frame {
	struct switch_frame s;
	struct regs regs;
};
_Static_assert(sizeof(struct first_frame) < PAGE_SIZE, "it must fit the kernel stack");

static struct process *take_place(void)
{
	struct process *p = NULL;

	spin_lock(&lock);
	for (unsigned i = 0; i < PROCESSES && !p; i++)
		if (processes[i].state == PROCESS_FREE) {
			p = &processes[i];
			memset(p, 0, sizeof(*p));
			p->number = i + 1;
			p->state = PROCESS_MADE;
		}
	spin_unlock(&lock);
	return p;
}

/* Takes over `mm`, also when it fails. */
static struct process *make(const struct regs *regs, struct mm *mm)
{
	struct process *p = mm ? take_place() : NULL;
	struct first_frame *f;

	if (p)
		p->stack = frame_alloc();
	if (!p || !p->stack) {
		if (p)
			p->state = PROCESS_FREE;
		if (mm)
			mm_put(mm);
		return NULL;
	}
	p->mm = mm;
	p->thread.sp0 = (uintptr_t)linear(p->stack) + PAGE_SIZE;
	f = (struct first_frame *)(p->thread.sp0 - sizeof(*f));
	*f = (struct first_frame){ .s.ip = (uintptr_t)process_start, .regs = *regs };
	p->sp = (uintptr_t)f;
	return p;
}

static bool copy_text(struct mm *mm, const struct program *program)
{
	for (uint32_t offset = 0; offset < program->size; offset += PAGE_SIZE) {
		uint32_t left = program->size - offset, frame = frame_alloc();

		if (!frame)
			return false;
		memcpy(linear(frame), (const uint8_t *)program->text + offset,
		       left < PAGE_SIZE ? left : PAGE_SIZE);
		if (!mm_map_text(mm, SYS_TEXT + offset, frame))
			return false;
	}
	return mm_map(mm, SYS_STACK_TOP - SYS_STACK_PAGES * PAGE_SIZE, SYS_STACK_PAGES, true);
}

uint32_t process_create(const struct program *program, uint32_t a, uint32_t b, uint32_t c)
{
	struct regs regs = regs_start(SYS_TEXT, SYS_STACK_TOP - 16);
	struct mm *mm = mm_create();
	struct process *p;

	regs_arguments(&regs, a, b, c);
	if (mm && !copy_text(mm, program)) {
		mm_put(mm);
		mm = NULL;
	}
	p = make(&regs, mm);
	if (!p)
		return 0;
	process_ready(p);
	return p->number;
}

struct process *process_copy(const struct regs *regs, struct mm *mm)
{
	struct process *from = process_current();
	struct process *p = make(regs, mm);
	uintptr_t sp0;

	if (!p)
		return NULL;
	p->parent = from->number;
	thread_save(&from->thread);
	sp0 = p->thread.sp0;
	p->thread = from->thread;
	p->thread.sp0 = sp0;
	p->ldt = from->ldt;
	return p;
}

uint32_t process_reap(uint32_t number, uint32_t parent)
{
	struct process *p = &processes[(number - 1) % PROCESSES];
	uint32_t result;

	if (!number || number > PROCESSES || p->state != PROCESS_ENDED || p->parent != parent)
		return SYS_NONE;
	result = p->result;
	p->state = PROCESS_FREE;
	return result;
}

bool process_ended(uint32_t number, uint32_t parent, bool *exists)
{
	const struct process *p = &processes[(number - 1) % PROCESSES];

	*exists = number && number <= PROCESSES && p->state != PROCESS_FREE && p->parent == parent;
	return *exists && p->state == PROCESS_ENDED;
}
