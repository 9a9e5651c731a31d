// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Validate, continued: the licence, PCIR and $PnP that the header points to. */
#include "image.h"

/* The first eight bytes of a string, as a number that a reason can show. */
static uint64_t string_number(const char *text)
{
	uint64_t number = 0;

	for (unsigned int i = 0; i < 8 && text[i]; i++)
		number |= (uint64_t)(uint8_t)text[i] << (8 * i);
	return number;
}

static bool string_equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

bool vmi_check_license(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	uint32_t offset = image->header.license_offs, last = candidate->length - 1, length, kept;
	char text[sizeof(candidate->license)] = "";

	if (offset > last)
		return vmi_refuse(candidate, VMI_E_LICENSE_OFFSET,
				  VMI_FIELD(vrom_header, license_offs, 0), offset, last);
	if (!vmi_image_strlen(image, "vrom_header.license_offs", offset, &length))
		return false;
	kept = vmi_clamp(length, 0, sizeof(text) - 1);
	if (!vmi_image_read(image, "vrom_header.license_offs", offset, text, kept))
		return false;
	text[kept] = '\0';
	for (uint32_t i = 0; i < kept; i++)
		candidate->license[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	if (length > last - offset)
		return vmi_refuse(candidate, VMI_E_LICENSE_STRING,
				  VMI_FIELD(vrom_header, license_offs, 0), length, last - offset);
	/* The two that the historic client takes; a cut text is longer than either. */
	if (!string_equal(text, VMI_LICENSE_OTHER) && !string_equal(text, VMI_LICENSE))
		return vmi_refuse(candidate, VMI_E_LICENSE, "vrom_header.license_offs", offset,
				  string_number(text), string_number(VMI_LICENSE));
	return true;
}

bool vmi_check_pcir(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	uint32_t offset = image->header.pci_header_offs, allowed;
	struct vrom_pcir pcir;

	/* If the image has no room for one, no offset equals what is allowed. */
	allowed = vmi_clamp(offset, image->table_end, candidate->length - sizeof(pcir));
	if (offset != allowed)
		return vmi_refuse(candidate, VMI_E_PCIR_OFFSET,
				  VMI_FIELD(vrom_header, pci_header_offs, 0), offset, allowed);
	if (offset % 4)
		return vmi_refuse(candidate, VMI_E_PCIR_ALIGN,
				  VMI_FIELD(vrom_header, pci_header_offs, 0), offset, offset & ~3u);
	if (!vmi_image_read(image, "vrom_pcir", offset, &pcir, sizeof(pcir)))
		return false;
	if (pcir.signature != VROM_PCIR_SIGNATURE)
		return vmi_refuse(candidate, VMI_E_PCIR_SIGNATURE,
				  VMI_FIELD(vrom_pcir, signature, offset), pcir.signature,
				  VROM_PCIR_SIGNATURE);
	allowed = vmi_clamp(pcir.length, sizeof(pcir), candidate->length - offset);
	if (pcir.length != allowed)
		return vmi_refuse(candidate, VMI_E_PCIR_LENGTH,
				  VMI_FIELD(vrom_pcir, length, offset), pcir.length, allowed);
	if (pcir.image_length < image->header.rom_length)
		return vmi_refuse(candidate, VMI_E_PCIR_IMAGE,
				  VMI_FIELD(vrom_pcir, image_length, offset), pcir.image_length,
				  image->header.rom_length);
	if (pcir.code_type)
		return vmi_refuse(candidate, VMI_E_PCIR_CODE,
				  VMI_FIELD(vrom_pcir, code_type, offset), pcir.code_type, 0);
	return true;
}

/* A string that $PnP names by its offset; 0 names none. */
static bool check_pnp_string(struct image *image, const char *field, uint32_t where,
			     uint32_t offset)
{
	uint32_t last = image->candidate->length - 1, length;

	if (!offset)
		return true;
	if (offset > last)
		return vmi_refuse(image->candidate, VMI_E_PNP_STRING, field, where, offset, last);
	if (!vmi_image_strlen(image, field, offset, &length))
		return false;
	return length <= last - offset ||
	       vmi_refuse(image->candidate, VMI_E_PNP_STRING, field, where, length, last - offset);
}

bool vmi_check_pnp(struct image *image)
{
	struct vmi_candidate *candidate = image->candidate;
	uint32_t offset = image->header.pnp_header_offs, allowed;
	struct vrom_pnp pnp;
	uint8_t sum;

	if (!offset)
		return true;
	allowed = vmi_clamp(offset, image->table_end, candidate->length - sizeof(pnp));
	if (offset != allowed)
		return vmi_refuse(candidate, VMI_E_PNP_OFFSET,
				  VMI_FIELD(vrom_header, pnp_header_offs, 0), offset, allowed);
	if (!vmi_image_read(image, "vrom_pnp", offset, &pnp, sizeof(pnp)))
		return false;
	if (pnp.signature != VROM_PNP_SIGNATURE)
		return vmi_refuse(candidate, VMI_E_PNP_SIGNATURE,
				  VMI_FIELD(vrom_pnp, signature, offset), pnp.signature,
				  VROM_PNP_SIGNATURE);
	allowed = vmi_clamp(pnp.length, sizeof(pnp) / 16, (candidate->length - offset) / 16);
	if (pnp.length != allowed)
		return vmi_refuse(candidate, VMI_E_PNP_LENGTH,
				  VMI_FIELD(vrom_pnp, length, offset), pnp.length, allowed);
	if (!vmi_image_sum(image, "vrom_pnp", offset, pnp.length * 16, &sum))
		return false;
	if (sum)
		return vmi_refuse(candidate, VMI_E_PNP_CHECKSUM,
				  VMI_FIELD(vrom_pnp, checksum, offset), sum, 0);
	return check_pnp_string(image, VMI_FIELD(vrom_pnp, manufacturer_offs, offset),
				pnp.manufacturer_offs) &&
	       check_pnp_string(image, VMI_FIELD(vrom_pnp, product_offs, offset),
				pnp.product_offs);
}
