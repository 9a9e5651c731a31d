/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's side of the loader: callbacks, windows, damaged copies. */
#ifndef LOAD_H
#define LOAD_H

#include "options.h"
#include "vmi_loader.h"

/*
 * Loads and reports, as the options say: first the damaged loads that `flips` asks for
 * (a verdict each), then the one whose bindings stay.
 */
void load_and_report(const struct options *options);

/* What the last load found: its tables stay valid for ever. */
const struct vmi_load *load_result(void);

/* A load through the option-ROM window alone: its result, as load_result() has it then. */
enum vmi_reason load_window(void);

/* Tells the ROM in use what VMI_Init and Leave make it forget: where things are mapped. */
void load_tell(void);
/* Whether an alarm by LVTT comes from the APIC: a ROM that was not told of it has the PIT alone. */
bool load_knows_apic(void);

/* A load through another window, which maps itself; what was bound before is no longer. */
enum vmi_reason load_through(const struct vmi_window *window);

/* VMI_UPDATE_DEFER if the ROM in use may be given it, else 0. */
uint32_t load_update_flags(void);

#endif
