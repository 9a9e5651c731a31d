/* SPDX-License-Identifier: GPL-2.0-only */
/* Structures of the x86-64 guest that the processor or assembly dictates. */
#ifndef ARCH_H
#define ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

#define ARCH_NAME "x86_64"

/* What a trap stub leaves on the stack. */
struct regs {
	uint64_t r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	uint32_t vector, unused1, error, unused2;
	uint64_t ip, cs, flags, sp, ss;
};

static inline bool regs_of_user(const struct regs *r)
{
	return r->cs & 3;
}

/* How much of it the trap has left. */
static inline size_t regs_size(const struct regs *r)
{
	return sizeof(*r);
}

static inline uintptr_t regs_sp(const struct regs *r)
{
	return r->sp;
}

static inline uint32_t regs_ss(const struct regs *r)
{
	return (uint32_t)r->ss;
}

/* What switch_stack() pops. */
struct switch_frame {
	uint64_t r15, r14, r13, r12, rbx, rbp, ip;
};

/* Registers to enter user mode with, then an IRET frame. */
struct user_context {
	uint64_t r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	uint64_t ip, cs, flags, sp, ss;
};
_Static_assert(sizeof(struct user_context) == 8 * USER_CONTEXT_WORDS, "layout.h");

struct tss {
	uint32_t reserved;
	uint64_t rsp0, rsp1, rsp2, reserved1, ist[7], reserved2;
	uint16_t reserved3, io_map;
} __attribute__((packed));
_Static_assert(sizeof(struct tss) == 104, "TSS");
_Static_assert(offsetof(struct tss, rsp0) == TSS_RSP0, "layout.h");

struct descriptor {
	uint32_t low, high;
};

/* A gate, or a system descriptor: the upper half of the address is behind the rest. */
typedef struct {
	uint32_t low, high, upper, zero;
} gate_desc;

/* What LGDT and LIDT read. */
typedef struct {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed)) table_pointer;
typedef uint64_t pteval_t;

/* What a processor has of its own, beside struct cpu: at the base of GS, for assembly. */
struct cpu_arch {
	uintptr_t user_sp;
};

/* What a thread brings into load_sp0, load_tls and a change of segments. */
struct thread {
	uintptr_t sp0;
	struct descriptor tls[3];
	uint16_t fs, gs;
};

/* Register numbers in struct probe, the processor's own. */
enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };
#define PROBE_REGISTERS 16
#define ARG0 EDI /* where a C function has its first argument */

/* A call with every register known, see probe.asm. */
struct probe {
	uint64_t target;                 /* address to call */
	uint64_t args[4];                /* [rsp+8] ... at entry */
	uint64_t in[PROBE_REGISTERS];    /* registers at entry; RSP is chosen by the probe */
	uint64_t out[PROBE_REGISTERS];   /* registers after the return */
	uint64_t flags;                  /* flags after the return */
	uint64_t sp;                     /* what RSP must be after the return */
	uint32_t out_ds, out_es;
	uint64_t canary[PROBE_CANARIES]; /* stack above the arguments, after the return */
	/*
	 * Limit 0: GDTR is left alone. Else what it must be after the return, when it is loaded
	 * again, and holds here what was found.
	 */
	table_pointer gdt;
	uint16_t segment;                /* DS and ES at entry and after it */
};
_Static_assert(offsetof(struct probe, args) == PROBE_ARGS, "layout.h");
_Static_assert(offsetof(struct probe, in) == PROBE_IN, "layout.h");
_Static_assert(offsetof(struct probe, out) == PROBE_OUT, "layout.h");
_Static_assert(offsetof(struct probe, flags) == PROBE_RFLAGS, "layout.h");
_Static_assert(offsetof(struct probe, sp) == PROBE_RSP, "layout.h");
_Static_assert(offsetof(struct probe, out_ds) == PROBE_OUT_DS, "layout.h");
_Static_assert(offsetof(struct probe, out_es) == PROBE_OUT_ES, "layout.h");
_Static_assert(offsetof(struct probe, canary) == PROBE_CANARY, "layout.h");
_Static_assert(offsetof(struct probe, gdt) == PROBE_GDT, "layout.h");
_Static_assert(offsetof(struct probe, segment) == PROBE_SEGMENT, "layout.h");

/* User mode's registers at the start of a process; the general ones are 0. */
static inline struct regs regs_start(uintptr_t ip, uintptr_t sp)
{
	return (struct regs){
		.ip = ip, .cs = SEL_USER_CODE, .flags = 0x202, .sp = sp, .ss = SEL_USER_DATA,
	};
}

/* Arguments of a process's first function. */
static inline void regs_arguments(struct regs *r, uint32_t a, uint32_t b, uint32_t c)
{
	r->di = a, r->si = b, r->dx = c;
}

#endif
