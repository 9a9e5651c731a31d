// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a bound call costs in exits: the player counts them between marks, of which each call has one, and
 * the run list knows how many they are in ROUNDS calls. Ends of interrupts need interrupts, which come by
 * the APIC's own page; APIC and PIT cost nothing here, and exits on real KVM (docs/kvm.md).
 */
#include "apic.h"
#include "layout.h"
#include "load.h"
#include "mark.h"
#include "played.h"
#include "pv_ops.h"
#include "time.h"

enum { ROUNDS = 10, FAR_US = 3600000, APIC_TPR = 0x80, ICR_SELF = 0x40000 };
enum { MARK_FREQUENCY = 20, MARK_REAL, MARK_AVAILABLE, MARK_STOLEN, MARK_WALL, MARK_END, MARK_PRIORITY, MARK_SELF,
       MARK_ALARM, MARK_KICK, MARK_OTHER };

static void count(uint8_t number, void (*call)(void))
{
	mark(MARK_START);
	for (unsigned i = 0; i < ROUNDS; i++)
		call();
	mark(number);
	CHECK(true, "the run list looks at what is printed");
}

static void frequency(void)
{
	vmi_ops.get_cycle_frequency();
}

static void real(void)
{
	vmi_ops.get_cycle_counter(TIME_REAL);
}

static void available(void)
{
	vmi_ops.get_cycle_counter(TIME_AVAILABLE);
}

static void stolen(void)
{
	vmi_ops.get_cycle_counter(TIME_STOLEN);
}

static void wall(void)
{
	vmi_ops.get_wallclock_time();
}

TEST(clock, "exits.clock")
{
	count(MARK_FREQUENCY, frequency);
	count(MARK_REAL, real);
	count(MARK_AVAILABLE, available);
	count(MARK_STOLEN, stolen);
	count(MARK_WALL, wall);
}

static void end(void)
{
	pv_apic_ops.apic_write(APIC_EOI, 0);
}

static void interrupt(void)
{
	uint32_t before = interrupts_count();

	apic_send((uint8_t)apic_id(), APIC_ICR_FIXED | VECTOR_RESCHEDULE);
	CHECK(interrupts_wait(before + 1), "an interrupt does not come");
}

static void priority(void)
{
	pv_apic_ops.apic_write(APIC_TPR, 0);
}

static void self(void)
{
	pv_apic_ops.apic_write(APIC_ICR_LOW, ICR_SELF | APIC_ICR_FIXED | VECTOR_RESCHEDULE);
}

TEST(apic, "exits.apic")
{
	interrupts_start(end);
	count(MARK_END, interrupt);
	count(MARK_PRIORITY, priority);
	raw_cli();
	count(MARK_SELF, self);
	interrupts_start(end);
	CHECK(interrupts_wait(1), "no interrupt by a shorthand");
	CHECK_EQ("interrupts of one vector", interrupts_count(), 1);
	CHECK_EQ("in service at the end", apic_read(APIC_ISR + VECTOR_RESCHEDULE / 32 * 16), 0);
}

static void alarm(void)
{
	vmi_ops.set_alarm(VMI_ALARM_LVTT | TIME_REAL, vmi_ops.get_cycle_counter(TIME_REAL) + time_ticks(FAR_US), 0);
}

TEST(alarms, "exits.alarm")
{
	count(MARK_ALARM, alarm);
	CHECK(vmi_ops.cancel_alarm(VMI_ALARM_LVTT | TIME_REAL), "no alarm is armed");
}

static void kick(void)
{
	vmi_ops.vcpu_kick(0xffffff);
}

TEST(kicks, "exits.kick")
{
	count(MARK_KICK, kick);
}

static void leave(void)
{
	played_exit();
}

/* That they are counted. */
TEST(others, "exits.counted")
{
	count(MARK_OTHER, leave);
}
