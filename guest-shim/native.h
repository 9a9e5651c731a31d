/* SPDX-License-Identifier: GPL-2.0-only */
/* Native code of slots that no call serves, typed as their slots. */
#ifndef NATIVE_H
#define NATIVE_H

#include "pv_ops.h"

#define NATIVE_NONE(...)
#define NATIVE_TYPE(id, slot, function) extern __typeof__(*slot) function;
PV_SLOTS(NATIVE_NONE, NATIVE_NONE, NATIVE_NONE, NATIVE_TYPE)

#endif
