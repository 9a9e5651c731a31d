// SPDX-License-Identifier: GPL-2.0-only
/*
 * Returns to user mode with selectors that a process chose for itself, as sigreturn lets
 * it. Bad ones must end the process and nothing else: the native IRET by its exception
 * table, the ROM's by a fault that comes from user mode. Good ones must work.
 */
#include "check.h"
#include "memory.h"
#include "mm.h"
#include "proc.h"
#include "raw.h"
#include "rom.h"
#include "signals.h"
#include "trap.h"

#define LDT_ENTRIES 9
#define GDT_SELECTOR(index) ((index) << 3 | 3)
#define LDT_SELECTOR(index) ((index) << 3 | 7)
#define CALL_GATE 0x8cu
#define NOWHERE 0x40000000u /* nothing is mapped there */
#define STACK16 0x0bff0000u /* base of the 16-bit stack segment */

/* Descriptors that a process could name. GDT: entries that the client leaves free. */
enum {
	GDT_NOWHERE = 10,
	GDT_CODE_ABSENT = 18,
	GDT_DATA_ABSENT,
	GDT_DATA_READ,
	GDT_CODE_DPL1,
	GDT_DATA_DPL1,
	GDT_CALL_GATE,
	GDT_CONFORMING3,
	GDT_CONFORMING0,
	GDT_CODE_EXEC = 28,
	GDT_CODE_DPL2,
	GDT_CONFORMING_ABSENT
};
enum {
	LDT_CODE,
	LDT_DATA,
	LDT_STACK16,
	LDT_CODE_ABSENT,
	LDT_DATA_ABSENT,
	LDT_SYSTEM,
	LDT_CODE_DPL0,
	LDT_DATA_DPL0,
	LDT_CODE_SHORT
};

static struct descriptor ldt[LDT_ENTRIES] __attribute__((aligned(8)));

static void gdt_at(uint32_t index, uint32_t base, uint32_t access)
{
	struct descriptor d = segment(base, 0xfffff, access);

	pv_cpu_ops.write_gdt_entry(this_cpu()->gdt, index, &d);
}

static void gdt(uint32_t index, uint32_t access)
{
	gdt_at(index, 0, access);
}

static void ldt_entry(uint32_t index, uint32_t base, uint32_t access)
{
	struct descriptor d = segment(base, 0xfffff, access);

	pv_cpu_ops.write_ldt_entry(ldt, index, &d);
}

void signals_prepare(void)
{
	struct descriptor short_code;

	gdt_at(GDT_NOWHERE, NOWHERE, SEG_DATA(3));
	gdt(GDT_CODE_ABSENT, SEG_CODE(3) & ~SEG_PRESENT);
	gdt(GDT_DATA_ABSENT, SEG_DATA(3) & ~SEG_PRESENT);
	gdt(GDT_DATA_READ, SEG_DATA(3) & ~SEG_DATA_WRITE);
	gdt(GDT_CODE_DPL1, SEG_CODE(1));
	gdt(GDT_DATA_DPL1, SEG_DATA(1));
	gdt(GDT_CODE_DPL2, SEG_CODE(2));
	gdt(GDT_CALL_GATE, CALL_GATE | 3 << 5);
	gdt(GDT_CONFORMING3, SEG_CODE(3) | SEG_CONFORMING);
	gdt(GDT_CONFORMING0, SEG_CODE(0) | SEG_CONFORMING);
	gdt(GDT_CONFORMING_ABSENT, (SEG_CODE(3) | SEG_CONFORMING) & ~SEG_PRESENT);
	gdt(GDT_CODE_EXEC, SEG_CODE(3) & ~SEG_CODE_READ);
	ldt_entry(LDT_CODE, 0, SEG_CODE(3));
	ldt_entry(LDT_DATA, 0, SEG_DATA(3));
	ldt_entry(LDT_STACK16, STACK16, SEG_DATA16(3));
	ldt_entry(LDT_CODE_ABSENT, 0, SEG_CODE(3) & ~SEG_PRESENT);
	ldt_entry(LDT_DATA_ABSENT, 0, SEG_DATA(3) & ~SEG_PRESENT);
	ldt_entry(LDT_SYSTEM, 0, SEG_TYPE_LDT | 3 << 5);
	ldt_entry(LDT_CODE_DPL0, 0, SEG_CODE(0));
	ldt_entry(LDT_DATA_DPL0, 0, SEG_DATA(0));
	short_code = segment(0, 0xfff, SEG_CODE(3) & ~SEG_PAGES);
	pv_cpu_ops.write_ldt_entry(ldt, LDT_CODE_SHORT, &short_code);
}

