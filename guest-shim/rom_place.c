// SPDX-License-Identifier: GPL-2.0-only
/* Addresses in the ROM that is in use. */
#include "rom_place.h"
#include "console.h"
#include "load.h"

bool rom_image(uintptr_t *start, uintptr_t *end)
{
	const struct vmi_load *load = load_result();

	if (load->chosen < 0 || (size_t)load->chosen >= load->candidate_count)
		return false; /* also before and during a load */
	const struct vmi_candidate *rom = &load->candidates[load->chosen];

	*start = (uintptr_t)(load->window.virt + (rom->base - load->window.base));
	*end = *start + rom->length;
	return true;
}

bool rom_contains(uintptr_t address)
{
	uintptr_t start, end;

	return rom_image(&start, &end) && address >= start && address < end;
}

uintptr_t rom_init(void)
{
	const struct vmi_load *load = load_result();
	uintptr_t start, end;

	if (!rom_image(&start, &end))
		return 0;
	const struct vmi_candidate *rom = &load->candidates[load->chosen];

	return start + (rom->abi ? rom->directory.init : offsetof(struct vrom_header, vmi_init));
}

uintptr_t rom_get_reloc(void)
{
	const struct vmi_load *load = load_result();
	uintptr_t start, end;

	if (!rom_image(&start, &end))
		return 0;
	const struct vmi_directory *directory = &load->candidates[load->chosen].directory;

	return start + (directory->used ? directory->get_reloc :
					  offsetof(struct vrom_header, get_reloc));
}

const char *rom_place(uintptr_t address, char to[ROM_PLACE_SIZE])
{
	const struct vmi_load *load = load_result();
	const struct vmi_abi *abi = vmi_abi_of(load->long_mode);
	uintptr_t start = 0, end = 0, nearest;
	const char *name = "header";

	*to = '\0';
	if (!rom_image(&start, &end) || address < start || address >= end)
		return to;
	nearest = start;
	for (int call = 0; call < abi->call_count; call++) {
		const struct vmi_binding *answer = &load->answers[call];

		if (answer->kind == VMI_BIND_ROM && answer->address <= address &&
		    answer->address >= nearest) {
			nearest = (uintptr_t)answer->address;
			name = abi->calls[call].name;
		}
	}
	snprintf(to, ROM_PLACE_SIZE, "%s+%u of the ROM at 0x%08lx", name,
		 (unsigned)(address - nearest), (unsigned long)start);
	return to;
}
