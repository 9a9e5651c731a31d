// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad input to the calls. Whatever comes, an entry does what its native twin does with
 * the same registers: it faults only where that does, and then at an address in the image
 * by which the fault can be named.
 */
#include "binding.h"
#include "cpu.h"
#include "frames.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "pv_ops.h"
#include "rom_place.h"
#include "test.h"
#include "trap.h"

static void run_probe(void *probe)
{
	probe_run(probe);
}

static bool from_rom(size_t row)
{
	return rom_contains(slot_entry[row]);
}

/* Calls that take a pointer, and in which register. */
static const struct {
	enum slot_id row;
	int reg;
} pointers[] = {
	{ SLOT_set_pte, EDX }, { SLOT_pte_clear, ECX }, { SLOT_load_gdt, EAX },
	{ SLOT_load_idt, EAX }, { SLOT_store_gdt, EAX }, { SLOT_store_idt, EAX },
	{ SLOT_write_gdt_entry, EAX }, { SLOT_write_ldt_entry, EAX }, { SLOT_write_idt_entry, EAX },
};
#define POINTERS (sizeof(pointers) / sizeof(*pointers))

static bool fault_of(uintptr_t target, int reg, uint32_t pointer, struct trap_info *trap)
{
	struct probe p;

	probe_init(&p, target);
	p.in[EAX] = p.in[EDX] = 0;
	p.in[reg] = pointer;
	return trap_guard(run_probe, &p, trap);
}

/* The entry faults as its twin does, at an address that the ROM's own map knows. */
static void check_fault(enum slot_id row, int reg, uint32_t pointer)
{
	const char *name = vmi_calls[binding_slots[row].call].name;
	struct trap_info found, expected;
	char place[ROM_PLACE_SIZE];

	if (!CHECK(fault_of((uintptr_t)binding_slots[row].native, reg, pointer, &expected),
		   "%s(0x%x): the native twin does not fault", name, pointer) ||
	    !CHECK(fault_of(slot_entry[row], reg, pointer, &found), "%s(0x%x) does not fault",
		   name, pointer))
		return;
	CHECK_EQ(name, found.regs.vector, expected.regs.vector);
	CHECK_EQ(name, found.regs.vector, TRAP_PF);
	CHECK_EQ(name, found.cr2 & ~7u, expected.cr2 & ~7u);
	CHECK_EQ(name, found.regs.cs & 3, 0);
	if (!from_rom(row))
		return;
	rom_place(found.regs.ip, place);
	CHECK(starts_with(place, name) && place[strlen(name)] == '+', "%s(0x%x) faults in %s", name,
	      pointer, *place ? place : "code that is not the ROM's");
}

TEST(null_pointers, "bad-input.null-pointers", VMI_CALL_SetPxE, VMI_CALL_SetPxELong,
     VMI_CALL_SetGDT, VMI_CALL_SetIDT, VMI_CALL_GetGDT, VMI_CALL_GetIDT, VMI_CALL_WriteGDTEntry,
     VMI_CALL_WriteLDTEntry, VMI_CALL_WriteIDTEntry)
{
	static const uint32_t addresses[] = { 0, 1, 4, 0xff8, POISON_BASE, POISON_BASE + 0xffd };

	for (unsigned i = 0; i < POINTERS; i++)
		for (unsigned j = 0; j < sizeof(addresses) / sizeof(*addresses); j++)
			check_fault(pointers[i].row, pointers[i].reg, addresses[j]);
}

/* Calls that are told of a pointer but have no work with it do not touch it. */
TEST(untouched, "bad-input.told-of-null", VMI_CALL_UpdatePxE, VMI_CALL_UpdatePxELong)
{
	static const enum slot_id rows[] = { SLOT_pte_update, SLOT_set_pte_atomic };

	for (unsigned i = 0; i < 2; i++) {
		struct trap_info trap = { 0 };

		CHECK(!fault_of(slot_entry[rows[i]], EAX, 0, &trap), "%s(NULL): trap %u",
		      binding_slots[rows[i]].name, trap.regs.vector);
	}
}

static void check_unaligned(enum slot_id row, int reg, unsigned offset, int fill)
{
	static uint8_t bytes[2][24] __attribute__((aligned(8)));
	const uintptr_t targets[2] = { slot_entry[row], (uintptr_t)binding_slots[row].native };

	memset(bytes, fill, sizeof(bytes));
	for (unsigned i = 0; i < 2; i++) {
		struct probe p;

		probe_init(&p, targets[i]);
		p.in[reg] = (uint32_t)&bytes[i][8 + offset];
		probe_run(&p);
	}
	CHECK(!memcmp(bytes[0], bytes[1], sizeof(bytes[0])),
	      "%s at offset %u writes other bytes than its twin", binding_slots[row].name, offset);
}

/* Entries at every odd address: the bytes written are the twin's. */
TEST(unaligned, "bad-input.unaligned-ptes", VMI_CALL_SetPxE, VMI_CALL_SetPxELong)
{
	for (unsigned offset = 0; offset < 8; offset++)
		for (int fill = 0; fill < 256; fill += 255) {
			check_unaligned(SLOT_set_pte, EDX, offset, fill);
			check_unaligned(SLOT_pte_clear, ECX, offset, fill);
		}
}

static const uint32_t wild[] = {
	0, 1, 2, 3, 4, 8, 0xf, 0x10, 0x20, 0x30, 0x40, 0x7f, 0xff, 0xfff, 0x1000, 0xfffff000,
	0x7fffffff, 0x80000000, 0xa5a5a5a5, 0xffffffff,
};

