// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that IRET refuses, each asked for by a process in user mode, as sigreturn and
 * modify_ldt let it. Whatever serves the slot, the process gets a signal and the kernel
 * lives:
 *
 *   native  IRET faults in ring 0 with the vector named here, at an address for which
 *           the kernel has an exception-table entry;
 *   ROM     no such entry exists, so the fault must be one of user mode, in the image.
 *
 * Either way the signal shows the process's own registers. The verdict's note tells which.
 */
#include "binding.h"
#include "cpu.h"
#include "load.h"
#include "memory.h"
#include "paging.h"
#include "pv_ops.h"
#include "rom_place.h"
#include "sigreturn.h"
#include "test.h"
#include "user.h"

/* Selectors of the entries that a kind describes. */
#define GDT_ENTRY (SEL_TEST | 3)
#define LDT_INDEX 1
#define LDT_ENTRY_OF_RING(ring) (LDT_INDEX << 3 | 4 | (ring))
#define LDT_ENTRY LDT_ENTRY_OF_RING(3)

#define NOT_PRESENT(access) ((access) & ~0x8000u)
#define ACCESS_CONFORMING(ring) (SEG_CODE(ring) | 0x400u)
#define ACCESS_READ_ONLY (SEG_DATA(3) & ~0x200u)
#define ACCESS_USER_TSS (SEG_TSS | 3u << 13)
#define ACCESS_USER_LDT (SEG_LDT | 3u << 13)
#define ACCESS_USER_GATE 0x00ec00u /* a call gate */
#define ACCESS_SMALL 0x40fa00u     /* user code with a limit in bytes */
#define ACCESS_SMALL_16 0x00fa00u
#define SMALL_LIMIT 0xffu
#define BASE 0x1000u /* not flat: no entry here may pass for the pair that is looked for */
#define PF_USER_PRESENT 5u
#define PF_FETCH 0x10u /* shown where the processor has NX on */

struct kind {
	uint16_t cs, ss; /* the rest of the context is in order */
	uint32_t eip;    /* 0 = that of a program */
	uint32_t gdt;    /* access bits of the GDT's test entry; 0 = none */
	uint32_t ldt;    /* the same of the LDT's; 0 with with_ldt = an empty entry */
	bool with_ldt;
	uint16_t fault;  /* vector of the native fault, 0 = #GP */
	bool unchecked;  /* an emulator may not check this */
};

static void prepare(const struct kind *k)
{
	uint32_t limit = k->eip ? SMALL_LIMIT : 0xfffff;

	if (k->gdt)
		gdt[SEL_TEST / 8] = segment_descriptor(BASE, limit, k->gdt);
	memset(ldt, 0, LDT_ENTRIES * sizeof(*ldt));
	if (k->ldt)
		ldt[LDT_INDEX] = segment_descriptor(BASE, 0xfffff, k->ldt);
	pv_cpu_ops.set_ldt(k->with_ldt ? ldt : NULL, k->with_ldt ? LDT_ENTRIES : 0);
}

static void clean_up(void)
{
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
	memset(ldt, 0, LDT_ENTRIES * sizeof(*ldt));
	pv_cpu_ops.set_ldt(NULL, 0);
}

static struct user_context context_of(const struct kind *k)
{
	struct user_context c;

	user_context_init(&c, user_return);
	c.di = 0xd1d1d1d1, c.si = 0x51515151, c.bp = 0xebebebeb, c.bx = 0xb0b0b0b0;
	c.dx = 0xd0d0d0d0, c.cx = 0xc0c0c0c0, c.ax = 0xa0a0a0a0;
	c.flags = EFLAGS_FIXED | EFLAGS_CF | EFLAGS_AC;
	c.sp -= 64;
	c.cs = k->cs, c.ss = k->ss;
	if (k->eip)
		c.ip = k->eip;
	return c;
}

