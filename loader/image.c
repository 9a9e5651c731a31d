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

bool vmi_image_sum(struct image *image, const char *field, uint32_t offset, uint32_t size,
		   uint8_t *sum)
{
	uint8_t bytes[VROM_BLOCK];

	*sum = 0;
	while (size) {
		uint32_t part = vmi_clamp(size, 0, sizeof(bytes));

		if (!vmi_image_read(image, field, offset, bytes, part))
			return false;
		for (uint32_t i = 0; i < part; i++)
			*sum += bytes[i];
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
