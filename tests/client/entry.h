/* SPDX-License-Identifier: GPL-2.0-only */
/* What entry.asm, boot.asm and march.asm share with C. */
#ifndef ENTRY_H
#define ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "layout.h"

struct regs {
	uint32_t ebx, ecx, edx, esi, edi, ebp, eax, ds, es, fs, gs;
	uint32_t vector, error;
	uint32_t eip, cs, eflags;
	uint32_t esp, ss; /* only if user mode was interrupted */
};
_Static_assert(offsetof(struct regs, ebx) == REGS_EBX, "layout.h");
_Static_assert(offsetof(struct regs, esi) == REGS_ESI, "layout.h");
_Static_assert(offsetof(struct regs, edi) == REGS_EDI, "layout.h");
_Static_assert(offsetof(struct regs, eax) == REGS_EAX, "layout.h");
_Static_assert(offsetof(struct regs, fs) == REGS_FS, "layout.h");
_Static_assert(offsetof(struct regs, eip) == REGS_EIP, "layout.h");
_Static_assert(offsetof(struct regs, esp) == REGS_ESP, "layout.h");

/* Above struct regs on the stack if v8086 mode was interrupted, or is to be entered. */
struct v86_segments {
	uint32_t es, ds, fs, gs;
};

/* Registers at both ends of march(). */
struct march {
	uint32_t eax, ecx, edx, ebx, ebp, esi, edi, esp, esp_after, eflags;
};
#define MARCH_AT(field, at) _Static_assert(offsetof(struct march, field) == (at), "layout.h")
MARCH_AT(eax, MARCH_EAX);
MARCH_AT(ecx, MARCH_ECX);
MARCH_AT(edx, MARCH_EDX);
MARCH_AT(ebx, MARCH_EBX);
MARCH_AT(ebp, MARCH_EBP);
MARCH_AT(esi, MARCH_ESI);
MARCH_AT(edi, MARCH_EDI);
MARCH_AT(esp, MARCH_ESP);
MARCH_AT(esp_after, MARCH_ESP_AFTER);
MARCH_AT(eflags, MARCH_EFLAGS);

extern const uint32_t trap_stubs[256];
extern const char native_iret_insn[], native_iret_fixup[];
void native_iret(void);
void native_sysexit(void);
void sysenter_entry(void);
void user_enter(const struct regs *regs, uint32_t *kernel_esp);
__attribute__((noreturn)) void user_leave(uint32_t kernel_esp);
void paging_switch(void);
/* Walks over patch sites; one processor at a time. */
void march(struct march *m);
void march_module(struct march *m);

/* Called by assembly. */
void trap(struct regs *regs);
uint32_t sysenter(struct regs *regs);
__attribute__((noreturn)) void client_main(uint32_t magic, uint32_t info);
__attribute__((noreturn)) void ap_main(void);

extern uint32_t sysenter_return; /* where SYSEXIT leads */
extern uint32_t tramp_cr3, tramp_cr4, tramp_nx, ap_stack_top;
extern const uint8_t trampoline_start[], trampoline_end[];
extern const uint8_t text_end[], image_end[];

#endif