static void check_registers(const struct regs *r, const struct user_context *c)
{
	CHECK_EQ("EAX in the signal", r->ax, c->ax);
	CHECK_EQ("EBX in the signal", r->bx, c->bx);
	CHECK_EQ("ECX in the signal", r->cx, c->cx);
	CHECK_EQ("EDX in the signal", r->dx, c->dx);
	CHECK_EQ("ESI in the signal", r->si, c->si);
	CHECK_EQ("EDI in the signal", r->di, c->di);
	CHECK_EQ("EBP in the signal", r->bp, c->bp);
	CHECK_EQ("ESP in the signal", r->sp, c->sp);
	CHECK_EQ("EFLAGS in the signal", r->flags & ~EFLAGS_RF, c->flags);
}

static bool served_by_rom(void)
{
	return load_result()->bindings[SLOT_iret].kind == VMI_BIND_ROM;
}

/* The kernel's own IRET faulted and the exception table made a signal of it. */
static void check_fixed_up(const struct sigreturn_result *r, const struct kind *k)
{
	unsigned expected = k->fault ? k->fault : TRAP_GP;

	/* An SS that is not present is #SS; QEMU raises #NP. */
	if (expected == TRAP_SS && r->fault == TRAP_NP)
		expected = TRAP_NP;
	CHECK_EQ("vector of the fault at the kernel's IRET", r->fault, expected);
	test_note("fault %u in ring 0 at the guest's own IRET, fixed up", r->fault);
}

/* The fault is one of user mode, at an address in the ROM. */
static void check_user_fault(const struct sigreturn_result *r)
{
	const struct regs *regs = &r->info.regs;
	bool kept = !paging_user_may_run(regs->ip); /* the page is the kernel's alone */
	char place[ROM_PLACE_SIZE];

	CHECK_EQ("vector in user mode", regs->vector, kept ? TRAP_PF : TRAP_UD);
	CHECK_EQ("privilege level of the fault", regs->cs & 3, 3);
	CHECK_EQ("CS of the fault", regs->cs & 0xffff, SEL_USER_CODE);
	CHECK_EQ("SS of the fault", regs->ss & 0xffff, SEL_USER_DATA);
	CHECK(rom_contains(regs->ip), "the fault at 0x%08x is not in the ROM", regs->ip);
	if (kept) {
		CHECK_EQ("error code of the page fault", regs->error & ~PF_FETCH, PF_USER_PRESENT);
		CHECK_EQ("CR2 of the page fault", r->info.cr2, regs->ip);
	}
	test_note("fault %u in user mode in %s", regs->vector, rom_place(regs->ip, place));
}

static void check_refused(const struct kind *k)
{
	struct user_context c = context_of(k);
	struct sigreturn_result r;

	/* An emulator lets the process run, and without page tables nothing ends that soon. */
	if (k->unchecked && !served_by_rom() && !paging.on)
		SKIP("no page tables: the process would run through all memory");
	prepare(k);
	sigreturn_run(&c, NULL, &r);
	clean_up();
	if (!CHECK(r.end != SIGRETURN_OOPS, "oops: fault %u in ring 0 at 0x%08x",
		   r.info.regs.vector, r.info.regs.ip))
		return;
	if (served_by_rom()) {
		CHECK(r.end == SIGRETURN_USER, "the ROM is bound, yet the native IRET faulted");
		check_user_fault(&r);
	} else if (r.end == SIGRETURN_SIGNAL) {
		check_fixed_up(&r, k);
	} else {
		CHECK(k->unchecked, "no fault at IRET, but vector %u at 0x%08x in user mode",
		      r.info.regs.vector, r.info.regs.ip);
		test_note("not checked by this processor");
		return;
	}
	check_registers(&r.info.regs, &c);
}

#define REFUSED(name, title, ...) \
	TEST(name, "iret." title, VMI_CALL_IRET) \
	{ \
		static const struct kind kind = { __VA_ARGS__ }; \
		check_refused(&kind); \
	}
#define BAD_CS(name, title, ...) REFUSED(name, title, .ss = SEL_USER_DATA, __VA_ARGS__)
#define BAD_SS(name, title, ...) REFUSED(name, title, .cs = SEL_USER_CODE, __VA_ARGS__)

