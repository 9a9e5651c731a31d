/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hypervisor as a measuring instrument, and no product: one guest, one processor, 32 bits,
 * shadow page tables, every device passed through. It counts exits by reason, so that the same
 * guest can be compared by trap and emulate and through the ROM (docs/performance.md).
 *
 * The guest's physical addresses are the machine's: RAM from 0 to 64 MiB, the option-ROM window
 * as the firmware left it after POST, devices where they are. The hypervisor lies above. No shadow
 * entry ever leads there, nor does nested paging below the shadows, for a guest that loads a CR3 of
 * its own. What it does not keep from the guest is a device: one that writes memory by itself (fw_cfg,
 * the one that this machine has, is hidden), or that takes the processor out of SVM.
 */
#ifndef HV_H
#define HV_H

#include <stdbool.h>
#include <stdint.h>

#include "../../rom/hv/hypercall.h"
#include "../svm/svm.h"

enum { CR0_PE = BIT(0), CR0_TS = BIT(3), CR0_WP = BIT(16), CR0_PG = (int)BIT(31) };
enum { CR4_PSE = BIT(4), CR4_PAE = BIT(5), CR4_PGE = BIT(7), EFER_NXE = BIT(11) };
enum { PTE_P = 1, PTE_W = 2, PTE_U = 4, PTE_PCD = 0x10, PTE_A = 0x20, PTE_D = 0x40, PTE_PS = 0x80 };
#define PTE_NX (1ull << 63)
enum { ERR_P = 1, ERR_W = 2, ERR_U = 4, ERR_F = 16 };  /* of a page fault */
#define IO_APIC 0xfec00000u /* the HPET lies in the same 2 MiB */
#define LOCAL_APIC 0xfee00000u
enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI }; /* as ModRM counts */

extern struct vmcb vmcb;

/* What the processor walks of the shadows, and so the guest may come to write; never read. */
#define SHADOWS 1536u
#define ENTRIES 512u
extern struct walked {
	uint64_t tables[SHADOWS][ENTRIES], pdpt[ENTRIES];
	uint8_t sink[PAGE]; /* what wild entries lead to */
	uint8_t rest[510 * PAGE];
} walked;

/* The guest, beside what the VMCB holds. */
extern struct guest {
	uint32_t cr0, cr3, cr4; /* as it believes them to be */
	uint32_t regs[8];       /* but EAX and ESP, which the VMCB has */
	uint32_t area;          /* the shared area; 0: HV_CALL_ENTER was not called */
} guest;

/* What an exit was for. The names are printed; `mark`, the last one, is not part of the sum. */
#define COUNTS(X) \
	X(fault_guest) X(fault_shadow) X(fault_write) X(fault_unshadow) X(cr0) X(cr3_read) \
	X(cr3_write) X(cr4) X(invlpg) X(cpuid) X(msr) X(io) X(call_enter) X(call_flush) \
	X(call_cr3) X(call_other) X(other) X(mark)
#define COUNT_ID(name) COUNT_##name,
enum count { COUNTS(COUNT_ID) COUNT_END };

/* boot.asm: runs the guest until its next exit. */
void hv_run(uint32_t regs[8], struct vmcb *v);

/* main.c */
extern uint32_t counts[COUNT_END];
/* Prints what was counted since mark 0, which is number 0; with NULL since the start. */
void count_mark(uint8_t number);
void count_print(const char *where);
void hv_stop(const char *why, uint32_t value) __attribute__((noreturn));

/* exits.c: one exit, up to the guest's next instruction; which exits are wanted. */
void exit_handle(void);
void exit_choose(void);
void inject_fault(uint32_t address, uint32_t error);
uint32_t *reg(unsigned number);

/*
 * decode.c: the instruction at the guest's EIP, as far as it is mapped, without the prefixes that
 * change nothing here (LOCK, flat segments). Result: how many these are.
 */
unsigned instruction_read(uint8_t bytes[15]);
/* The length of ModRM with what belongs to it. */
unsigned modrm_length(const uint8_t *p);
/*
 * Understands a write of 4 bytes to memory: *value replaces what is there. Result: its length,
 * 0 if it is none of those that kernels write page tables with.
 */
unsigned instruction_store(const uint8_t *bytes, uint32_t *value);

/* shadow.c: shadow tables for the guest's CR0, CR3 and CR4, from its tables. */
void shadow_init(void);
/* Makes them those of the guest's CR3, and sets the VMCB's. */
void shadow_load(void);
/* Forgets all of them. */
void shadow_forget(void);
/* Makes all anew, after the guest may have written to them. */
void shadow_remake(void);
/* Brings all up to date: tables may have changed unseen. */
void shadow_refresh(void);
/* A page fault: the guest's own, resolved, or a write to a table that is kept from it. */
enum fault { FAULT_GUEST, FAULT_SHADOW, FAULT_TABLE };
enum fault shadow_fault(uint32_t address, uint32_t error, uint32_t *physical);
/* The entry at a physical address has changed. */
void shadow_update(uint32_t physical);
/* No shadow of this table any more. Loosened, it can be written until the next exit but a fault. */
void shadow_drop(uint32_t frame);
void shadow_loosen(uint32_t frame);
void shadow_settle(void);
/* Tables whose changes must be trapped are in use, or shadows have holes. */
bool shadow_incomplete(void);
/* Physical address of what the guest has at `address`; false if nothing, or no RAM. */
bool shadow_translate(uint32_t address, uint32_t *physical);

/* nested.c: turns paging on, nested paging for the guest. */
void nested_init(void);
/*
 * Of an exit: did a change of tasks load CR3, or has the guest been where nothing is mapped by nested
 * paging? Says so, and makes CR3 and the shadows anew.
 */
bool nested_refuse(void);

/* batch.c: what is shared with the ROM. The VMI_PAGE level at which a frame was announced; 0 = not. */
extern uint8_t told[HV_FRAMES + 1];
uint32_t batch_call(uint32_t call, uint32_t argument);
/* Notes for the ROM: `frame` is a table in use, or not; the guest's CR3. */
void batch_live(uint32_t frame, bool live);
void batch_cr3(void);
void batch_refuse(uint32_t reason, uint32_t at);

#endif
