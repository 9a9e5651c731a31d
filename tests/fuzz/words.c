// SPDX-License-Identifier: GPL-2.0-only
/* The command line: the input is its bytes, before a good image. */
#include "machine.h"

#include "../host/rom_image.h"

const char fuzz_name[] = "words";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine m;

	machine_init(&m, false);
	rom_image_build(m.memory, VROM_API_MAJOR, VROM_API_MINOR);
	vmi_overrides_parse(&m.load.overrides, vmi_abi_of(m.load.long_mode), (const char *)data, size);
	machine_run(&m);
	return 0;
}
