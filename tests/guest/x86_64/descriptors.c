// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor tables in long mode: what is written through a slot is what the processor uses,
 * with bases of 64 bits and the 16-byte forms, and no neighbour changes.
 */
#include "cpu.h"
#include "memory.h"
#include "paging.h"
#include "percpu.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

#define GATE_PRESENT 0x8000u
#define READ(slot) probe_result((uintptr_t)(slot))

static bool same(const table_pointer *a, const table_pointer *b)
{
	return a->limit == b->limit && a->base == b->base;
}

TEST(gdt_pointer, "descriptor.gdt", VMI_CALL_SetGDT, VMI_CALL_GetGDT)
{
	static struct descriptor copy[GDT_ENTRIES];
	table_pointer old, other = { sizeof(copy) - 1, (uintptr_t)copy }, found = { 0 };
	uint32_t limit = 0;

	memcpy(copy, gdt, sizeof(copy));
	copy[SEL_TEST / 8] = segment_descriptor(0, 0x123, SEG_DATA_BYTES);
	raw_store_gdt(&old);
	pv_cpu_ops.store_gdt(&found);
	CHECK(same(&found, &old), "store_gdt: found base 0x%lx", (unsigned long)found.base);
	pv_cpu_ops.load_gdt(&other);
	raw_store_gdt(&found);
	CHECK(same(&found, &other), "load_gdt: found base 0x%lx", (unsigned long)found.base);
	CHECK(raw_segment_limit(SEL_TEST, &limit), "an entry of the table just loaded is not there");
	CHECK_EQ("its limit", limit, 0x123);
	raw_load_gdt(&old);
}

TEST(idt_pointer, "descriptor.idt", VMI_CALL_SetIDT, VMI_CALL_GetIDT)
{
	static gate_desc copy[256];
	table_pointer old, other = { sizeof(copy) - 1, (uintptr_t)copy }, found = { 0 };
	uint32_t hits = test_gate_hits;

	memcpy(copy, idt, sizeof(copy));
	copy[VECTOR_TEST] = interrupt_gate((uintptr_t)test_gate, 0);
	raw_store_idt(&old);
	pv_cpu_ops.store_idt(&found);
	CHECK(same(&found, &old), "store_idt: found base 0x%lx", (unsigned long)found.base);
	pv_cpu_ops.load_idt(&other);
	raw_store_idt(&found);
	CHECK(same(&found, &other), "load_idt: found base 0x%lx", (unsigned long)found.base);
	asm volatile("int %0" : : "i"(VECTOR_TEST) : "memory");
	CHECK_EQ("interrupts through the table just loaded", test_gate_hits - hits, 1);
	raw_load_idt(&old);
}

static void int_test(void *unused)
{
	(void)unused;
	asm volatile("int %0" : : "i"(VECTOR_TEST) : "memory");
}

/* A gate has 16 bytes: the handler is in the upper half of the address space. */
TEST(gate, "descriptor.write-idt", VMI_CALL_WriteIDTEntry)
{
	gate_desc gate = interrupt_gate((uintptr_t)test_gate, 0), absent = gate, none = { 0 };
	gate_desc around[2];
	uint32_t hits = test_gate_hits;
	struct trap_info trap;

	around[0] = idt[VECTOR_TEST - 1], around[1] = idt[VECTOR_TEST + 1];
	pv_cpu_ops.write_idt_entry(idt, VECTOR_TEST, &gate);
	asm volatile("int %0" : : "i"(VECTOR_TEST) : "memory");
	CHECK_EQ("interrupts through the gate", test_gate_hits - hits, 1);
	absent.high &= ~GATE_PRESENT;
	pv_cpu_ops.write_idt_entry(idt, VECTOR_TEST, &absent);
	if (CHECK(trap_guard(int_test, NULL, &trap), "a gate that is not present is still there"))
		CHECK_EQ("vector", trap.regs.vector, TRAP_NP);
	pv_cpu_ops.write_idt_entry(idt, VECTOR_TEST, &none);
	CHECK(!memcmp(&none, &idt[VECTOR_TEST], 16), "16 bytes of zeros did not arrive");
	CHECK(!memcmp(&around[0], &idt[VECTOR_TEST - 1], 16) &&
	      !memcmp(&around[1], &idt[VECTOR_TEST + 1], 16), "write_idt_entry hit a neighbour");
}

