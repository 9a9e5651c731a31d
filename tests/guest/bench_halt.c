// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting the instructions of a halt that finds interrupts on. The TSC goes on while the processor
 * waits, and a tick that is there before the HLT does not end it: only one that comes with that very
 * instruction makes ticks of the TSC and instructions the same. So the way from the start of the PIT
 * to the code is made longer, an instruction at a time, and the quickest run is the one without a wait.
 */
#include "bench.h"
#include "irq.h"

#define FIRST 1u     /* count of the PIT: longer than the shortest way to the code */
#define DELAYS 1700u /* instructions: longer than two counts */
#define LATER 2000u  /* of the PIT: for a halt that missed the first tick */
#define STI 0xfb
#define HLT 0xf4

/* Longer by one instruction for each. */
static void delay(uint32_t instructions)
{
	asm volatile("testb $1, %b0\n\t"
		     "jz 1f\n\t"
		     "nop\n"
		     "1:\tshrl %0\n"
		     "2:\tdecl %0\n\t"
		     "jns 2b"
		     : "+q"(instructions) : : "cc");
}

static void tick(void)
{
	pit_one_shot(LATER);
}

/* Ticks of the quickest run. Interrupts are on in `code`. */
static int quickest(const uint8_t *code, size_t size)
{
	int best = BENCH_NONE;

	bench_put(code, size);
	for (uint32_t d = 0; d < DELAYS; d++) {
		int ticks;

		pit_one_shot(FIRST);
		delay(d);
		ticks = bench_ticks();
		if (ticks != BENCH_NONE && (best == BENCH_NONE || ticks < best))
			best = ticks;
	}
	return best;
}

int bench_count_halt_only(const uint8_t *code, size_t size)
{
	static const uint8_t plain[] = { STI, HLT };
	int halt, form;

	irq_set_handler(IRQ_PIT, tick);
	irq_unmask(IRQ_PIT);
	halt = quickest(plain, sizeof(plain));
	form = quickest(code, size);
	irq_mask(IRQ_PIT);
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
	return halt == BENCH_NONE || form == BENCH_NONE ? BENCH_NONE : form - halt + 1;
}
