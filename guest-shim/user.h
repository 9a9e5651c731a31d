/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs for user mode (flow.asm) and what is known of their way into the kernel. */
#ifndef USER_H
#define USER_H

#include <stdint.h>

#include "arch.h"

void user_return(void);   /* INT VECTOR_USER at once */
void user_sysenter(void); /* SYSENTER; then EFLAGS on the stack */
void user_rdtsc(void);    /* RDTSC; then EDX:EAX */
void user_in(void);       /* IN from port 0x80 */
uintptr_t user_stack_top(void);

/* Kernel side of SYSENTER: its entry, and what the last one looked like. */
void sysenter_entry(void);
extern struct sysenter_record {
	uint32_t count, eflags, eip, esp;
	uintptr_t frame;
} sysenter_record;

/* IRET to ring 0 with every register known, see flow.asm. */
void iret_ring0(struct probe *state);

/* A handler for gates that tests write. */
void test_gate(void);
extern uint32_t test_gate_hits;

#endif
