/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes: a kernel stack, a set of segments and an address space each, on any processor. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"
#include "thread.h"
#include "mm.h"

#define PROCESSES 64

enum process_state {
	PROCESS_FREE, PROCESS_MADE, PROCESS_READY, PROCESS_RUNNING, PROCESS_ENDING, PROCESS_ENDED
};

struct process {
	volatile enum process_state state;
	uint32_t number;       /* index + 1 */
	uint32_t parent;       /* its number; 0 = the kernel */
	struct process *next;  /* in the queue of those that are ready */
	uint32_t stack;        /* the frame of its kernel stack */
	uintptr_t sp;          /* saved stack pointer, unless it runs */
	struct thread thread;  /* what load_sp0 and load_tls want */
	struct descriptor ldt; /* entry 1 of its processor's LDT */
	struct mm *mm;
	uint32_t recover;      /* SYS_RECOVER */
	uint32_t result;
};

/* A program of position-independent code, not longer than a few pages. */
struct program {
	const void *text;
	uint32_t size;
};

/*
 * A process that starts at the first byte of `program`, as a function with these
 * arguments, and an address space of its own. Its number, or 0: nothing is left.
 */
uint32_t process_create(const struct program *program, uint32_t a, uint32_t b, uint32_t c);

/* Runs processes on all processors until each has ended. */
void processes_run(void);
/* How often processes have said SYS_WRONG since the start. */
uint32_t processes_wrong(void);
/* Changes from one process to another since the start. */
uint32_t processes_switches(void);
/* What an ended process left with SYS_EXIT; gives its place free. SYS_NONE: no such process. */
uint32_t process_reap(uint32_t number, uint32_t parent);

/* Whether `parent` has a process of that number, and whether it has ended. */
bool process_ended(uint32_t number, uint32_t parent, bool *exists);

/* For system calls: what runs on this processor. */
struct process *process_current(void);
/* A copy of the calling process that starts as `regs` says; shares `mm`, which it takes over. */
struct process *process_copy(const struct regs *regs, struct mm *mm);
/* Makes a process that was made ready to run. */
void process_ready(struct process *p);
void process_yield(void);
__attribute__((noreturn)) void process_exit(uint32_t result);
/* Loads p->thread.tls and p->ldt, which have changed, on this processor. */
void process_load_segments(const struct process *p);

/* The kernel's side of system calls and faults; syscall.c. */
void syscall_start(void);
void syscall_stop(void);
/* Sets up SYSENTER or SYSCALL on this processor, or takes it away. */
void syscall_fast(bool on);

#endif
