// SPDX-License-Identifier: GPL-2.0-only
/* The binding table, made from slots.h, and the install callback. */
#include "binding.h"
#include "design.h"
#include "memory.h"
#include "pv_ops.h"

struct pv_cpu_ops pv_cpu_ops;
struct pv_irq_ops pv_irq_ops;
struct pv_mmu_ops pv_mmu_ops;
PV_OPS_ARCH
struct pv_apic_ops pv_apic_ops;
struct pv_time_ops pv_time_ops;
struct vmi_ops vmi_ops;
uintptr_t slot_entry[SLOT_COUNT];
void pv_nop(void);

/* The twins and wrappers by address only: their types differ. */
#define DECLARE_TWIN(id, slot, call, entry) extern const char native_##entry[];
#define DECLARE_BOTH(id, slot, call, entry) \
	extern const char native_##entry[]; \
	extern const char wrap_##id[];
#define DECLARE_NATIVE(id, slot, function) extern const char function[];
PV_SLOTS(DECLARE_BOTH, DECLARE_TWIN, DECLARE_BOTH, DECLARE_NATIVE)

enum kind { FLOW, DIRECT, WRAP };

/* A row as far as the compiler can build it: addresses become numbers at run time. */
struct home {
	const char *name;
	void *slot;          /* the pointer in pv_ops */
	const void *twin;
	const void *wrapper; /* or NULL */
	int16_t call;
	enum kind kind;
};
#define HOME(id, slot, call, twin, wrapper, kind) \
	[SLOT_##id] = { #slot, &slot, twin, wrapper, call, kind },
#define FLOW_ROW(id, slot, call, entry) \
	HOME(id, slot, VMI_CALL_##call, native_##entry, wrap_##id, FLOW)
#define DIRECT_ROW(id, slot, call, entry) \
	HOME(id, slot, VMI_CALL_##call, native_##entry, NULL, DIRECT)
#define WRAP_ROW(id, slot, call, entry) \
	HOME(id, slot, VMI_CALL_##call, native_##entry, wrap_##id, WRAP)
#define NATIVE_ROW(id, slot, function) \
	HOME(id, slot, VMI_SLOT_NO_CALL, function, NULL, DIRECT)
static const struct home homes[SLOT_COUNT] = {
	PV_SLOTS(FLOW_ROW, DIRECT_ROW, WRAP_ROW, NATIVE_ROW)
};
struct vmi_slot binding_slots[SLOT_COUNT];

static void set(size_t row, uintptr_t entry, bool called)
{
	const struct home *home = &homes[row];
	uintptr_t pointer = entry;

	if (home->kind == WRAP || (home->kind == FLOW && called))
		pointer = (uintptr_t)home->wrapper;
	slot_entry[row] = entry;
	__builtin_memcpy(home->slot, &pointer, sizeof(pointer)); /* no call: -fno-builtin */
}

void binding_native(void)
{
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		const struct home *home = &homes[row];

		binding_slots[row] = (struct vmi_slot){
			.name = home->name,
			.call = design_no_user(home->name) ? VMI_SLOT_NO_CALL : home->call,
			.flags = home->kind == WRAP ? VMI_SLOT_WRAPPER : 0,
			.native = (uintptr_t)home->twin,
		};
		set(row, (uintptr_t)home->twin, false);
	}
}

void binding_install(void *context, size_t row, const struct vmi_slot *slot,
		     const struct vmi_binding *binding)
{
	(void)context;
	if (binding->kind == VMI_BIND_ROM)
		set(row, (uintptr_t)binding->address, binding->type == VMI_RELOCATION_CALL_REL);
	else if (binding->kind == VMI_BIND_NOP)
		set(row, (uintptr_t)pv_nop, true);
	else
		set(row, (uintptr_t)slot->native, false);
}

uintptr_t binding_pointer(size_t row)
{
	uintptr_t pointer;

	memcpy(&pointer, homes[row].slot, sizeof(pointer));
	return pointer;
}

uintptr_t binding_wrapper(size_t row)
{
	return (uintptr_t)homes[row].wrapper;
}

bool binding_is_flow(size_t row)
{
	return homes[row].kind == FLOW;
}
