// SPDX-License-Identifier: GPL-2.0-only
/* Bring-up of application processors by INIT and SIPI, and their idle loop. */
#include "smp.h"
#include "ap_state.h"
#include "apic.h"
#include "console.h"
#include "cpu.h"
#include "irq.h"
#include "memory.h"
#include "paging.h"
#include "pv_ops.h"
#include "sites.h"
#include "time.h"
#include "trap.h"

#define PIT_10_MS 11932u
#define PIT_200_US 239u
#define ONLINE_WAITS 500u /* of 1 ms each, for one processor */
#define PIT_1_MS 1194u

extern const uint8_t trampoline[], trampoline_end[];
void ap_main(uint32_t number);

volatile uint32_t ap_next = 1, ap_limit = 1; /* of trampoline.asm, too */

static void take_reschedule(struct regs *regs)
{
	(void)regs;
	apic_write(APIC_EOI, 0);
	this_cpu()->reschedule = true;
}

static void take_flush(struct regs *regs)
{
	(void)regs;
	apic_write(APIC_EOI, 0);
	shootdown_serve();
}

static void take_spurious(struct regs *regs)
{
	(void)regs; /* it wants no end of interrupt */
}

/* The idle loop: halts until an interrupt brings work. */
void ap_main(uint32_t number)
{
	struct cpu *cpu = &cpus[number];

	cpu_tables_load(number);
	apic_init();
	paging_tell();
	time_bind_cpu();
	cpu->apic_id = (uint8_t)apic_id();
	cpu->mm = &kernel_mm;
	cpu->online = true;
	for (;;) {
		site_irq_disable();
		if (cpu->work) {
			cpu->work();
			cpu->work = NULL;
		} else {
			site_safe_halt();
		}
	}
}

static bool wait_online(unsigned number)
{
	for (unsigned i = 0; i < ONLINE_WAITS; i++) {
		if (cpus[number].online)
			return true;
		pit_wait(PIT_1_MS);
	}
	return cpus[number].online;
}

/* The processor with that APIC id, if there is one, becomes cpus[cpu_count]. */
static void start(uint8_t apic_id)
{
	uint32_t startup = APIC_ICR_STARTUP | TRAMPOLINE >> 12;

	ap_limit = cpu_count + 1;
	pv_apic_ops.startup_ipi_hook(apic_id, &ap_state);
	apic_send(apic_id, APIC_ICR_INIT);
	pit_wait(PIT_10_MS);
	apic_send(apic_id, startup);
	pit_wait(PIT_200_US);
	if (ap_next == cpu_count)
		apic_send(apic_id, startup);
	if (!wait_online(cpu_count))
		ap_limit = cpu_count; /* should it come yet, it halts */
	else
		cpu_count++;
	ap_next = cpu_count;
}

void smp_start(unsigned wanted)
{
	if (wanted < 2)
		return;
	if (!apic_init()) {
		printf("note smp: this processor has no local APIC\n");
		return;
	}
	cpus[0].apic_id = (uint8_t)apic_id();
	trap_set_handler(VECTOR_RESCHEDULE, take_reschedule);
	trap_set_handler(VECTOR_FLUSH, take_flush);
	trap_set_handler(VECTOR_SPURIOUS, take_spurious);
	memcpy(linear(TRAMPOLINE), trampoline, (size_t)(trampoline_end - trampoline));
	ap_state_fill();
	for (uint8_t id = 0; id < CPU_MAX && cpu_count < wanted; id++)
		if (id != cpus[0].apic_id)
			start(id);
	printf("note smp found %u, wanted %u\n", cpu_count, wanted);
}

void smp_reschedule_others(void)
{
	uint32_t self = cpu_number();

	for (unsigned i = 0; i < cpu_count; i++)
		if (i != self)
			apic_send(cpus[i].apic_id, APIC_ICR_FIXED | VECTOR_RESCHEDULE);
}

static volatile uint32_t hold, held;

static void give(void (*work)(void))
{
	uint32_t self = cpu_number();

	for (unsigned i = 0; i < cpu_count; i++)
		if (i != self)
			cpus[i].work = work;
	smp_reschedule_others();
}

static void wait_done(void)
{
	uint32_t self = cpu_number();

	for (unsigned i = 0; i < cpu_count; i++)
		while (i != self && cpus[i].work) {
			shootdown_serve();
			cpu_relax();
		}
}

void smp_run(void (*work)(void))
{
	give(work);
	work();
	wait_done();
}

static void stay(void)
{
	asm volatile("lock incl %0" : "+m"(held) : : "cc", "memory");
	while (hold)
		cpu_relax();
	cpu_serialise();
}

void smp_hold(void)
{
	held = 0;
	hold = true;
	give(stay);
	while (held != cpu_count - 1)
		cpu_relax();
}

void smp_release(void)
{
	hold = false;
	wait_done();
}
