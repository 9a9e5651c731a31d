/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Effects that neither registers nor memory show: caches and TLB. They are read
 * off the instructions as they run, so that an entry which forgets to flush differs
 * from one that does.
 */
#include "emu/emu_internal.h"

#define DR7_ARMED 0xFFu /* L0 to G3 */

static uint32_t reg(struct emu *emu, int id)
{
	uint32_t value = 0;

	uc_reg_read(emu->uc, id, &value);
	return value;
}

static uint32_t gpr(struct emu *emu, unsigned int number)
{
	static const int ids[EMU_GPRS] = {
		UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX,
		UC_X86_REG_ESP, UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI,
	};

	return reg(emu, ids[number]);
}

static uint32_t word(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The offset that a 32-bit ModRM memory operand names; `left` bytes stand at `p`. */
static bool operand(struct emu *emu, const uint8_t *p, uint32_t left, uint32_t *offset)
{
	uint32_t mod = p[0] >> 6, rm = p[0] & 7, base, sum = 0;
	uint32_t used = 1;

	if (rm == 4) {
		if (left < 2)
			return false;
		uint32_t index = p[1] >> 3 & 7;

		used = 2;
		base = p[1] & 7;
		if (index != 4)
			sum = gpr(emu, index) << (p[1] >> 6);
	} else {
		base = rm;
	}
	if (mod == 0 && base == 5)
		mod = 2; /* no base register, a 32-bit displacement */
	else
		sum += gpr(emu, base);
	if (left < used + (mod == 1 ? 1 : mod == 2 ? 4 : 0))
		return false;
	if (mod == 1)
		sum += (uint32_t)(int8_t)p[used];
	else if (mod == 2)
		sum += word(p + used);
	*offset = sum;
	return true;
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0x26 || byte == 0x2E || byte == 0x36 || byte == 0x3E ||
	       (byte & 0xFC) == 0x64 || byte == 0xF0 || byte == 0xF2 || byte == 0xF3;
}

static void move_to_control(struct emu *emu, uint8_t modrm)
{
	struct emu_result *r = emu->result;
	uint32_t value = gpr(emu, modrm & 7);

	switch (modrm >> 3 & 7) {
	case 0:
		r->global_flushes += ((reg(emu, UC_X86_REG_CR0) ^ value) & EMU_CR0_PG) != 0;
		break;
	case 3:
		r->tlb_flushes++;
		break;
	case 4:
		r->global_flushes += ((reg(emu, UC_X86_REG_CR4) ^ value) &
				      (EMU_CR4_PGE | EMU_CR4_PAE | EMU_CR4_PSE)) != 0;
		break;
	}
}

bool emu_note_hidden(struct emu *emu, uint32_t address, uint32_t size)
{
	const uint8_t *p = emu_host(emu, address, size);
	struct emu_result *r = emu->result;

	if (!p)
		return true;
	while (size && is_prefix(*p)) {
		p++;
		size--;
	}
	if (size < 2 || p[0] != 0x0F)
		return true;
	if (p[1] == 0x08 || p[1] == 0x09) {
		r->cache_flushes++;
	} else if (p[1] == 0x23 && size >= 3 && (p[2] >> 3 & 5) == 5) {
		return !(gpr(emu, p[2] & 7) & DR7_ARMED); /* DR7, or DR5, which is the same */
	} else if (p[1] == 0x22 && size >= 3) {
		move_to_control(emu, p[2]);
	} else if (p[1] == 0x01 && size >= 3 && (p[2] >> 3 & 7) == 7 && p[2] >> 6 != 3) {
		uint32_t offset;

		if (operand(emu, p + 2, size - 2, &offset) && r->page_flushes < EMU_LOG)
			r->page_flush[r->page_flushes] = offset;
		r->page_flushes++;
	}
	return true;
}
