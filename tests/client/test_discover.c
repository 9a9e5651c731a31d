// SPDX-License-Identifier: GPL-2.0-only
/*
 * Discovery: what the header in memory shows a client that trusts it, and the client's own
 * choices, on copies of the ROM with other headers.
 */
#include "check.h"
#include "console.h"
#include "memory.h"
#include "mm.h"
#include "rom.h"
#include "smp.h"

#define COPY_PAGE 16u /* of the vmalloc area */
#define COPY (VMALLOC + COPY_PAGE * PAGE_SIZE)
#define STRING_ROOM 0x20 /* reserved bytes of the header, free for a licence */
#define APIC_VERSION 0x30

static uint32_t mapped;

/* Maps memory that may be executed at COPY, for two copies. */
static bool map_copies(uint32_t length)
{
	for (; mapped < 2 * length + VROM_WINDOW_STEP; mapped += PAGE_SIZE) {
		uint32_t frame = frame_alloc();
		void *pte = vmalloc_pte(COPY_PAGE + mapped / PAGE_SIZE);

		if (!frame || !pte)
			return false;
		pv_mmu_ops.set_pte(pte, frame | PTE_KERNEL);
		pv_mmu_ops.flush_tlb_single(COPY + mapped);
	}
	return true;
}

static struct vrom_header *copy_to(uint32_t address, const struct vrom_header *found)
{
	memcpy((void *)address, found, rom_length(found));
	return (void *)address;
}

static bool printable(const char *text)
{
	uint32_t length = 0;

	for (; *text && length < 80; text++, length++)
		if (*text < ' ' || *text > '~')
			return false;
	return length && !*text;
}

void test_discover(const struct vrom_header *found)
{
	const uint8_t *bytes = (const uint8_t *)found;
	const struct vrom_pcir *pcir;
	const struct vrom_pnp *pnp;
	uint8_t sum = 0;

	if (!found) {
		check_skip("discover", "no ROM in the window");
		return;
	}
	pcir = (const void *)(bytes + found->pci_header_offs);
	pnp = (const void *)(bytes + found->pnp_header_offs);
	for (uint32_t i = 0; i < rom_length(found); i++)
		sum = (uint8_t)(sum + bytes[i]);
	check_equal("discover.checksum", sum, 0);
	check_equal("discover.accepted", rom_accept(found, false), VMI_OK);
	check("discover.maker", rom_known_maker(found), "found %04x:%04x, expected %04x:%04x",
	      pcir->vendor, pcir->device, VROM_PCI_VENDOR, VROM_PCI_DEVICE);
	check_equal("discover.pcir", pcir->signature, VROM_PCIR_SIGNATURE);
	check_equal("discover.pcir_alignment", found->pci_header_offs & 3, 0);
	check_equal("discover.virtual_top", found->virtual_top & 0xfff, 0);
	check("discover.strings",
	      found->pnp_header_offs && pnp->signature == VROM_PNP_SIGNATURE &&
		      pnp->manufacturer_offs && pnp->product_offs &&
		      printable((const char *)bytes + pnp->manufacturer_offs) &&
		      printable((const char *)bytes + pnp->product_offs),
	      "$PnP names no manufacturer and product");
}

/* One copy of the ROM whose header is changed by a row. */
static const struct variant {
	const char *name;
	uint8_t major, minor;
	const char *license; /* NULL = as it is */
	bool no_pcir, other_maker, no_pnp, bad_sum;
	enum vmi_reason expected;
} variants[] = {
	{ "variant.minor_7", 3, 7, .expected = VMI_OK },
	{ "variant.minor_255", 3, 255, .expected = VMI_OK },
	{ "variant.version_2_9", 2, 9, .expected = VMI_E_API_MAJOR },
	{ "variant.version_4_0", 4, 0, .expected = VMI_E_API_MAJOR },
	{ "variant.lineage_13_0", 13, 0, .expected = VMI_E_API_LINEAGE },
	{ "variant.lineage_13_3", 13, 3, .expected = VMI_E_API_LINEAGE },
	{ "variant.license_gpl", 3, 0, "GPL", .expected = VMI_OK },
	{ "variant.license_gpl_v2", 3, 0, "GPL v2", .expected = VMI_OK },
	{ "variant.license_spdx", 3, 0, "GPL-2.0", .expected = VMI_E_LICENSE },
	{ "variant.license_longer", 3, 0, "GPL v2+", .expected = VMI_E_LICENSE },
	{ "variant.license_none", 3, 0, "", .expected = VMI_E_LICENSE },
	{ "variant.no_pcir", 3, 0, .no_pcir = true, .expected = VMI_E_PCIR_OFFSET },
	{ "variant.other_maker", 3, 0, .other_maker = true, .expected = VMI_OK },
	{ "variant.no_pnp", 3, 0, .no_pnp = true, .expected = VMI_OK },
	{ "variant.bad_sum", 3, 0, .bad_sum = true, .expected = VMI_OK },
};