static const struct signal_case {
	const char *name;
	uint16_t cs, ss;
	bool no_ldt, good;
	bool rom_only; /* TCG does not see that the native IRET should fault */
} cases[] = {
#define CS(name, cs_) { "signal.cs_" name, .cs = cs_, .ss = SEL_USER_DATA }
#define SS(name, ss_) { "signal.ss_" name, .cs = SEL_USER_CODE, .ss = ss_ }
#define GOOD(name, cs_, ss_) { "signal.good_" name, .cs = cs_, .ss = ss_, .good = true }
	CS("null", 0),
	SS("null", 0),
	{ "signal.both_null", .cs = 0, .ss = 0 },
	CS("absent", GDT_SELECTOR(GDT_CODE_ABSENT)),
	SS("absent", GDT_SELECTOR(GDT_DATA_ABSENT)),
	CS("conforming_absent", GDT_SELECTOR(GDT_CONFORMING_ABSENT)),
	CS("data", SEL_USER_DATA),
	SS("code", SEL_USER_CODE),
	CS("data_absent", GDT_SELECTOR(GDT_DATA_ABSENT)),
	SS("read_only", GDT_SELECTOR(GDT_DATA_READ)),
	CS("empty", GDT_SELECTOR(1)),
	SS("empty", GDT_SELECTOR(1)),
	CS("tss", SEL_TSS),
	SS("tss", SEL_TSS),
	CS("ldt_descriptor", SEL_LDT),
	SS("ldt_descriptor", SEL_LDT),
	CS("call_gate", GDT_SELECTOR(GDT_CALL_GATE)),
	SS("call_gate", GDT_SELECTOR(GDT_CALL_GATE)),
	CS("kernel", SEL_KERNEL_CODE),
	SS("kernel", SEL_KERNEL_DATA),
	{ "signal.both_kernel", .cs = SEL_KERNEL_CODE, .ss = SEL_KERNEL_DATA },
	CS("dpl1", GDT_SELECTOR(GDT_CODE_DPL1)),
	SS("dpl1", GDT_SELECTOR(GDT_DATA_DPL1)),
	CS("dpl2", GDT_SELECTOR(GDT_CODE_DPL2)),
	SS("percpu", SEL_PERCPU),
	CS("outside_gdt", GDT_SELECTOR(GDT_ENTRIES)),
	SS("outside_gdt", GDT_SELECTOR(GDT_ENTRIES)),
	CS("far_outside_gdt", 0xfffb),
	SS("far_outside_gdt", 0xfffb),
	{ "signal.cs_no_ldt", .cs = LDT_SELECTOR(LDT_CODE), .ss = SEL_USER_DATA, .no_ldt = true },
	{ "signal.ss_no_ldt", .cs = SEL_USER_CODE, .ss = LDT_SELECTOR(LDT_DATA), .no_ldt = true },
	CS("ldt_absent", LDT_SELECTOR(LDT_CODE_ABSENT)),
	SS("ldt_absent", LDT_SELECTOR(LDT_DATA_ABSENT)),
	CS("ldt_data", LDT_SELECTOR(LDT_DATA)),
	SS("ldt_code", LDT_SELECTOR(LDT_CODE)),
	CS("ldt_system", LDT_SELECTOR(LDT_SYSTEM)),
	SS("ldt_system", LDT_SELECTOR(LDT_SYSTEM)),
	CS("ldt_dpl0", LDT_SELECTOR(LDT_CODE_DPL0)),
	SS("ldt_dpl0", LDT_SELECTOR(LDT_DATA_DPL0)),
	CS("outside_ldt", LDT_SELECTOR(LDT_ENTRIES)),
	SS("outside_ldt", LDT_SELECTOR(LDT_ENTRIES)),
	CS("far_outside_ldt", 0xffff),
	SS("far_outside_ldt", 0xffff),
	{ "signal.cs_limit", .cs = LDT_SELECTOR(LDT_CODE_SHORT), .ss = SEL_USER_DATA,
	  .rom_only = true },
	GOOD("flat", SEL_USER_CODE, SEL_USER_DATA),
	GOOD("ldt_code", LDT_SELECTOR(LDT_CODE), SEL_USER_DATA),
	GOOD("ldt_data", SEL_USER_CODE, LDT_SELECTOR(LDT_DATA)),
	GOOD("ldt_both", LDT_SELECTOR(LDT_CODE), LDT_SELECTOR(LDT_DATA)),
	GOOD("stack16", SEL_USER_CODE, LDT_SELECTOR(LDT_STACK16)),
	GOOD("conforming", GDT_SELECTOR(GDT_CONFORMING3), SEL_USER_DATA),
	GOOD("conforming_kernel", GDT_SELECTOR(GDT_CONFORMING0), SEL_USER_DATA),
	GOOD("execute_only", GDT_SELECTOR(GDT_CODE_EXEC), SEL_USER_DATA),
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static bool applies(const struct signal_case *c)
{
	return rom || !c->rom_only;
}

/* Runs one process that returns so. NULL if the end is right, else what is wrong with it. */
static const char *run_case(const struct signal_case *c, struct proc **process)
{
	struct proc *p = proc_create(user_sigreturn);
	uint32_t fixups = trap_fixups;

	*process = p;
	if (!p)
		return "no memory for a process";
	if (!c->no_ldt) {
		p->ldt = ldt;
		p->ldt_entries = LDT_ENTRIES;
	}
	/* IRET runs with the data segments of the process: the checks must not use them. */
	p->regs.ds = p->regs.es = GDT_SELECTOR(GDT_NOWHERE);
	p->regs.ebx = c->cs;
	p->regs.ecx = c->ss;
	p->regs.edx = EFLAGS_IF;
	p->regs.esi = user_address(user_landed);
	p->regs.edi = c->ss == LDT_SELECTOR(LDT_STACK16) ? 0x8000 : USER_STACK_END - 64;
	proc_run_all();
	if (p->state != PROC_DONE)
		return "the process did not end";
	if (c->good)
		return proc_passed(p) ? NULL : "a good return failed";
	if (p->end == END_OOPS)
		return "IRET faulted in ring 0";
	if (p->end == END_EXIT)
		return "a bad return went through";
	if (!rom && p->end == END_BAD_IRET && trap_fixups > fixups)
		return NULL;
	if (!rom)
		return "the native IRET did not fault";
	if (p->end != END_SIGNAL || (p->end_cs & 3) != 3)
		return "the process did not end by a fault in user mode";
	return in_rom(p->end_eip) ? NULL : "the fault is not at an address of the ROM";
}

void test_signals(void)
{
	struct proc *p;
	uint32_t before = frames_free();

	signals_prepare();
	for (size_t i = 0; i < CASES; i++) {
		const char *bad;

		if (!applies(&cases[i])) {
			check_skip(cases[i].name, "TCG does not check the limit of CS on IRET");
			continue;
		}
		bad = run_case(&cases[i], &p);
		check(cases[i].name, !bad, "%s: end %u value 0x%x error 0x%x at 0x%x:0x%08x",
		      bad ? bad : "", p ? p->end : 0, p ? p->end_value : 0, p ? p->end_error : 0,
		      p ? p->end_cs : 0, p ? p->end_eip : 0);
		if (p)
			proc_free(p);
	}
	check_equal("signal.frames_leaked", before - frames_free(), 0);
	test_flags();
	test_v86();
}

uint32_t signals_failing(const char **first)
{
	uint32_t failing = 0;

	for (size_t i = 0; i < CASES; i++) {
		struct proc *p = NULL;
		const char *bad = applies(&cases[i]) ? run_case(&cases[i], &p) : NULL;

		if (bad && !failing++)
			*first = cases[i].name;
		if (p)
			proc_free(p);
	}
	return failing;
}
