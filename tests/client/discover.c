// SPDX-License-Identifier: GPL-2.0-only
/* Discovery as the historic client does it: trusting, and without a bounds check. */
#include "console.h"
#include "memory.h"
#include "rom.h"

const struct vrom_header *rom;

const struct vrom_header *rom_find(uint32_t from, uint32_t to)
{
	for (uint32_t address = from; address < to; address += VROM_WINDOW_STEP) {
		const struct vrom_header *r = (const void *)address;

		if (r->rom_signature == VROM_SIGNATURE && r->vrom_signature == VROM_VMI_SIGNATURE)
			return r;
	}
	return NULL;
}

static const char *text(const struct vrom_header *r, uint32_t offset)
{
	return (const char *)r + offset;
}

bool rom_known_maker(const struct vrom_header *r)
{
	const struct vrom_pcir *pcir = (const void *)text(r, r->pci_header_offs);

	return pcir->vendor == VROM_PCI_VENDOR && pcir->device == VROM_PCI_DEVICE;
}

static void introduce(const struct vrom_header *r)
{
	const struct vrom_pcir *pcir = (const void *)text(r, r->pci_header_offs);
	const char *manufacturer = "", *product = "";

	if (r->pnp_header_offs) {
		const struct vrom_pnp *pnp = (const void *)text(r, r->pnp_header_offs);

		if (pnp->manufacturer_offs)
			manufacturer = text(r, pnp->manufacturer_offs);
		if (pnp->product_offs)
			product = text(r, pnp->product_offs);
	}
	printf("VMI: Found %s %s, API version %u.%u, ROM version %u.%u\n", manufacturer, product,
	       r->api_version_maj, r->api_version_min, pcir->rom_version_maj,
	       pcir->rom_version_min);
	if (!rom_known_maker(r))
		printf("VMI: ROM from unknown manufacturer %04x:%04x\n", pcir->vendor,
		       pcir->device);
}

enum vmi_reason rom_accept(const struct vrom_header *r, bool talk)
{
	if (r->api_version_maj != VROM_API_MAJOR) {
		if (talk)
			printf("VMI: mismatched rom version %u.%u\n", r->api_version_maj,
			       r->api_version_min);
		return r->api_version_maj == VROM_OTHER_LINEAGE_MAJOR ? VMI_E_API_LINEAGE
								      : VMI_E_API_MAJOR;
	}
	const char *license = text(r, r->license_offs);

	if (!r->pci_header_offs || (!equal(license, "GPL") && !equal(license, "GPL v2"))) {
		if (talk)
			printf("VMI: licence \"%s\", PCI header at 0x%x: Not used\n", license,
			       r->pci_header_offs);
		return r->pci_header_offs ? VMI_E_LICENSE : VMI_E_PCIR_OFFSET;
	}
	if (talk)
		introduce(r);
	return VMI_OK;
}

uint32_t rom_fixmap_top(const struct vrom_header *r)
{
	uint32_t reserved = -r->virtual_top;

	return 0xfffff000u - reserved;
}
