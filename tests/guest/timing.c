// SPDX-License-Identifier: GPL-2.0-only
/* The recorder of timer interrupts. No test stands here. */
#include "timing.h"
#include "apic.h"
#include "load.h"
#include "irq.h"
#include "math64.h"
#include "measure.h"
#include "memory.h"
#include "pv_ops.h"
#include "rom_place.h"
#include "time.h"

#define COUNTER 0xffu /* of VMI_ALARM flags */
#define LOOKS 1000000u
#define MARGIN_PPM 200u /* what a host takes away while POST reads two clocks at one moment */

struct timing timing[CPU_MAX];

uint64_t timing_now(void)
{
	return vmi_ops.get_cycle_counter(TIME_REAL);
}

void timing_set(uint32_t flags, uint64_t expiry, uint64_t period)
{
	if ((flags & COUNTER) == TIME_AVAILABLE) {
		uint64_t stolen = vmi_ops.get_cycle_counter(TIME_STOLEN);

		expiry -= expiry < stolen ? expiry : stolen;
	}
	vmi_ops.set_alarm(flags, expiry, period);
}

static void record(void)
{
	struct timing *t = &timing[cpu_number()];

	if (t->count < RECORDED)
		t->at[t->count] = timing_now();
	t->count++;
}

/* Lets in what waits: it is of no alarm that a test has set since. */
static void drop(uint32_t flags)
{
	time_set_handler(!(flags & VMI_ALARM_LVTT), NULL);
	if (flags & VMI_ALARM_LVTT)
		asm volatile("sti; nop; nop; cli" : : : "memory");
	else
		pit_stop(); /* and sees the last count out */
}

bool timing_by_apic(void)
{
	return vmi_ops.get_capability(VMI_CALL_CancelAlarm) >> 28 == VROM_BACKEND_NONE;
}

void timing_start(uint32_t flags)
{
	pv_irq_disable();
	drop(flags);
	memset((void *)&timing[cpu_number()], 0, sizeof(timing[0]));
	time_set_handler(!(flags & VMI_ALARM_LVTT), record);
}

void timing_stop(uint32_t flags)
{
	pv_irq_disable();
	vmi_ops.cancel_alarm((flags & VMI_ALARM_LVTT) | TIME_REAL);
	vmi_ops.cancel_alarm((flags & VMI_ALARM_LVTT) | TIME_AVAILABLE);
	drop(flags);
}

bool timing_wait(uint32_t count, uint64_t deadline)
{
	struct timing *t = &timing[cpu_number()];

	pv_irq_enable();
	while (t->count < count && timing_now() < deadline)
		cpu_relax();
	pv_irq_disable();
	return t->count >= count;
}

/* A guest that gets no time looks seldom: it is not given up before it has looked often. */
bool timing_await(uint32_t count, uint64_t due)
{
	struct timing *t = &timing[cpu_number()];
	uint64_t deadline = due + timing_patience();
	uint32_t looks = 0;

	pv_irq_enable();
	while (t->count < count && (timing_now() < deadline || looks < LOOKS)) {
		cpu_relax();
		looks++;
	}
	pv_irq_disable();
	return t->count >= count;
}

static uint64_t difference(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* |a - b| of b, in millionths; b is not 0. */
static uint32_t ppm(uint64_t a, uint64_t b)
{
	uint64_t d = difference(a, b);

	while (b >> 32) {
		b >>= 1;
		d >>= 1;
	}
	return d >> 32 || d > b ? 1000000 : (uint32_t)divide64(d * 1000000, (uint32_t)b, NULL);
}

uint64_t timing_tolerance(uint64_t distance)
{
	const struct vrom_config *config = timing_config();
	uint32_t error = clocks.error_ppm + MARGIN_PPM;

	if (time_exact())
		return 0;
	error += ppm(vmi_ops.get_cycle_frequency(), clocks.tsc_hz);
	if (config && config->apic_per_tick && clocks.apic_hz)
		error += ppm(config->apic_per_tick, clocks.apic_per_tick);
	return divide64(distance * error, 1000000, NULL);
}

uint64_t timing_patience(void)
{
	return time_ticks(time_exact() ? 100000 : 15000000);
}

const uint32_t *timing_wirings(void)
{
	static const uint32_t both[] = { VMI_ALARM_LVTT, 0, 1 }, line0[] = { 0, 1 };

	return apic_present() ? both : line0;
}

const char *timing_name(uint32_t flags)
{
	return flags & VMI_ALARM_LVTT ? "LVTT" : "IRQ0";
}

const struct vrom_config *timing_config(void)
{
	uintptr_t start, end;

	if (!rom_image(&start, &end))
		return NULL;
	for (; start + sizeof(struct vrom_config) <= end; start += 16) {
		const struct vrom_config *config = (const void *)start;

		if (config->signature == VROM_CONFIG_SIGNATURE &&
		    config->length == sizeof(*config))
			return config;
	}
	return NULL;
}

bool timing_has_state(void)
{
	const struct vmi_window *w = &load_result()->window;

	return (w->virt - w->base) % VROM_LINEAR_STEP == 0;
}
