// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loader's speed beside a bare checksum loop, for a tool that counts instructions:
 * loader IMAGES fills a window with good images of 4 KiB, sums them up, and loads from
 * them without a row to bind: probe, validate, negotiate, VMI_Init. Then it loads once more
 * with a row for each call. Exit status 0 if all of it went as it should.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/rom_image.h"
#include "loader.h"

#define IMAGES_MAX ((VROM_WINDOW_END - VROM_WINDOW_BASE) / ROM_IMAGE_SIZE)

static uint8_t window[IMAGES_MAX * ROM_IMAGE_SIZE];

static bool read_window(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	(void)context;
	memcpy(to, window + (from - VROM_WINDOW_BASE), length);
	return true;
}

static enum vmi_call_status init(void *context, vmi_virt_t entry, struct vmi_registers *out)
{
	(void)context, (void)entry;
	out->eax = VMI_INIT_OK;
	return VMI_CALL_RETURNED;
}

/* Every call is answered by its own entry in the image. */
static enum vmi_call_status get_reloc(void *context, vmi_virt_t entry, uint32_t call,
				      struct vmi_registers *out)
{
	(void)context;
	out->eax = ((uint32_t)entry & ~(VROM_WINDOW_STEP - 1u)) + ROM_IMAGE_CALLS + 16 * call;
	out->edx = vmi_calls[call].answers & 1 << VMI_RELOCATION_JUMP_REL ?
			   VMI_RELOCATION_JUMP_REL : VMI_RELOCATION_CALL_REL;
	return VMI_CALL_RETURNED;
}

static void install(void *context, size_t row, const struct vmi_slot *slot,
		    const struct vmi_binding *binding)
{
	(void)context, (void)row, (void)slot, (void)binding;
}

int main(int argc, char **argv)
{
	static struct vmi_slot slots[VMI_CALLS];
	static struct vmi_binding bindings[VMI_CALLS];
	static struct vmi_load load;
	struct vmi_platform platform = { .read = read_window, .init = init,
					 .get_reloc = get_reloc, .install = install };
	unsigned long images = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	uint32_t size = (uint32_t)images * ROM_IMAGE_SIZE;
	size_t rows = 0;

	if (!images || images > IMAGES_MAX) {
		fprintf(stderr, "loader: expected a number of images, 1 to %d\n", IMAGES_MAX);
		return 2;
	}
	for (unsigned long i = 0; i < images; i++)
		rom_image_build(window + i * ROM_IMAGE_SIZE, VROM_API_MAJOR,
				(uint8_t)(VROM_API_MINOR + i % 4));
	for (int16_t call = 0; call < VMI_CALLS; call++)
		if (!vmi_calls[call].reserved)
			slots[rows++] = (struct vmi_slot){ .name = vmi_calls[call].name, .call = call,
							   .native = 1 };
	load = (struct vmi_load){
		.platform = &platform, .window = { VROM_WINDOW_BASE, size, VROM_WINDOW_BASE },
		.range = { VROM_API_MAJOR, 0, 2 }, .slots = slots, .bindings = bindings,
	};
	uint8_t sum = bench_sum(window, size);
	bool good = bench_load(&load) && load.candidate_count == images && !sum;

	load.slot_count = rows;
	good = good && bench_load(&load);
	for (size_t row = 0; row < rows; row++)
		good = good && bindings[row].kind == VMI_BIND_ROM;
	printf("%s\n", good ? "good" : "failed: the images are not all used as good ones");
	return !good;
}
