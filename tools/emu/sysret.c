/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SYSRET by hand: Unicorn 2.0.1 takes SYSCALL from every model that it has, so that EFER.SCE
 * stays clear and SYSRET is invalid. As Intel's processors do it: a target that is not
 * canonical faults in ring 0, with the user's stack loaded.
 */
#include "emu/emu_internal.h"

#define OPCODE_0F 0x0F
#define OPCODE_SYSRET 0x07
#define REX_W_MASK 0xF8
#define REX_W 0x48
#define LONGEST 3u
#define CANONICAL_SHIFT 16 /* of 48 bits */
#define FLAGS_LOADED 0x3C7FD7u /* not RF, VM */
#define FLAGS_FIXED 2u
#define USER 3u

bool emu_sysret(struct emu *emu, uint64_t address)
{
	const uint8_t *code = emu_host(emu, address, LONGEST - 1);
	bool wide = code && (*code & REX_W_MASK) == REX_W;
	uint64_t rcx = 0;

	if (wide)
		code = emu_host(emu, address, LONGEST) ? code + 1 : NULL;
	if (!code || code[0] != OPCODE_0F || code[1] != OPCODE_SYSRET)
		return true;
	uc_reg_read(emu->uc, UC_X86_REG_RCX, &rcx);
	if (wide && (uint64_t)((int64_t)(rcx << CANONICAL_SHIFT) >> CANONICAL_SHIFT) != rcx)
		return false;
	emu->sysret = wide ? 64 : 32;
	return true;
}

void emu_finish_sysret(const struct emu *emu, struct emu_state *state)
{
	uint64_t *v = state->value, base = v[EMU_MSR_STAR] >> 48;
	bool wide = emu->sysret == 64;

	v[EMU_EIP] = wide ? v[EMU_ECX] : (uint32_t)v[EMU_ECX];
	v[EMU_EFLAGS] = (v[EMU_R11] & FLAGS_LOADED) | FLAGS_FIXED;
	v[EMU_CS] = (base + (wide ? 16 : 0)) | USER;
	v[EMU_SS] = (base + 8) | USER;
}
