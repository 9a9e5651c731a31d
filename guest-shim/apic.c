// SPDX-License-Identifier: GPL-2.0-only
/* The local APIC. */
#include "apic.h"
#include "console.h"
#include "cpu.h"
#include "paging.h"
#include "pv_ops.h"
#include "spinlock.h"

#define APIC_BASE_ENABLED 0x800u
#define APIC_BASE_X2 0x400u
#define X2APIC_MSRS 0x800u /* the first one; 16 bytes of the page are one */
#define APIC_PAGE 0
#define SPURIOUS_ENABLE 0x100u
#define ICR_PENDING 0x1000u
#define SEND_LIMIT 1000000u /* a command leaves at once, or never */

static bool mapped, by_msr;

/* One bit for each x2APIC register from 0 and from 0x200 on. */
static const uint32_t x2_readable[2] = { 0xffffa50c, 0x43fc01ff };
static const uint32_t x2_writable[2] = { 0x00008900, 0x41fc0100 };

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
	return paging_map_device(APIC_PAGE, (uint32_t)base & ~0xfffu) == (void *)FIXED_APIC;
}

static bool has(const uint32_t registers[2], uint32_t reg)
{
	return registers[reg >> 9] >> (reg >> 4 & 31) & 1;
}

bool apic_readable(uint32_t reg)
{
	return has(x2_readable, reg);
}

bool apic_writable(uint32_t reg)
{
	return has(x2_writable, reg);
}

uint32_t apic_read(uint32_t reg)
{
	uint32_t value, high;

	if (by_msr) {
		asm volatile("rdmsr" : "=a"(value), "=d"(high) : "c"(X2APIC_MSRS + (reg >> 4)));
		return value;
	}
	return *(volatile uint32_t *)(FIXED_APIC + reg);
}

static void write_x2(uint32_t reg, uint32_t high, uint32_t low)
{
	asm volatile("wrmsr" : : "c"(X2APIC_MSRS + (reg >> 4)), "a"(low), "d"(high) : "memory");
}

void apic_write(uint32_t reg, uint32_t value)
{
	if (by_msr) {
		write_x2(reg, 0, value);
		return;
	}
	*(volatile uint32_t *)(FIXED_APIC + reg) = value;
}

static bool enter_x2(void)
{
	int error;
	uint64_t base = pv_cpu_ops.read_msr(MSR_APIC_BASE, &error);

	return !error && !pv_cpu_ops.write_msr(MSR_APIC_BASE, (uint32_t)base | APIC_BASE_X2,
					       (uint32_t)(base >> 32));
}

bool apic_init(void)
{
	if (!mapped)
		mapped = map();
	if (mapped && by_msr)
		enter_x2();
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

void apic_switch_x2(void)
{
	by_msr = mapped && cpu_has_x2apic() && enter_x2();
	printf("note %s\n", by_msr ? "the APIC is an x2APIC" : "this processor has no x2APIC");
}

bool apic_x2(void)
{
	return by_msr;
}

uint32_t apic_id(void)
{
	return by_msr ? apic_read(APIC_ID) : apic_read(APIC_ID) >> 24;
}

bool apic_present(void)
{
	return mapped;
}

void apic_send(uint8_t id, uint32_t command)
{
	if (by_msr) { /* it never waits */
		asm volatile("mfence; lfence" : : : "memory"); /* nor for earlier stores */
		write_x2(APIC_ICR_LOW, id, command);
		return;
	}
	for (uint32_t i = 0; i < SEND_LIMIT && apic_read(APIC_ICR_LOW) & ICR_PENDING; i++)
		cpu_relax();
	apic_write(APIC_ICR_HIGH, (uint32_t)id << 24);
	apic_write(APIC_ICR_LOW, command);
}