BAD_CS(cs_null, "cs-null", .cs = 0)
BAD_CS(cs_null3, "cs-null-rpl3", .cs = 3)
BAD_CS(cs_absent, "cs-not-present", .cs = GDT_ENTRY, .gdt = NOT_PRESENT(SEG_CODE(3)),
       .fault = TRAP_NP)
BAD_CS(cs_data, "cs-data", .cs = GDT_ENTRY, .gdt = SEG_DATA(3))
BAD_CS(cs_tss, "cs-tss", .cs = GDT_ENTRY, .gdt = ACCESS_USER_TSS)
BAD_CS(cs_ldt, "cs-ldt-descriptor", .cs = GDT_ENTRY, .gdt = ACCESS_USER_LDT)
BAD_CS(cs_gate, "cs-call-gate", .cs = GDT_ENTRY, .gdt = ACCESS_USER_GATE)
BAD_CS(cs_kernel, "cs-kernel", .cs = SEL_KERNEL_CODE)
BAD_CS(cs_dpl0, "cs-dpl0", .cs = GDT_ENTRY, .gdt = SEG_CODE(0))
BAD_CS(cs_dpl1, "cs-dpl1", .cs = GDT_ENTRY, .gdt = SEG_CODE(1))
BAD_CS(cs_dpl2, "cs-dpl2", .cs = GDT_ENTRY, .gdt = SEG_CODE(2))
/* SS is in order here: one of the ring that the RPL of CS names. */
REFUSED(cs_rpl1, "cs-rpl1", .cs = SEL_TEST | 1, .gdt = SEG_CODE(3), .ss = LDT_ENTRY_OF_RING(1),
	.with_ldt = true, .ldt = SEG_DATA(1))
REFUSED(cs_rpl2, "cs-rpl2", .cs = SEL_TEST | 2, .gdt = SEG_CODE(3), .ss = LDT_ENTRY_OF_RING(2),
	.with_ldt = true, .ldt = SEG_DATA(2))
REFUSED(cs_conforming, "cs-conforming-rpl1", .cs = SEL_TEST | 1, .gdt = ACCESS_CONFORMING(3),
	.ss = LDT_ENTRY_OF_RING(1), .with_ldt = true, .ldt = SEG_DATA(1))
REFUSED(cs_conforming2, "cs-conforming-rpl2", .cs = SEL_TEST | 2, .gdt = ACCESS_CONFORMING(3),
	.ss = LDT_ENTRY_OF_RING(2), .with_ldt = true, .ldt = SEG_DATA(2))
BAD_CS(cs_conforming_absent, "cs-conforming-not-present", .cs = GDT_ENTRY,
       .gdt = NOT_PRESENT(ACCESS_CONFORMING(0)), .fault = TRAP_NP)
BAD_CS(cs_empty, "cs-empty-entry", .cs = GDT_ENTRY)
BAD_CS(cs_beyond_gdt, "cs-beyond-gdt", .cs = GDT_ENTRIES << 3 | 3)
BAD_CS(cs_far_beyond_gdt, "cs-last-selector", .cs = 0xfffb)
BAD_CS(cs_no_ldt, "cs-no-ldt", .cs = LDT_ENTRY)
BAD_CS(cs_beyond_ldt, "cs-beyond-ldt", .cs = LDT_ENTRIES << 3 | 7, .with_ldt = true)
BAD_CS(cs_ldt_empty, "cs-ldt-empty-entry", .cs = LDT_ENTRY, .with_ldt = true)
BAD_CS(cs_ldt_absent, "cs-ldt-not-present", .cs = LDT_ENTRY, .with_ldt = true,
       .ldt = NOT_PRESENT(SEG_CODE(3)), .fault = TRAP_NP)
BAD_CS(cs_ldt_data, "cs-ldt-data", .cs = LDT_ENTRY, .with_ldt = true, .ldt = SEG_DATA(3))
BAD_CS(cs_ldt_dpl0, "cs-ldt-dpl0", .cs = LDT_ENTRY, .with_ldt = true, .ldt = SEG_CODE(0))
BAD_CS(eip_limit, "eip-beyond-limit", .cs = GDT_ENTRY, .gdt = ACCESS_SMALL,
       .eip = SMALL_LIMIT + 1, .unchecked = true)
