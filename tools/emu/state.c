/* SPDX-License-Identifier: GPL-2.0-only */
#include "state.h"

#include <string.h>

const char *const emu_field_names[EMU_FIELDS] = {
	[EMU_EAX] = "eax", [EMU_ECX] = "ecx", [EMU_EDX] = "edx", [EMU_EBX] = "ebx",
	[EMU_ESP] = "esp", [EMU_EBP] = "ebp", [EMU_ESI] = "esi", [EMU_EDI] = "edi",
	[EMU_EIP] = "eip", [EMU_EFLAGS] = "eflags",
	[EMU_CR0] = "cr0", [EMU_CR2] = "cr2", [EMU_CR3] = "cr3", [EMU_CR4] = "cr4",
	[EMU_DR0] = "dr0", [EMU_DR1] = "dr1", [EMU_DR2] = "dr2", [EMU_DR3] = "dr3",
	[EMU_DR6] = "dr6", [EMU_DR7] = "dr7",
	[EMU_CS] = "cs", [EMU_SS] = "ss", [EMU_DS] = "ds", [EMU_ES] = "es",
	[EMU_FS] = "fs", [EMU_GS] = "gs", [EMU_FS_BASE] = "fs.base",
	[EMU_GDTR_BASE] = "gdtr.base", [EMU_GDTR_LIMIT] = "gdtr.limit",
	[EMU_IDTR_BASE] = "idtr.base", [EMU_IDTR_LIMIT] = "idtr.limit",
	[EMU_LDTR] = "ldtr", [EMU_LDTR_BASE] = "ldtr.base", [EMU_LDTR_LIMIT] = "ldtr.limit",
	[EMU_TR] = "tr", [EMU_TR_BASE] = "tr.base", [EMU_TR_LIMIT] = "tr.limit",
	[EMU_MSR_SYSENTER_CS] = "msr.sysenter_cs", [EMU_MSR_SYSENTER_ESP] = "msr.sysenter_esp",
	[EMU_MSR_SYSENTER_EIP] = "msr.sysenter_eip", [EMU_MSR_EFER] = "msr.efer",
	[EMU_MSR_PAT] = "msr.pat",
};

/* The base of GS reads as 0 from Unicorn 2.0.1, so FS stands for both. */
/* Fields that are one register of Unicorn's; the others are parts of one. */
static const struct {
	enum emu_field field;
	int reg;
} plain[] = {
	{ EMU_EAX, UC_X86_REG_EAX }, { EMU_ECX, UC_X86_REG_ECX }, { EMU_EDX, UC_X86_REG_EDX },
	{ EMU_EBX, UC_X86_REG_EBX }, { EMU_ESP, UC_X86_REG_ESP }, { EMU_EBP, UC_X86_REG_EBP },
	{ EMU_ESI, UC_X86_REG_ESI }, { EMU_EDI, UC_X86_REG_EDI }, { EMU_EIP, UC_X86_REG_EIP },
	{ EMU_EFLAGS, UC_X86_REG_EFLAGS },
	{ EMU_CR0, UC_X86_REG_CR0 }, { EMU_CR2, UC_X86_REG_CR2 }, { EMU_CR3, UC_X86_REG_CR3 },
	{ EMU_CR4, UC_X86_REG_CR4 },
	{ EMU_DR0, UC_X86_REG_DR0 }, { EMU_DR1, UC_X86_REG_DR1 }, { EMU_DR2, UC_X86_REG_DR2 },
	{ EMU_DR3, UC_X86_REG_DR3 }, { EMU_DR6, UC_X86_REG_DR6 }, { EMU_DR7, UC_X86_REG_DR7 },
	{ EMU_CS, UC_X86_REG_CS }, { EMU_SS, UC_X86_REG_SS }, { EMU_DS, UC_X86_REG_DS },
	{ EMU_ES, UC_X86_REG_ES }, { EMU_FS, UC_X86_REG_FS }, { EMU_GS, UC_X86_REG_GS },
	{ EMU_FS_BASE, UC_X86_REG_FS_BASE },
};

static const struct {
	enum emu_field base, limit, selector; /* selector: EMU_FIELDS = has none */
	int reg;
} tables[] = {
	{ EMU_GDTR_BASE, EMU_GDTR_LIMIT, EMU_FIELDS, UC_X86_REG_GDTR },
	{ EMU_IDTR_BASE, EMU_IDTR_LIMIT, EMU_FIELDS, UC_X86_REG_IDTR },
	{ EMU_LDTR_BASE, EMU_LDTR_LIMIT, EMU_LDTR, UC_X86_REG_LDTR },
	{ EMU_TR_BASE, EMU_TR_LIMIT, EMU_TR, UC_X86_REG_TR },
};

static const struct {
	enum emu_field field;
	uint32_t number;
} msrs[] = {
	{ EMU_MSR_SYSENTER_CS, 0x174 }, { EMU_MSR_SYSENTER_ESP, 0x175 },
	{ EMU_MSR_SYSENTER_EIP, 0x176 }, { EMU_MSR_EFER, 0xC0000080 }, { EMU_MSR_PAT, 0x277 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

uc_err emu_state_read(uc_engine *uc, struct emu_state *state)
{
	int regs[COUNT(plain)];
	void *values[COUNT(plain)];

	memset(state, 0, sizeof(*state));
	for (size_t i = 0; i < COUNT(plain); i++) {
		regs[i] = plain[i].reg;
		values[i] = &state->value[plain[i].field];
	}
	uc_err err = uc_reg_read_batch(uc, regs, values, COUNT(plain));
	for (size_t i = 0; i < COUNT(tables) && !err; i++) {
		uc_x86_mmr mmr = { 0 };

		err = uc_reg_read(uc, tables[i].reg, &mmr);
		state->value[tables[i].base] = (uint32_t)mmr.base;
		state->value[tables[i].limit] = mmr.limit;
		if (tables[i].selector != EMU_FIELDS)
			state->value[tables[i].selector] = mmr.selector;
	}
	for (size_t i = 0; i < COUNT(msrs) && !err; i++) {
		uc_x86_msr msr = { .rid = msrs[i].number };

		err = uc_reg_read(uc, UC_X86_REG_MSR, &msr);
		state->value[msrs[i].field] = msr.value;
	}
	return err;
}
