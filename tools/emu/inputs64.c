/* SPDX-License-Identifier: GPL-2.0-only */
/* Random inputs that 64 bit alone has: long mode's registers and calls. */
#include "emu/inputs.h"
#include "vmi64_abi.h"

void lane_paging64(struct emu_setup *s, struct emu_random *r)
{
	s->cr4 = EMU_CR4_PAE |
		 some_bits(r, CR4_DE | CR4_MCE | EMU_CR4_PGE | CR4_OSFXSR | CR4_TSD | CR4_PCE);
	s->cr0 = EMU_CR0_PE | EMU_CR0_ET | some_bits(r, CR0_MP | CR0_TS | CR0_NE | CR0_WP | CR0_AM);
	s->cr3 = EMU_PML4;
	if (!random_once_in(r, 4))
		s->cr0 |= EMU_CR0_PG; /* the lane takes it back where nothing maps the image */
}

void lane_registers64(struct emu_setup *s, struct emu_random *r)
{
	static const uint32_t data[] = { 0, EMU_SEL_DATA0, EMU_SEL_DATA3, EMU_SEL_POISON };

	s->efer = EMU_EFER_LME | (random_once_in(r, 8) ? 0 : EMU_EFER_SCE) | some_bits(r, EMU_EFER_NXE);
	s->star = (uint64_t)EMU_SEL_CODE3 << 48 | (uint64_t)EMU_SEL_CODE0 << 32;
	s->lstar = random64(r);
	s->cstar = random64(r);
	s->fmask = random32(r);
	/* Using either faults, and shows as a segment that was used. */
	s->gs_base = EMU_POISON + some_bits(r, 0x0FFFFFF8);
	s->kernel_gs_base = EMU_POISON + some_bits(r, 0x0FFFFFF8);
	s->ds = PICK(r, data);
	s->es = PICK(r, data);
}

void lane_arguments64(struct lane_case *c, struct emu_random *r)
{
	static const uint32_t gs[] = {
		0, 3, EMU_SEL_DATA3, EMU_SEL_DATA3, EMU_SEL_POISON | 3, EMU_SEL_LDT_DATA3,
		EMU_SEL_CODE3, EMU_SEL_CODE3_64, EMU_SEL_DATA0, EMU_SEL_DATA0 | 3, EMU_SEL_DATA3_ABSENT,
		EMU_SEL_CODE3_ABSENT, EMU_SEL_DATA3_RO, EMU_SEL_TSS, EMU_SEL_GATE | 3,
		EMU_SEL_CONFORMING | 3, EMU_GDT_SIZE | 3, EMU_LDT_SIZE | 7, 0xFFFF,
	};

	static const uint32_t kinds[] = { 0, VMI_MAPPING_APIC, VMI_MAPPING_APIC, VMI_MAPPING_APIC,
					  VMI_MAPPING_COPY + 1, 0xFFFFFFFF };
	static const uint64_t apics[] = { 0, 0, 0, 0x1000, 4, 0x100000000, 0xFEE00000 };
	static const uint64_t lengths[] = { 0, 1, 0xFFF, 0x1000, 0x1000, 0x1000, 0x2000, 0x7FFFFFFFF000,
					    0xFFFFFFFFFFFFF000, 0xFFFFFFFFFFFFFFFF };

	switch (c->call->number) {
	case VMI_CALL_SetMapping: /* of what is not read: that it lies there is the guest's word */
		*lane_argument(c, 0) = PICK(r, kinds);
		*lane_argument(c, 1) = random_once_in(r, 4) ? lane_value(64, r) : PICK(r, apics);
		*lane_argument(c, 2) = lane_value(64, r);
		if (!random_once_in(r, 4))
			*lane_argument(c, 2) &= ~(uint64_t)0xFFF;
		*lane_argument(c, 3) = random_once_in(r, 4) ? lane_value(64, r) : PICK(r, lengths);
		break;
	case VMI_CALL_LoadGSIndex:
		*lane_argument(c, 0) = PICK(r, gs) | some_bits(r, 0xFFFF0000);
		break;
	case VMI_CALL_SYSRET64:
	case VMI_CALL_SYSRET32:
		*lane_argument(c, 0) = EMU_LANDING + random_below(r, 0x1000);
		if (random_once_in(r, 4)) /* not canonical, but for what is dropped */
			*lane_argument(c, 0) |= random64(r) << 47;
		else if (random_once_in(r, 8))
			*lane_argument(c, 0) = lane_value(64, r);
		*lane_argument(c, 1) = lane_random_flags(r) | (random64(r) << 32);
		break;
	}
}
