// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting instructions under -icount. The code is run between two reads of the TSC; what
 * stands around it is counted once with no code in it and taken off.
 */
#include "bench.h"
#include "cpu.h"
#include "frames.h"
#include "harmless.h"
#include "irq.h"
#include "mark.h"
#include "memory.h"
#include "paging.h"
#include "patch.h"
#include "pv_ops.h"
#include "trap.h"

#define AREA_SIZE 128
#define NOP 0x90
#define RET 0xc3
#define FRAME_BYTES 7 /* PUSHF, PUSH CS, PUSH imm32 */
#define FRAME_INSTRUCTIONS 3
#define ARGUMENT_BYTES 4
#define ARGUMENT_INSTRUCTIONS 2

/* Where code is put: text, so that the loader may patch it. */
extern uint8_t bench_area[];
asm(".pushsection .text\n\t.balign 128\n\t.globl bench_area\nbench_area:\n\t"
    ".fill 128, 1, 0xcc\n\t.popsection");

static uint8_t saved[AREA_SIZE];
static uint8_t live_page[PAGE_SIZE] __attribute__((aligned(4096)));
static int base; /* of a call of nothing but RET */
static bool marked;

void bench_mark(bool on)
{
	marked = on;
}

/* An entry of a table in use, so that page-table calls have something to do. */
static void live_arguments(int call, struct probe *p)
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

static void write_area(const uint8_t *bytes, size_t size)
{
	const struct vmi_text *text = patch_text();

	text->write(text->context, (uintptr_t)bench_area, bytes, (uint32_t)size);
}

static void run_probe(void *probe)
{
	probe_run(probe);
}

/* Ticks of one run of what stands in the area. */
static int run(struct probe *p)
{
	uint64_t start, end;
	bool trapped;

	if (marked)
		mark(MARK_START);
	start = raw_rdtsc();
	trapped = trap_guard(run_probe, p, NULL);
	end = raw_rdtsc();
	raw_cli();
	if (marked)
		mark(MARK_SLOT);
	return trapped ? BENCH_NONE : (int)(end - start);
}

static int run_bytes(struct probe *p, const uint8_t *code, size_t size)
{
	uint8_t bytes[AREA_SIZE];

	memset(bytes, RET, sizeof(bytes));
	memcpy(bytes, code, size);
	write_area(bytes, sizeof(bytes));
	return run(p);
}

/* Between marks, what is met for the first time is no part of the cost. */
static int run_twice(struct probe *p, const uint8_t *code, size_t size)
{
	bool was = marked;

	marked = false;
	if (was)
		run_bytes(p, code, size);
	marked = was;
	return run_bytes(p, code, size);
}

/* An interrupt that waits at the PIC, so that a halt ends at once. */
static void wait_for_tick(void)
{
	pit_one_shot(1000);
	irq_unmask(IRQ_PIT);
	while (!irq_pending(IRQ_PIT))
		asm volatile("pause");
}

static void no_tick(void)
{
}

/* With the interrupt's own instructions taken off: those of STI and NOP, measured too. */
static int count_halt(struct probe *p, const uint8_t *code, size_t size)
{
	static const uint8_t plain[] = { 0xfb, NOP }; /* STI, NOP */
	int with_tick, without, ticks;

	without = run_bytes(p, plain, sizeof(plain)) - base;
	irq_set_handler(IRQ_PIT, no_tick);
	wait_for_tick();
	with_tick = run_bytes(p, plain, sizeof(plain)) - base;
	pit_stop();
	irq_set_handler(IRQ_PIT, no_tick);
	wait_for_tick();
	ticks = run_bytes(p, code, size);
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
	return ticks == BENCH_NONE ? ticks : ticks - base - (with_tick - without);
}

/* The frame leads to the RET behind the code. */
static int count_flow(struct probe *p, const uint8_t *code, size_t size)
{
	uint8_t bytes[AREA_SIZE - 1] = { 0x9c, 0x0e, 0x68 };
	uint32_t behind = (uintptr_t)bench_area + FRAME_BYTES + (uint32_t)size;
	int ticks;

	memcpy(bytes + 3, &behind, sizeof(behind));
	memcpy(bytes + FRAME_BYTES, code, size);
	ticks = run_twice(p, bytes, FRAME_BYTES + size);
	return ticks == BENCH_NONE ? ticks : ticks - base - FRAME_INSTRUCTIONS;
}

/* Bytes before the code. */
static size_t bench_lead(int call, bool flow)
{
	return flow ? FRAME_BYTES : marked && call == VMI_CALL_SetPxELong ? ARGUMENT_BYTES : 0;
}

/* The argument on the stack is pushed again, to lie where a call expects it. */
static int count_argument(struct probe *p, const uint8_t *code, size_t size)
{
	uint8_t bytes[AREA_SIZE - 1] = { 0xff, 0x74, 0x24, 0x04 }; /* push [esp+4] */
	static const uint8_t drop[] = { 0x8d, 0x64, 0x24, 0x04 };  /* lea esp, [esp+4] */
	int ticks;

	memcpy(bytes + ARGUMENT_BYTES, code, size);
	memcpy(bytes + ARGUMENT_BYTES + size, drop, sizeof(drop));
	ticks = run_twice(p, bytes, ARGUMENT_BYTES + size + sizeof(drop));
	return ticks == BENCH_NONE ? ticks : ticks - base - ARGUMENT_INSTRUCTIONS;
}

uintptr_t bench_site(int call, bool flow)
{
	return (uintptr_t)bench_area + bench_lead(call, flow);
}

int bench_count(int call, bool flow, const uint8_t *code, size_t size)
{
	uint8_t copy[AREA_SIZE];
	struct probe p;
	int ticks;

	if (size > AREA_SIZE - 2 * FRAME_BYTES - 1)
		return BENCH_NONE;
	memcpy(copy, code, size); /* it may stand in the area itself */
	probe_init(&p, (uintptr_t)bench_area);
	memset(p.args, 0, sizeof(p.args));
	if (call == VMI_CALL_Halt)
		return count_halt(&p, copy, size);
	if (call == VMI_CALL_IRET)
		return count_flow(&p, copy, size);
	if (call == VMI_CALL_RDPMC)
		p.in[ECX] = 0;
	else if (flow || !harmless_arguments(call, &p))
		return BENCH_NONE;
	if (marked)
		live_arguments(call, &p);
	if (bench_lead(call, false))
		return count_argument(&p, copy, size);
	/* A task register is busy the second time. */
	ticks = call == VMI_CALL_SetTR ? run_bytes(&p, copy, size) : run_twice(&p, copy, size);
	return ticks == BENCH_NONE ? ticks : ticks - base;
}

bool bench_start(void)
{
	static const uint8_t nops[] = { NOP, NOP, NOP, NOP, NOP, NOP, NOP, NOP, NOP, NOP };
	struct probe p;

	if (!cpu_has(CPU_TSC))
		return false;
	memcpy(saved, bench_area, sizeof(saved));
	probe_init(&p, (uintptr_t)bench_area);
	run_bytes(&p, nops, 0); /* under a hypervisor what is met for the first time costs more */
	for (size_t n = 0; n <= sizeof(nops); n++) {
		int ticks = run_bytes(&p, nops, n);

		if (!n)
			base = ticks;
		if (ticks - base != (int)n) {
			bench_end();
			return false;
		}
	}
	return true;
}

void bench_end(void)
{
	write_area(saved, sizeof(saved));
}
