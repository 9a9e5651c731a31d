/* SPDX-License-Identifier: GPL-2.0-only */
/* Native code of slots that no call serves, or none of one width, typed as their slots. */
#ifndef NATIVE_H
#define NATIVE_H

#include "pv_ops.h"

extern __typeof__(*pv_cpu_ops.read_msr) guest_read_msr;
extern __typeof__(*pv_cpu_ops.write_msr) guest_write_msr;

#define NATIVE_NONE(...)
#define NATIVE_TYPE(id, slot, function) extern __typeof__(*slot) function;
PV_SLOTS(NATIVE_NONE, NATIVE_NONE, NATIVE_NONE, NATIVE_TYPE)

#endif
