/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls 32-bit or 64-bit code outside a machine: an emulated processor (Unicorn) in
 * ring 0 with flat segments, a little memory of its own, and code mapped wherever the
 * caller wants it.
 *
 * Memory: EMU_RAM holds tables, scratch, stack and the landing page. Nothing
 * else is mapped but the code. Code ends when it reaches the landing page (a
 * return address, or the target of IRET and SYSEXIT), faults, halts, writes into
 * the image, or has run for too long. With paging on, memory is mapped one to
 * one; of the 4 MiB at EMU_HOLE nothing is present, and those at EMU_READ_ONLY are
 * read-only. There lies, at EMU_READ_ONLY + EMU_SCRATCH, a second view of the scratch
 * memory (Unicorn 2.0.1 follows no mapping that is not one to one).
 *
 * In 64 bit the processor is in long mode and paging maps EMU_ONE_TO_ONE bytes; with paging
 * off, which no real processor has there, all of it. SYSRET, which Unicorn 2.0.1 lacks, is done
 * by hand and counts as EMU_LANDED wherever it goes.
 */
#ifndef EMU_H
#define EMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emu/state.h"

/* Below 1 MiB, so that virtual-8086 code can run on the landing page. */
#define EMU_RAM       0x00010000u
#define EMU_GDT       (EMU_RAM + 0x0000u)
#define EMU_LDT       (EMU_RAM + 0x0800u)
#define EMU_TSS       (EMU_RAM + 0x1000u)
#define EMU_TSS2      (EMU_RAM + 0x1100u)
#define EMU_BLOCK     (EMU_RAM + 0x1800u) /* struct emu_setup */
#define EMU_SETUP     (EMU_RAM + 0x1C00u) /* setup.asm */
#define EMU_SCRATCH   (EMU_RAM + 0x2000u)
#define EMU_LANDING   (EMU_RAM + 0x4000u)
#define EMU_STACK     (EMU_RAM + 0x5000u)
#define EMU_STACK_END (EMU_RAM + 0x8000u)
#define EMU_PD        (EMU_RAM + 0x8000u) /* page directory without PAE */
#define EMU_PML4      EMU_PD
#define EMU_PDPT      (EMU_RAM + 0x9000u) /* page-directory pointers with PAE */
#define EMU_PAE_PDS   (EMU_RAM + 0xA000u)
#define EMU_STATE     (EMU_RAM + 0xE000u) /* vmi_state of images of ours: emu/post.h */
#define EMU_STATE_SIZE 0x2000u /* pages of it; the one behind them is a hypervisor's */
#define EMU_RAM_SIZE  0x10000u
#define EMU_HOLE      0x50000000u
#define EMU_READ_ONLY 0x50400000u
#define EMU_ONE_TO_ONE (512ull << 30) /* 64 bit: what paging maps */
#define EMU_POISON    0x60000000u /* base of the poisoned data segment */

/*
 * Selectors of the GDT and LDT in EMU_RAM. SYSEXIT wants the first four in this order, SYSRET
 * the three of ring 3. Those of the system have 16 bytes, which 64 bit wants.
 */
enum emu_selector {
	EMU_SEL_CODE0 = 0x08, EMU_SEL_DATA0 = 0x10, EMU_SEL_CODE3 = 0x1B, EMU_SEL_DATA3 = 0x23,
	EMU_SEL_CODE3_64 = 0x2B, /* 64 bit alone */
	EMU_SEL_POISON = 0x30, EMU_SEL_TSS = 0x38, EMU_SEL_LDT = 0x48, EMU_SEL_TSS2 = 0x58,
	EMU_SEL_LDT2 = 0x68, EMU_SEL_DATA3_16 = 0x7B, EMU_SEL_CODE3_ABSENT = 0x83,
	EMU_SEL_DATA3_ABSENT = 0x8B, EMU_SEL_DATA3_RO = 0x93, EMU_SEL_GATE = 0x98,
	EMU_SEL_CONFORMING = 0xA0,
	EMU_SEL_CODE3_BOTH = 0xAB, /* 64 bit alone: code of 64 and of 32 bits at once */
	EMU_SEL_CODE3_SHORT = 0xB3, EMU_SEL_CONFORMING3 = 0xBB, EMU_SEL_DATA1 = 0xC1,
	EMU_GDT_SIZE = 0xC8,
	EMU_SEL_LDT_CODE3 = 0x07, EMU_SEL_LDT_DATA3 = 0x0F, EMU_LDT_SIZE = 0x10,
};

#define EMU_CR0_PE 0x1u
#define EMU_CR0_ET 0x10u
#define EMU_CR0_PG 0x80000000u
#define EMU_CR4_PSE 0x10u
#define EMU_CR4_PAE 0x20u
#define EMU_CR4_PGE 0x80u
#define EMU_EFER_SCE 0x1u
#define EMU_EFER_LME 0x100u
#define EMU_EFER_NXE 0x800u

/* The operand of LGDT and LIDT, of either width. */
struct emu_table {
	uint16_t limit;
	uint64_t base;
	uint16_t pad[3];
} __attribute__((packed));

/* System registers before a call; setup.asm reads the words in this order. */
struct emu_setup {
	uint64_t flat_cr3;
	struct emu_table gdtr, idtr;
	uint64_t ldtr, tr;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip;
	uint64_t dr0, dr1, dr2, dr3, dr6, dr7;
	uint64_t fs, gs, es, ds;
	/* 64 bit alone; FS has the base of its descriptor */
	uint64_t efer, star, lstar, cstar, fmask, gs_base, kernel_gs_base;
	uint64_t cr2, cr4, cr3, cr0;
};

