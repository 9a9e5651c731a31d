// SPDX-License-Identifier: GPL-2.0-only
/* Patching, as the historic client does it: each site asks the ROM anew. */
#include "memory.h"
#include "rom.h"

#define SITE_MAX 64
#define OPCODE_CALL 0xe8
#define OPCODE_JUMP 0xe9
#define OPCODE_NOP 0x90
#define BRANCH_LENGTH 5

/*
 * The bytes that belong at a site: `code` holds the site's own `length` bytes and gets the
 * new ones. False if the ROM leaves the site as it is.
 */
static bool patch_bytes(const struct site *site, uint8_t *code)
{
	struct vmi_relocation_info answer = rom_ask(site->call);
	uint32_t length = 0;

	switch (answer.type) {
	case VMI_RELOCATION_CALL_REL:
	case VMI_RELOCATION_JUMP_REL: {
		uint32_t relative = answer.eip - (site->address + BRANCH_LENGTH);

		code[0] = answer.type == VMI_RELOCATION_CALL_REL ? OPCODE_CALL : OPCODE_JUMP;
		memcpy(code + 1, &relative, 4);
		length = BRANCH_LENGTH;
		break;
	}
	case VMI_RELOCATION_NOP:
		break;
	default:
		return false;
	}
	memset(code + length, OPCODE_NOP, site->length - length);
	return true;
}

/* Self-modified code: the processor must forget what it fetched. */
static void synchronize(void)
{
	uint32_t a = 0, b, c = 0, d;

	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d) : : "memory");
}

void patch_sites(const struct site *from, const struct site *to)
{
	for (const struct site *s = from; s < to; s++) {
		uint8_t code[SITE_MAX];

		if (s->length > SITE_MAX)
			continue;
		memcpy(code, (const void *)s->address, s->length);
		/* Interrupts are off by the caller, past all sites: these may be half-written. */
		if (patch_bytes(s, code)) {
			memcpy((void *)s->address, code, s->length);
			synchronize();
		}
	}
}

uint32_t patch_compare(const struct site *from, const struct site *to)
{
	uint32_t differ = 0;

	for (const struct site *s = from; s < to; s++) {
		uint8_t code[SITE_MAX];

		if (s->length > SITE_MAX)
			continue;
		memcpy(code, (const void *)s->address, s->length);
		patch_bytes(s, code);
		differ += memcmp(code, (const void *)s->address, s->length) != 0;
	}
	return differ;
}
