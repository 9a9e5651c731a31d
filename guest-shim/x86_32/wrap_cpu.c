// SPDX-License-Identifier: GPL-2.0-only
/* Wrappers, as wrap.c has them, for the registers and descriptors of i386. */
#include "cpu.h"
#include "percpu.h"
#include "pv_ops.h"
#include "wrap.h"

#define ENTRY(id, type) ((type *)slot_entry[SLOT_##id])

/* EBX is a result, so this is no C call; the entry keeps all other registers. */
void PV wrap_cpuid(uint32_t *eax, uint32_t *ebx, uint32_t *ecx, uint32_t *edx)
{
	asm volatile("call *%4"
		     : "=a"(*eax), "=b"(*ebx), "=c"(*ecx), "=d"(*edx)
		     : "m"(slot_entry[SLOT_cpuid]), "0"(*eax), "2"(*ecx)
		     : "memory", "cc");
}

/* RDMSR and RDPMC take ECX alone, which is regparm's third place. */
typedef uint64_t PV ecx_fn(uint32_t unused_eax, uint32_t unused_edx, uint32_t ecx);

uint64_t PV wrap_rdmsr(uint32_t reg)
{
	return ENTRY(rdmsr, ecx_fn)(0, 0, reg);
}

uint64_t PV wrap_read_pmc(int counter)
{
	return ENTRY(read_pmc, ecx_fn)(0, 0, (uint32_t)counter);
}

/* ECX is a result, too, so this is no C call. */
uint64_t PV wrap_read_msr(uint32_t msr, int *error)
{
	uint64_t value;
	uint32_t faulted;

	asm volatile("call *%3"
		     : "=A"(value), "=c"(faulted)
		     : "1"(msr), "m"(slot_entry[SLOT_read_msr])
		     : "memory", "cc");
	*error = faulted != 0;
	return value;
}

void PV wrap_load_tr_desc(void)
{
	ENTRY(load_tr_desc, vmi_set_tr_fn)(SEL_TSS);
}

void PV wrap_set_ldt(const void *table, uint32_t entries)
{
	uint32_t selector = 0;

	if (entries) {
		struct descriptor d = segment_descriptor((uint32_t)table, entries * 8 - 1, SEG_LDT);

		pv_cpu_ops.write_gdt_entry(this_cpu()->gdt, SEL_LDT / 8, &d, 0);
		selector = SEL_LDT;
	}
	ENTRY(set_ldt, vmi_set_ldt_fn)(selector);
}

void PV wrap_load_tls(const struct thread *thread, uint32_t cpu)
{
	for (int i = 0; i < 3; i++)
		ENTRY(load_tls, vmi_write_gdt_entry_fn)(cpus[cpu].gdt, SEL_TLS / 8 + i, thread->tls[i].low,
							thread->tls[i].high);
}

void PV wrap_write_ldt_entry(struct descriptor *table, int index, const void *entry)
{
	const struct descriptor *d = entry;

	ENTRY(write_ldt_entry, vmi_write_ldt_entry_fn)(table, (uint32_t)index, d->low, d->high);
}

void PV wrap_write_gdt_entry(struct descriptor *table, int index, const void *entry, int type)
{
	const struct descriptor *d = entry;

	(void)type; /* a size on 64 bit only */
	ENTRY(write_gdt_entry, vmi_write_gdt_entry_fn)(table, (uint32_t)index, d->low, d->high);
}

void PV wrap_write_idt_entry(struct descriptor *table, int index, const struct descriptor *gate)
{
	ENTRY(write_idt_entry, vmi_write_idt_entry_fn)(table, (uint32_t)index, gate->low, gate->high);
}

/* The ABI says that the caller has stored esp0 in the TSS. */
void PV wrap_load_sp0(struct tss *tss, const struct thread *thread)
{
	tss->esp0 = thread->sp0;
	ENTRY(load_sp0, vmi_update_kernel_stack_fn)(SEL_KERNEL_DATA, thread->sp0);
}
