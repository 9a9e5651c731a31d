// SPDX-License-Identifier: GPL-2.0-only
/* TLB shootdown: one request at a time, answered by every processor that it names. */
#include "apic.h"
#include "pv_ops.h"
#include "sites.h"
#include "smp.h"
#include "native.h"

static struct spinlock lock;      /* of the request */
static uintptr_t requested;       /* address or SHOOTDOWN_ALL */
static volatile uint32_t waiting; /* processors that have not answered */
static uint32_t served[CPU_MAX];

void shootdown_serve(void)
{
	uint32_t self = cpu_number(), bit = 1u << self;

	if (!(waiting & bit))
		return;
	if (requested == SHOOTDOWN_ALL)
		pv_mmu_ops.flush_tlb_user();
	else
		site_flush_tlb_single(requested);
	served[self]++;
	asm volatile("lock andl %1, %0" : "+m"(waiting) : "r"(~bit) : "cc", "memory");
}

/* The native flush_tlb_others: there is no call for it. */
void PV guest_flush_tlb_others(uint32_t mask, uintptr_t address)
{
	spin_lock(&lock);
	requested = address;
	asm volatile("lock orl %1, %0" : "+m"(waiting) : "r"(mask) : "cc", "memory");
	for (unsigned i = 0; i < cpu_count; i++)
		if (mask >> i & 1)
			apic_send(cpus[i].apic_id, APIC_ICR_FIXED | VECTOR_FLUSH);
	while (waiting)
		cpu_relax();
	spin_unlock(&lock);
}

void shootdown(uint32_t mask, uintptr_t address)
{
	mask &= ~(1u << cpu_number()) & ((1u << cpu_count) - 1);
	if (mask)
		pv_mmu_ops.flush_tlb_others(mask, address);
}

uint32_t shootdown_served(unsigned number)
{
	return served[number % CPU_MAX];
}
