/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Effects that neither registers nor memory show: caches and TLB. They are read
 * off the instructions as they run, so that an entry which forgets to flush differs
 * from one that does.
 */
#include "emu/emu_internal.h"

#define DR7_ARMED 0xFFu /* L0 to G3 */

#define REX_R 4u
#define REX_X 2u
#define REX_B 1u

static uint64_t reg(struct emu *emu, int id)
{
	uint64_t value = 0;

	uc_reg_read(emu->uc, id, &value);
	return value;
}

static uint64_t gpr(struct emu *emu, unsigned int number)
{
	return reg(emu, emu_register(emu->width, number));
}

/* The register of 3 bits of an instruction and a bit of its REX prefix. */
static unsigned int extend(unsigned int number, unsigned int rex, unsigned int bit)
{
	return (number & 7) | (rex & bit ? 8 : 0);
}

static uint32_t word(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The offset that a ModRM memory operand names; `left` bytes stand at `p`, `next` behind them. */
static bool operand(struct emu *emu, const uint8_t *p, uint32_t left, unsigned int rex,
		    uint64_t next, uint64_t *offset)
{
	uint32_t mod = p[0] >> 6, rm = p[0] & 7, base;
	uint64_t sum = 0;
	uint32_t used = 1;

	if (rm == 4) {
		if (left < 2)
			return false;
		uint32_t index = extend(p[1] >> 3, rex, REX_X);

		used = 2;
		base = p[1] & 7;
		if (index != 4)
			sum = gpr(emu, index) << (p[1] >> 6);
	} else {
		base = rm;
	}
	if (mod == 0 && base == 5) {
		mod = 2; /* no base register, a 32-bit displacement */
		if (emu->width == 64 && rm != 4)
			sum = next;
	} else {
		sum += gpr(emu, extend(base, rex, REX_B));
	}
	if (left < used + (mod == 1 ? 1 : mod == 2 ? 4 : 0))
		return false;
	if (mod == 1)
		sum += (uint64_t)(int8_t)p[used];
	else if (mod == 2)
		sum += (uint64_t)(int32_t)word(p + used);
	*offset = emu->width == 64 ? sum : (uint32_t)sum;
	return true;
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0x26 || byte == 0x2E || byte == 0x36 || byte == 0x3E ||
	       (byte & 0xFC) == 0x64 || byte == 0xF0 || byte == 0xF2 || byte == 0xF3;
}

static void move_to_control(struct emu *emu, uint8_t modrm, unsigned int rex)
{
	struct emu_result *r = emu->result;
	uint64_t value = gpr(emu, extend(modrm, rex, REX_B));

	switch (extend(modrm >> 3, rex, REX_R)) {
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

bool emu_note_hidden(struct emu *emu, uint64_t address, uint32_t size)
{
	const uint8_t *p = emu_host(emu, address, size);
	struct emu_result *r = emu->result;
	uint64_t next = address + size;
	unsigned int rex = 0;

	if (!p)
		return true;
	while (size && is_prefix(*p)) {
		p++;
		size--;
	}
	if (emu->width == 64 && size && (*p & 0xF0) == 0x40) {
		rex = *p++;
		size--;
	}
	if (size < 2 || p[0] != 0x0F)
		return true;
	if (p[1] == 0x08 || p[1] == 0x09) {
		r->cache_flushes++;
	} else if (p[1] == 0x23 && size >= 3 && (p[2] >> 3 & 5) == 5) {
		return !(gpr(emu, extend(p[2], rex, REX_B)) & DR7_ARMED); /* DR7, or DR5, which is the same */
	} else if (p[1] == 0x22 && size >= 3) {
		move_to_control(emu, p[2], rex);
	} else if (p[1] == 0x01 && size >= 3 && (p[2] >> 3 & 7) == 7 && p[2] >> 6 != 3) {
		uint64_t offset;

		if (operand(emu, p + 2, size - 2, rex, next, &offset) && r->page_flushes < EMU_LOG)
			r->page_flush[r->page_flushes] = offset;
		r->page_flushes++;
	}
	return true;
}

bool emu_pushes(const struct emu *emu, uint64_t address)
{
	enum { LONGEST = 2 };
	const uint8_t *p = emu_host(emu, address, 1 + LONGEST);
	unsigned int group;

	if (!p)
		return false;
	if ((*p & 0xF0) == 0x40) /* REX */
		p++;
	if ((*p & 0xF8) == 0x50 || *p == 0x68 || *p == 0x6A || *p == 0x9C || *p == 0xE8)
		return true;
	if (*p == 0x0F) /* FS, GS */
		return p[1] == 0xA0 || p[1] == 0xA8;
	group = p[1] >> 3 & 7;
	return *p == 0xFF && (group == 2 || group == 3 || group == 6);
}
