/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random inputs, biased towards what means something to each call: mostly good
 * pointers and plausible register values, sometimes ones that must fault.
 */
#include <string.h>

#include "emu/inputs.h"

/* L0 to G3 and GD. Unicorn 2.0.1 crashes when a breakpoint is armed; guest tests arm them. */
#define DR7_UNSAFE 0x20FFu
#define EFER_SCE_NXE (EMU_EFER_SCE | EMU_EFER_NXE) /* of EFER only what exists without long mode */

uint32_t lane_random_flags(struct emu_random *r)
{
	uint32_t flags = 2 | some_bits(r, EMU_FLAGS_ARITHMETIC | EMU_FLAG_IF | FLAGS_ID);

	if (random_once_in(r, 4))
		flags |= some_bits(r, FLAGS_IOPL | FLAGS_AC);
	if (random_once_in(r, 8))
		flags |= FLAGS_NT;
	return flags;
}

static uint32_t value32(struct emu_random *r)
{
	static const uint32_t edges[] = { 0, 1, 2, 3, 7, 0x7F, 0xFF, 0x100, 0xFFFF, 0x10000,
					  0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF };

	return random_once_in(r, 4) ? PICK(r, edges) : random32(r);
}

uint64_t lane_value(unsigned int width, struct emu_random *r)
{
	static const uint64_t edges[] = {
		0x100000000, 0x7FFFFFFFFFFF, 0x800000000000, 0xFFFF7FFFFFFFFFFF, 0xFFFF800000000000,
		0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, 0x100000000000000, 0x7FFFFFFFFFFFFFFF,
		0x8000000000000000, 0xFFFFFFFFFFFFF000, 0xFFFFFFFFFFFFFFFF,
	};

	if (width != 64)
		return value32(r);
	switch (random_below(r, 4)) {
	case 0: return PICK(r, edges);
	case 1: return value32(r);
	default: return random64(r);
	}
}

/* An address that is mapped nowhere, whatever small offset is added. */
static uint32_t unmapped(struct emu_random *r)
{
	return 0x20000000u + some_bits(r, 0x0FFFFFFF);
}

/* An address with room for `room` bytes, or one that must fault. */
static uint32_t pointer32(struct emu_random *r, uint32_t room)
{
	uint32_t offset = random_below(r, 0x2000 - room);

	if (!random_once_in(r, 4))
		offset &= ~7u;
	switch (random_below(r, 16)) {
	case 0: return EMU_HOLE + offset;
	case 1: return EMU_READ_ONLY + EMU_SCRATCH + offset;
	case 2: return some_bits(r, 3);
	case 3: return unmapped(r);
	default: return EMU_SCRATCH + offset;
	}
}

/* The same; of 64 bit also one of the upper half, or of neither. */
uint64_t lane_pointer(unsigned int width, struct emu_random *r, uint32_t room)
{
	if (width == 64 && random_once_in(r, 8))
		return lane_value(width, r);
	return pointer32(r, room);
}

static void paging32(struct emu_setup *s, struct emu_random *r)
{
	s->cr4 = some_bits(r, CR4_DE | CR4_MCE | EMU_CR4_PGE | CR4_OSFXSR | CR4_TSD | CR4_PCE);
	s->cr0 = EMU_CR0_PE | EMU_CR0_ET | some_bits(r, CR0_MP | CR0_TS | CR0_NE | CR0_WP | CR0_AM);
	if (random_once_in(r, 3)) {
		s->cr3 = EMU_PDPT;
		s->cr4 |= EMU_CR4_PAE;
	} else {
		s->cr3 = EMU_PD;
		s->cr4 |= EMU_CR4_PSE;
	}
	if (random_once_in(r, 2))
		s->cr0 |= EMU_CR0_PG;
	else if (random_once_in(r, 4))
		s->cr3 = random32(r); /* nobody reads it while paging is off */
}

static void system_registers(unsigned int width, struct emu_start *start, bool segments_any,
			     struct emu_random *r)
{
	static const uint32_t flat[] = { EMU_SEL_DATA0, EMU_SEL_DATA3 };
	struct emu_setup *s = &start->setup;