static void try_variant(const struct variant *v, const struct vrom_header *found)
{
	struct vrom_header *copy = copy_to(COPY, found);
	struct vrom_pcir *pcir = (void *)(COPY + copy->pci_header_offs);

	copy->api_version_maj = v->major;
	copy->api_version_min = v->minor;
	if (v->license) {
		copy->license_offs = STRING_ROOM;
		memcpy((char *)copy + STRING_ROOM, v->license, strlen(v->license) + 1);
	}
	if (v->no_pcir)
		copy->pci_header_offs = 0;
	if (v->other_maker)
		pcir->device ^= 1;
	if (v->no_pnp)
		copy->pnp_header_offs = 0;
	if (v->bad_sum)
		copy->reserved1 ^= 1;
	check_equal(v->name, rom_accept(rom_find(COPY, COPY + 1), false), v->expected);
	if (v->other_maker)
		check("variant.other_maker_warns", !rom_known_maker(copy),
		      "another device counts as known");
}

void test_refused(const struct vrom_header *found)
{
	struct vrom_header *copy;
	uint32_t second, version, flags;

	if (!found || !map_copies(rom_length(found))) {
		check_skip("variant", found ? "no memory for copies" : "no ROM in the window");
		return;
	}
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
		try_variant(&variants[i], found);
	copy = copy_to(COPY, found);
	second = COPY + ((rom_length(found) + VROM_WINDOW_STEP - 1) & ~(VROM_WINDOW_STEP - 1));
	copy_to(second, found);
	check_equal("scan.first_wins", (uint32_t)rom_find(COPY, second + 1), COPY);
	check_equal("scan.second", (uint32_t)rom_find(COPY + VROM_WINDOW_STEP, second + 1), second);
	check_equal("scan.end_excluded", (uint32_t)rom_find(COPY + VROM_WINDOW_STEP, second), 0);
	/* The fixmap moves below what the ROM keeps, and serves as before. */
	version = apic_ops.read(APIC_VERSION);
	flags = irq_save(); /* no tick can be ended meanwhile */
	copy->virtual_top = 0xf0000000;
	check_equal("virtual_top.f0000000", rom_fixmap_top(copy), 0xeffff000);
	fixmap_init(rom_fixmap_top(copy));
	fixmap_map_apic();
	irq_restore(flags);
	check_equal("virtual_top.fixmap", apic_ops.read(APIC_VERSION), version);
	copy->virtual_top = 0xfffff000;
	check_equal("virtual_top.fffff000", rom_fixmap_top(copy), 0xffffe000);
	check_equal("virtual_top.0", rom_fixmap_top(found), 0xfffff000 + found->virtual_top);
}

/* Time and the APIC need the ROM's state, which a copy at any other distance does not find. */
static bool needs_state(uint32_t call)
{
	return call >= VMI_CALL_APICWrite && call <= VMI_CALL_WallclockUpdated &&
	       call != VMI_CALL_IODelay;
}

/* The same ROM elsewhere answers the same, relative to where it is called. */
void test_copies(const struct vrom_header *found)
{
	typedef uint64_t get_reloc_fn(uint32_t call);
	uint32_t differ = 0, first = 0, init_differs = 0;

	if (!rom || !map_copies(rom_length(found))) {
		check_skip("copy", "no ROM is in use");
		return;
	}
	for (uint32_t at = COPY; at <= COPY + VROM_WINDOW_STEP; at += VROM_WINDOW_STEP) {
		struct vrom_header *copy = copy_to(at, rom);

		init_differs += ((uint32_t (*)(void))(uint32_t)copy->vmi_init)() != 0;
		for (uint32_t call = 0; call < VMI_CALLS; call++) {
			uint64_t mine = ((get_reloc_fn *)(uint32_t)copy->get_reloc)(call);
			struct vmi_relocation_info here = rom_ask(call);

			if (needs_state(call))
				here = (struct vmi_relocation_info){ 0 };
			uint32_t expected = here.type ? here.eip - (uint32_t)rom + at : here.eip;

			if ((uint32_t)mine != expected || (uint32_t)(mine >> 32) != here.type) {
				first = differ ? first : call;
				differ++;
			}
		}
	}
	check_equal("copy.init", init_differs, 0);
	check("copy.answers", !differ, "%u answers of a copy differ, first for call %u", differ,
	      first);
}
