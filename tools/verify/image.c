/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of the file, without calling anything: the loader's own, one by one, and more. */
#include <string.h>

#include "verify/internal.h"

#define PNP_ALIGN 16

void verify_signature_check(struct verify_state *s, struct verify_finding *f)
{
	if (!s->rom) {
		verify_fail(f, "%s", s->images.end);
		return;
	}
	s->candidate = (struct vmi_candidate){ .base = VROM_WINDOW_BASE };
	if (vmi_open_image(&s->image) || s->candidate.reason == VMI_E_API_LINEAGE)
		verify_pass(f, "%s", "");
	else
		verify_refused(f, &s->candidate);
}

/* Runs a check of the loader. */
static void loader_check(struct verify_state *s, struct verify_finding *f,
			 bool (*check)(struct image *image))
{
	s->candidate.reason = VMI_OK;
	if (check(&s->image))
		verify_pass(f, "%s", "");
	else
		verify_refused(f, &s->candidate);
}

void verify_length_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_needs(s, f, VERIFY_signature, VERIFY_signature))
		return;
	if (s->rom->blocks * (size_t)VROM_BLOCK >
	    s->rom->room)
		verify_fail(f, "vrom_header.rom_length at 0x2: found %u blocks of %d bytes, expected "
			    "at most the %zu bytes of the file: make the file as long as it says",
			    s->rom->blocks, VROM_BLOCK,
			    s->rom->room);
	else
		loader_check(s, f, vmi_check_length);
}

void verify_checksum_check(struct verify_state *s, struct verify_finding *f)
{
	if (verify_needs(s, f, VERIFY_signature, VERIFY_length))
		loader_check(s, f, vmi_check_sum);
}

void verify_version_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_needs(s, f, VERIFY_signature, VERIFY_signature))
		return;
	s->candidate.reason = VMI_OK;
	/* It also tells the other lineage, whose header has the same form. */
	if (!vmi_open_image(&s->image))
		verify_refused(f, &s->candidate);
	else
		loader_check(s, f, vmi_check_version);
}

void verify_entry_slots_check(struct verify_state *s, struct verify_finding *f)
{
	if (verify_needs(s, f, VERIFY_signature, VERIFY_length))
		loader_check(s, f, vmi_check_entry_table);
}

void verify_call_slots_check(struct verify_state *s, struct verify_finding *f)
{
	unsigned int slots = s->candidate.jump_slots;

	if (!verify_needs(s, f, VERIFY_signature, VERIFY_length))
		return;
	for (unsigned int slot = VROM_SLOT_CALL0; slot < slots; slot++) {
		size_t at = VROM_SLOT_TABLE + slot * VROM_SLOT_SIZE;
		uint32_t target;

		if (romfile_jump(s->rom, at, 32, &target) &&
		    (target < s->image.table_end || target >= s->candidate.length)) {
			verify_fail(f, "slot %u at 0x%zx: found a jump to 0x%x, expected 0x%x to 0x%x",
				    slot, at, target, s->image.table_end, s->candidate.length - 1);
			return;
		}
	}
	if (slots <= VROM_SLOT_CALL0)
		verify_skip(f, "the table has no slots for calls");
	else
		verify_pass(f, "%s", "");
}

void verify_licence_check(struct verify_state *s, struct verify_finding *f)
{
	if (verify_needs(s, f, VERIFY_signature, VERIFY_length))
		loader_check(s, f, vmi_check_license);
}

void verify_pcir_check(struct verify_state *s, struct verify_finding *f)
{
	if (verify_needs(s, f, VERIFY_signature, VERIFY_length))
		loader_check(s, f, vmi_check_pcir);
}

void verify_images_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_needs(s, f, VERIFY_signature, VERIFY_signature) ||
	    !verify_needs(s, f, VERIFY_pcir, VERIFY_pcir))
		return;
	if (!s->images.complete)
		verify_fail(f, "%s", s->images.end);
	else if (romfile_chain_length(s->rom) > s->rom->room)
		verify_fail(f, "vrom_pcir.image_length at 0x%zx: found %zu bytes, expected at most "
			    "the file's %zu",
			    s->rom->pcir.at + offsetof(struct vrom_pcir, image_length),
			    romfile_chain_length(s->rom), s->rom->room);
	else
		verify_pass(f, "%s", "");
}

void verify_pnp_check(struct verify_state *s, struct verify_finding *f)
{
	if (!verify_needs(s, f, VERIFY_signature, VERIFY_length))
		return;
	if (!s->image.header.pnp_header_offs)
		verify_skip(f, "there is no $PnP: SeaBIOS starts such a ROM late, as a boot entry");
	else if (s->image.header.pnp_header_offs % PNP_ALIGN)
		verify_fail(f, "vrom_header.pnp_header_offs at 0x%zx: found 0x%x, expected a multiple "
			    "of %d", offsetof(struct vrom_header, pnp_header_offs),
			    s->image.header.pnp_header_offs, PNP_ALIGN);
	else
		loader_check(s, f, vmi_check_pnp);
}

void verify_virtual_top_check(struct verify_state *s, struct verify_finding *f)
{
	if (verify_needs(s, f, VERIFY_signature, VERIFY_length))
		loader_check(s, f, vmi_check_virtual_top);
}