	if (width == 64)
		lane_paging64(s, r);
	else
		paging32(s, r);
	s->cr2 = lane_value(width, r);
	s->dr0 = lane_value(width, r);
	s->dr1 = lane_value(width, r);
	s->dr2 = lane_value(width, r);
	s->dr3 = lane_value(width, r);
	s->dr6 = some_bits(r, 0xE00F);
	s->dr7 = 0x400 | some_bits(r, 0xFFFF0300);
	s->idtr.base = lane_value(width, r);
	s->idtr.limit = (uint16_t)random32(r);
	s->ldtr = random_once_in(r, 8) ? 0 : EMU_SEL_LDT;
	s->sysenter_cs = random_once_in(r, 8) ? 0 : EMU_SEL_CODE0;
	s->sysenter_esp = lane_value(width, r);
	s->sysenter_eip = lane_value(width, r);
	s->ds = segments_any ? EMU_SEL_POISON : PICK(r, flat);
	s->es = segments_any ? EMU_SEL_POISON : PICK(r, flat);
	if (width == 64)
		lane_registers64(s, r);
	start->eflags = lane_random_flags(r);
}

static uint32_t selector(struct emu_random *r)
{
	static const uint32_t good[] = { 0, EMU_SEL_LDT, EMU_SEL_LDT2, EMU_SEL_TSS2 };
	static const uint32_t bad[] = { EMU_SEL_TSS, EMU_SEL_CODE0, EMU_SEL_DATA0, EMU_SEL_GATE, 3,
					EMU_GDT_SIZE, 0xFFF8, EMU_SEL_LDT_CODE3 };

	uint32_t s = random_once_in(r, 4) ? PICK(r, bad) : PICK(r, good);
	return s | some_bits(r, 0xFFFF0000); /* only 16 bits count */
}

static uint32_t msr(unsigned int width, struct emu_random *r)
{
	static const uint32_t wide[] = { 0xC0000081, 0xC0000082, 0xC0000083, 0xC0000084, 0xC0000100,
					 0xC0000101, 0xC0000102 };
	static const uint32_t numbers[] = {
		0x174, 0x175, 0x176, 0x277, 0xC0000080, 0x12345678, 0x8B,
	};

	if (width == 64 && random_once_in(r, 2))
		return PICK(r, wide);
	return PICK(r, numbers);
}

static uint32_t leaf(struct emu_random *r)
{
	static const uint32_t bases[] = { 0, 0x40000000, 0x80000000, 0xC0000000 };

	return PICK(r, bases) + (random_once_in(r, 8) ? random32(r) : random_below(r, 0x20));
}

static uint64_t cr3(unsigned int width, struct emu_random *r)
{
	if (width == 64)
		return random_once_in(r, 4) ? random64(r) : EMU_PML4 | some_bits(r, 0x18);

	static const uint32_t sane[] = { EMU_PD, EMU_PDPT, EMU_PD | 0x18 };

	return random_once_in(r, 4) ? random32(r) : PICK(r, sane);
}

uint64_t *lane_argument(struct lane_case *c, unsigned int number)
{
	return &c->start.gpr[c->abi->places[c->call->number].args[number].reg];
}

uint64_t lane_argument_value(const struct lane_case *c, unsigned int number)
{
	const struct vmi_call_places *places = &c->abi->places[c->call->number];
	const struct vmi_place_info *arg = &places->args[number];

	if (number >= places->arg_count || (arg->reg < 0 && arg->stack < 0))
		return 0;
	uint64_t all = arg->reg >= 0 ? c->start.gpr[arg->reg] :
		       emu_peek(c->ram, c->abi->width, c->start.gpr[EMU_ESP] + (unsigned int)arg->stack);
	return strcmp(arg->type, "u64") && strcmp(arg->type, "ptr") ? (uint32_t)all : all;
}

