/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine of the fuzz targets: a window of memory and ROM calls whose results the
 * target supplies. What must hold for any input is checked here, and ends the process.
 */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#include "vmi_loader.h"

#define FUZZ_BASE 0xE0000u
#define FUZZ_WINDOW 16384u
#define FUZZ_VIRT 0xC00E0000u

struct machine {
	uint8_t memory[FUZZ_WINDOW];
	enum vmi_call_status init_status;
	uint32_t init_eax;
	/* What GetRelocationInfo does for a call; `again`: it was asked before. */
	enum vmi_call_status (*answer)(void *input, uint32_t call, bool again,
				       struct vmi_registers *out);
	void *input;
	struct vmi_slot slots[VMI_CALLS_MAX + 1];
	/* From here on the machine's own. */
	struct vmi_binding bindings[VMI_CALLS_MAX + 1];
	struct vmi_platform platform;
	struct vmi_load load;
	unsigned int asked[VMI_CALLS_MAX];
	size_t installed, printed;
};

/* An empty window, a row per call, and calls that all return with answers inside the image. */
void machine_init(struct machine *m, bool long_mode);
/* Loads, reports, and checks. */
void machine_run(struct machine *m);

/* Each target: its name, which is that of its corpus, and libFuzzer's entry. */
extern const char fuzz_name[];
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
