// SPDX-License-Identifier: GPL-2.0-only
/* The machine's clocks, by the guest's own measurement, and the factors that are made of them. */
#include "platform.h"
#include "measure.h"
#include "apic.h"
#include "math64.h"

enum { NS = 1000000000, UNITS = 10000000, BACK_NS = 10000000, X2APIC_MSRS = 0x800 };
#define APIC_FRAME 0xfffff000u
#define APIC_X2 BIT(10)
#define HOUR_NS (3600ull * NS)
#define BACK_FROM (1000ull * NS) /* where a clock starts that goes back */

static uint32_t kvm_mul;
static int8_t kvm_shift;
static uint64_t scale, start;

/* What measure.c asks for. */
bool cpu_has(enum cpu_feature feature)
{
	return feature == CPU_TSC;
}

uint32_t apic_read(uint32_t reg)
{
	uint64_t base = svm_read_msr(MSR_APIC_BASE);

	return base & APIC_X2 ? (uint32_t)svm_read_msr(X2APIC_MSRS + reg / 16)
			      : *(volatile uint32_t *)(((uint32_t)base & APIC_FRAME) + reg);
}

uint32_t apic_id(void)
{
	return apic_read(APIC_ID) >> (svm_read_msr(MSR_APIC_BASE) & APIC_X2 ? 0 : 24);
}

void apic_write(uint32_t reg, uint32_t value)
{
	uint64_t base = svm_read_msr(MSR_APIC_BASE);

	if (base & APIC_X2)
		svm_write_msr(X2APIC_MSRS + reg / 16, value);
	else
		*(volatile uint32_t *)(((uint32_t)base & APIC_FRAME) + reg) = value;
}

/* The upper half of a product of 128 bits. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t middle = ah * bl + (al * bl >> 32);

	return ah * bh + (middle >> 32) + (((uint32_t)middle + al * bh) >> 32);
}

/* part / whole as a fraction of 2^64; part is the smaller one, whole has no top bit. */
static uint64_t fraction(uint64_t part, uint64_t whole)
{
	uint64_t result = 0;

	for (unsigned i = 0; i < 64; i++) {
		bool fits = (part <<= 1) >= whole;

		part -= fits ? whole : 0;
		result = result << 1 | fits;
	}
	return result;
}

/* ns = (ticks << shift) * mul >> 32, with all 32 bits of mul in use. */
static void find_kvm_factors(uint64_t hz)
{
	kvm_shift = 0;
	while (hz > 2u * NS) {
		hz >>= 1;
		kvm_shift--;
	}
	while (hz <= NS) {
		hz <<= 1;
		kvm_shift++;
	}
	kvm_mul = (uint32_t)divide64((uint64_t)NS << 32, (uint32_t)hz, NULL);
}

void clock_init(void)
{
	measure_clocks(true);
	if (clocks.tsc_hz < UNITS * 2)
		player_stop("a TSC that does not run; Hz", (uint32_t)clocks.tsc_hz);
	find_kvm_factors(clocks.tsc_hz);
	scale = fraction(UNITS, clocks.tsc_hz);
	start = raw_rdtsc();
}

uint64_t clock_tsc_hz(void)
{
	return clocks.tsc_hz;
}

uint32_t clock_apic_hz(void)
{
	return clocks.apic_hz;
}

uint64_t clock_start(void)
{
	return start;
}

void clock_kvm(uint32_t *mul, int8_t *shift)
{
	*mul = kvm_mul;
	*shift = kvm_shift;
}

uint64_t clock_scale(void)
{
	return scale;
}

uint64_t clock_ns(uint64_t ticks)
{
	return scale64(kvm_shift < 0 ? ticks >> -kvm_shift : ticks << kvm_shift, kvm_mul);
}

uint64_t clock_units(uint64_t ticks)
{
	return multiply_high(ticks, scale);
}

int64_t clock_lie(void)
{
	uint64_t back = (uint64_t)exits * BACK_NS;

	if (play.lies[LIE_clock_backwards])
		return back < BACK_FROM ? (int64_t)(BACK_FROM - back) : 0;
	return play.lies[LIE_clock_jumps] ? (int64_t)(exits * HOUR_NS) : 0;
}

uint64_t clock_told(uint64_t hz)
{
	return play.lies[LIE_freq_zero] ? 0 : play.lies[LIE_freq_wild] ? ~0ull : hz;
}
