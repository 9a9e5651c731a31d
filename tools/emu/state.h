/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be seen of an emulated processor: a flat list of named values. */
#ifndef EMU_STATE_H
#define EMU_STATE_H

#include <stdint.h>
#include <unicorn/unicorn.h>

/* The first eight in the processor's numbering: field N is bit N of a VMI_REG_ mask. */
enum emu_field {
	EMU_EAX, EMU_ECX, EMU_EDX, EMU_EBX, EMU_ESP, EMU_EBP, EMU_ESI, EMU_EDI,
	EMU_EIP, EMU_EFLAGS,
	EMU_CR0, EMU_CR2, EMU_CR3, EMU_CR4,
	EMU_DR0, EMU_DR1, EMU_DR2, EMU_DR3, EMU_DR6, EMU_DR7,
	EMU_CS, EMU_SS, EMU_DS, EMU_ES, EMU_FS, EMU_GS, EMU_FS_BASE,
	EMU_GDTR_BASE, EMU_GDTR_LIMIT, EMU_IDTR_BASE, EMU_IDTR_LIMIT,
	EMU_LDTR, EMU_LDTR_BASE, EMU_LDTR_LIMIT, EMU_TR, EMU_TR_BASE, EMU_TR_LIMIT,
	EMU_MSR_SYSENTER_CS, EMU_MSR_SYSENTER_ESP, EMU_MSR_SYSENTER_EIP, EMU_MSR_EFER, EMU_MSR_PAT,
	EMU_FIELDS
};
#define EMU_GPRS 8

struct emu_state {
	uint64_t value[EMU_FIELDS];
};

extern const char *const emu_field_names[EMU_FIELDS]; /* "eax", "gdtr.base", "msr.efer" */

/* Reads all fields. Result: UC_ERR_OK, or the library's error. */
uc_err emu_state_read(uc_engine *uc, struct emu_state *state);

#define EMU_FLAG_IF 0x200u
#define EMU_FLAG_DF 0x400u
/* CF, PF, AF, ZF, SF, OF: what "clobbers flags" allows to change. */
#define EMU_FLAGS_ARITHMETIC 0x8D5u

#endif
