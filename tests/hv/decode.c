// SPDX-License-Identifier: GPL-2.0-only
/* As much of the instruction set as kernels write page tables and control registers with. */
#include "hv.h"
#include "memory.h"

unsigned instruction_read(uint8_t bytes[15])
{
	uint32_t eip = (uint32_t)(vmcb.cs.base + vmcb.rip), at = 0;
	unsigned prefixes = 0, n = 0;

	memset(bytes, 0, 15);
	for (unsigned i = 0; i < 15; i++, at++) {
		if ((!i || at % PAGE == 0) && !shadow_translate(eip + i, &at))
			break;
		uint8_t byte = bytes[n] = *(const uint8_t *)at;
		bool prefix = byte == 0xf0 || byte == 0x64 || byte == 0x65 || (byte & 0xe7) == 0x26;

		n += n || !prefix;
		prefixes += !n;
	}
	return prefixes;
}

unsigned modrm_length(const uint8_t *p)
{
	unsigned mod = p[0] >> 6, rm = p[0] & 7, length = 1 + (mod != 3 && rm == 4);

	if (mod == 2 || (mod == 0 && (rm == 5 || (rm == 4 && (p[1] & 7) == 5))))
		return length + 4;
	return length + (mod == 1);
}

/* OR and AND, by their number in an opcode or in ModRM, with the flags that they leave. */
static bool combine(unsigned operation, uint32_t *value, uint32_t with)
{
	if (operation == 1)
		*value |= with;
	else if (operation == 4)
		*value &= with;
	else
		return false;
	uint32_t even = *value ^ *value >> 4;

	vmcb.rflags &= ~(uint64_t)0x8d5; /* OF SF ZF AF PF CF */
	vmcb.rflags |= (*value ? 0 : 0x40) | (*value >> 31 ? 0x80 : 0) |
		       (0x6996 >> (even & 15) & 1 ? 0 : 0x04);
	return true;
}

unsigned instruction_store(const uint8_t *bytes, uint32_t *value)
{
	const uint8_t *p = bytes + 1;
	unsigned length = 1 + modrm_length(p), number = *p >> 3 & 7;
	uint32_t immediate;

	memcpy(&immediate, bytes + length, sizeof(immediate));
	switch (*bytes) {
	case 0x89: *value = *reg(number); return length;
	case 0xa3: *value = *reg(EAX); return 5;
	case 0xc7: *value = immediate; return length + 4;
	case 0x09: case 0x21:
		return combine(*bytes >> 3, value, *reg(number)) ? length : 0;
	case 0x81: return combine(number, value, immediate) ? length + 4 : 0;
	case 0x83: return combine(number, value, (uint32_t)(int8_t)immediate) ? length + 1 : 0;
	default: return 0;
	}
}
