/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A local APIC in x2APIC mode, for code that runs with start.x2apic, by Intel's table: a
 * register that does not exist, or not for that direction, and a value that must be 0, give
 * #GP. Unicorn itself reads 0 from such an MSR and ignores a write: what is read here goes
 * into EAX and EDX behind the instruction.
 */
#include <string.h>

#include "emu/emu_internal.h"

#define OPCODE_0F 0x0F
#define OPCODE_WRMSR 0x30
#define OPCODE_RDMSR 0x32
#define SIZE 2u
#define MSR_APIC_BASE 0x1Bu
#define APIC_BASE 0xFEE00D00u /* boot processor, x2APIC mode, enabled */
#define MSR_FIRST 0x800u

enum { ID = 0x02, VERSION = 0x03, EOI = 0x0B, SPURIOUS = 0x0F, ESR = 0x28, LVT_FIRST = 0x32,
       LVT_LAST = 0x37 };
#define READ 1
#define WRITE 2

/* What may be done with a register. */
static const uint8_t rights[EMU_X2APIC_REGISTERS] = {
	[ID] = READ, [VERSION] = READ, [0x08] = READ | WRITE, [0x0A] = READ, [EOI] = WRITE,
	[0x0D] = READ, [SPURIOUS] = READ | WRITE, [0x10 ... 0x27] = READ, [ESR] = READ | WRITE,
	[0x30] = READ | WRITE, [LVT_FIRST ... LVT_LAST] = READ | WRITE, [0x38] = READ | WRITE,
	[0x39] = READ, [0x3E] = READ | WRITE, [0x3F] = WRITE,
};

bool emu_x2apic_may_read(uint32_t number)
{
	return number < EMU_X2APIC_REGISTERS && rights[number] & READ;
}

bool emu_x2apic_may_write(uint32_t number)
{
	return number < EMU_X2APIC_REGISTERS && rights[number] & WRITE;
}

void emu_x2apic_reset(struct emu *emu, uint32_t id)
{
	memset(emu->x2apic, 0, sizeof(emu->x2apic));
	emu->x2apic_reads = false;
	emu->x2apic[ID] = id;
	emu->x2apic[VERSION] = 0x50014;
	emu->x2apic[SPURIOUS] = 0xFF;
	for (int i = LVT_FIRST; i <= LVT_LAST; i++)
		emu->x2apic[i] = 0x10000; /* masked */
}

static void note(struct emu *emu, uint32_t number, uint64_t value)
{
	struct emu_result *r = emu->result;

	if (r->msr_writes < EMU_LOG)
		r->msr_write[r->msr_writes] = (struct emu_msr){ number, value };
	r->msr_writes++;
}

static bool write_register(struct emu *emu, uint32_t msr, uint64_t value)
{
	uint32_t number = msr - MSR_FIRST;

	if (!emu_x2apic_may_write(number) || ((number == EOI || number == ESR) && value))
		return false;
	emu->x2apic[number] = value;
	note(emu, msr, value);
	return true;
}

static bool read_register(const struct emu *emu, uint32_t msr, uint64_t *value)
{
	*value = msr == MSR_APIC_BASE ? APIC_BASE : 0;
	if (msr == MSR_APIC_BASE)
		return true;
	if (!emu_x2apic_may_read(msr - MSR_FIRST))
		return false;
	*value = emu->x2apic[msr - MSR_FIRST];
	return true;
}

static void finish_read(struct emu *emu)
{
	uint32_t low = (uint32_t)emu->x2apic_value, high = (uint32_t)(emu->x2apic_value >> 32);

	uc_reg_write(emu->uc, UC_X86_REG_EAX, &low);
	uc_reg_write(emu->uc, UC_X86_REG_EDX, &high);
	emu->x2apic_reads = false;
}

bool emu_x2apic(struct emu *emu, uint64_t address)
{
	const uint8_t *code = emu_host(emu, address, SIZE);
	uint32_t msr = 0, low = 0, high = 0;

	if (emu->x2apic_reads)
		finish_read(emu);
	if (!code || code[0] != OPCODE_0F || (code[1] != OPCODE_WRMSR && code[1] != OPCODE_RDMSR))
		return true;
	uc_reg_read(emu->uc, UC_X86_REG_ECX, &msr);
	if (msr != MSR_APIC_BASE && msr - MSR_FIRST >= EMU_X2APIC_REGISTERS)
		return true;
	if (code[1] == OPCODE_RDMSR) {
		emu->x2apic_reads = read_register(emu, msr, &emu->x2apic_value);
		return emu->x2apic_reads;
	}
	uc_reg_read(emu->uc, UC_X86_REG_EAX, &low);
	uc_reg_read(emu->uc, UC_X86_REG_EDX, &high);
	return write_register(emu, msr, (uint64_t)high << 32 | low);
}
