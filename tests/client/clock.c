// SPDX-License-Identifier: GPL-2.0-only
/* Tick and clock, as the historic client has them: clock events "pit" or "vmi-timer". */
#include "clock.h"
#include "cpu.h"
#include "io.h"
#include "irq.h"
#include "math64.h"
#include "pv.h"
#include "site.h"

#define PIT_CHANNEL0 0x40
#define PIT_MODE 0x43
#define PIT_RATE 0x34   /* channel 0, both bytes, rate generator */
#define PIT_STROBE 0x3a /* mode 5, which nothing triggers: quiet */
#define REAL 0u /* the counter that alarms and clock use */
#define APIC_EVENT_MAX 0xffffffffu /* a clock event's distance has 32 bits */
#define APIC_SPURIOUS 0x0f0
#define APIC_ENABLE 0x100u
#define APIC_LVTT 0x320

volatile uint32_t ticks;
static uint32_t wiring; /* VMI_ALARM_LVTT, or 0 for IRQ0 */
static uint64_t frequency;

bool clock_is_vmi(void)
{
	return pv_timer_ops.frequency;
}

bool clock_is_lvtt(void)
{
	return wiring;
}

uint64_t clock_frequency(void)
{
	return frequency;
}

uint64_t clock_read(void)
{
	return pv_timer_ops.counter(REAL);
}

static void pit_periodic(uint32_t per_second)
{
	uint32_t count = VROM_PIT_HZ / per_second;

	outb(PIT_MODE, PIT_RATE);
	outb(PIT_CHANNEL0, (uint8_t)count);
	outb(PIT_CHANNEL0, (uint8_t)(count >> 8));
}

void clock_periodic(uint32_t per_second)
{
	if (!clock_is_vmi()) {
		pit_periodic(per_second);
		return;
	}
	this_cpu()->oneshot = false;
	/* The first expiry is now: that is how a real client asks for it. */
	pv_timer_ops.set_alarm(VMI_ALARM_PERIODIC | wiring, clock_read(),
			       divide64(frequency, per_second, NULL));
}

void clock_init(void)
{
	if (clock_is_vmi()) {
		frequency = pv_timer_ops.frequency();
		outb(PIT_MODE, PIT_STROBE); /* the firmware's tick */
	}
	clock_periodic(TICKS_PER_SECOND);
}

/* Spurious interrupts get a vector of their own, which is also how an APIC is switched on. */
static void enable_apic(void)
{
	apic_ops.write(APIC_SPURIOUS, APIC_ENABLE | VECTOR_SPURIOUS);
}

void clock_to_lvtt(void)
{
	uint32_t flags = irq_save();

	if (!clock_is_vmi()) {
		irq_restore(flags);
		return;
	}
	pv_timer_ops.cancel_alarm(VMI_ALARM_PERIODIC | wiring);
	irq_restore(flags); /* what still waits is ended at the PIC */
	flags = irq_save();
	enable_apic();
	wiring = VMI_ALARM_LVTT;
	apic_ops.write(APIC_LVTT, VECTOR_IRQ);
	clock_periodic(TICKS_PER_SECOND);
	irq_restore(flags);
}

/* In this order: the alarm is armed first, and LVTT gets a bare vector after. */
void clock_init_ap(void)
{
	if (!clock_is_lvtt())
		return;
	enable_apic();
	clock_periodic(TICKS_PER_SECOND);
	apic_ops.write(APIC_LVTT, VECTOR_IRQ);
}

void clock_restart_irq(void)
{
	if (clock_is_lvtt())
		apic_ops.write(APIC_LVTT, VECTOR_IRQ);
}

void clock_oneshot(void)
{
	pv_timer_ops.cancel_alarm(VMI_ALARM_PERIODIC | wiring);
	this_cpu()->oneshot = true;
	this_cpu()->period = 0;
}

void clock_next(uint64_t at)
{
	uint64_t now = clock_read(), delta = at > now ? at - now : 1;

	if (delta > APIC_EVENT_MAX)
		delta = APIC_EVENT_MAX;
	/* Only the distance reaches a clock event, so time passes before it is absolute again. */
	pv_timer_ops.set_alarm(wiring, clock_read() + delta, 0);
}

void clock_tick(void)
{
	struct cpu *cpu = this_cpu();

	cpu->ticks++;
	if (cpu->oneshot && cpu->period) {
		cpu->next += cpu->period;
		clock_next(cpu->next);
	}
	if (cpu->number)
		return;
	ticks++;
	irq_show_tick();
	watchdog();
}

void clock_sleep(uint64_t end)
{
	while (clock_read() < end) {
		if (this_cpu()->oneshot && !this_cpu()->period)
			clock_next(end);
		pv_irq_ops.safe_halt();
		irq_disable();
	}
}
