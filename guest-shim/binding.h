/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's binding table and how a binding takes effect. */
#ifndef BINDING_H
#define BINDING_H

#include "slots.h"
#include "vmi_loader.h"

/* The calls that this guest can be served by. */
#define GUEST_ABI vmi_abi_of(sizeof(uintptr_t) == 8)

/* Filled in by binding_native(). */
extern struct vmi_slot binding_slots[SLOT_COUNT];

/* Gives every slot its native twin: how the guest starts, before any loader. */
void binding_native(void);

/* The loader's install callback: `context` is not used. */
void binding_install(void *context, size_t row, const struct vmi_slot *slot,
		     const struct vmi_binding *binding);

/* What stands in the slot now, and the row's wrapper (0 = none). */
uintptr_t binding_pointer(size_t row);
uintptr_t binding_wrapper(size_t row);
/* Whether the slot is a jump target. */
bool binding_is_flow(size_t row);

#endif