TEST(entry, "descriptor.write-gdt", VMI_CALL_WriteGDTEntry)
{
	struct descriptor d = segment_descriptor(0, 0xabc, SEG_DATA_BYTES), none = { 0 }, around[2];
	uint32_t limit = 0;

	around[0] = gdt[SEL_TEST / 8 - 1], around[1] = gdt[SEL_TEST / 8 + 1];
	pv_cpu_ops.write_gdt_entry(gdt, SEL_TEST / 8, &d, 0);
	CHECK(raw_segment_limit(SEL_TEST, &limit), "the entry is not there");
	CHECK_EQ("its limit", limit, 0xabc);
	pv_cpu_ops.write_gdt_entry(gdt, SEL_TEST / 8, &none, 0);
	CHECK(!raw_segment_limit(SEL_TEST, &limit), "an entry overwritten with 0 is still there");
	CHECK(!memcmp(&around[0], &gdt[SEL_TEST / 8 - 1], 8) &&
	      !memcmp(&around[1], &gdt[SEL_TEST / 8 + 1], 8), "write_gdt_entry hit a neighbour");
}

TEST(tls, "descriptor.load-tls", VMI_CALL_WriteGDTEntry)
{
	struct thread thread = { 0 }, none = { 0 };
	uint32_t limit = 0;

	for (uint32_t i = 0; i < 3; i++)
		thread.tls[i] = segment_descriptor(0, i + 4, SEG_DATA_BYTES);
	pv_cpu_ops.load_tls(&thread, 0);
	for (uint16_t i = 0; i < 3; i++) {
		CHECK(raw_segment_limit((uint16_t)(SEL_TLS + 8 * i), &limit), "entry %u is not there", i);
		CHECK_EQ("its limit", limit, i + 4u);
	}
	pv_cpu_ops.load_tls(&none, 0);
	CHECK(!raw_segment_limit(SEL_TLS, &limit), "a TLS entry taken away is still there");
}

/* The LDT may lie where 32 bits do not reach. */
TEST(ldt_, "descriptor.ldt", VMI_CALL_SetLDT, VMI_CALL_GetLDT, VMI_CALL_WriteLDTEntry)
{
	struct descriptor d = segment_descriptor(0, 0x77, SEG_DATA_BYTES), none = { 0 };
	uint32_t limit = 0;

	pv_cpu_ops.set_ldt(ldt, LDT_ENTRIES);
	CHECK_EQ("LDTR after set_ldt", raw_store_ldt(), SEL_LDT);
	CHECK_EQ("get_ldt", READ(vmi_ops.get_ldt), SEL_LDT);
	pv_cpu_ops.write_ldt_entry(ldt, 1, &d);
	CHECK(raw_segment_limit(8 | 4, &limit), "an entry written to the LDT is not there");
	CHECK_EQ("its limit", limit, 0x77);
	pv_cpu_ops.write_ldt_entry(ldt, 1, &none);
	pv_cpu_ops.set_ldt(NULL, 0);
	CHECK_EQ("LDTR after set_ldt of nothing", raw_store_ldt(), 0);
}

TEST(tr, "descriptor.tr", VMI_CALL_SetTR, VMI_CALL_GetTR)
{
	static struct tss other;
	gate_desc d = system_descriptor((uintptr_t)&other, sizeof(other) - 1, SEG_TSS);

	other.io_map = sizeof(other);
	gdt[SEL_TEST_TSS / 8] = (struct descriptor){ d.low, d.high };
	gdt[SEL_TEST_TSS / 8 + 1] = (struct descriptor){ d.upper, 0 };
	CHECK_EQ("store_tr", READ(pv_cpu_ops.store_tr), SEL_TSS);
	raw_load_tr(SEL_TEST_TSS);
	CHECK_EQ("store_tr of another TSS", READ(pv_cpu_ops.store_tr), SEL_TEST_TSS);
	gdt[SEL_TSS / 8].high &= ~SEG_BUSY_HIGH; /* LTR wants one that is not busy */
	pv_cpu_ops.load_tr_desc();
	CHECK_EQ("TR after load_tr_desc", raw_store_tr(), SEL_TSS);
	CHECK(gdt[SEL_TSS / 8].high & SEG_BUSY_HIGH, "load_tr_desc did not mark the TSS busy");
	if (raw_store_tr() != SEL_TSS)
		raw_load_tr(SEL_TSS); /* user mode needs it */
	gdt[SEL_TEST_TSS / 8] = gdt[SEL_TEST_TSS / 8 + 1] = (struct descriptor){ 0 };
}