/* Where each call takes flags or numbers that may be anything: a register, or -1 the stack. */
static const struct {
	enum slot_id row;
	int reg, pointer; /* register for a pointer to an entry, -1 = none */
} flagged[] = {
	{ SLOT_set_pte, ECX, EDX }, { SLOT_pte_clear, -1, ECX }, { SLOT_pte_update, EDX, EAX },
	{ SLOT_set_pte_atomic, EDX, EAX }, { SLOT_machine_to_physical, EAX, -1 },
	{ SLOT_physical_to_machine, EAX, -1 }, { SLOT_alloc_pte, EDX, -1 },
	{ SLOT_alloc_pte, EAX, -1 }, { SLOT_alloc_pmd_clone, ECX, -1 },
	{ SLOT_release_pte, EDX, -1 }, { SLOT_release_pte, EAX, -1 }, { SLOT_flush_tlb_single, EAX, -1 },
	{ SLOT_flush_tlb_user, EAX, -1 }, { SLOT_set_linear_mapping, EAX, -1 },
	{ SLOT_set_linear_mapping, EDX, -1 }, { SLOT_set_linear_mapping, ECX, -1 },
	{ SLOT_lazy_enter, EAX, -1 },
};

static bool run_flagged(unsigned which, uintptr_t target, uint32_t value, uint64_t *entry,
			struct probe *p, struct trap_info *trap)
{
	probe_init(p, target);
	p->args[0] = flagged[which].reg < 0 ? value : 0;
	p->args[1] = 0;
	if (flagged[which].reg >= 0)
		p->in[flagged[which].reg] = value;
	if (flagged[which].pointer >= 0)
		p->in[flagged[which].pointer] = (uint32_t)entry;
	return trap_guard(run_probe, p, trap);
}

static void check_wild(unsigned which, uint32_t value)
{
	const struct vmi_slot *slot = &binding_slots[flagged[which].row];
	const struct vmi_call_info *call = &vmi_calls[slot->call];
	uint64_t entries[2][3] = { { 1, 0x1111111122222227, 3 }, { 1, 0x1111111122222227, 3 } };
	uint32_t cr3 = raw_read_cr3(), cr4 = raw_read_cr4();
	struct trap_info trap;
	struct probe p[2];

	run_flagged(which, (uintptr_t)slot->native, value, &entries[1][1], &p[1], &trap);
	if (!CHECK(!run_flagged(which, slot_entry[flagged[which].row], value, &entries[0][1], &p[0],
				&trap),
		   "%s with 0x%x: trap %u at 0x%08lx", slot->name, value, trap.regs.vector,
		   (unsigned long)trap.regs.ip))
		return;
	CHECK(!memcmp(entries[0], entries[1], sizeof(entries[0])),
	      "%s with 0x%x does something else than its twin", slot->name, value);
	const char *lost = probe_lost(&p[0], call->clobber | call->out);

	CHECK(!lost, "%s with 0x%x loses %s", slot->name, value, lost ? lost : "");
	if (call->out)
		CHECK_EQ(slot->name, p[0].out[EAX], p[1].out[EAX]);
	CHECK_EQ("CR3", raw_read_cr3(), cr3);
	CHECK_EQ("CR4", raw_read_cr4(), cr4);
}

TEST(flags, "bad-input.wild-flags", VMI_CALL_SetPxE, VMI_CALL_SetPxELong, VMI_CALL_UpdatePxE,
     VMI_CALL_UpdatePxELong, VMI_CALL_MachineToPhysical, VMI_CALL_PhysicalToMachine,
     VMI_CALL_AllocatePage, VMI_CALL_ReleasePage, VMI_CALL_InvalPage, VMI_CALL_FlushTLB,
     VMI_CALL_SetLinearMapping, VMI_CALL_SetLazyMode)
{
	if (!cpu_has_cr4())
		SKIP("this processor has no CR4, which FlushTLB needs");
	for (unsigned i = 0; i < sizeof(flagged) / sizeof(*flagged); i++)
		for (unsigned j = 0; j < sizeof(wild) / sizeof(*wild); j++)
			check_wild(i, wild[j]);
}

static void use_number(void *number)
{
	pv_cpu_ops.set_debugreg(*(uint32_t *)number, 0xffffffff);
	*(uint32_t *)number = pv_cpu_ops.get_debugreg(*(uint32_t *)number);
}

/* With CR4.DE, numbers 4 and 5 are no aliases: naming them faults. The calls do not. */
TEST(debug_extensions, "bad-input.dr4-with-de", VMI_CALL_SetDR, VMI_CALL_GetDR)
{
	static const uint32_t numbers[] = { 4, 5, 8, 9, 0x80000004, 0xffffffff };
	uint32_t old, dr6 = raw_read_dr6(), dr7 = raw_read_dr7();

	if (!cpu_has_cr4())
		SKIP("this processor has no CR4.DE");
	old = raw_read_cr4();
	raw_write_cr4(old | CR4_DE);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		uint32_t value = numbers[i];
		struct trap_info trap;

		if (CHECK(!trap_guard(use_number, &value, &trap), "debug register %u: trap %u",
			  numbers[i], trap.regs.vector))
			CHECK_EQ("get_debugreg of no register", value, 0);
	}
	raw_write_cr4(old);
	CHECK_EQ("DR6 after those", raw_read_dr6(), dr6);
	CHECK_EQ("DR7 after those", raw_read_dr7(), dr7);
}
