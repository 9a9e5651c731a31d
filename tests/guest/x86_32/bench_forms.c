// SPDX-License-Identifier: GPL-2.0-only
/* Counting instructions: what code of 32 bits needs around a form. */
#include "bench.h"
#include "frames.h"
#include "memory.h"
#include "paging.h"
#include "pv_ops.h"

static uint8_t live_page[PAGE_SIZE] __attribute__((aligned(4096)));

/* The argument on the stack is pushed again, to lie where a call expects it. */
static const struct bench_around argument = {
	.before = { 0xff, 0x74, 0x24, 0x04 }, .before_size = 4, /* push [esp+4] */
	.after = { 0x8d, 0x64, 0x24, 0x04 }, .after_size = 4,   /* lea esp, [esp+4] */
	.instructions = 2,
};
/* pushf; push cs; push imm32 */
static const struct bench_around frame = {
	.before = { 0x9c, 0x0e, 0x68 }, .before_size = 7, .instructions = 3,
};

void bench_around(int call, bool flow, bool marked, uintptr_t area, size_t size,
		  struct bench_around *around)
{
	uint32_t behind = area + frame.before_size + size;

	*around = (struct bench_around){ .instructions = 0 };
	if (flow) {
		*around = frame;
		memcpy(around->before + 3, &behind, sizeof(behind));
	} else if (marked && call == VMI_CALL_SetPxELong) {
		*around = argument;
	}
}

size_t bench_indirect(bool flow, const uintptr_t *at, uint8_t bytes[8])
{
	uint32_t address = (uintptr_t)at;

	bytes[0] = 0xff;
	bytes[1] = flow ? 0x25 : 0x15;
	memcpy(bytes + 2, &address, sizeof(address));
	return 6;
}

/* An entry of a table in use. */
void bench_live_arguments(int call, struct probe *p)
{
	uint32_t pte = (uint32_t)paging_test_pte(0), value = (uint32_t)live_page | PTE_PRESENT;

	pte_set(&kernel_mm, PAGING_TEST_BASE, paging_test_pte(0), value);
	pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
	(void)*(volatile uint8_t *)PAGING_TEST_BASE;
	switch (call) {
	case VMI_CALL_SetPxE: p->in[EAX] = value; p->in[EDX] = pte; p->in[ECX] = VMI_PAGE_PT; break;
	case VMI_CALL_SetPxELong:
		p->in[EAX] = value;
		p->in[EDX] = 0;
		p->in[ECX] = pte;
		p->args[0] = VMI_PAGE_PT;
		break;
	case VMI_CALL_UpdatePxE: case VMI_CALL_UpdatePxELong: p->in[EAX] = pte; break;
	case VMI_CALL_InvalPage: p->in[EAX] = PAGING_TEST_BASE; break;
	case VMI_CALL_FlushTLB: p->in[EAX] = VMI_FLUSH_TLB; break;
	default: break;
	}
}
