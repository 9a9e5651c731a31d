/* SPDX-License-Identifier: GPL-2.0-only */
/* The ABI of either width: tables of spec/, and where an image has it. */
#include <stddef.h>
#include <string.h>

#include "emu/lane_internal.h"
#include "romfile/romfile.h"
#include "vmi64_abi.h"

_Static_assert(LANE_CALLS >= VMI64_CALLS && LANE_CALLS >= VMI_CALLS, "calls");
_Static_assert(offsetof(struct vmi_state, hv_page) <= EMU_STATE_SIZE, "vmi_state without the hypervisor's page");

const struct lane_abi *lane_abi(unsigned int width)
{
	static const struct lane_abi abi32 = {
		32, VROM_API_MAJOR, VROM_API_MINOR, VMI_CALLS, vmi_calls, vmi_places32, vmi_groups,
		vmi_native32,
	};
	static const struct lane_abi abi64 = {
		64, VMI64_MAJOR, VMI64_MINOR, VMI64_CALLS, vmi64_calls, vmi_places64, vmi64_groups,
		vmi_native64,
	};

	return width == 64 ? &abi64 : &abi32;
}

/* That of the header, or of the list of further ones. */
static bool find_directory(const struct romfile *rom, unsigned int width, struct vrom_directory *found)
{
	const struct vrom_directory *d;
	struct romfile_table table;
	uint8_t *capabilities;

	if (width == 32)
		d = romfile_directory(rom, &capabilities);
	else
		d = romfile_find_abi(rom, width, lane_abi(width)->major, &table) ? table.directory : NULL;
	if (d)
		memcpy(found, d, sizeof(*found));
	return d;
}

bool lane_directory(const uint8_t *image, size_t size, unsigned int width,
		    struct vrom_directory *directory)
{
	struct romfile rom = { .bytes = (uint8_t *)image, .size = size };

	return find_directory(&rom, width, directory);
}
