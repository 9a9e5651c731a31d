// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor tables: a table loaded through a slot is the one in use, and an entry
 * written through a slot can be loaded and has the base and limit that were written.
 */
#include "cpu.h"
#include "memory.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

#define READ(slot) ((uint32_t)probe_result((uintptr_t)(slot)))

static uint32_t data[4] = { 0x1badda7a, 0x2badda7a, 0x3badda7a, 0x4badda7a };

static bool same(const struct vmi_descriptor_pointer *a, const struct vmi_descriptor_pointer *b)
{
	return a->limit == b->limit && a->base == b->base;
}

static void load_fs(void *selector)
{
	raw_load_fs(*(uint16_t *)selector);
}

/* Loads FS from `selector`: it must give a segment of `limit` that starts at &data[from]. */
static void check_segment(const char *what, uint16_t selector, unsigned from, uint32_t limit)
{
	struct trap_info trap;
	uint32_t found = 0;

	CHECK(raw_segment_limit(selector, &found), "%s: LSL finds no segment", what);
	CHECK_EQ(what, found, limit);
	if (CHECK(!trap_guard(load_fs, &selector, &trap), "%s: loading it faults", what))
		CHECK_EQ(what, raw_fs_read(0), data[from]);
	raw_load_fs(SEL_KERNEL_DATA);
}

static void check_no_segment(const char *what, uint16_t selector)
{
	struct trap_info trap = { 0 };

	if (!CHECK(trap_guard(load_fs, &selector, &trap), "%s: can still be loaded", what))
		raw_load_fs(SEL_KERNEL_DATA);
	else
		CHECK(trap.regs.vector == TRAP_GP || trap.regs.vector == TRAP_NP,
		      "%s: found vector %u, expected 11 or 13", what, trap.regs.vector);
}

TEST(gdt_register, "descriptor.gdt", VMI_CALL_SetGDT, VMI_CALL_GetGDT)
{
	static struct descriptor copy[GDT_ENTRIES];
	struct vmi_descriptor_pointer old, other = { sizeof(copy) - 1, (uintptr_t)copy }, found;

	memcpy(copy, gdt, sizeof(copy));
	copy[SEL_TEST / 8] = segment_descriptor((uintptr_t)&data[1], 7, SEG_DATA_BYTES);
	raw_store_gdt(&old);
	memset(&found, 0, sizeof(found));
	pv_cpu_ops.store_gdt(&found);
	CHECK(same(&found, &old), "store_gdt: found %04x:%08x, expected %04x:%08x", found.limit,
	      found.base, old.limit, old.base);
	pv_cpu_ops.load_gdt(&other);
	raw_store_gdt(&found);
	CHECK(same(&found, &other), "GDTR after load_gdt: found %04x:%08x, expected %04x:%08x",
	      found.limit, found.base, other.limit, other.base);
	check_segment("an entry of the table just loaded", SEL_TEST, 1, 7);
	raw_load_gdt(&old);
}

TEST(gdt_entry, "descriptor.gdt-entry", VMI_CALL_WriteGDTEntry)
{
	struct descriptor d = segment_descriptor((uintptr_t)&data[2], 3, SEG_DATA_BYTES), none = { 0 };
	struct descriptor old = gdt[SEL_TEST / 8], neighbours[2];

	neighbours[0] = gdt[SEL_TEST / 8 - 1];
	neighbours[1] = gdt[SEL_TEST / 8 + 1];
	pv_cpu_ops.write_gdt_entry(gdt, SEL_TEST / 8, &d, 0);
	check_segment("an entry written to the GDT", SEL_TEST, 2, 3);
	d = segment_descriptor((uintptr_t)&data[3], 0xabcde, SEG_DATA_BYTES);
	pv_cpu_ops.write_gdt_entry(gdt, SEL_TEST / 8, &d, 0);
	check_segment("an entry written over it", SEL_TEST, 3, 0xabcde);
	pv_cpu_ops.write_gdt_entry(gdt, SEL_TEST / 8, &none, 0);
	check_no_segment("an entry overwritten with 0", SEL_TEST);
	CHECK(!memcmp(&neighbours[0], &gdt[SEL_TEST / 8 - 1], 8) &&
	      !memcmp(&neighbours[1], &gdt[SEL_TEST / 8 + 1], 8), "write_gdt_entry hit a neighbour");
	gdt[SEL_TEST / 8] = old;
}

TEST(tls, "descriptor.tls", VMI_CALL_WriteGDTEntry)
{
	struct thread thread, none = { 0 };

	for (unsigned i = 0; i < 3; i++)
		thread.tls[i] = segment_descriptor((uint32_t)&data[i + 1], i + 4, SEG_DATA_BYTES);
	pv_cpu_ops.load_tls(&thread, 0);
	for (unsigned i = 0; i < 3; i++)
		check_segment("a TLS entry", (uint16_t)(SEL_TLS + 8 * i), i + 1, i + 4);
	pv_cpu_ops.load_tls(&none, 0);
	for (unsigned i = 0; i < 3; i++)
		check_no_segment("a TLS entry taken away", (uint16_t)(SEL_TLS + 8 * i));
}

