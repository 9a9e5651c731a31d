/* SPDX-License-Identifier: GPL-2.0-only */
#include "romfile/images.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "romfile/romfile.h" /* romfile_sum */

static void end(struct romfile_images *images, bool complete, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void end(struct romfile_images *images, bool complete, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(images->end, sizeof(images->end), format, args);
	va_end(args);
	images->complete = complete;
}

/* Little-endian, 0 where the image has no such bytes. */
static uint32_t number(const struct romfile_image *image, size_t at, size_t size)
{
	uint32_t value = 0;

	if (at <= image->room && size <= image->room - at)
		for (size_t i = 0; i < size; i++)
			value |= (uint32_t)image->bytes[at + i] << 8 * i;
	return value;
}

static struct romfile_part part(const struct romfile_image *image, uint16_t pointer, size_t size,
				uint32_t signature)
{
	struct romfile_part p = { .pointer = pointer };

	if (!p.pointer)
		return p;
	p.at = p.pointer;
	if (p.at > image->room || size > image->room - p.at)
		p.fault = "leads out of the file";
	else if (number(image, p.at, 4) != signature)
		p.fault = "leads to no such signature";
	else
		p.bytes = image->bytes + p.at;
	return p;
}

struct romfile_part romfile_pnp_at(const struct romfile_image *image, uint16_t pointer)
{
	return part(image, pointer, sizeof(struct vrom_pnp), VROM_PNP_SIGNATURE);
}

struct vrom_pcir romfile_image_pcir(const struct romfile_image *image)
{
	struct vrom_pcir pcir;

	memcpy(&pcir, image->pcir.bytes, sizeof(pcir));
	return pcir;
}

size_t romfile_chain_length(const struct romfile_image *image)
{
	return image->pcir.bytes ? romfile_image_pcir(image).image_length * (size_t)VROM_BLOCK : 0;
}

static void find_parts(struct romfile_image *image)
{
	size_t pcir_at = offsetof(struct vrom_any, pci_header_offs);
	size_t pnp_at = offsetof(struct vrom_any, pnp_header_offs);

	image->pcir = part(image, (uint16_t)number(image, pcir_at, 2), sizeof(struct vrom_pcir),
			   VROM_PCIR_SIGNATURE);
	if (image->pcir.bytes) {
		struct vrom_pcir pcir = romfile_image_pcir(image);
		size_t whole = sizeof(pcir) + sizeof(struct vrom_pcir_more);

		image->pcir_more = pcir.revision >= VROM_PCIR_REVISION_MORE &&
				   pcir.length >= whole && whole <= image->room - image->pcir.at;
		image->efi = pcir.code_type == VROM_PCIR_CODE_EFI &&
			     image->room >= sizeof(struct vrom_efi) &&
			     number(image, offsetof(struct vrom_efi, signature), 4) ==
				     VROM_EFI_SIGNATURE;
	}
	image->vmi = !image->efi && image->room >= sizeof(struct vrom_header) &&
		     number(image, offsetof(struct vrom_header, vrom_signature), 4) ==
			     VROM_VMI_SIGNATURE;
	if (!image->efi)
		image->pnp = romfile_pnp_at(image, (uint16_t)number(image, pnp_at, 2));
}

/* Describes the image at `offset`. Result: false if there is none. */
static bool describe(struct romfile_image *image, const uint8_t *bytes, size_t size, size_t offset)
{
	*image = (struct romfile_image){ .bytes = bytes + offset, .offset = offset,
					 .room = size - offset };
	if (number(image, 0, 2) != VROM_SIGNATURE)
		return false;
	find_parts(image);
	image->blocks = (uint8_t)number(image, offsetof(struct vrom_any, rom_length), 1);
	image->stated = image->efi ?
				number(image, offsetof(struct vrom_efi, length), 2) * VROM_BLOCK :
				image->blocks * (size_t)VROM_BLOCK;
	/* Where the header of other code says nothing of use, PCIR is what remains. */
	if (!image->stated)
		image->stated = romfile_chain_length(image);
	image->length = image->stated && image->stated < image->room ? image->stated : image->room;
	return true;
}

/* Result: false, with the reason, if no image follows in the chain. */
static bool next(struct romfile_images *images, size_t size, size_t *offset)
{
	const struct romfile_image *last = &images->image[images->count - 1];
	size_t length = romfile_chain_length(last);

	if (!last->pcir.bytes)
		end(images, true, "the image has no PCIR, so none follows");
	else if (romfile_image_pcir(last).indicator & VROM_PCIR_LAST_IMAGE)
		end(images, true, "PCIR says that it is the last image");
	else if (!length)
		end(images, false,
		    "offset 0x%zx vrom_pcir.image_length: found 0, expected 1 or more: the next "
		    "image cannot be found",
		    last->offset + last->pcir.at + offsetof(struct vrom_pcir, image_length));
	else if (length >= size - *offset)
		end(images, false,
		    "offset 0x%zx vrom_pcir.indicator: found another image announced at 0x%zx, "
		    "expected it inside the file's 0x%zx bytes",
		    last->offset + last->pcir.at + offsetof(struct vrom_pcir, indicator),
		    *offset + length, size);
	else {
		*offset += length; /* it only grows: no chain is a loop */
		return true;
	}
	return false;
}

void romfile_chain(struct romfile_images *images, const uint8_t *bytes, size_t size)
{
	size_t offset = 0;

	images->count = 0;
	do {
		if (images->count == ROMFILE_IMAGES) {
			end(images, false, "found more than %d images: the rest, from 0x%zx on, is not "
			    "looked at", ROMFILE_IMAGES, offset);
			return;
		}
		if (!describe(&images->image[images->count], bytes, size, offset)) {
			end(images, false, "offset 0x%zx: found %02x %02x, expected 55 aa: no image "
			    "there", offset, bytes[offset], size - offset > 1 ? bytes[offset + 1] : 0);
			return;
		}
		images->count++;
	} while (next(images, size, &offset));
}

void romfile_dump(struct romfile_images *images, const uint8_t *bytes, size_t size, uint64_t base)
{
	size_t offset = (size_t)(-base & (VROM_WINDOW_STEP - 1));

	images->count = 0;
	for (; offset < size; offset += VROM_WINDOW_STEP) {
		struct romfile_image image;

		if (!describe(&image, bytes, size, offset))
			continue;
		if (images->count == ROMFILE_IMAGES) {
			end(images, false, "found more than %d images: those from 0x%zx on are not "
			    "looked at", ROMFILE_IMAGES, offset);
			return;
		}
		images->image[images->count++] = image;
	}
	end(images, true, "every step of %d bytes was looked at", VROM_WINDOW_STEP);
}

bool romfile_jump(const struct romfile_image *image, size_t at, unsigned int width,
		  uint32_t *target)
{
	size_t size = width / 8;

	if (number(image, at, 1) == 0xEB && at + 2 <= image->room)
		*target = (uint32_t)(at + 2 + (size_t)(int8_t)number(image, at + 1, 1));
	else if (number(image, at, 1) == 0xE9 && at + 1 + size <= image->room)
		*target = (uint32_t)(at + 1 + size + number(image, at + 1, size));
	else
		return false;
	if (width == 16)
		*target &= 0xFFFF; /* as IP wraps */
	return true;
}

uint8_t romfile_image_sum(const struct romfile_image *image)
{
	return romfile_sum(image->bytes, image->length);
}

long romfile_string(const struct romfile_image *image, size_t offset)
{
	if (offset >= image->length)
		return -1;
	const uint8_t *nul = memchr(image->bytes + offset, 0, image->length - offset);

	return nul ? (long)(nul - (image->bytes + offset)) : -1;
}
