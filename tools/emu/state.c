/* SPDX-License-Identifier: GPL-2.0-only */
#include "state.h"

#include <stdbool.h>
#include <string.h>

static const char *const names[EMU_FIELDS] = {
	[EMU_EAX] = "eax", [EMU_ECX] = "ecx", [EMU_EDX] = "edx", [EMU_EBX] = "ebx",
	[EMU_ESP] = "esp", [EMU_EBP] = "ebp", [EMU_ESI] = "esi", [EMU_EDI] = "edi",
	[EMU_R8] = "r8", [EMU_R9] = "r9", [EMU_R10] = "r10", [EMU_R11] = "r11",
	[EMU_R12] = "r12", [EMU_R13] = "r13", [EMU_R14] = "r14", [EMU_R15] = "r15",
	[EMU_EIP] = "eip", [EMU_EFLAGS] = "eflags",
	[EMU_CR0] = "cr0", [EMU_CR2] = "cr2", [EMU_CR3] = "cr3", [EMU_CR4] = "cr4",
	[EMU_DR0] = "dr0", [EMU_DR1] = "dr1", [EMU_DR2] = "dr2", [EMU_DR3] = "dr3",
	[EMU_DR6] = "dr6", [EMU_DR7] = "dr7",
	[EMU_CS] = "cs", [EMU_SS] = "ss", [EMU_DS] = "ds", [EMU_ES] = "es",
	[EMU_FS] = "fs", [EMU_GS] = "gs", [EMU_FS_BASE] = "fs.base",
	[EMU_GS_BASE] = "gs.base",
	[EMU_GDTR_BASE] = "gdtr.base", [EMU_GDTR_LIMIT] = "gdtr.limit",
	[EMU_IDTR_BASE] = "idtr.base", [EMU_IDTR_LIMIT] = "idtr.limit",
	[EMU_LDTR] = "ldtr", [EMU_LDTR_BASE] = "ldtr.base", [EMU_LDTR_LIMIT] = "ldtr.limit",
	[EMU_TR] = "tr", [EMU_TR_BASE] = "tr.base", [EMU_TR_LIMIT] = "tr.limit",
	[EMU_MSR_SYSENTER_CS] = "msr.sysenter_cs", [EMU_MSR_SYSENTER_ESP] = "msr.sysenter_esp",
	[EMU_MSR_SYSENTER_EIP] = "msr.sysenter_eip", [EMU_MSR_EFER] = "msr.efer",
	[EMU_MSR_PAT] = "msr.pat", [EMU_MSR_STAR] = "msr.star", [EMU_MSR_LSTAR] = "msr.lstar",
	[EMU_MSR_CSTAR] = "msr.cstar", [EMU_MSR_FMASK] = "msr.fmask",
	[EMU_MSR_KERNEL_GS] = "msr.kernel_gs_base",
};

const char *emu_field_name(unsigned int width, enum emu_field field)
{
	static const char *const wide[] = {
		[EMU_EAX] = "rax", [EMU_ECX] = "rcx", [EMU_EDX] = "rdx", [EMU_EBX] = "rbx",
		[EMU_ESP] = "rsp", [EMU_EBP] = "rbp", [EMU_ESI] = "rsi", [EMU_EDI] = "rdi",
		[EMU_EIP] = "rip", [EMU_EFLAGS] = "rflags",
	};
	bool other = width == 64 && field < sizeof(wide) / sizeof(wide[0]) && wide[field];

	return other ? wide[field] : names[field];
}

/*
 * Fields that are one register of Unicorn's; the others are parts of one. In 32 bit the base of GS
 * reads as 0 from Unicorn 2.0.1, so FS stands for both.
 */
