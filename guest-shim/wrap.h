/* SPDX-License-Identifier: GPL-2.0-only */
/* The wrappers, typed as their slots: a slot and its wrapper cannot drift apart. */
#ifndef WRAP_H
#define WRAP_H

#include "pv_ops.h"

#define WRAP_NONE(...)
#define WRAP_TYPE(id, slot, call, entry) extern __typeof__(*slot) wrap_##id;
PV_SLOTS(WRAP_NONE, WRAP_NONE, WRAP_TYPE, WRAP_NONE)

#endif
