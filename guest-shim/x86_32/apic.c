// SPDX-License-Identifier: GPL-2.0-only
/* The local APIC. */
#include "apic.h"
#include "console.h"
#include "cpu.h"
#include "paging.h"
#include "pv_ops.h"
#include "spinlock.h"

#define MSR_APIC_BASE 0x1bu
#define APIC_BASE_ENABLED 0x800u
#define APIC_PAGE 0
#define SPURIOUS_ENABLE 0x100u
#define ICR_PENDING 0x1000u
#define SEND_LIMIT 1000000u /* a command leaves at once, or never */

static bool mapped;

/* Behind what a machine says: firmware may have moved the page, or switched the APIC off. */
static bool map(void)
{
	int error;
	uint64_t base;

	if (!cpu_has(CPU_APIC) || !cpu_has(CPU_MSR))
		return false;
	base = pv_cpu_ops.read_msr(MSR_APIC_BASE, &error);
	if (error || !(base & APIC_BASE_ENABLED) || base >> 32)
		return false;
	paging_map_device(APIC_PAGE, (uint32_t)base & ~0xfffu);
	return true;
}

uint32_t apic_read(uint32_t reg)
{
	return *(volatile uint32_t *)(FIXED_APIC + reg);
}

void apic_write(uint32_t reg, uint32_t value)
{
	*(volatile uint32_t *)(FIXED_APIC + reg) = value;
}

bool apic_init(void)
{
	if (!mapped)
		mapped = map();
	if (mapped)
		apic_write(APIC_SPURIOUS, SPURIOUS_ENABLE | VECTOR_SPURIOUS);
	return mapped;
}

void apic_switch_off(void)
{
	int error;
	uint64_t base = pv_cpu_ops.read_msr(MSR_APIC_BASE, &error);

	if (!mapped || error)
		return;
	pv_cpu_ops.write_msr(MSR_APIC_BASE, (uint32_t)base & ~APIC_BASE_ENABLED, 0);
	mapped = false;
	printf("note the APIC is switched off\n");
}

bool apic_present(void)
{
	return mapped;
}

void apic_send(uint8_t apic_id, uint32_t command)
{
	for (uint32_t i = 0; i < SEND_LIMIT && apic_read(APIC_ICR_LOW) & ICR_PENDING; i++)
		cpu_relax();
	apic_write(APIC_ICR_HIGH, (uint32_t)apic_id << 24);
	apic_write(APIC_ICR_LOW, command);
}