BAD_CS(eip_limit16, "eip-beyond-limit-16bit", .cs = GDT_ENTRY, .gdt = ACCESS_SMALL_16,
       .eip = SMALL_LIMIT + 1, .unchecked = true)

BAD_SS(ss_null, "ss-null", .ss = 0)
BAD_SS(ss_null3, "ss-null-rpl3", .ss = 3)
BAD_SS(ss_absent, "ss-not-present", .ss = GDT_ENTRY, .gdt = NOT_PRESENT(SEG_DATA(3)),
       .fault = TRAP_SS)
BAD_SS(ss_code, "ss-code", .ss = GDT_ENTRY, .gdt = SEG_CODE(3))
BAD_SS(ss_read_only, "ss-read-only", .ss = GDT_ENTRY, .gdt = ACCESS_READ_ONLY)
BAD_SS(ss_tss, "ss-tss", .ss = GDT_ENTRY, .gdt = ACCESS_USER_TSS)
BAD_SS(ss_ldt, "ss-ldt-descriptor", .ss = GDT_ENTRY, .gdt = ACCESS_USER_LDT)
BAD_SS(ss_gate, "ss-call-gate", .ss = GDT_ENTRY, .gdt = ACCESS_USER_GATE)
BAD_SS(ss_kernel, "ss-kernel", .ss = SEL_KERNEL_DATA)
BAD_SS(ss_dpl0, "ss-dpl0", .ss = GDT_ENTRY, .gdt = SEG_DATA(0))
BAD_SS(ss_dpl1, "ss-dpl1", .ss = GDT_ENTRY, .gdt = SEG_DATA(1))
BAD_SS(ss_dpl2, "ss-dpl2", .ss = GDT_ENTRY, .gdt = SEG_DATA(2))
BAD_SS(ss_rpl0, "ss-rpl0", .ss = SEL_TEST, .gdt = SEG_DATA(3))
BAD_SS(ss_rpl1, "ss-rpl1", .ss = SEL_TEST | 1, .gdt = SEG_DATA(3))
BAD_SS(ss_rpl2, "ss-rpl2", .ss = SEL_TEST | 2, .gdt = SEG_DATA(3))
BAD_SS(ss_empty, "ss-empty-entry", .ss = GDT_ENTRY)
BAD_SS(ss_beyond_gdt, "ss-beyond-gdt", .ss = GDT_ENTRIES << 3 | 3)
BAD_SS(ss_far_beyond_gdt, "ss-last-selector", .ss = 0xfffb)
BAD_SS(ss_no_ldt, "ss-no-ldt", .ss = LDT_ENTRY)
BAD_SS(ss_beyond_ldt, "ss-beyond-ldt", .ss = LDT_ENTRIES << 3 | 7, .with_ldt = true)
BAD_SS(ss_ldt_empty, "ss-ldt-empty-entry", .ss = LDT_ENTRY, .with_ldt = true)
BAD_SS(ss_ldt_absent, "ss-ldt-not-present", .ss = LDT_ENTRY, .with_ldt = true,
       .ldt = NOT_PRESENT(SEG_DATA(3)), .fault = TRAP_SS)
BAD_SS(ss_ldt_read_only, "ss-ldt-read-only", .ss = LDT_ENTRY, .with_ldt = true,
       .ldt = ACCESS_READ_ONLY)
REFUSED(both_null, "both-null", .cs = 3, .ss = 3)

/* Where the page is the kernel's alone, the instruction is not even fetched. */
TEST(supervisor_page, "iret.refused-under-paging", VMI_CALL_IRET)
{
	static const struct kind kind = { .cs = SEL_USER_CODE, .ss = 3 };
	uintptr_t start, end;

	if (!rom_image(&start, &end))
		start = end = 0;
	paging_let_user(start, end, false);
	check_refused(&kind);
	paging_let_user(start, end, true);
}
