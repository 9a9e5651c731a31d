// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers, as wrap.c has them, for the registers and descriptors of x86-64. */
#include "cpu.h"
#include "native.h"
#include "percpu.h"
#include "pv_ops.h"
#include "wrap.h"

#define ENTRY(id, type) ((type *)slot_entry[SLOT_##id])

/* EBX is a result, so this is no C call. */
void PV wrap_cpuid(uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
	asm volatile("call *%4"
		     : "=a"(*eax), "=b"(*ebx), "=c"(*ecx), "=d"(*edx)
		     : "m"(slot_entry[SLOT_cpuid]), "D"(*eax), "S"(*ecx)
		     : "memory", "cc");
}

typedef uint64_t PV number_fn(uint32_t number);

uint64_t PV wrap_rdmsr(uint32_t reg)
{
	return ENTRY(rdmsr, number_fn)(reg);
}

uint64_t PV wrap_read_pmc(int counter)
{
	return ENTRY(read_pmc, number_fn)((uint32_t)counter);
}

void PV wrap_load_tr_desc(void)
{
	ENTRY(load_tr_desc, vmi_set_tr_fn)(SEL_TSS);
}

#define TYPE_LDT 2 /* as Linux says it to write_gdt_entry */

typedef void PV entry_fn(void *table, uint32_t index, uint64_t low, uint64_t high);

static uint64_t word(const struct descriptor *d)
{
	return (uint64_t)d->high << 32 | d->low;
}

void PV wrap_set_ldt(const void *table, uint32_t entries)
{
	uint32_t selector = 0;

	if (entries) {
		gate_desc d = system_descriptor((uintptr_t)table, entries * 8 - 1, SEG_LDT);

		pv_cpu_ops.write_gdt_entry(this_cpu()->gdt, SEL_LDT / 8, &d, TYPE_LDT);
		selector = SEL_LDT;
	}
	ENTRY(set_ldt, vmi_set_ldt_fn)(selector);
}

void PV wrap_load_tls(const struct thread *thread, uint32_t cpu)
{
	for (int i = 0; i < 3; i++)
		ENTRY(load_tls, entry_fn)(cpus[cpu].gdt, SEL_TLS / 8 + (uint32_t)i,
					  word(&thread->tls[i]), 0);
}

void PV wrap_write_ldt_entry(struct descriptor *table, int index, const void *entry)
{
	ENTRY(write_ldt_entry, entry_fn)(table, (uint32_t)index, word(entry), 0);
}

void PV wrap_write_gdt_entry(struct descriptor *table, int index, const void *entry, int type)
{
	uint64_t high = 0;

	if (type) /* of a system descriptor, which takes two entries */
		high = word((const struct descriptor *)entry + 1);
	ENTRY(write_gdt_entry, entry_fn)(table, (uint32_t)index, word(entry), high);
}

void PV wrap_write_idt_entry(gate_desc *table, int index, const gate_desc *gate)
{
	ENTRY(write_idt_entry, entry_fn)(table, (uint32_t)index,
					 (uint64_t)gate->high << 32 | gate->low,
					 (uint64_t)gate->zero << 32 | gate->upper);
}

/* The ABI says that the caller has stored the stack in the TSS. */
typedef void PV kernel_stack_fn(uint64_t ss0, uint64_t sp0);

void PV wrap_load_sp0(struct tss *tss, const struct thread *thread)
{
	tss->rsp0 = thread->sp0;
	ENTRY(load_sp0, kernel_stack_fn)(SEL_KERNEL_DATA, thread->sp0);
}

/* Of two results the second is whether it faulted. */
struct msr_answer {
	uint64_t value, faulted;
};
typedef struct msr_answer PV read_msr_fn(uint32_t reg);
read_msr_fn native_read_msr_safe;

struct msr_answer PV native_read_msr_safe(uint32_t reg)
{
	int error;
	uint64_t value = guest_read_msr(reg, &error);

	return (struct msr_answer){ error ? 0 : value, error != 0 };
}

uint64_t PV wrap_read_msr(uint32_t msr, int *error)
{
	struct msr_answer answer = ENTRY(read_msr, read_msr_fn)(msr);

	*error = answer.faulted != 0;
	return answer.value;
}
