// SPDX-License-Identifier: GPL-2.0-only
/* Returns with frames that a process chose, and the exception table of the native IRET. */
#include "cpu.h"
#include "memory.h"
#include "pv_ops.h"
#include "sigreturn.h"
#include "test.h"
#include "user.h"

#define SELECTOR_RPL 3u
#define MSR_SYSENTER_CS 0x174
#define MSR_SYSENTER_ESP 0x175
#define MSR_SYSENTER_EIP 0x176

extern const char native_iret[];
void user_sigreturn(void);
void sysenter_iret_entry(void);
void enter_frame(const struct return_frame *frame, uint32_t dwords, uint32_t kernel_flags,
		 struct return_frame *stack);
extern uint32_t sysenter_iret_eflags;

static uint8_t sysenter_stack[1024] __attribute__((aligned(16)));
/* What enter_frame() returns from: room for the handler of a trap, and the frame. */
static struct {
	uint8_t below[4096];
	struct return_frame frame;
} return_stack __attribute__((aligned(16)));
static void (*before_return)(void);
static unsigned fault;
static uint32_t vm86_kernel_flags;

static bool set_sysenter(uint32_t cs, uint32_t esp, uint32_t eip)
{
	int error = pv_cpu_ops.write_msr(MSR_SYSENTER_CS, cs, 0);

	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_ESP, esp, 0);
	error |= pv_cpu_ops.write_msr(MSR_SYSENTER_EIP, eip, 0);
	return !error;
}

static void note_fault(struct regs *regs)
{
	fault = regs->vector;
	regs->ip = trap_stubs[VECTOR_SIGNAL];
	regs->flags &= ~EFLAGS_NT; /* or the way there would be a task switch */
}

/* The system call: the process's stack pointer leads to the context that it wants. */
static void sigreturn(struct regs *regs)
{
	const struct user_context *wanted = (const void *)regs->sp;

	regs->di = wanted->di, regs->si = wanted->si, regs->bp = wanted->bp;
	regs->bx = wanted->bx, regs->dx = wanted->dx, regs->cx = wanted->cx;
	regs->ax = wanted->ax;
	regs->ip = wanted->ip, regs->cs = wanted->cs, regs->flags = wanted->flags;
	regs->sp = wanted->sp, regs->ss = wanted->ss;
	regs->ds = regs->es = regs->fs = regs->gs = 0; /* the context says nothing of them */
	if (!(regs->cs & SELECTOR_RPL))
		regs->cs |= SELECTOR_RPL;
	if (before_return)
		before_return();
}

/*
 * The exception table has one line: the kernel's own IRET. A fault there goes on at the
 * stub of a trap vector, with the process's frame on the stack as if the process itself
 * had trapped; that trap is its signal.
 */
static void begin(struct sigreturn_result *result)
{
	memset(result, 0, sizeof(*result));
	fault = 0;
	trap_set_fixup((uintptr_t)native_iret, note_fault);
}

static void end(struct sigreturn_result *result)
{
	const struct regs *r = &result->info.regs;

	trap_set_fixup(0, NULL);
	result->fault = fault;
	if (r->vector == VECTOR_SIGNAL)
		result->end = SIGRETURN_SIGNAL;
	else if ((r->cs & SELECTOR_RPL) || (r->flags & EFLAGS_VM))
		result->end = SIGRETURN_USER;
	else
		result->end = SIGRETURN_OOPS;
}

/* The other one: a frame for virtual-8086 mode, whatever else stands in it. */
static void vm86(struct regs *regs)
{
	struct return_frame wanted = *(const struct return_frame *)regs->sp;

	wanted.eflags |= EFLAGS_VM;
	enter_frame(&wanted, sizeof(wanted) / 4, vm86_kernel_flags, &return_stack.frame);
}

/* A process in user mode makes system call `call` with its stack pointer at `argument`. */
static void system_call(trap_handler_fn *call, const void *argument,
			struct sigreturn_result *result)
{
	struct user_context process;

	user_context_init(&process, user_sigreturn);
	process.sp = (uint32_t)argument;
	trap_set_handler(VECTOR_TEST, call);
	idt[VECTOR_TEST] = interrupt_gate(trap_stubs[VECTOR_TEST], 3);
	begin(result);
	user_run(&process, &result->info);
	end(result);
	idt[VECTOR_TEST] = (struct descriptor){ 0 };
	trap_set_handler(VECTOR_TEST, NULL);
}

void sigreturn_run(const struct user_context *context, void (*late)(void),
		   struct sigreturn_result *result)
{
	before_return = late;
	system_call(sigreturn, context, result);
}

void vm86_run(const struct return_frame *frame, uint32_t kernel_flags,
	      struct sigreturn_result *result)
{
	vm86_kernel_flags = kernel_flags;
	system_call(vm86, frame, result);
}

struct entry {
	const struct return_frame *frame;
	uint32_t kernel_flags;
};

static void enter(void *argument)
{
	const struct entry *e = argument;
	uint32_t size = sizeof(*e->frame);

	if (!(e->frame->eflags & EFLAGS_VM))
		size = offsetof(struct return_frame, es);
	enter_frame(e->frame, size / 4, e->kernel_flags, &return_stack.frame);
}

void return_run(const struct return_frame *frame, uint32_t kernel_flags,
		struct sigreturn_result *result)
{
	struct entry e = { frame, kernel_flags };

	begin(result);
	trap_guard(enter, &e, &result->info);
	end(result);
}

uint32_t returned_eip(void)
{
	return return_stack.frame.eip;
}

uint32_t sysenter_iret_run(void (*program)(void), struct sigreturn_result *result)
{
	struct user_context process;

	user_context_init(&process, program);
	if (!set_sysenter(SEL_KERNEL_CODE, (uint32_t)sysenter_stack + sizeof(sysenter_stack),
			  (uint32_t)sysenter_iret_entry))
		test_error("the SYSENTER registers cannot be written");
	sysenter_iret_eflags = 0;
	begin(result);
	user_run(&process, &result->info);
	end(result);
	set_sysenter(0, 0, 0);
	return sysenter_iret_eflags;
}
