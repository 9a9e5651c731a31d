// SPDX-License-Identifier: GPL-2.0-only
/*
 * with:eoi. The bit is set when an interrupt of the APIC is taken; taking it away is the end of that
 * interrupt, and the next one comes. After an exit the bit is gone, and the APIC must be told.
 */
#include "apic.h"
#include "irq.h"
#include "layout.h"
#include "played.h"
#include "spinlock.h"
#include "trap.h"

enum { PENDING = 1, ROUNDS = 5, SPINS = 1000000 };

static volatile uint32_t *word;
static uint32_t seen, told;
static bool leave;

static void end(void)
{
	uint32_t before = *word;

	seen += before & PENDING;
	if (leave) {
		played_exit();
	} else {
		raw_rdtsc(); /* no exits, as far as a guest can tell */
		cpu_relax();
	}
	before = *word;
	*word = before & ~(uint32_t)PENDING;
	if (before & PENDING)
		return;
	told++;
	apic_write(APIC_EOI, 0);
}

static void send(void)
{
	apic_send((uint8_t)apic_id(), APIC_ICR_FIXED | VECTOR_RESCHEDULE);
}

static void start(bool exits)
{
	word = played_page(0);
	*word = 0;
	leave = exits;
	seen = told = 0;
	msr_set(MSR_KVM_EOI, played_at((void *)word) | 1);
	interrupts_start(end);
}

static void rounds(void)
{
	for (uint32_t i = 1; i <= ROUNDS; i++) {
		send();
		if (!CHECK(interrupts_wait(i), "interrupt %u does not come", i))
			break;
		CHECK_EQ("the word once it is over", *word, 0);
	}
	CHECK_EQ("in service at the end", apic_read(APIC_ISR + VECTOR_RESCHEDULE / 32 * 16), 0);
	msr_set(MSR_KVM_EOI, 0);
}

TEST(skipped, "eoi.skipped")
{
	uint32_t r[4];

	played_leaf(KVM, 1, r);
	CHECK(r[0] >> 6 & 1, "it is not announced");
	start(false);
	rounds();
	CHECK_EQ("interrupts with the bit", seen, ROUNDS);
	CHECK_EQ("ends told to the APIC", told, 0);
	interrupts_start(end);
	send();
	CHECK(interrupts_wait(1), "no interrupt comes once withdrawn");
	CHECK_EQ("ends told to the APIC then", told, 1);
}

TEST(exits, "eoi.exit")
{
	start(true);
	rounds();
	CHECK_EQ("interrupts with the bit", seen, ROUNDS);
	CHECK_EQ("ends told to the APIC", told, ROUNDS);
}

/* Of two that wait the first one must be told, for the second to come. */
TEST(two, "eoi.two")
{
	start(false);
	apic_send((uint8_t)apic_id(), APIC_ICR_FIXED | VECTOR_FLUSH);
	send();
	trap_set_handler(VECTOR_FLUSH, interrupts_take);
	CHECK(interrupts_wait(2), "the second one does not come");
	CHECK_EQ("interrupts with the bit", seen, 1);
	CHECK_EQ("ends told to the APIC", told, 1);
	msr_set(MSR_KVM_EOI, 0);
}

/* The PIC's interrupts are none of its business. */
static volatile uint32_t ticks;
static uint32_t bit_at_tick;

static void tick(void)
{
	bit_at_tick |= *word & PENDING;
	ticks++;
}

TEST(pic, "eoi.pic")
{
	start(false);
	ticks = bit_at_tick = 0;
	irq_set_handler(IRQ_PIT, tick);
	pit_one_shot(1000);
	irq_unmask(IRQ_PIT);
	for (unsigned i = 0; i < 100 && !ticks; i++) {
		raw_sti();
		played_wait(1000);
		raw_cli();
	}
	irq_mask(IRQ_PIT);
	pit_stop();
	irq_set_handler(IRQ_PIT, NULL);
	CHECK_EQ("ticks", ticks, 1);
	CHECK_EQ("the bit at a tick", bit_at_tick, 0);
	rounds();
	CHECK_EQ("interrupts with the bit", seen, ROUNDS);
}

/* A handler that ends its interrupt, and stays: it is interrupted again, without any IRET. */
static uint32_t nested;
static bool timed;

static void stay(void)
{
	end();
	if (interrupts_count() > 1)
		return;
	send();
	raw_sti();
	for (uint32_t i = 0; i < SPINS && interrupts_count() < 2; i++)
		if (timed)
			raw_rdtsc();
		else
			cpu_relax();
	raw_cli();
	nested = interrupts_count();
}

TEST(stays, "eoi.stays")
{
	for (unsigned i = 0; i < 2; i++) {
		timed = i;
		nested = 0;
		start(false);
		interrupts_start(stay);
		send();
		CHECK(interrupts_wait(2), "the second one does not come");
		CHECK_EQ("interrupts in the first one", nested, 2);
		CHECK_EQ("interrupts with the bit", seen, 2);
		CHECK_EQ("ends told to the APIC", told, 0);
		msr_set(MSR_KVM_EOI, 0);
	}
}

TEST(never, "lie.eoi-never")
{
	start(false);
	rounds();
	CHECK_EQ("interrupts with the bit", seen, 0);
	CHECK_EQ("ends told to the APIC", told, ROUNDS);
}