/* Of an argument that is narrower than its register the rest is anything. */
static void fill_upper(struct lane_case *c, struct emu_random *r)
{
	const struct vmi_call_places *places = &c->abi->places[c->call->number];

	for (unsigned int i = 0; i < places->arg_count; i++)
		if (places->args[i].reg >= 0 && !strcmp(places->args[i].type, "u32") &&
		    random_once_in(r, 2))
			*lane_argument(c, i) |= random64(r) << 32;
}

/* The arguments of one call; `stack` is where its stack arguments begin. */
static void arguments(struct lane_case *c, uint64_t stack, struct emu_random *r)
{
	const unsigned int width = c->abi->width;
	uint64_t *g = c->start.gpr;
	struct emu_setup *s = &c->start.setup;

	switch (c->call->number) {
	case VMI_CALL_Reboot:
		*lane_argument(c, 0) = random_once_in(r, 2) ? 0 : lane_value(width, r);
		break;
	case VMI_CALL_CPUID:
		*lane_argument(c, 0) = leaf(r);
		*lane_argument(c, 1) = random_below(r, 8);
		break;
	case VMI_CALL_WRMSR:
		*lane_argument(c, 1) = msr(width, r);
		if (*lane_argument(c, 1) == 0xC0000080) {
			*lane_argument(c, 0) &= EFER_SCE_NXE;
			if (width == 64) /* as it must be in long mode */
				*lane_argument(c, 0) |= EMU_EFER_LME;
			else
				g[EMU_EDX] = 0;
		}
		break;
	case VMI_CALL_RDMSR:
		*lane_argument(c, 0) = msr(width, r);
		break;
	case VMI_CALL_SetGDT:
	case VMI_CALL_SetIDT:
	case VMI_CALL_GetGDT:
	case VMI_CALL_GetIDT:
		*lane_argument(c, 0) = lane_pointer(width, r, 2 + width / 8);
		break;
	case VMI_CALL_SetLDT:
	case VMI_CALL_SetTR:
		*lane_argument(c, 0) = selector(r);
		break;
	case VMI_CALL_WriteGDTEntry:
	case VMI_CALL_WriteLDTEntry:
	case VMI_CALL_WriteIDTEntry:
		*lane_argument(c, 1) = random_below(r, 128);
		*lane_argument(c, 0) = lane_pointer(width, r, 128 * (width == 64 ? 16 : 8));
		if (random_once_in(r, 8))
			*lane_argument(c, 1) |= 0x20000000; /* times 8 it is lost in 32 bit */
		break;
	case VMI_CALL_SetCR0:
		*lane_argument(c, 0) = s->cr0 ^ some_bits(r, CR0_TS | CR0_WP | CR0_AM | CR0_MP);
		if (width == 64) /* without PE and PG there is no long mode */
			*lane_argument(c, 0) |= s->cr0 & EMU_CR0_PG;
		else if (random_once_in(r, 4))
			g[EMU_EAX] ^= EMU_CR0_PG;
		else if (random_once_in(r, 8))
			g[EMU_EAX] = random32(r);
		break;
	case VMI_CALL_SetCR3:
		*lane_argument(c, 0) = cr3(width, r);
		break;
	case VMI_CALL_SetCR4:
		*lane_argument(c, 0) = s->cr4 ^ some_bits(r, CR4_DE | CR4_MCE | EMU_CR4_PGE | CR4_TSD);
		if (width != 64 && random_once_in(r, 8))
			g[EMU_EAX] = random32(r);
		break;
	case VMI_CALL_SetDR:
		*lane_argument(c, 0) = random_once_in(r, 8) ? random32(r) : random_below(r, 10);
		if (*lane_argument(c, 0) == 7)
			*lane_argument(c, 1) &= ~(uint64_t)DR7_UNSAFE;
		break;
	case VMI_CALL_GetDR:
		*lane_argument(c, 0) = random_once_in(r, 8) ? random32(r) : random_below(r, 10);
		break;
	case VMI_CALL_SetInterruptMask:
		*lane_argument(c, 0) = lane_random_flags(r);
		break;
	case VMI_CALL_IRET:
		lane_make_frame(c, stack, r);
		break;
	case VMI_CALL_SYSEXIT:
		g[EMU_EDX] = random_once_in(r, 8) ? unmapped(r) :
						     EMU_LANDING + random_below(r, 0x1000);
		break;
	case VMI_CALL_SetPxE:
		*lane_argument(c, 1) = lane_pointer(width, r, 4);
		break;
	case VMI_CALL_SetPxELong:
		*lane_argument(c, 1) = lane_pointer(width, r, 8);
		if (width != 64)
			emu_poke32(c->ram, (uint32_t)stack, random_below(r, 0x40));
		break;
	case VMI_CALL_UpdatePxE:
	case VMI_CALL_UpdatePxELong:
		*lane_argument(c, 0) = lane_pointer(width, r, 8);
		break;
	case VMI_CALL_FlushTLB:
		*lane_argument(c, 0) = random_once_in(r, 8) ? random32(r) : random_below(r, 4);
		break;
	case VMI_CALL_SetIOPLMask:
		*lane_argument(c, 0) = random_once_in(r, 4) ? random32(r) : some_bits(r, FLAGS_IOPL);
		break;
	case VMI_CALL_SetLazyMode:
		*lane_argument(c, 0) = random_once_in(r, 8) ? random32(r) : random_below(r, 3);
		break;
	}
}

