// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several processors: as many as asked for are there, each with tables of its own; all
 * work at once; a lock keeps them apart; a page taken away on one processor is gone on
 * the others once the shootdown has come back.
 */
#include "smp.h"
#include "cpu.h"
#include "image_place.h"
#include "paging.h"
#include "pv_ops.h"
#include "memory.h"
#include "options.h"
#include "probe.h"
#include "test.h"
#include "trap.h"

#define COUNT 50000u
#define ROUNDS 50u
#define PAGE ((volatile uint32_t *)PAGING_TEST_BASE)

static uint32_t frames[2][1024] __attribute__((aligned(4096)));
static struct spinlock lock;
static volatile uint32_t counter, arrived, round_number, stale;
static struct {
	table_pointer gdt, idt;
	uint32_t cr0, cr3, cr4, number;
	uint16_t tr;
} seen[CPU_MAX];

static void look(void)
{
	uint32_t n = cpu_number();

	if (n >= CPU_MAX)
		return;
	raw_store_gdt(&seen[n].gdt);
	raw_store_idt(&seen[n].idt);
	seen[n].cr0 = raw_read_cr0();
	seen[n].cr3 = raw_read_cr3();
	seen[n].cr4 = raw_read_cr4();
	seen[n].tr = raw_store_tr();
	seen[n].number = n + 1;
}

TEST(startup, "smp.startup", VMI_CALL_SetInitialAPState)
{
	if (options_get()->smp)
		CHECK_EQ("processors online", cpu_count, options_get()->smp);
	if (cpu_count < 2) {
		/* Announcing a processor that does not exist starts none. */
		struct vmi_ap_state state = { 0 };

		pv_apic_ops.startup_ipi_hook(0xfe, &state);
		CHECK_EQ("processors online", cpu_count, 1);
		return;
	}
	memset(seen, 0, sizeof(seen));
	smp_run(look);
	for (unsigned i = 0; i < cpu_count; i++) {
		CHECK_EQ("a processor's number", seen[i].number, i + 1);
		CHECK_EQ("its GDT", seen[i].gdt.base, (uintptr_t)cpus[i].gdt);
		CHECK_EQ("its IDT", seen[i].idt.base, seen[0].idt.base);
		CHECK_EQ("its TR", seen[i].tr, SEL_TSS);
		CHECK_EQ("its CR0", seen[i].cr0 & ~CR0_TS, seen[0].cr0 & ~CR0_TS);
		CHECK_EQ("its CR3", seen[i].cr3, seen[0].cr3);
		CHECK_EQ("its CR4", seen[i].cr4, seen[0].cr4);
		for (unsigned k = 0; k < i; k++)
			CHECK(cpus[i].apic_id != cpus[k].apic_id && cpus[i].tss != cpus[k].tss,
			      "processors %u and %u share something", k, i);
	}
	test_note("%u processors", cpu_count);
}

/* All at once: each waits for the others first. */
static void count(void)
{
	asm volatile("lock incl %0" : "+m"(arrived) : : "cc", "memory");
	while (arrived != cpu_count)
		cpu_relax();
	for (unsigned i = 0; i < COUNT; i++) {
		spin_lock(&lock);
		counter = counter + 1; /* not one instruction: a lost update would show */
		spin_unlock(&lock);
	}
}

TEST(exclusion, "smp.spinlock")
{
	if (cpu_count < 2)
		SKIP("one processor");
	counter = arrived = 0;
	smp_run(count);
	CHECK_EQ("the counter", counter, COUNT * cpu_count);
}

static void map_frame(unsigned frame)
{
	uint32_t value = image_physical((uintptr_t)frames[frame]) | PTE_PRESENT | PTE_WRITE;

	pte_set(&kernel_mm, PAGING_TEST_BASE, paging_test_pte(0), value);
	pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
}

/* The others read the page all the time, so that it is in their TLB when it changes. */
static void watch(void)
{
	if (!cpu_number()) {
		for (uint32_t r = 1; r <= ROUNDS; r++) {
			arrived = 0;
			round_number = r;
			while (arrived != cpu_count - 1)
				cpu_relax();
			map_frame(r & 1);
			shootdown(~0u, r & 2 ? PAGING_TEST_BASE : SHOOTDOWN_ALL);
			counter = r; /* from here on the new page must be seen */
		}
		return;
	}
	for (uint32_t r = 1; r <= ROUNDS; r++) {
		while (round_number != r) {
			shootdown_serve();
			cpu_relax();
		}
		uint32_t before = *PAGE;

		asm volatile("lock incl %0" : "+m"(arrived) : : "cc", "memory");
		while (counter != r) {
			shootdown_serve();
			(void)*PAGE;
			cpu_relax();
		}
		if (*PAGE == before || *PAGE != frames[r & 1][0])
			asm volatile("lock incl %0" : "+m"(stale) : : "cc", "memory");
	}
}

TEST(remap, "smp.shootdown", VMI_CALL_InvalPage, VMI_CALL_FlushTLB)
{
	if (cpu_count < 2)
		SKIP("one processor");
	frames[0][0] = 0xf0f0f0f0;
	frames[1][0] = 0x0f0f0f0f;
	counter = round_number = stale = 0;
	map_frame(0);
	smp_run(watch);
	CHECK_EQ("stale pages seen by other processors", stale, 0);
	for (unsigned i = 1; i < cpu_count; i++)
		CHECK(shootdown_served(i) >= ROUNDS, "processor %u served %u requests", i,
		      shootdown_served(i));
	pte_remove(&kernel_mm, PAGING_TEST_BASE, paging_test_pte(0));
	pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
	shootdown(~0u, PAGING_TEST_BASE);
}

/* By interrupt: a processor that halts is woken, serves and sleeps on. */
TEST(halted, "smp.shootdown-of-halted")
{
	uint32_t before[CPU_MAX];

	if (cpu_count < 2)
		SKIP("one processor");
	for (unsigned i = 0; i < cpu_count; i++)
		before[i] = shootdown_served(i);
	shootdown(~0u, SHOOTDOWN_ALL);
	for (unsigned i = 1; i < cpu_count; i++)
		CHECK_EQ("requests served by a halted processor", shootdown_served(i) - before[i], 1);
	CHECK_EQ("requests served by this one", shootdown_served(0) - before[0], 0);
}
