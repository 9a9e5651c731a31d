/* SPDX-License-Identifier: GPL-2.0-only */
/* The native texts of spec/, as code that the second processor runs. */
#include <string.h>

#include "emu/lane_internal.h"

#define RET 0xC3
#define NO_TEXT 0xFFFF

static uint16_t half(const struct lane_abi *abi, unsigned int index)
{
	return (uint16_t)(abi->native[2 * index] | abi->native[2 * index + 1] << 8);
}

bool lane_has_native(const struct lane_abi *abi, unsigned int call)
{
	return half(abi, 2 * call + 1) != NO_TEXT;
}

int lane_load_native(struct emu *emu, unsigned int call, uint64_t address)
{
	const struct lane_abi *abi = lane_abi(emu_width(emu));
	uint8_t code[LANE_NATIVE_SIZE];
	uint16_t length = half(abi, 2 * call + 1);

	if (length >= sizeof(code))
		return -1;
	memcpy(code, abi->native + half(abi, 2 * call), length);
	code[length] = RET; /* never reached where the text does not come back */
	return emu_load(emu, address, code, length + 1u);
}
