/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random inputs, biased towards what means something to each call: mostly good
 * pointers and plausible register values, sometimes ones that must fault.
 */
#include <string.h>

#include "emu/lane_internal.h"

#define CR0_MP 0x2u
#define CR0_TS 0x8u
#define CR0_NE 0x20u
#define CR0_WP 0x10000u
#define CR0_AM 0x40000u
#define CR4_DE 0x8u
#define CR4_TSD 0x4u
#define CR4_MCE 0x40u
#define CR4_PCE 0x100u
#define CR4_OSFXSR 0x200u
#define FLAGS_ID 0x200000u
#define FLAGS_AC 0x40000u
#define FLAGS_NT 0x4000u
#define FLAGS_IOPL 0x3000u
/* L0 to G3 and GD. Unicorn 2.0.1 crashes when a breakpoint is armed; guest tests arm them. */
#define DR7_UNSAFE 0x20FFu
#define EFER_SCE_NXE 0x801u /* of EFER only what exists without long mode */

#define PICK(r, list) ((list)[random_below((r), sizeof(list) / sizeof((list)[0]))])

static uint32_t some_bits(struct emu_random *r, uint32_t mask)
{
	return random32(r) & mask;
}

uint32_t lane_random_flags(struct emu_random *r)
{
	uint32_t flags = 2 | some_bits(r, EMU_FLAGS_ARITHMETIC | EMU_FLAG_IF | FLAGS_ID);

	if (random_once_in(r, 4))
		flags |= some_bits(r, FLAGS_IOPL | FLAGS_AC);
	if (random_once_in(r, 8))
		flags |= FLAGS_NT;
	return flags;
}

static uint32_t value(struct emu_random *r)
{
	static const uint32_t edges[] = { 0, 1, 2, 3, 7, 0x7F, 0xFF, 0x100, 0xFFFF, 0x10000,
					  0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF };

	return random_once_in(r, 4) ? PICK(r, edges) : random32(r);
}

/* An address that is mapped nowhere, whatever small offset is added. */
static uint32_t unmapped(struct emu_random *r)
{
	return 0x20000000u + some_bits(r, 0x0FFFFFFF);
}

/* An address with room for `room` bytes, or one that must fault. */
static uint32_t pointer(struct emu_random *r, uint32_t room)
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

static void paging(struct emu_setup *s, struct emu_random *r)
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

