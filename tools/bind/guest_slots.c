/* SPDX-License-Identifier: GPL-2.0-only */
/* The 32-bit guest's table as far as the loader looks at it: names, calls, flags. */
#include "bind/bind.h"

#include "slots.h"

#ifndef TABLE
#define TABLE bind_table32
#endif

#define TWIN 1 /* any address will do: nothing is installed on the host */
#define PLAIN(id, slot, call, entry) { #slot, VMI_CALL_##call, 0, TWIN },
#define WRAPPED(id, slot, call, entry) { #slot, VMI_CALL_##call, VMI_SLOT_WRAPPER, TWIN },
#define NO_CALL(id, slot, function) { #slot, VMI_SLOT_NO_CALL, 0, TWIN },
static const struct vmi_slot slots[] = { PV_SLOTS(PLAIN, PLAIN, WRAPPED, NO_CALL) };
const struct bind_table TABLE = { slots, SLOT_COUNT };
