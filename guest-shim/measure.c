// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clocks against the PIT's channel 2. A reading that was interrupted from outside (the host
 * took the processor away) shows in the TSC: of several, the quickest one counts.
 */
#include "measure.h"
#include "vmi_abi.h" /* VROM_PIT_HZ */
#include "apic.h"
#include "cpu.h"
#include "io.h"
#include "math64.h"

#define DATA2 0x42
#define COMMAND 0x43
#define ONE_SHOT2 0xb0
#define LATCH2 0x80
#define GATE 0x61
#define OUT2 0x20u    /* channel 2 has counted down */
#define WINDOW 35796u /* PIT counts: 30 ms */
#define READINGS 16
#define TRIES 200 /* a busy host takes the processor away for too long */
#define NS_PER_SECOND 1000000000u

struct clocks clocks;

struct reading {
	uint64_t tsc;
	uint32_t width; /* TSC ticks that it took */
	uint32_t apic;
	uint16_t pit;
};

static void read_once(struct reading *r, bool apic)
{
	uint64_t start = raw_rdtsc();
	uint8_t low;

	outb(COMMAND, LATCH2);
	r->apic = apic ? apic_read(APIC_CURRENT) : 0;
	low = inb(DATA2);
	r->pit = (uint16_t)(low | inb(DATA2) << 8);
	r->tsc = raw_rdtsc();
	r->width = (uint32_t)(r->tsc - start);
	r->tsc -= r->width / 2;
}

static void read_best(struct reading *best, bool apic)
{
	struct reading r;

	read_once(best, apic);
	for (unsigned i = 1; i < READINGS; i++) {
		read_once(&r, apic);
		if (r.width < best->width)
			*best = r;
	}
}

/* One window; false if the PIT ran out meanwhile. */
static bool run_window(struct reading *from, struct reading *to, bool apic)
{
	outb(COMMAND, ONE_SHOT2);
	outb(DATA2, 0xff);
	outb(DATA2, 0xff);
	read_best(from, apic);
	do
		read_once(to, false);
	while ((uint16_t)(from->pit - to->pit) < WINDOW);
	read_best(to, apic);
	return !(inb(GATE) & OUT2);
}

static bool run(struct reading *from, struct reading *to, bool apic)
{
	uint8_t gate = inb(GATE);
	bool good = false;

	if (apic) {
		apic_write(APIC_LVTT, APIC_MASKED);
		apic_write(APIC_DIVIDE, APIC_DIVIDE_1);
		apic_write(APIC_INITIAL, 0xffffffff);
	}
	outb(GATE, (uint8_t)((gate & ~2u) | 1));
	for (int i = 0; i < TRIES && !good; i++)
		good = run_window(from, to, apic);
	outb(GATE, gate);
	if (apic)
		apic_write(APIC_INITIAL, 0);
	return good;
}

void measure_clocks(bool apic)
{
	struct reading from, to;
	uint32_t counts, ticks, apic_ticks;

	if (!cpu_has(CPU_TSC) || !run(&from, &to, apic))
		return;
	counts = (uint16_t)(from.pit - to.pit);
	ticks = (uint32_t)(to.tsc - from.tsc);
	apic_ticks = from.apic - to.apic;
	clocks.tsc_hz = divide64((uint64_t)ticks * VROM_PIT_HZ, counts, NULL);
	clocks.apic_hz = (uint32_t)divide64((uint64_t)apic_ticks * VROM_PIT_HZ, counts, NULL);
	clocks.apic_per_tick = factor64(apic_ticks, ticks);
	clocks.pit_per_tick = factor64(VROM_PIT_HZ, clocks.tsc_hz);
	clocks.ns_per_tick = factor64(NS_PER_SECOND, clocks.tsc_hz);
	/* Half a reading at either end, and a PIT count. */
	clocks.error_ppm = (uint32_t)divide64((uint64_t)(from.width + to.width) * 500000u, ticks, NULL) +
			   1000000u / counts + 1;
}
