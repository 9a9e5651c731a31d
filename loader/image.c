// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading an image in parts, through the guest's callback. */
#include "image.h"

bool vmi_image_read(struct image *image, const char *field, uint32_t offset, void *to,
		    uint32_t size)
{
	const struct vmi_platform *platform = image->load->platform;

	if (platform->read(platform->context, image->candidate->base + offset, to, size))
		return true;
	return vmi_refuse(image->candidate, VMI_E_READ, field, offset, 0, size);
}

/* The sum of `size` bytes, up to a block, modulo 256 in its low byte. */
static uint32_t block_sum(const uint32_t *words, uint32_t size)
{
	uint32_t lanes = 0, i;

	/* Four bytes at a time, in two lanes that hold a block's sum. */
	_Static_assert(VROM_BLOCK / 4 * 2 * UINT8_MAX <= UINT16_MAX, "a lane overflows");
	for (i = 0; i < size / 4; i++)
		lanes += (words[i] & 0x00FF00FF) + (words[i] >> 8 & 0x00FF00FF);
	lanes += lanes >> 16;
	for (i *= 4; i < size; i++)
		lanes += ((const uint8_t *)words)[i];
	return lanes;
}

bool vmi_image_sum(struct image *image, const char *field, uint32_t offset, uint32_t size,
		   uint8_t *sum)
{
	uint32_t words[VROM_BLOCK / 4];

	*sum = 0;
	while (size) {
		uint32_t part = vmi_clamp(size, 0, sizeof(words));

		if (!vmi_image_read(image, field, offset, words, part))
			return false;
		*sum += (uint8_t)block_sum(words, part);
		offset += part;
		size -= part;
	}
	return true;
}

bool vmi_image_strlen(struct image *image, const char *field, uint32_t offset,
		      uint32_t *length)
{
	uint32_t rest = image->candidate->length - offset;
	char text[64];

	for (*length = 0; *length < rest;) {
		uint32_t part = vmi_clamp(rest - *length, 0, sizeof(text));

		if (!vmi_image_read(image, field, offset + *length, text, part))
			return false;
		for (uint32_t i = 0; i < part; i++, ++*length)
			if (!text[i])
				return true;
	}
	return true;
}
