/* SPDX-License-Identifier: GPL-2.0-only */
/* What POST leaves in an image of ours, for an emulated processor that has no firmware. */
#ifndef EMU_POST_H
#define EMU_POST_H

#include <stddef.h>
#include <stdint.h>

struct emu_clock {
	uint64_t tsc_hz;       /* 1 to 2^64-1 */
	uint64_t wallclock_ns; /* since 1970, when the TSC was */
	uint64_t wallclock_tsc;
};

/*
 * Notes in vrom_config what POST does where there are a TSC, an APIC and state memory, the
 * state being at EMU_STATE for code that runs at `base`, and mends the image's sum. From 4 GiB on
 * its second place is meant (emu_map_state): where emu_state_place() says.
 * Foreign images are left alone. Result: the offset of vrom_config, or 0.
 */
uint32_t emu_post(uint8_t *image, size_t size, uint64_t base, const struct emu_clock *clock);
/* Where code of an image at `base` that was posted so sees its state; a page begins there. */
uint64_t emu_state_place(uint64_t base);

#endif
