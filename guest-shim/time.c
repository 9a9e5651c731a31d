// SPDX-License-Identifier: GPL-2.0-only
/* Clock, tick and sleep on the timer slots. */
#include "time.h"
#include "apic.h"
#include "console.h"
#include "cpu.h"
#include "irq.h"
#include "load.h"
#include "math64.h"
#include "measure.h"
#include "percpu.h"
#include "pv_ops.h"
#include "slots.h"
#include "trap.h"

#define US_PER_SECOND 1000000u
#define NS_PER_SECOND 1000000000u

vmi_apic_write_fn native_apic_write; /* native_time.c */

static uint64_t frequency, ns_per_tick;
static bool was_updated, exact;
static void (*line0_handler)(void), (*lvtt_handler)(void);

static void serve_line0(void)
{
	if (line0_handler)
		line0_handler();
}

static void serve_lvtt(struct regs *regs)
{
	(void)regs;
	if (lvtt_handler)
		lvtt_handler();
	/* Who arms the alarms wants to be told; a ROM that does is bound with its APIC calls. */
	if (load_result()->bindings[SLOT_set_alarm].kind == VMI_BIND_NATIVE)
		native_apic_write(APIC_EOI, 0);
	else
		pv_apic_ops.apic_write(APIC_EOI, 0);
}

void time_init(void)
{
	measure_clocks(apic_init());
}

void time_bind_cpu(void)
{
	if (apic_present())
		pv_apic_ops.apic_write(APIC_LVTT, VECTOR_TIMER);
}

/* Ticks that a loop of known length takes. */
static uint32_t loop_ticks(void)
{
	uint32_t start, end;

	asm volatile("rdtsc; mov %%eax, %%ebx; mov $1000, %%ecx; 1: dec %%ecx; jnz 1b; rdtsc"
		     : "=b"(start), "=a"(end) : : "ecx", "edx", "cc");
	return end - start;
}

static bool is_exact(void)
{
	uint32_t expected = 2003; /* both MOVs, the loop, the second RDTSC */

	for (int i = 0; i < 4; i++)
		if (!frequency || loop_ticks() != expected)
			return false;
	return true;
}

bool time_exact(void)
{
	return exact;
}

bool time_was_updated(void)
{
	return was_updated;
}

void time_bind(void)
{
	frequency = vmi_ops.get_cycle_frequency();
	ns_per_tick = frequency ? factor64(NS_PER_SECOND, frequency) : 0;
	was_updated = vmi_ops.wallclock_updated();
	exact = is_exact();
	printf("note time %llu kHz, APIC timer %u kHz, %s\n",
	       (unsigned long long)divide64(frequency, 1000, NULL), clocks.apic_hz / 1000,
	       exact ? "exact: one tick an instruction" : "real time");
	trap_set_handler(VECTOR_TIMER, serve_lvtt);
	time_bind_cpu();
}

bool time_usable(void)
{
	return frequency != 0;
}

uint32_t time_wiring(void)
{
	return apic_present() && time_usable() && load_knows_apic() ? VMI_ALARM_LVTT : 0;
}

uint64_t time_frequency(void)
{
	return frequency;
}

uint64_t time_ns_per_tick(void)
{
	return ns_per_tick;
}

uint64_t time_ticks(uint32_t us)
{
	uint32_t rest;
	uint64_t whole = divide64(frequency, US_PER_SECOND, &rest);

	return whole * us + divide64((uint64_t)rest * us + US_PER_SECOND - 1, US_PER_SECOND, NULL);
}

void time_set_handler(bool line0, void (*handler)(void))
{
	if (!line0) {
		lvtt_handler = handler;
		return;
	}
	line0_handler = handler;
	irq_set_handler(IRQ_PIT, handler ? serve_line0 : NULL);
	if (handler)
		irq_unmask(IRQ_PIT);
	else
		irq_mask(IRQ_PIT);
}

/* Without a TSC there are no alarms: the PIT itself ticks. */
void time_tick_start(void (*handler)(void), uint32_t us)
{
	uint32_t flags = time_wiring() | TIME_AVAILABLE | VMI_ALARM_PERIODIC;
	uint64_t period = time_ticks(us);

	time_set_handler(!time_wiring(), handler);
	if (time_usable())
		vmi_ops.set_alarm(flags, vmi_ops.get_cycle_counter(TIME_AVAILABLE) + period, period);
	else
		pit_periodic((uint32_t)divide64((uint64_t)us * VROM_PIT_HZ, US_PER_SECOND, NULL));
}

void time_tick_stop(void)
{
	if (time_usable())
		vmi_ops.cancel_alarm(time_wiring() | TIME_AVAILABLE);
	if (!time_wiring()) {
		pit_stop();
		time_set_handler(true, NULL);
	}
}

static void nothing(void)
{
}

void time_sleep(uint32_t us)
{
	uint64_t end = vmi_ops.get_cycle_counter(TIME_REAL) + time_ticks(us);

	if (!time_wiring())
		time_set_handler(true, nothing);
	/* The PIT's range is shorter than a long sleep: it is armed again. */
	while (vmi_ops.get_cycle_counter(TIME_REAL) < end) {
		vmi_ops.set_alarm(time_wiring() | TIME_REAL, end, 0);
		pv_irq_ops.safe_halt();
		pv_irq_disable();
	}
	vmi_ops.cancel_alarm(time_wiring() | TIME_REAL);
	if (!time_wiring())
		time_set_handler(true, NULL);
}