/* Thousands of words for each case: copies of a size that the compiler knows. */
static void fill(unsigned int width, uint8_t *ram, uint32_t at, uint32_t end, struct emu_random *r)
{
	uint8_t *word = ram + (at - EMU_RAM), *last = ram + (end - EMU_RAM);

	if (width == 64)
		for (uint64_t value; word < last; word += sizeof(value)) {
			value = random64(r);
			memcpy(word, &value, sizeof(value));
		}
	else
		for (uint32_t value; word < last; word += sizeof(value)) {
			value = random32(r);
			memcpy(word, &value, sizeof(value));
		}
}

void lane_make_case(struct lane_case *c, const struct lane_abi *abi, unsigned int number, bool jump,
		    struct emu_random *r)
{
	const struct vmi_call_info *call = &abi->call[number];
	const unsigned int width = abi->width;

	c->abi = abi;
	c->call = call;
	c->bad_target = false;
	c->jump = jump;
	c->user_frame = false;
	c->flat_pair = true;
	emu_ram_template(width, c->ram);
	fill(width, c->ram, EMU_SCRATCH, EMU_LANDING, r);
	fill(width, c->ram, EMU_STACK, EMU_STACK_END, r);

	emu_start_plain(width, &c->start);
	/* Who may change nothing but flags is called where DS and ES are not set up yet. */
	bool any = abi->groups[call->group].segments_any || call->clobber == VMI_REG_FLAGS;

	system_registers(width, &c->start, any, r);
	for (unsigned int i = 0; i < emu_gprs(width); i++)
		c->start.gpr[i] = lane_value(width, r);
	/* Room below for the callee, above for arguments and the caller's frame. */
	uint32_t esp = EMU_STACK + 0x400 + (random_below(r, 0x2800) & ~3u);

	if (width == 64 && !random_once_in(r, 8))
		esp &= ~7u; /* no alignment is promised */
	c->start.gpr[EMU_ESP] = esp;
	c->dead = esp;
	if (!jump) {
		emu_poke(c->ram, width, esp, EMU_LANDING + (random_below(r, 0x1000) & ~3u));
		c->dead = esp + width / 8;
	}
	arguments(c, c->dead, r);
	lane_arguments_3_2(c, r);
	if (width == 64) {
		lane_arguments64(c, r);
		fill_upper(c, r);
	}
	c->native = c->start;
	if (call->noreturn && !jump)
		c->native.gpr[EMU_ESP] += width / 8; /* the entry has to drop the return address */
	/* NT is cleared on returns to user mode; natively IRET would fault on it. */
	if (c->user_frame)
		c->native.eflags &= ~(uint64_t)FLAGS_NT;
}
