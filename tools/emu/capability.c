/* SPDX-License-Identifier: GPL-2.0-only */
/* Call 74: it has no native text, but the table that it answers from stands in the image. */
#include <string.h>

#include "emu/lane_internal.h"

/* Bytes 4 to 7 of the entry of `call`; 0 without one. */
static uint32_t capability(const uint8_t *image, size_t size, const struct vrom_directory *d,
			   uint32_t call)
{
	size_t at = d->capabilities_offs + (size_t)call * d->capability_size +
		    offsetof(struct vrom_capability, inline_length);
	uint32_t word = 0;

	if (call < d->capability_count && size >= sizeof(word) && at <= size - sizeof(word))
		memcpy(&word, image + at, sizeof(word));
	return word;
}

bool lane_check_capability(const uint8_t *image, size_t size, uint32_t call,
			   const struct emu_result *rom, struct lane_finding *finding)
{
	uint32_t found = (uint32_t)rom->state.value[EMU_EAX], expected;
	struct vrom_directory d;

	if (size < VROM_DIRECTORY + sizeof(d))
		return true;
	memcpy(&d, image + VROM_DIRECTORY, sizeof(d));
	if (d.signature != VROM_DIRECTORY_SIGNATURE)
		return true; /* nothing that it could be compared with */
	expected = capability(image, size, &d, call);
	return found == expected ||
	       lane_find(finding, LANE_RESULT, "eax: found %#x for call %#x, the table has %#x", found,
			 call, expected);
}
