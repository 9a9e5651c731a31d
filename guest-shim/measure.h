/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's own measurement of its clocks against the PIT, for the native twins and the tests. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>

/* All 0 where there is no TSC. */
extern struct clocks {
	uint64_t tsc_hz;
	uint32_t apic_hz;        /* undivided; 0: no local APIC */
	uint64_t apic_per_tick;  /* 32.32, by TSC tick, rounded up */
	uint64_t pit_per_tick;
	uint64_t ns_per_tick;
	uint32_t error_ppm;      /* of tsc_hz and apic_hz, from the time that a reading took */
} clocks;

/* Measures for 30 ms with interrupts off. The APIC, if there is one, is mapped. */
void measure_clocks(bool apic);

#endif
