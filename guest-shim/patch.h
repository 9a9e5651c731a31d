/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's call sites and the loader's patching of them. */
#ifndef PATCH_H
#define PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmi_patch.h"

#define PATCH_SITES_MAX 512

/*
 * Patches the recorded sites by the load's bindings and reports. Before other processors
 * start. `calls` false: only the jumps of IRET and SYSEXIT, which a ROM must be given; all
 * other sites keep calling their native twins.
 */
void patch_and_report(bool calls);
/* Whether all sites were patched, and what it worked on. */
bool patch_done(void);
struct vmi_patch *patch_state(void);
const struct vmi_text *patch_text(void);
/* The text as it was before the first patching, to compare with; NULL if it was not kept. */
const uint8_t *patch_original(size_t *size);

#endif