/* Everything that one call begins with; memory is set through emu_ram(). */
struct emu_start {
	struct emu_setup setup;
	uint64_t gpr[EMU_GPRS]; /* in the order of enum emu_field */
	uint64_t eflags;
	uint64_t eip;
	uint32_t port_reads; /* what every port answers */
	bool x2apic;         /* there is a local APIC, in x2APIC mode; else MSRs are Unicorn's */
	uint32_t apic_id;
};

enum emu_end {
	EMU_LANDED,      /* reached the landing page */
	EMU_FAULTED,     /* .vector at EIP */
	EMU_HALTED,      /* executed HLT; emu_resume() goes on behind it */
	EMU_RAN_AWAY,    /* more instructions than allowed */
	EMU_WROTE_IMAGE, /* a write into the code at .address */
	EMU_SHUT_DOWN,   /* the processor gave up: a fault while it delivered faults */
	EMU_BROKEN,      /* the emulator cannot go on; .address is its error code */
};
extern const char *const emu_end_names[];

struct emu_write {
	uint64_t address;
	uint32_t size;
	uint64_t value;
};
struct emu_port {
	uint32_t port, size, value;
	bool out;
};
struct emu_msr {
	uint32_t number;
	uint64_t value;
};
/* Writes and port accesses that are kept; .writes and .ports count on. A polled port counts once. */
#define EMU_LOG 32

struct emu_result {
	enum emu_end end;
	uint32_t vector;       /* EMU_FAULTED: 14 also where nothing is mapped */
	uint64_t address;      /* the address of the access, where one is known */
	uint32_t instructions;
	uint32_t writes, reads, ports, msr_writes;
	struct emu_write write[EMU_LOG];
	uint32_t below;        /* 64 bit: bytes below RSP used, other than by pushing, */
	uint64_t below_at;     /* first by the instruction there */
	struct emu_write read[EMU_LOG]; /* 64 bit: of data outside the stack and the image */
	struct emu_port port[EMU_LOG];
	struct emu_msr msr_write[EMU_LOG]; /* to the x2APIC */
	/* Effects that no register shows. */
	uint32_t cache_flushes; /* WBINVD, INVD */
	uint32_t tlb_flushes;   /* CR3 loaded: entries that are not global */
	uint32_t global_flushes;/* CR4.PGE or CR0.PG changed: all entries */
	uint32_t page_flushes;  /* INVLPG */
	uint64_t page_flush[EMU_LOG];
	struct emu_state state;
};

struct emu;

/* The x2APIC's registers, by MSR number from 0x800 on; what code may do with one. */
#define EMU_X2APIC_REGISTERS 64
bool emu_x2apic_may_read(uint32_t number);
bool emu_x2apic_may_write(uint32_t number);

/*
 * A new processor of 32 or 64 bits. Result: NULL and a line in `error` (at least 128 bytes)
 * where Unicorn is missing something. Close it with emu_close(), which takes NULL.
 */
struct emu *emu_open(unsigned int width, char *error, size_t error_size);
void emu_close(struct emu *emu);

/*
 * Maps `size` bytes (1 to ROMFILE_MAX) of code at any linear address outside
 * EMU_RAM, in place of the code mapped before. Neighbouring bytes of the same
 * pages are INT3. Result: 0, or -1 where the address cannot be mapped.
 */
int emu_load(struct emu *emu, uint64_t address, const void *code, size_t size);

/*
 * 64 bit: the pages at EMU_STATE have a second place, pages at `address`, in place of those before;
 * 0 = none. Paging has to map it one to one, too. Result: 0, or -1 where nothing can be mapped.
 */
int emu_map_state(struct emu *emu, uint64_t address);

/* Writes to `port` are no longer noted: what a trace build logs is no effect. 0 = none. */
void emu_ignore_port(struct emu *emu, uint16_t port);

/* The EMU_RAM_SIZE bytes at EMU_RAM. */
uint8_t *emu_ram(struct emu *emu);

/* The width that it was opened with. */
unsigned int emu_width(const struct emu *emu);

/* Fills `ram` with the tables, page tables, landing page; scratch and stack are 0. */
void emu_ram_template(unsigned int width, uint8_t ram[EMU_RAM_SIZE]);

/* A plain start: flat segments, paging off, ESP in the middle of the stack, registers 0, no devices. */
void emu_start_plain(unsigned int width, struct emu_start *start);

/*
 * Runs from *start until one of enum emu_end, at most `limit` instructions.
 * The state in *result is complete whatever the end was.
 */
void emu_run(struct emu *emu, const struct emu_start *start, uint32_t limit,
	     struct emu_result *result);
/* Goes on where *result ended with EMU_HALTED, as after an interrupt; adds to *result. */
void emu_resume(struct emu *emu, uint32_t limit, struct emu_result *result);

/* The emulated value of 1 at [esp + offset] etc.: little-endian words in a RAM image. */
uint32_t emu_peek32(const uint8_t *ram, uint32_t address);
void emu_poke32(uint8_t *ram, uint32_t address, uint32_t value);
/* The same of a word of `width` bits. */
uint64_t emu_peek(const uint8_t *ram, unsigned int width, uint64_t address);
void emu_poke(uint8_t *ram, unsigned int width, uint64_t address, uint64_t value);

#endif
