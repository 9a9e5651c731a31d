/* SPDX-License-Identifier: GPL-2.0-only */
/* The native texts of spec/, as code that the second processor runs. */
#include <string.h>

#include "emu/lane_internal.h"

#define RET 0xC3
#define NO_TEXT 0xFFFF

static uint16_t half(unsigned int index)
{
	return (uint16_t)(vmi_native32[2 * index] | vmi_native32[2 * index + 1] << 8);
}

bool lane_has_native(unsigned int call)
{
	return half(2 * call + 1) != NO_TEXT;
}

int lane_load_native(struct emu *emu, unsigned int call, uint32_t address)
{
	uint8_t code[LANE_NATIVE_SIZE];
	uint16_t length = half(2 * call + 1);

	if (length >= sizeof(code))
		return -1;
	memcpy(code, vmi_native32 + half(2 * call), length);
	code[length] = RET; /* never reached where the text does not come back */
	return emu_load(emu, address, code, length + 1u);
}
