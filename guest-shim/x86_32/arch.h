/* SPDX-License-Identifier: GPL-2.0-only */
/* Structures of the i386 guest that the processor or assembly dictates. */
#ifndef ARCH_H
#define ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"
#include "vmi_abi.h" /* struct vmi_descriptor_pointer */

#define ARCH_NAME "x86_32"

/* What a trap stub leaves on the stack. sp and ss are only there if cs says ring 3. */
struct regs {
	uint32_t gs, fs, es, ds;
	uint32_t di, si, bp, sp_unused, bx, dx, cx, ax;
	uint32_t vector, error;
	uint32_t ip, cs, flags, sp, ss;
};

static inline bool regs_of_user(const struct regs *r)
{
	return (r->cs & 3) || (r->flags & 0x20000);
}

/* How much of it the trap has left. */
static inline size_t regs_size(const struct regs *r)
{
	return regs_of_user(r) ? sizeof(*r) : offsetof(struct regs, sp);
}

static inline uintptr_t regs_sp(const struct regs *r)
{
	return regs_of_user(r) ? r->sp : (uintptr_t)&r->sp;
}

static inline uint32_t regs_ss(const struct regs *r)
{
	return regs_of_user(r) ? r->ss : SEL_KERNEL_DATA;
}

/* What switch_stack() pops. */
struct switch_frame {
	uint32_t edi, esi, ebx, ebp, ip;
};

/* Registers to enter user mode with: general registers as POPA takes them, then an IRET frame. */
struct user_context {
	uint32_t di, si, bp, sp_unused, bx, dx, cx, ax;
	uint32_t ip, cs, flags, sp, ss;
};
_Static_assert(sizeof(struct user_context) == 4 * USER_CONTEXT_DWORDS, "layout.h");

/* A 32-bit task state segment. */
struct tss {
	uint16_t backlink, r0;
	uint32_t esp0, ss0, esp1, ss1, esp2, ss2;
	uint32_t cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, io_map;
};
_Static_assert(sizeof(struct tss) == 104, "TSS");

struct descriptor {
	uint32_t low, high;
};
typedef struct descriptor gate_desc;
typedef struct vmi_descriptor_pointer table_pointer; /* what LGDT and LIDT read */
typedef uint32_t pteval_t;                           /* without PAE */

/* What a processor has of its own, beside struct cpu. */
struct cpu_arch {
};

/* What a thread brings into load_sp0 and load_tls. */
struct thread {
	uintptr_t sp0;
	struct descriptor tls[3];
};

/* Register numbers in struct probe, the processor's own. */
enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };
#define PROBE_REGISTERS 8
#define ARG0 EAX /* where a C function has its first argument */

/* A call with every register known, see probe.asm. */
struct probe {
	uint32_t target;             /* address to call */
	uint32_t args[4];            /* [esp+4] ... at entry */
	uint32_t in[8];              /* registers at entry; ESP is chosen by the probe */
	uint32_t segment;            /* DS and ES at entry */
	uint32_t out[8];             /* registers after the return */
	uint32_t flags;              /* flags after the return */
	uint32_t sp;                 /* what ESP must be after the return */
	uint32_t out_ds, out_es;
	uint32_t canary[PROBE_CANARIES]; /* stack above the arguments, after the return */
	/*
	 * Limit 0: GDTR is left alone. Else what it must be after the return, when it is loaded
	 * again, and holds here what was found.
	 */
	struct vmi_descriptor_pointer gdt;
};
_Static_assert(offsetof(struct probe, args) == PROBE_ARGS, "layout.h");
_Static_assert(offsetof(struct probe, in) == PROBE_IN, "layout.h");
_Static_assert(offsetof(struct probe, segment) == PROBE_SEGMENT, "layout.h");
_Static_assert(offsetof(struct probe, out) == PROBE_OUT, "layout.h");
_Static_assert(offsetof(struct probe, flags) == PROBE_EFLAGS, "layout.h");
_Static_assert(offsetof(struct probe, sp) == PROBE_ESP, "layout.h");
_Static_assert(offsetof(struct probe, out_ds) == PROBE_OUT_DS, "layout.h");
_Static_assert(offsetof(struct probe, out_es) == PROBE_OUT_ES, "layout.h");
_Static_assert(offsetof(struct probe, canary) == PROBE_CANARY, "layout.h");
_Static_assert(offsetof(struct probe, gdt) == PROBE_GDT, "layout.h");

/* User mode's registers at the start of a process; the general ones are 0. */
static inline struct regs regs_start(uintptr_t ip, uintptr_t sp)
{
	return (struct regs){
		.gs = SEL_USER_DATA, .fs = SEL_USER_DATA, .es = SEL_USER_DATA, .ds = SEL_USER_DATA,
		.ip = ip, .cs = SEL_USER_CODE, .flags = 0x202, .sp = sp, .ss = SEL_USER_DATA,
	};
}

/* Arguments of a process's first function. */
static inline void regs_arguments(struct regs *r, uint32_t a, uint32_t b, uint32_t c)
{
	r->ax = a, r->dx = b, r->cx = c;
}

#endif
