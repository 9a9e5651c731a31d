/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands in the emulated processor's memory before a call. */
#include <string.h>

#include "emu/emu.h"

extern const uint8_t emu_setup_code32[], emu_setup_end32[];
extern const uint8_t emu_setup_code64[], emu_setup_end64[];

#define PTE_PRESENT  0x01u
#define PTE_WRITE    0x02u
#define PTE_USER     0x04u
#define PTE_ACCESSED 0x20u
#define PTE_DIRTY    0x40u
#define PTE_LARGE    0x80u
/* Accessed and dirty from the start: a walk then changes nothing that is compared. */
#define PTE_TABLE (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED)
#define PTE_FLAT (PTE_TABLE | PTE_DIRTY | PTE_LARGE)
#define GIGABYTE_BITS 30
#define LARGE_BITS 22 /* a page of 4 MiB; with PAE it is two of 2 MiB */
#define HLT 0xF4
#define TSS_SIZE 0x68

uint32_t emu_peek32(const uint8_t *ram, uint32_t address)
{
	uint32_t value;

	memcpy(&value, ram + (address - EMU_RAM), sizeof(value));
	return value;
}

void emu_poke32(uint8_t *ram, uint32_t address, uint32_t value)
{
	memcpy(ram + (address - EMU_RAM), &value, sizeof(value));
}

uint64_t emu_peek(const uint8_t *ram, unsigned int width, uint64_t address)
{
	uint64_t value = 0;

	memcpy(&value, ram + (address - EMU_RAM), width / 8);
	return value;
}

void emu_poke(uint8_t *ram, unsigned int width, uint64_t address, uint64_t value)
{
	memcpy(ram + (address - EMU_RAM), &value, width / 8);
}

/* access: present, DPL and type (bits 47-40); flags: G, D/B (bits 55-52). */
static void descriptor(uint8_t *ram, uint32_t at, uint32_t base, uint32_t limit, uint8_t access,
		       uint8_t flags)
{
	emu_poke32(ram, at, (base & 0xFFFF) << 16 | (limit & 0xFFFF));
	emu_poke32(ram, at + 4, (base & 0xFF000000) | (uint32_t)flags << 20 | (limit & 0xF0000) |
			   (uint32_t)access << 8 | (base >> 16 & 0xFF));
}

#define BITS32 0xC
#define BITS64 0xA
static void segments(unsigned int width, uint8_t *ram)
{
	const uint8_t code = width == 64 ? BITS64 : BITS32;
	const struct {
		uint16_t selector;
		uint32_t base, limit;
		uint8_t access, flags;
	} gdt[] = {
		/* The accessed bit is set: loading a selector changes nothing. */
		{ EMU_SEL_CODE0, 0, 0xFFFFF, 0x9B, code },
		{ EMU_SEL_DATA0, 0, 0xFFFFF, 0x93, 0xC },
		{ EMU_SEL_CODE3, 0, 0xFFFFF, 0xFB, 0xC },
		{ EMU_SEL_DATA3, 0, 0xFFFFF, 0xF3, 0xC },
		{ EMU_SEL_CODE3_64, 0, 0xFFFFF, width == 64 ? 0xFB : 0, BITS64 },
		{ EMU_SEL_POISON, EMU_POISON, 0xFFFFF, 0xF3, 0xC },
		{ EMU_SEL_TSS, EMU_TSS, TSS_SIZE - 1, 0x89, 0 },
		{ EMU_SEL_LDT, EMU_LDT, EMU_LDT_SIZE - 1, 0x82, 0 },
		{ EMU_SEL_TSS2, EMU_TSS2, TSS_SIZE - 1, 0x89, 0 },
		{ EMU_SEL_LDT2, EMU_LDT, 7, 0x82, 0 },
		{ EMU_SEL_DATA3_16, 0, 0xFFFF, 0xF3, 0 },
		{ EMU_SEL_CODE3_ABSENT, 0, 0xFFFFF, 0x7B, 0xC },
		{ EMU_SEL_DATA3_ABSENT, 0, 0xFFFFF, 0x73, 0xC },
		{ EMU_SEL_DATA3_RO, 0, 0xFFFFF, 0xF1, 0xC },
		{ EMU_SEL_GATE, 0, 0, 0xEC, 0 },
		{ EMU_SEL_CONFORMING, 0, 0xFFFFF, 0x9F, 0xC },
		{ EMU_SEL_CODE3_BOTH, 0, 0xFFFFF, width == 64 ? 0xFB : 0, BITS64 | BITS32 },
		{ EMU_SEL_CODE3_SHORT, 0, 0xFFF, 0xFB, 4 }, /* ends before EMU_LANDING */
		{ EMU_SEL_CONFORMING3, 0, 0xFFFFF, 0xFF, 0xC },
		{ EMU_SEL_DATA1, 0, 0xFFFFF, 0xB3, 0xC },
	};

	for (size_t i = 0; i < sizeof(gdt) / sizeof(gdt[0]); i++)
		descriptor(ram, EMU_GDT + (gdt[i].selector & ~7u), gdt[i].base, gdt[i].limit,
			   gdt[i].access, gdt[i].flags);
	descriptor(ram, EMU_LDT + (EMU_SEL_LDT_CODE3 & ~7u), 0, 0xFFFFF, 0xFB, code);
	descriptor(ram, EMU_LDT + (EMU_SEL_LDT_DATA3 & ~7u), 0, 0xFFFFF, 0xF3, 0xC);
	for (uint32_t tss = EMU_TSS; tss <= EMU_TSS2; tss += EMU_TSS2 - EMU_TSS) {
		emu_poke32(ram, tss + 4, EMU_STACK_END); /* esp0 */
		emu_poke32(ram, tss + 8, EMU_SEL_DATA0); /* ss0 */
		emu_poke32(ram, tss + 0x64, TSS_SIZE << 16); /* no I/O map */
	}
}

