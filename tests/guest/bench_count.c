// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting instructions under -icount. The code is run between two reads of the TSC; what
 * stands around it is counted once with no code in it and taken off.
 */
#include "bench.h"
#include "cpu.h"
#include "harmless.h"
#include "irq.h"
#include "memory.h"
#include "patch.h"
#include "pv_ops.h"
#include "trap.h"

#define AREA_SIZE 128
#define NOP 0x90
#define RET 0xc3
#define FRAME_BYTES 7 /* PUSHF, PUSH CS, PUSH imm32 */
#define FRAME_INSTRUCTIONS 3

/* Where code is put: text, so that the loader may patch it. */
extern uint8_t bench_area[];
asm(".pushsection .text\n\t.balign 128\n\t.globl bench_area\nbench_area:\n\t"
    ".fill 128, 1, 0xcc\n\t.popsection");

static uint8_t saved[AREA_SIZE];
static int base; /* of a call of nothing but RET */

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
	uint64_t start = raw_rdtsc();
	bool trapped = trap_guard(run_probe, p, NULL);
	uint64_t end = raw_rdtsc();

	raw_cli();
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
	uint32_t behind = (uint32_t)bench_area + FRAME_BYTES + (uint32_t)size;
	int ticks;

	memcpy(bytes + 3, &behind, sizeof(behind));
	memcpy(bytes + FRAME_BYTES, code, size);
	ticks = run_bytes(p, bytes, FRAME_BYTES + size);
	return ticks == BENCH_NONE ? ticks : ticks - base - FRAME_INSTRUCTIONS;
}

uintptr_t bench_site(bool flow)
{
	return (uintptr_t)bench_area + (flow ? FRAME_BYTES : 0);
}

int bench_count(int call, bool flow, const uint8_t *code, size_t size)
{
	uint8_t copy[AREA_SIZE];
	struct probe p;
	int ticks;

	if (size > AREA_SIZE - FRAME_BYTES - 1)
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
	ticks = run_bytes(&p, copy, size);
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
