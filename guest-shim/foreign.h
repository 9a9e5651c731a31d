/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "vmi_loader.h"

/*
 * Calls foreign code at `entry` with one argument: every register is known before and looked at
 * after, and a trap in it ends the call, not the guest; so does the watchdog, where one is
 * open. What it may change is what the ABI says of C calls; the rest is put back.
 * *out: its results, if it came back.
 */
enum vmi_call_status foreign_call(vmi_virt_t entry, uint8_t eax, struct vmi_registers *out);

/*
 * The same for each of `count` numbers in EAX, under one guard, up to the first that does not
 * come back well. *done: how many did, their results in `out`.
 */
enum vmi_call_status foreign_calls(vmi_virt_t entry, const uint8_t *eax, uint32_t count,
				   struct vmi_registers *out, uint32_t *done);

#endif
