// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting instructions under -icount. The code is run between two reads of the TSC; what
 * stands around it is counted once with no code in it and taken off.
 */
#include "bench.h"
#include "cpu.h"
#include "harmless.h"
#include "irq.h"
#include "mark.h"
#include "memory.h"
#include "patch.h"
#include "pv_ops.h"
#include "trap.h"

#define AREA_SIZE 128
#define NOP 0x90
#define RET 0xc3
#define STI 0xfb

/* Where code is put: text, so that the loader may patch it. */
extern uint8_t bench_area[];
asm(".pushsection .text\n\t.balign 128\n\t.globl bench_area\nbench_area:\n\t"
    ".fill 128, 1, 0xcc\n\t.popsection");

static uint8_t saved[AREA_SIZE];
static int base; /* of a call of nothing but RET */
static bool marked;

void bench_mark(bool on)
{
	marked = on;
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

void bench_put(const uint8_t *code, size_t size)
{
	uint8_t bytes[AREA_SIZE];

	memset(bytes, RET, sizeof(bytes));
	memcpy(bytes, code, size);
	write_area(bytes, sizeof(bytes));
}

int bench_ticks(void)
{
	struct probe p;

	probe_init(&p, (uintptr_t)bench_area);
	return run(&p);
}

static int run_bytes(struct probe *p, const uint8_t *code, size_t size)
{
	bench_put(code, size);
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
	static const uint8_t plain[] = { STI, NOP };
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

/* What stands around a form in the area. */
static void look_around(int call, bool flow, size_t size, struct bench_around *around)
{
	bench_around(call, flow, marked, (uintptr_t)bench_area, size, around);
	if (call == VMI_CALL_HaltOnly)
		*around = (struct bench_around){ .before = { STI }, .before_size = 1 };
}

uintptr_t bench_site(int call, bool flow)
{
	struct bench_around around;

	look_around(call, flow, 0, &around);
	return (uintptr_t)bench_area + around.before_size;
}

/* Arguments in *p. False: not to be run. */
static bool arguments(int call, bool flow, struct probe *p)
{
	if (call == VMI_CALL_IRET || call == VMI_CALL_SwapGS)
		return true;
	if (call == VMI_CALL_RDPMC) {
		p->in[ECX] = p->in[ARG0] = 0;
		return true;
	}
	return !flow && harmless_arguments(call, p);
}

int bench_count(int call, bool flow, const uint8_t *code, size_t size)
{
	uint8_t bytes[AREA_SIZE];
	struct bench_around around;
	struct probe p;
	size_t length;
	int ticks;

	look_around(call, flow, size, &around);
	length = around.before_size + size + around.after_size;
	if (length >= sizeof(bytes))
		return BENCH_NONE;
	/* What is copied may stand in the area itself. */
	memcpy(bytes, around.before, around.before_size);
	memcpy(bytes + around.before_size, code, size);
	memcpy(bytes + around.before_size + size, around.after, around.after_size);
	probe_init(&p, (uintptr_t)bench_area);
	memset(p.args, 0, sizeof(p.args));
	if (call == VMI_CALL_Halt)
		return count_halt(&p, bytes, length);
	if (call == VMI_CALL_HaltOnly)
		return marked ? BENCH_NONE : bench_count_halt_only(bytes, length);
	if (!arguments(call, flow, &p))
		return BENCH_NONE;
	if (marked)
		bench_live_arguments(call, &p);
	/* A task register is busy the second time. */
	ticks = call == VMI_CALL_SetTR ? run_bytes(&p, bytes, length) : run_twice(&p, bytes, length);
	return ticks == BENCH_NONE ? ticks : ticks - base - around.instructions;
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
