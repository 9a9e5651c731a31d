// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's end of interrupt without an exit. A bit in the guest's memory is set before it takes an
 * interrupt of its APIC; if the guest takes the bit away instead of telling the APIC, the end is told
 * for it at the next exit. As the APIC is the machine's own, the interrupt goes straight to the
 * guest: the exits before it (INTR) and at its handler's IRET, HLT, PAUSE or RDTSC are there to look
 * at the bit. The last two leave a bit that is still set, as no real platform exits there. A guest that
 * does none of these, and causes no other exit, keeps its next interrupt waiting. stimer.c has interrupts
 * intercepted in the same way.
 */
#include "platform.h"
#include "apic.h"
#include "console.h"

#define LOOKS ((uint32_t)(MISC1_IRET | MISC1_HLT | MISC1_PAUSE | MISC1_RDTSC))
enum { ENABLED = 1, PENDING = 1, WORDS = 8, APIC_PPR = 0x0a0, APIC_TMR = 0x180 };

static uint64_t msr;
static bool pending;
static uint32_t offered, skipped;

bool eoi_set(uint64_t value)
{
	eoi_exit(); /* with the old word */
	msr = value;
	return true;
}

uint64_t eoi_get(void)
{
	return msr;
}

static bool serves(void)
{
	return msr & ENABLED && !play.lies[LIE_eoi_never];
}

static volatile uint32_t *word(void)
{
	return guest_ram(msr & ~3ull, sizeof(uint32_t));
}

/*
 * Whether what comes is an interrupt of the APIC's own, the only one there, and no level that an
 * I/O APIC waits for. The PIC's are no business of the APIC.
 */
static bool alone(void)
{
	uint32_t vector = 0, waiting = 0;

	for (unsigned i = 0; i < WORDS; i++) {
		uint32_t irr = apic_read(APIC_IRR + 16 * i);

		if (apic_read(APIC_ISR + 16 * i))
			return false;
		for (unsigned bit = 0; bit < 32; bit++) {
			if (!(irr >> bit & 1))
				continue;
			waiting++;
			vector = 32 * i + bit;
		}
	}
	return waiting == 1 && vector >> 4 > apic_read(APIC_PPR) >> 4 &&
	       !(apic_read(APIC_TMR + vector / 32 * 16) >> vector % 32 & 1);
}

void eoi_interrupt(void)
{
	vmcb.misc1 &= ~(uint32_t)MISC1_INTR;
	vmcb.misc1 |= LOOKS;
	if (!serves() || !alone())
		return;
	*word() |= PENDING;
	pending = true;
	offered++;
}

bool eoi_soft(void)
{
	return vmcb.exit_code == EXIT_PAUSE || vmcb.exit_code == EXIT_RDTSC;
}

/* What is not taken away until now must be told to the APIC: the bit is gone. */
void eoi_exit(void)
{
	if (pending && eoi_soft() && *word() & PENDING)
		return;
	if (pending) {
		pending = false;
		if (*word() & PENDING) {
			*word() &= ~(uint32_t)PENDING;
		} else {
			skipped++;
			apic_write(APIC_EOI, 0);
		}
	}
	vmcb.misc1 &= ~(MISC1_INTR | LOOKS);
}

/* Not before the guest has taken the interrupt that it was stopped for. */
void eoi_watch(void)
{
	if (vmcb.misc1 & MISC1_IRET || (!serves() && !stimer_armed()))
		return;
	vmcb.misc1 |= MISC1_INTR;
	stimer_watched();
}

void eoi_print(void)
{
	if (offered)
		printf("platform kvm eoi offered %u\n", offered);
	if (skipped)
		printf("platform kvm eoi skipped %u\n", skipped);
}
