// SPDX-License-Identifier: GPL-2.0-only
/*
 * GDT, LDT and task state segment of each processor, and the IDT of all. They are set up
 * past the slots: a slot that does nothing must fail a test, not reset the machine in silence.
 */
#include "arch.h"
#include "cpu.h"
#include "percpu.h"

#define TRAP_STACK 8192
#define DF_STACK 4096

struct descriptor gdt[GDT_ENTRIES], ldt[LDT_ENTRIES];
gate_desc idt[256];
struct tss main_tss, df_tss, nmi_tss;
static uint8_t trap_stacks[CPU_MAX][TRAP_STACK] __attribute__((aligned(16)));
static uint8_t df_stack[DF_STACK] __attribute__((aligned(16)));
static uint8_t nmi_stack[DF_STACK] __attribute__((aligned(16)));
/* Those of processor 0 have names of their own. */
static struct descriptor other_gdt[CPU_MAX - 1][GDT_ENTRIES], other_ldt[CPU_MAX - 1][LDT_ENTRIES];
static struct tss other_tss[CPU_MAX - 1];
struct cpu cpus[CPU_MAX];
unsigned cpu_count = 1;
void trap_double_fault_entry(void);
void trap_nmi_entry(void);

struct descriptor segment_descriptor(uint32_t base, uint32_t limit, uint32_t access)
{
	return (struct descriptor){
		.low = base << 16 | (limit & 0xffff),
		.high = (base & 0xff000000u) | (limit & 0xf0000u) | access | (base >> 16 & 0xff),
	};
}

gate_desc interrupt_gate(uintptr_t address, uint32_t ring)
{
	return (struct descriptor){
		.low = (uint32_t)SEL_KERNEL_CODE << 16 | (address & 0xffff),
		.high = (address & 0xffff0000u) | 0x8e00u | ring << 13,
	};
}

uintptr_t default_sp0(void)
{
	return (uint32_t)trap_stacks[cpu_number()] + TRAP_STACK;
}

static void init_tss(struct tss *tss, unsigned number)
{
	tss->ss0 = SEL_KERNEL_DATA;
	tss->esp0 = (uint32_t)trap_stacks[number] + TRAP_STACK;
	tss->io_map = sizeof(*tss);
}

static void init_task(struct tss *tss, void (*entry)(void), uint8_t *stack)
{
	*tss = (struct tss){
		.eip = (uint32_t)entry,
		.cs = SEL_KERNEL_CODE, .ss = SEL_KERNEL_DATA, .ds = SEL_KERNEL_DATA,
		.es = SEL_KERNEL_DATA, .fs = SEL_KERNEL_DATA, .gs = SEL_KERNEL_DATA,
		.esp = (uint32_t)stack + DF_STACK,
		.eflags = EFLAGS_FIXED, .io_map = sizeof(*tss),
	};
}

static void reload_segments(void)
{
	asm volatile("ljmp %0, $1f\n1:\n\t"
		     "mov %1, %%ds; mov %1, %%es; mov %1, %%ss; mov %1, %%fs; mov %1, %%gs"
		     : : "i"(SEL_KERNEL_CODE), "r"(SEL_KERNEL_DATA) : "memory");
}

static void init_idt(void)
{
	static const uint8_t others[] = { VECTOR_RESCHEDULE, VECTOR_FLUSH, VECTOR_TIMER,
					  VECTOR_SPURIOUS };

	for (int i = 0; i < VECTOR_IRQ + 16; i++) {
		idt[i] = interrupt_gate(trap_stubs[i], 0);
	}
	cpu_task_gates(idt);
	for (unsigned i = 0; i < sizeof(others); i++)
		idt[others[i]] = interrupt_gate(trap_stubs[others[i]], 0);
	idt[VECTOR_USER] = interrupt_gate(trap_stubs[VECTOR_USER], 3);
}

static void fill_gdt(const struct cpu *cpu)
{
	struct descriptor *g = cpu->gdt;

	g[SEL_KERNEL_CODE / 8] = segment_descriptor(0, 0xfffff, SEG_CODE(0));
	g[SEL_KERNEL_DATA / 8] = segment_descriptor(0, 0xfffff, SEG_DATA(0));
	g[SEL_USER_CODE / 8] = segment_descriptor(0, 0xfffff, SEG_CODE(3));
	g[SEL_USER_DATA / 8] = segment_descriptor(0, 0xfffff, SEG_DATA(3));
	g[SEL_TSS / 8] = segment_descriptor((uint32_t)cpu->tss, sizeof(*cpu->tss) - 1, SEG_TSS);
	g[SEL_DF_TSS / 8] = segment_descriptor((uint32_t)&df_tss, sizeof(df_tss) - 1, SEG_TSS);
	g[SEL_NMI_TSS / 8] = segment_descriptor((uint32_t)&nmi_tss, sizeof(nmi_tss) - 1, SEG_TSS);
	g[SEL_POISON / 8] = segment_descriptor(POISON_BASE, 0xfffff, SEG_DATA(0));
	g[SEL_CPU / 8] = segment_descriptor(0, cpu->number, SEG_DATA_BYTES);
}

void cpu_tables_load(unsigned number)
{
	struct cpu *cpu = &cpus[number];
	table_pointer g, i = { sizeof(idt) - 1, (uint32_t)idt };

	cpu->number = number;
	cpu->gdt = number ? other_gdt[number - 1] : gdt;
	cpu->ldt = number ? other_ldt[number - 1] : ldt;
	cpu->tss = number ? &other_tss[number - 1] : &main_tss;
	init_tss(cpu->tss, number);
	fill_gdt(cpu);
	g = (table_pointer){ sizeof(gdt) - 1, (uint32_t)cpu->gdt };
	raw_load_gdt(&g);
	reload_segments();
	raw_load_tr(SEL_TSS);
	raw_load_idt(&i);
}

void cpu_tables_init(void)
{
	init_task(&df_tss, trap_double_fault_entry, df_stack);
	init_task(&nmi_tss, trap_nmi_entry, nmi_stack);
	init_idt();
	cpu_tables_load(0);
	cpus[0].online = true;
}

/* With no gate but that of vector 8, #UD leads to #NP, that to #GP, that to #DF. */
void cpu_double_fault(void)
{
	static struct descriptor gates[9];
	table_pointer p = { sizeof(gates) - 1, (uint32_t)gates };

	gates[8] = idt[8];
	raw_load_idt(&p);
	asm volatile("ud2");
}
