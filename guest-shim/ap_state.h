/* SPDX-License-Identifier: GPL-2.0-only */
/* With what an application processor starts; the width's ap_state.c. */
#ifndef AP_STATE_H
#define AP_STATE_H

#include "vmi_abi.h"

/* What startup_ipi_hook tells of it. */
extern struct vmi_ap_state ap_state;

/* Fills it, and what trampoline.asm reads, with this processor's state. */
void ap_state_fill(void);

#endif
