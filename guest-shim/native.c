// SPDX-License-Identifier: GPL-2.0-only
/* Native code of slots that no call serves. */
#include "cpu.h"
#include "native.h"
#include "trap.h"

struct msr_access {
	uint32_t msr;
	uint64_t value;
};

static void read_msr(void *argument)
{
	struct msr_access *a = argument;
	uint32_t low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(a->msr));
	a->value = (uint64_t)high << 32 | low;
}

static void write_msr(void *argument)
{
	struct msr_access *a = argument;

	asm volatile("wrmsr" : : "c"(a->msr), "a"((uint32_t)a->value),
		     "d"((uint32_t)(a->value >> 32)) : "memory");
}

uint64_t PV guest_read_msr(uint32_t msr, int *error)
{
	struct msr_access a = { msr, 0 };

	*error = trap_guard(read_msr, &a, NULL);
	return a.value;
}

int PV guest_write_msr(uint32_t msr, uint32_t low, uint32_t high)
{
	struct msr_access a = { msr, (uint64_t)high << 32 | low };

	return trap_guard(write_msr, &a, NULL);
}

vmi_write_msr_safe_fn native_write_msr_safe;

uint32_t PV native_write_msr_safe(uint64_t value, uint32_t reg)
{
	return guest_write_msr(reg, (uint32_t)value, (uint32_t)(value >> 32)) != 0;
}

/* Natively nobody has to be told with which registers a processor starts. */
void PV native_set_initial_ap_state(void *state, uint32_t apic_id);
void PV native_set_initial_ap_state(void *state, uint32_t apic_id)
{
	(void)state;
	(void)apic_id;
}

/* Without a ROM there is nothing that could be asked or told, and nothing to undo. */
vmi_get_capability_fn native_get_capability;
vmi_set_mapping_fn native_set_mapping;
vmi_leave_fn native_leave;
vmi_set_backends_fn native_set_backends;

uint32_t PV native_get_capability(uint32_t call)
{
	(void)call;
	return 0;
}

uint32_t PV native_set_mapping(uint32_t kind, uint64_t physical, uint32_t linear, uint32_t size)
{
	(void)kind, (void)physical, (void)linear, (void)size;
	return VMI_REFUSED_STATE;
}

void PV native_leave(void)
{
}

uint32_t PV native_set_backends(uint32_t allowed)
{
	(void)allowed;
	return 0;
}
