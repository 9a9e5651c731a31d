// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device behind the synthetic timers: timer 0 of the machine's HPET, at a pin of the I/O APIC that
 * nothing else has. No guest of ours knows of either, so its own APIC timer and PIT stay its own.
 */
#include "platform.h"
#include "apic.h"
#include "math64.h"

#define HPET 0xfed00000u
#define IOAPIC 0xfec00000u
enum { PERIOD = 0x04, ENABLE = 0x10, COUNTER = 0xf0, CONFIG = 0x100, COMPARE = 0x108,
       INTERRUPTS = 1 << 2, PIN_SHIFT = 9, PIN = 20, SELECT = 0x00, WINDOW = 0x10, ENTRY = 0x10 + 2 * PIN };
#define FS_PER_SECOND 1000000000000000ull
#define NS_PER_SECOND 1000000000u
#define PERIOD_MAX 100000000u /* 100 ns, by the HPET's specification */

static uint64_t ends; /* where the counter is when it fires */
static uint32_t hz, target;

static volatile uint32_t *at(uint32_t physical)
{
	asm("" : "+r"(physical));
	return (volatile uint32_t *)physical;
}

static uint32_t hpet_read(uint32_t reg)
{
	return *at(HPET + reg);
}

static void hpet_write(uint32_t reg, uint32_t value)
{
	*at(HPET + reg) = value;
}

static uint64_t counter(void)
{
	uint32_t low, high;

	do {
		high = hpet_read(COUNTER + 4);
		low = hpet_read(COUNTER);
	} while (high != hpet_read(COUNTER + 4));
	return (uint64_t)high << 32 | low;
}

/* Where the interrupt goes: edges, to this processor. */
static void set_pin(uint32_t vector)
{
	uint32_t selected = *at(IOAPIC + SELECT);

	*at(IOAPIC + SELECT) = ENTRY + 1;
	*at(IOAPIC + WINDOW) = apic_id() << 24;
	*at(IOAPIC + SELECT) = ENTRY;
	*at(IOAPIC + WINDOW) = vector;
	*at(IOAPIC + SELECT) = selected;
	target = vector;
}

static void init(void)
{
	uint32_t period = hpet_read(PERIOD);

	if (!period || period > PERIOD_MAX)
		player_stop("a machine without HPET; its period", period);
	hz = (uint32_t)divide64(FS_PER_SECOND, period, NULL);
	hpet_write(ENABLE, 1);
}

void hpet_start(uint64_t ns, uint32_t vector)
{
	if (!hz)
		init();
	if (target != vector)
		set_pin(vector);
	ends = counter() + scale64(ns, factor64(hz, NS_PER_SECOND)) + 1;
	hpet_write(COMPARE, (uint32_t)ends);
	hpet_write(COMPARE + 4, (uint32_t)(ends >> 32));
	hpet_write(CONFIG, INTERRUPTS | PIN << PIN_SHIFT);
}

void hpet_stop(void)
{
	hpet_write(CONFIG, PIN << PIN_SHIFT);
}

bool hpet_counts(void)
{
	return counter() < ends;
}
