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

bool lane_check_capability(const uint8_t *image, size_t size, unsigned int width, uint32_t call,
			   const struct emu_result *rom, struct lane_finding *finding)
{
	uint64_t found = rom->state.value[EMU_EAX];
	uint32_t expected;
	struct vrom_directory d;

	if (!lane_directory(image, size, width, &d))
		return true; /* nothing that it could be compared with */
	expected = capability(image, size, &d, call);
	return found == expected ||
	       lane_find(finding, LANE_RESULT, "%s: found %#llx for call %#x, the table has %#x",
			 emu_field_name(width, EMU_EAX),
			 (unsigned long long)found, call, expected);
}
