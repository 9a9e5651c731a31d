// SPDX-License-Identifier: GPL-2.0-only
/*
 * GDT, LDT and task state segment of each processor, and the IDT of all. They are set up
 * past the slots: a slot that does nothing must fail a test, not reset the machine in silence.
 */
#include "arch.h"
#include "cpu.h"
#include "percpu.h"
#include "trap.h"

#define TRAP_STACK 8192
#define IST_STACK 4096
#define MSR_GS_BASE 0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u
#define GATE_INTERRUPT 0x8e00u
#define GATE_TRAP_VECTORS (VECTOR_IRQ + 16)

struct descriptor gdt[GDT_ENTRIES], ldt[LDT_ENTRIES];
gate_desc idt[256];
struct tss main_tss;
static uint8_t trap_stacks[CPU_MAX][TRAP_STACK] __attribute__((aligned(16)));
static uint8_t ist_stacks[CPU_MAX][3][IST_STACK] __attribute__((aligned(16)));
/* Those of processor 0 have names of their own. */
static struct descriptor other_gdt[CPU_MAX - 1][GDT_ENTRIES], other_ldt[CPU_MAX - 1][LDT_ENTRIES];
static struct tss other_tss[CPU_MAX - 1];
struct cpu cpus[CPU_MAX];
unsigned cpu_count = 1;
_Static_assert(offsetof(struct cpu, arch.user_sp) == CPU_USER_SP, "layout.h");
_Static_assert(offsetof(struct cpu, tss) == CPU_TSS, "layout.h");

struct descriptor segment_descriptor(uint32_t base, uint32_t limit, uint32_t access)
{
	return (struct descriptor){
		.low = base << 16 | (limit & 0xffff),
		.high = (base & 0xff000000u) | (limit & 0xf0000u) | access | (base >> 16 & 0xff),
	};
}

gate_desc system_descriptor(uintptr_t base, uint32_t limit, uint32_t access)
{
	struct descriptor d = segment_descriptor((uint32_t)base, limit, access);

	return (gate_desc){ d.low, d.high, (uint32_t)(base >> 32), 0 };
}

gate_desc interrupt_gate(uintptr_t address, uint32_t ring)
{
	return (gate_desc){
		.low = (uint32_t)SEL_KERNEL_CODE << 16 | (address & 0xffff),
		.high = (address & 0xffff0000u) | GATE_INTERRUPT | ring << 13,
		.upper = (uint32_t)(address >> 32),
	};
}

uintptr_t default_sp0(void)
{
	return (uintptr_t)trap_stacks[cpu_number()] + TRAP_STACK;
}

static void init_tss(struct tss *tss, unsigned number)
{
	tss->rsp0 = (uintptr_t)trap_stacks[number] + TRAP_STACK;
	for (int i = 0; i < 3; i++)
		tss->ist[i] = (uintptr_t)ist_stacks[number][i] + IST_STACK;
	tss->io_map = sizeof(*tss);
}

static void reload_segments(void)
{
	asm volatile("pushq %0\n\tleaq 1f(%%rip), %%rax\n\tpushq %%rax\n\tlretq\n1:\n\t"
		     "mov %1, %%ds; mov %1, %%es; mov %1, %%ss; mov %2, %%fs; mov %2, %%gs"
		     : : "i"(SEL_KERNEL_CODE), "r"(SEL_KERNEL_DATA), "r"(0) : "rax", "memory");
}

static void init_idt(void)
{
	static const uint8_t others[] = { VECTOR_RESCHEDULE, VECTOR_FLUSH, VECTOR_TIMER,
					  VECTOR_SPURIOUS };

	for (int i = 0; i < GATE_TRAP_VECTORS; i++)
		idt[i] = interrupt_gate(trap_stubs[i], 0);
	for (unsigned i = 0; i < sizeof(others); i++)
		idt[others[i]] = interrupt_gate(trap_stubs[others[i]], 0);
	idt[VECTOR_USER] = interrupt_gate(trap_stubs[VECTOR_USER], 3);
}

/* Stacks of their own: these come at any place, with any stack pointer. */
static void init_ist(void)
{
	idt[2].high |= IST_NMI;
	idt[8].high |= IST_DF;
	idt[18].high |= IST_MC;
}

static void fill_gdt(const struct cpu *cpu)
{
	struct descriptor *g = cpu->gdt;
	gate_desc tss = system_descriptor((uintptr_t)cpu->tss, sizeof(*cpu->tss) - 1, SEG_TSS);

	g[SEL_KERNEL_CODE / 8] = segment_descriptor(0, 0xfffff, SEG_CODE64(0));
	g[SEL_KERNEL_DATA / 8] = segment_descriptor(0, 0xfffff, SEG_DATA(0));
	g[SEL_USER_CODE32 / 8] = segment_descriptor(0, 0xfffff, SEG_CODE(3));
	g[SEL_USER_DATA / 8] = segment_descriptor(0, 0xfffff, SEG_DATA(3));
	g[SEL_USER_CODE / 8] = segment_descriptor(0, 0xfffff, SEG_CODE64(3));
	g[SEL_USER_DATA64 / 8] = segment_descriptor(0, 0xfffff, SEG_DATA(3));
	g[SEL_KERNEL_CODE32 / 8] = segment_descriptor(0, 0xfffff, SEG_CODE(0));
	g[SEL_TSS / 8] = (struct descriptor){ tss.low, tss.high };
	g[SEL_TSS / 8 + 1] = (struct descriptor){ tss.upper, 0 };
	g[SEL_CPU / 8] = segment_descriptor(0, cpu->number, SEG_DATA_BYTES);
}

void cpu_tables_load(unsigned number)
{
	struct cpu *cpu = &cpus[number];
	table_pointer g, i = { sizeof(idt) - 1, (uintptr_t)idt };

	cpu->number = number;
	cpu->gdt = number ? other_gdt[number - 1] : gdt;
	cpu->ldt = number ? other_ldt[number - 1] : ldt;
	cpu->tss = number ? &other_tss[number - 1] : &main_tss;
	init_tss(cpu->tss, number);
	fill_gdt(cpu);
	g = (table_pointer){ sizeof(gdt) - 1, (uintptr_t)cpu->gdt };
	raw_load_gdt(&g);
	reload_segments();
	raw_write_msr(MSR_GS_BASE, (uintptr_t)cpu);
	raw_write_msr(MSR_KERNEL_GS_BASE, 0);
	raw_load_tr(SEL_TSS);
	raw_load_idt(&i);
}

void cpu_tables_init(void)
{
	init_idt();
	init_ist();
	trap_arch_init();
	cpu_tables_load(0);
	cpus[0].online = true;
}

/* With no gate but that of vector 8, #UD leads to #NP, that to #GP, that to #DF. */
void cpu_double_fault(void)
{
	static gate_desc gates[9];
	table_pointer p = { sizeof(gates) - 1, (uintptr_t)gates };

	gates[8] = idt[8];
	raw_load_idt(&p);
	asm volatile("ud2");
}
