/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be seen of an emulated processor: a flat list of named values. */
#ifndef EMU_STATE_H
#define EMU_STATE_H

#include <stdint.h>
#include <unicorn/unicorn.h>

/*
 * The first sixteen in the processor's numbering: field N is bit N of a VMI_REG_ mask. In 64 bit
 * they and EIP, EFLAGS are the wide registers; what a width does not have is 0.
 */
enum emu_field {
	EMU_EAX, EMU_ECX, EMU_EDX, EMU_EBX, EMU_ESP, EMU_EBP, EMU_ESI, EMU_EDI,
	EMU_R8, EMU_R9, EMU_R10, EMU_R11, EMU_R12, EMU_R13, EMU_R14, EMU_R15, /* 64 bit */
	EMU_EIP, EMU_EFLAGS,
	EMU_CR0, EMU_CR2, EMU_CR3, EMU_CR4,
	EMU_DR0, EMU_DR1, EMU_DR2, EMU_DR3, EMU_DR6, EMU_DR7,
	EMU_CS, EMU_SS, EMU_DS, EMU_ES, EMU_FS, EMU_GS, EMU_FS_BASE, EMU_GS_BASE,
	EMU_GDTR_BASE, EMU_GDTR_LIMIT, EMU_IDTR_BASE, EMU_IDTR_LIMIT,
	EMU_LDTR, EMU_LDTR_BASE, EMU_LDTR_LIMIT, EMU_TR, EMU_TR_BASE, EMU_TR_LIMIT,
	EMU_MSR_SYSENTER_CS, EMU_MSR_SYSENTER_ESP, EMU_MSR_SYSENTER_EIP, EMU_MSR_EFER, EMU_MSR_PAT,
	EMU_MSR_STAR, EMU_MSR_LSTAR, EMU_MSR_CSTAR, EMU_MSR_FMASK, EMU_MSR_KERNEL_GS, /* 64 bit */
	EMU_FIELDS
};
#define EMU_GPRS 16

/* General registers of a processor of that width. */
static inline unsigned int emu_gprs(unsigned int width)
{
	return width == 64 ? EMU_GPRS : 8;
}

struct emu_state {
	unsigned int width; /* 32 or 64 */
	uint64_t value[EMU_FIELDS];
};

/* "eax" or "rax", "gdtr.base", "msr.efer" */
const char *emu_field_name(unsigned int width, enum emu_field field);

/* Unicorn's number of a field that is one register; 0 where that width has none. */
int emu_register(unsigned int width, enum emu_field field);

/* Reads all fields of a processor of that width. Result: UC_ERR_OK, or the library's error. */
uc_err emu_state_read(uc_engine *uc, unsigned int width, struct emu_state *state);

#define EMU_FLAG_IF 0x200u
#define EMU_FLAG_DF 0x400u
/* CF, PF, AF, ZF, SF, OF: what "clobbers flags" allows to change. */
#define EMU_FLAGS_ARITHMETIC 0x8D5u

#endif