static const struct {
	enum emu_field field;
	int reg, wide; /* of 32 and of 64 bit; 0 = has none, or no other */
} plain[] = {
	{ EMU_EAX, UC_X86_REG_EAX, UC_X86_REG_RAX }, { EMU_ECX, UC_X86_REG_ECX, UC_X86_REG_RCX },
	{ EMU_EDX, UC_X86_REG_EDX, UC_X86_REG_RDX }, { EMU_EBX, UC_X86_REG_EBX, UC_X86_REG_RBX },
	{ EMU_ESP, UC_X86_REG_ESP, UC_X86_REG_RSP }, { EMU_EBP, UC_X86_REG_EBP, UC_X86_REG_RBP },
	{ EMU_ESI, UC_X86_REG_ESI, UC_X86_REG_RSI }, { EMU_EDI, UC_X86_REG_EDI, UC_X86_REG_RDI },
	{ EMU_R8, 0, UC_X86_REG_R8 }, { EMU_R9, 0, UC_X86_REG_R9 }, { EMU_R10, 0, UC_X86_REG_R10 },
	{ EMU_R11, 0, UC_X86_REG_R11 }, { EMU_R12, 0, UC_X86_REG_R12 }, { EMU_R13, 0, UC_X86_REG_R13 },
	{ EMU_R14, 0, UC_X86_REG_R14 }, { EMU_R15, 0, UC_X86_REG_R15 },
	{ EMU_EIP, UC_X86_REG_EIP, UC_X86_REG_RIP },
	{ EMU_EFLAGS, UC_X86_REG_EFLAGS, UC_X86_REG_RFLAGS },
	{ EMU_CR0, UC_X86_REG_CR0, 0 }, { EMU_CR2, UC_X86_REG_CR2, 0 }, { EMU_CR3, UC_X86_REG_CR3, 0 },
	{ EMU_CR4, UC_X86_REG_CR4, 0 },
	{ EMU_DR0, UC_X86_REG_DR0, 0 }, { EMU_DR1, UC_X86_REG_DR1, 0 }, { EMU_DR2, UC_X86_REG_DR2, 0 },
	{ EMU_DR3, UC_X86_REG_DR3, 0 }, { EMU_DR6, UC_X86_REG_DR6, 0 }, { EMU_DR7, UC_X86_REG_DR7, 0 },
	{ EMU_CS, UC_X86_REG_CS, 0 }, { EMU_SS, UC_X86_REG_SS, 0 }, { EMU_DS, UC_X86_REG_DS, 0 },
	{ EMU_ES, UC_X86_REG_ES, 0 }, { EMU_FS, UC_X86_REG_FS, 0 }, { EMU_GS, UC_X86_REG_GS, 0 },
	{ EMU_FS_BASE, UC_X86_REG_FS_BASE, 0 }, { EMU_GS_BASE, 0, UC_X86_REG_GS_BASE },
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
	{ EMU_MSR_STAR, 0xC0000081 }, { EMU_MSR_LSTAR, 0xC0000082 }, { EMU_MSR_CSTAR, 0xC0000083 },
	{ EMU_MSR_FMASK, 0xC0000084 }, { EMU_MSR_KERNEL_GS, 0xC0000102 },
};
#define MSRS32 5 /* the first ones */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int emu_register(unsigned int width, enum emu_field field)
{
	for (size_t i = 0; i < COUNT(plain); i++)
		if (plain[i].field == field)
			return width == 64 && plain[i].wide ? plain[i].wide : plain[i].reg;
	return 0;
}

uc_err emu_state_read(uc_engine *uc, unsigned int width, struct emu_state *state)
{
	int regs[COUNT(plain)];
	void *values[COUNT(plain)];

	bool wide = width == 64;
	int count = 0;

	memset(state, 0, sizeof(*state));
	state->width = width;
	for (size_t i = 0; i < COUNT(plain); i++) {
		regs[count] = wide && plain[i].wide ? plain[i].wide : plain[i].reg;
		values[count] = &state->value[plain[i].field];
		count += regs[count] != 0;
	}
	uc_err err = uc_reg_read_batch(uc, regs, values, count);
	for (size_t i = 0; i < COUNT(tables) && !err; i++) {
		uc_x86_mmr mmr = { 0 };

		err = uc_reg_read(uc, tables[i].reg, &mmr);
		state->value[tables[i].base] = wide ? mmr.base : (uint32_t)mmr.base;
		state->value[tables[i].limit] = mmr.limit;
		if (tables[i].selector != EMU_FIELDS)
			state->value[tables[i].selector] = mmr.selector;
	}
	for (size_t i = 0; i < (wide ? COUNT(msrs) : MSRS32) && !err; i++) {
		uc_x86_msr msr = { .rid = msrs[i].number };

		err = uc_reg_read(uc, UC_X86_REG_MSR, &msr);
		state->value[msrs[i].field] = msr.value;
	}
	return err;
}