TEST(ldt_entry, "descriptor.ldt", VMI_CALL_SetLDT, VMI_CALL_GetLDT, VMI_CALL_WriteLDTEntry)
{
	struct descriptor d = segment_descriptor((uintptr_t)&data[1], 11, SEG_DATA_BYTES), none = { 0 };
	uint16_t selector = 1 << 3 | 4;

	pv_cpu_ops.set_ldt(ldt, LDT_ENTRIES);
	CHECK_EQ("LDTR after set_ldt", raw_store_ldt(), SEL_LDT);
	CHECK_EQ("get_ldt", READ(vmi_ops.get_ldt), SEL_LDT);
	pv_cpu_ops.write_ldt_entry(ldt, 1, &d);
	check_segment("an entry written to the LDT", selector, 1, 11);
	pv_cpu_ops.write_ldt_entry(ldt, 1, &none);
	check_no_segment("an LDT entry overwritten with 0", selector);
	pv_cpu_ops.write_ldt_entry(ldt, 1, &d);
	pv_cpu_ops.set_ldt(NULL, 0);
	CHECK_EQ("LDTR after set_ldt of nothing", raw_store_ldt(), 0);
	CHECK_EQ("get_ldt of nothing", READ(vmi_ops.get_ldt), 0);
	check_no_segment("a selector without an LDT", selector);
}

static void raise_test_vector(void *unused)
{
	(void)unused;
	asm volatile("int %0" : : "i"(VECTOR_TEST));
}

/* Whether INT VECTOR_TEST reaches test_gate; else it must fault. */
static void check_gate(const char *what, bool expected)
{
	struct trap_info trap = { 0 };
	uint32_t hits = test_gate_hits;
	bool trapped = trap_guard(raise_test_vector, NULL, &trap);

	CHECK_EQ(what, test_gate_hits - hits, expected);
	CHECK_EQ(what, trapped, !expected);
	if (trapped && !expected)
		CHECK(trap.regs.vector == TRAP_NP || trap.regs.vector == TRAP_GP,
		      "%s: found vector %u, expected 11 or 13", what, trap.regs.vector);
}

TEST(idt_entry, "descriptor.idt-entry", VMI_CALL_WriteIDTEntry)
{
	struct descriptor gate = interrupt_gate((uintptr_t)test_gate, 0), none = { 0 };

	check_gate("hits without a gate", false);
	pv_cpu_ops.write_idt_entry(idt, VECTOR_TEST, &gate);
	check_gate("hits with a gate", true);
	pv_cpu_ops.write_idt_entry(idt, VECTOR_TEST, &none);
	check_gate("hits after the gate was taken away", false);
}

TEST(idt_register, "descriptor.idt", VMI_CALL_SetIDT, VMI_CALL_GetIDT)
{
	static struct descriptor copy[256];
	struct vmi_descriptor_pointer old, other = { sizeof(copy) - 1, (uintptr_t)copy }, found;

	memcpy(copy, idt, sizeof(copy));
	copy[VECTOR_TEST] = interrupt_gate((uintptr_t)test_gate, 0);
	raw_store_idt(&old);
	memset(&found, 0, sizeof(found));
	pv_cpu_ops.store_idt(&found);
	CHECK(same(&found, &old), "store_idt: found %04x:%08x, expected %04x:%08x", found.limit,
	      found.base, old.limit, old.base);
	pv_cpu_ops.load_idt(&other);
	raw_store_idt(&found);
	CHECK(same(&found, &other), "IDTR after load_idt: found %04x:%08x, expected %04x:%08x",
	      found.limit, found.base, other.limit, other.base);
	check_gate("hits through the table just loaded", true);
	raw_load_idt(&old);
}

TEST(task_register, "descriptor.tr", VMI_CALL_SetTR, VMI_CALL_GetTR)
{
	static struct tss other;
	struct descriptor main_free = segment_descriptor((uintptr_t)&main_tss, sizeof(main_tss) - 1,
							 SEG_TSS);

	gdt[SEL_TEST_TSS / 8] = segment_descriptor((uintptr_t)&other, sizeof(other) - 1, SEG_TSS);
	CHECK_EQ("store_tr", READ(pv_cpu_ops.store_tr), SEL_TSS);
	raw_load_tr(SEL_TEST_TSS);
	CHECK_EQ("store_tr of another TSS", READ(pv_cpu_ops.store_tr), SEL_TEST_TSS);
	gdt[SEL_TSS / 8] = main_free; /* LTR wants one that is not busy */
	pv_cpu_ops.load_tr_desc();
	CHECK_EQ("TR after load_tr_desc", raw_store_tr(), SEL_TSS);
	CHECK(gdt[SEL_TSS / 8].high & SEG_BUSY_HIGH, "load_tr_desc did not mark the TSS busy");
	if (raw_store_tr() != SEL_TSS)
		raw_load_tr(SEL_TSS); /* user mode needs it */
	gdt[SEL_TEST_TSS / 8] = (struct descriptor){ 0 };
}