static void system_registers(struct emu_start *start, bool segments_any, struct emu_random *r)
{
	static const uint32_t flat[] = { EMU_SEL_DATA0, EMU_SEL_DATA3 };
	struct emu_setup *s = &start->setup;

	paging(s, r);
	s->cr2 = value(r);
	s->dr0 = value(r);
	s->dr1 = value(r);
	s->dr2 = value(r);
	s->dr3 = value(r);
	s->dr6 = some_bits(r, 0xE00F);
	s->dr7 = 0x400 | some_bits(r, 0xFFFF0300);
	s->idtr.base = value(r);
	s->idtr.limit = (uint16_t)random32(r);
	s->ldtr = random_once_in(r, 8) ? 0 : EMU_SEL_LDT;
	s->sysenter_cs = random_once_in(r, 8) ? 0 : EMU_SEL_CODE0;
	s->sysenter_esp = value(r);
	s->sysenter_eip = value(r);
	s->ds = segments_any ? EMU_SEL_POISON : PICK(r, flat);
	s->es = segments_any ? EMU_SEL_POISON : PICK(r, flat);
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

static uint32_t msr(struct emu_random *r)
{
	static const uint32_t numbers[] = {
		0x174, 0x175, 0x176, 0x277, 0xC0000080, 0x12345678, 0x8B,
	};

	return PICK(r, numbers);
}

static uint32_t leaf(struct emu_random *r)
{
	static const uint32_t bases[] = { 0, 0x40000000, 0x80000000, 0xC0000000 };

	return PICK(r, bases) + (random_once_in(r, 8) ? random32(r) : random_below(r, 0x20));
}

static uint32_t cr3(struct emu_random *r)
{
	static const uint32_t sane[] = { EMU_PD, EMU_PDPT, EMU_PD | 0x18 };

	return random_once_in(r, 4) ? random32(r) : PICK(r, sane);
}

/* The arguments of one call; `stack` is where its stack arguments begin. */
static void arguments(struct lane_case *c, uint32_t stack, struct emu_random *r)
{
	uint32_t *g = c->start.gpr;
	struct emu_setup *s = &c->start.setup;

	switch (c->call->number) {
	case VMI_CALL_Reboot:
		g[EMU_EAX] = random_once_in(r, 2) ? 0 : value(r);
		break;
	case VMI_CALL_CPUID:
		g[EMU_EAX] = leaf(r);
		g[EMU_ECX] = random_below(r, 8);
		break;
	case VMI_CALL_WRMSR:
	case VMI_CALL_RDMSR:
		g[EMU_ECX] = msr(r);
		if (g[EMU_ECX] == 0xC0000080) {
			g[EMU_EAX] &= EFER_SCE_NXE;
			g[EMU_EDX] = 0;
		}
		break;
	case VMI_CALL_SetGDT:
	case VMI_CALL_SetIDT:
	case VMI_CALL_GetGDT:
	case VMI_CALL_GetIDT:
		g[EMU_EAX] = pointer(r, sizeof(struct vmi_descriptor_pointer));
		break;
	case VMI_CALL_SetLDT:
	case VMI_CALL_SetTR:
		g[EMU_EAX] = selector(r);
		break;
	case VMI_CALL_WriteGDTEntry:
	case VMI_CALL_WriteLDTEntry:
	case VMI_CALL_WriteIDTEntry:
		g[EMU_EDX] = random_below(r, 128);
		g[EMU_EAX] = pointer(r, 128 * 8);
		if (random_once_in(r, 8))
			g[EMU_EDX] |= 0x20000000; /* times 8 it is lost */
		break;
	case VMI_CALL_SetCR0:
		g[EMU_EAX] = s->cr0 ^ some_bits(r, CR0_TS | CR0_WP | CR0_AM | CR0_MP);
		if (random_once_in(r, 4))
			g[EMU_EAX] ^= EMU_CR0_PG;
		else if (random_once_in(r, 8))
			g[EMU_EAX] = random32(r);
		break;
	case VMI_CALL_SetCR3:
		g[EMU_EAX] = cr3(r);
		break;
	case VMI_CALL_SetCR4:
		g[EMU_EAX] = s->cr4 ^ some_bits(r, CR4_DE | CR4_MCE | EMU_CR4_PGE | CR4_TSD);
		if (random_once_in(r, 8))
			g[EMU_EAX] = random32(r);
		break;
	case VMI_CALL_SetDR:
		g[EMU_EAX] = random_once_in(r, 8) ? random32(r) : random_below(r, 10);
		if (g[EMU_EAX] == 7)
			g[EMU_EDX] &= ~DR7_UNSAFE;
		break;
	case VMI_CALL_GetDR:
		g[EMU_EAX] = random_once_in(r, 8) ? random32(r) : random_below(r, 10);
		break;
	case VMI_CALL_SetInterruptMask:
		g[EMU_EAX] = lane_random_flags(r);
		break;
	case VMI_CALL_IRET:
		lane_make_frame(c, stack, r);
		break;
	case VMI_CALL_SYSEXIT:
		g[EMU_EDX] = random_once_in(r, 8) ? unmapped(r) :
						     EMU_LANDING + random_below(r, 0x1000);
		break;
	case VMI_CALL_SetPxE:
		g[EMU_EDX] = pointer(r, 4);
		break;
	case VMI_CALL_SetPxELong:
		g[EMU_ECX] = pointer(r, 8);
		emu_poke32(c->ram, stack, random_below(r, 0x40));
		break;
	case VMI_CALL_UpdatePxE:
	case VMI_CALL_UpdatePxELong:
		g[EMU_EAX] = pointer(r, 8);
		break;
	case VMI_CALL_FlushTLB:
		g[EMU_EAX] = random_once_in(r, 8) ? random32(r) : random_below(r, 4);
		break;
	case VMI_CALL_SetIOPLMask:
		g[EMU_EAX] = random_once_in(r, 4) ? random32(r) : some_bits(r, FLAGS_IOPL);
		break;
	case VMI_CALL_SetLazyMode:
		g[EMU_EAX] = random_once_in(r, 8) ? random32(r) : random_below(r, 3);
		break;
	}
}

void lane_make_case(struct lane_case *c, const struct vmi_call_info *call, bool jump,
		    struct emu_random *r)
{
	c->call = call;
	c->jump = jump;
	c->user_frame = false;
	c->flat_pair = true;
	emu_ram_template(c->ram);
	for (uint32_t at = EMU_SCRATCH; at < EMU_STACK_END; at += 4)
		if (at < EMU_LANDING || at >= EMU_STACK)
			emu_poke32(c->ram, at, random32(r));

	emu_start_plain(&c->start);
	/* Who may change nothing but flags is called where DS and ES are not set up yet. */
	bool any = vmi_groups[call->group].segments_any || call->clobber == VMI_REG_FLAGS;

	system_registers(&c->start, any, r);
	for (unsigned int i = 0; i < EMU_GPRS; i++)
		c->start.gpr[i] = value(r);
	/* Room below for the callee, above for arguments and the caller's frame. */
	uint32_t esp = EMU_STACK + 0x400 + (random_below(r, 0x2800) & ~3u);

	c->start.gpr[EMU_ESP] = esp;
	c->dead = esp;
	if (!jump) {
		emu_poke32(c->ram, esp, EMU_LANDING + (random_below(r, 0x1000) & ~3u));
		c->dead = esp + 4;
	}
	arguments(c, c->jump ? esp : esp + 4, r);
	c->native = c->start;
	if (call->noreturn && !jump)
		c->native.gpr[EMU_ESP] += 4; /* the entry has to drop the return address */
	/* NT is cleared on returns to user mode; natively IRET would fault on it. */
	if (c->user_frame)
		c->native.eflags &= ~FLAGS_NT;
}