/* One to one. */
static uint32_t flat_entry(uint32_t address)
{
	uint32_t page = address >> LARGE_BITS;

	if (page == EMU_HOLE >> LARGE_BITS)
		return 0;
	if (page == EMU_READ_ONLY >> LARGE_BITS)
		return address | (PTE_FLAT & ~PTE_WRITE);
	return address | PTE_FLAT;
}

static void page_tables64(uint8_t *ram)
{
	emu_poke(ram, 64, EMU_PML4, EMU_PDPT | PTE_TABLE);
	for (uint64_t i = 0; i < 512; i++)
		emu_poke(ram, 64, EMU_PDPT + 8 * i, i < 4 ? (EMU_PAE_PDS + 0x1000 * i) | PTE_TABLE :
							    i << GIGABYTE_BITS | PTE_FLAT);
}

static void page_tables32(uint8_t *ram)
{
	for (uint32_t i = 0; i < 1024; i++)
		emu_poke32(ram, EMU_PD + 4 * i, flat_entry(i << LARGE_BITS));
	for (uint32_t i = 0; i < 4; i++)
		emu_poke32(ram, EMU_PDPT + 8 * i, (EMU_PAE_PDS + 0x1000 * i) | PTE_PRESENT);
}

static void page_tables(unsigned int width, uint8_t *ram)
{
	if (width == 64)
		page_tables64(ram);
	else
		page_tables32(ram);
	for (uint32_t i = 0; i < 2048; i++)
		emu_poke32(ram, EMU_PAE_PDS + 8 * i, flat_entry(i << (LARGE_BITS - 1)));
}

static void make_template(unsigned int width, uint8_t *ram)
{
	const uint8_t *setup = width == 64 ? emu_setup_code64 : emu_setup_code32;
	const uint8_t *end = width == 64 ? emu_setup_end64 : emu_setup_end32;

	segments(width, ram);
	page_tables(width, ram);
	memset(ram + (EMU_LANDING - EMU_RAM), HLT, 0x1000);
	memcpy(ram + (EMU_SETUP - EMU_RAM), setup, (size_t)(end - setup));
}

void emu_ram_template(unsigned int width, uint8_t ram[EMU_RAM_SIZE])
{
	static uint8_t made[2][EMU_RAM_SIZE]; /* thousands of calls begin with the same */
	static bool ready[2];
	unsigned int which = width == 64;

	if (!ready[which])
		make_template(width, made[which]);
	ready[which] = true;
	memcpy(ram, made[which], EMU_RAM_SIZE);
}

void emu_start_plain(unsigned int width, struct emu_start *start)
{
	*start = (struct emu_start){
		.port_reads = 0xFFFFFFFF,
		.setup = {
			.flat_cr3 = EMU_PD,
			.gdtr = { EMU_GDT_SIZE - 1, EMU_GDT, { 0 } },
			.idtr = { 0x7FF, EMU_SCRATCH, { 0 } },
			.ldtr = EMU_SEL_LDT, .tr = EMU_SEL_TSS,
			.sysenter_cs = EMU_SEL_CODE0, .sysenter_esp = EMU_STACK_END,
			.sysenter_eip = EMU_LANDING,
			.dr7 = 0x400,
			.fs = EMU_SEL_POISON, .gs = EMU_SEL_POISON,
			.es = EMU_SEL_DATA0, .ds = EMU_SEL_DATA0,
			.cr3 = EMU_PD, .cr4 = EMU_CR4_PSE, .cr0 = EMU_CR0_PE | EMU_CR0_ET,
		},
		.eflags = 2,
	};
	if (width == 64) {
		start->setup.cr4 = EMU_CR4_PAE;
		start->setup.efer = EMU_EFER_LME | EMU_EFER_SCE;
		start->setup.gs_base = EMU_POISON;
	}
	start->gpr[EMU_ESP] = (EMU_STACK + EMU_STACK_END) / 2;
}
