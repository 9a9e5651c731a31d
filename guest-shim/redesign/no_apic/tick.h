/* SPDX-License-Identifier: GPL-2.0-only */
/* Ticks of a kernel without an APIC: what stands in the slots of pv_tick_ops. */
#ifndef TICK_H
#define TICK_H

#include <stdint.h>

#include "pv_ops.h"

/* A tick every `us` microseconds on IRQ 0; needs a usable clock. */
void PV glue_tick_start(uint32_t us);
void PV glue_tick_stop(void);

#endif
