/* SPDX-License-Identifier: GPL-2.0-only */
/* The emulated CPU in long mode: what differs from 32 bit, and what is told by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emu/emu.h"

#define BASE 0x1000C0800u
#define LIMIT 100
#define RET 0xC3
#define STAR ((uint64_t)EMU_SEL_CODE3 << 48 | (uint64_t)EMU_SEL_CODE0 << 32)

static struct emu *emu;
static struct emu_start start;
static struct emu_result result;
static uint64_t base;

static int open_emu(void **state)
{
	char error[128];

	(void)state;
	emu = emu_open(64, error, sizeof(error));
	if (!emu)
		fail_msg("%s", error);
	return 0;
}

static int close_emu(void **state)
{
	(void)state;
	emu_close(emu);
	return 0;
}

/* Paging on: so it is on any machine in that mode. */
static int plain(void **state)
{
	(void)state;
	base = BASE;
	emu_start_plain(64, &start);
	start.setup.cr0 |= EMU_CR0_PG;
	return 0;
}

static void run(const uint8_t *code, size_t size)
{
	assert_int_equal(emu_load(emu, base, code, size), 0);
	emu_ram_template(64, emu_ram(emu));
	emu_poke(emu_ram(emu), 64, start.gpr[EMU_ESP], EMU_LANDING + 0x123);
	start.eip = base;
	emu_run(emu, &start, LIMIT, &result);
}
#define RUN(...) \
	do { \
		static const uint8_t bytes[] = { __VA_ARGS__ }; \
		run(bytes, sizeof(bytes)); \
	} while (0)

static void is(enum emu_field field, uint64_t expected)
{
	if (result.state.value[field] != expected)
		fail_msg("%s: found %#llx, expected %#llx", emu_field_name(64, field),
			 (unsigned long long)result.state.value[field], (unsigned long long)expected);
}

static void faults(uint32_t vector)
{
	assert_int_equal(result.end, EMU_FAULTED);
	assert_int_equal(result.vector, vector);
}

/* Every field of the start must be there at the end of code that changes nothing. */
static void test_start(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < EMU_GPRS; i++)
		if (i != EMU_ESP)
			start.gpr[i] = 0x1111111111111111u * (i + 1);
	start.eflags = 0x3ED7;
	start.setup = (struct emu_setup){
		.flat_cr3 = EMU_PML4, .gdtr = { EMU_GDT_SIZE - 1, EMU_GDT, { 0 } },
		.idtr = { 0x123, 0xFFFF800000004567, { 0 } }, .ldtr = EMU_SEL_LDT, .tr = EMU_SEL_TSS2,
		.sysenter_cs = 0xA1, .sysenter_esp = 0xA200000000, .sysenter_eip = 0xA300000000,
		.dr0 = 0xD0, .dr1 = 0xFFFF8000000000D1, .dr2 = 0xD2, .dr3 = 0xD3, .dr6 = 0xFFFF0FF1,
		.dr7 = 0x700, .fs = EMU_SEL_POISON, .gs = EMU_SEL_DATA3, .ds = EMU_SEL_POISON,
		.efer = EMU_EFER_LME, .star = STAR, .lstar = 0xFFFFFFFF81000000, .cstar = 0xC5,
		.fmask = 0x300, .gs_base = 0xFFFF888000000010, .kernel_gs_base = 0x7FFF00000020,
		.cr2 = 0xFFFF8000000000C2, .cr4 = EMU_CR4_PAE | EMU_CR4_PGE, .cr3 = EMU_PML4 | 8,
		.cr0 = EMU_CR0_PE | EMU_CR0_ET | EMU_CR0_PG | 8,
	};
	RUN(RET);
	assert_int_equal(result.end, EMU_LANDED);
	assert_int_equal(result.instructions, 1);
	for (unsigned int i = 0; i < EMU_GPRS; i++)
		is(i, i == EMU_ESP ? start.gpr[i] + 8 : start.gpr[i]);
	const struct { enum emu_field field; uint64_t value; } expected[] = {
		{ EMU_EIP, EMU_LANDING + 0x123 }, { EMU_EFLAGS, start.eflags },
		{ EMU_CR0, start.setup.cr0 }, { EMU_CR2, start.setup.cr2 }, { EMU_CR3, EMU_PML4 | 8 },
		{ EMU_CR4, start.setup.cr4 }, { EMU_DR0, 0xD0 }, { EMU_DR1, start.setup.dr1 },
		{ EMU_DR6, 0xFFFF0FF1 }, { EMU_DR7, 0x700 }, { EMU_CS, EMU_SEL_CODE0 },
		{ EMU_SS, EMU_SEL_DATA0 }, { EMU_DS, EMU_SEL_POISON }, { EMU_ES, 0 },
		{ EMU_FS, EMU_SEL_POISON }, { EMU_GS, EMU_SEL_DATA3 }, { EMU_FS_BASE, EMU_POISON },
		{ EMU_GS_BASE, start.setup.gs_base }, { EMU_GDTR_BASE, EMU_GDT },
		{ EMU_GDTR_LIMIT, EMU_GDT_SIZE - 1 }, { EMU_IDTR_BASE, start.setup.idtr.base },
		{ EMU_IDTR_LIMIT, 0x123 }, { EMU_LDTR, EMU_SEL_LDT }, { EMU_LDTR_BASE, EMU_LDT },
		{ EMU_TR, EMU_SEL_TSS2 }, { EMU_TR_BASE, EMU_TSS2 }, { EMU_MSR_SYSENTER_CS, 0xA1 },
		{ EMU_MSR_SYSENTER_ESP, 0xA200000000 }, { EMU_MSR_SYSENTER_EIP, 0xA300000000 },
		{ EMU_MSR_EFER, 0x500 }, { EMU_MSR_STAR, STAR }, { EMU_MSR_LSTAR, start.setup.lstar },
		{ EMU_MSR_CSTAR, 0xC5 }, { EMU_MSR_FMASK, 0x300 },
		{ EMU_MSR_KERNEL_GS, start.setup.kernel_gs_base },
	};
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		is(expected[i].field, expected[i].value);
}

/* Nothing of one call may reach the next one: not a fault, not the privilege. */
static void test_calls_are_apart(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		start.setup.cr0 ^= EMU_CR0_PG;
		start.gpr[EMU_EAX] = EMU_SEL_TSS; /* busy: #GP, as often as it is asked */
		RUN(0x0F, 0x00, 0xD8, RET); /* ltr ax */
		faults(13);
		start.gpr[EMU_EAX] = EMU_HOLE;
		RUN(0x48, 0x8B, 0x00, RET); /* mov rax, [rax] */
		faults(14);
	}
	RUN(RET);
	assert_int_equal(result.end, EMU_LANDED);
}

/* The same bytes at every address, also where nothing but an emulator maps one to one. */
static void test_bases(void **state)
{
	static const uint64_t bases[] = { 0xC0000, 0xFFFFF800, 0x100000000, 0x7FFFF00000,
					  0xFFFF8880000C0000, 0xFFFFFFFF81000800, 0xC0000 };

	(void)state;
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		base = bases[i];
		if (base >= EMU_ONE_TO_ONE)
			start.setup.cr0 &= ~(uint64_t)EMU_CR0_PG;
		RUN(0x48, 0x8D, 0x05, 0xF9, 0xFF, 0xFF, 0xFF, RET); /* lea rax, [rip - 7] */
		assert_int_equal(result.end, EMU_LANDED);
		is(EMU_EAX, base);
		plain(NULL);
	}
	assert_int_equal(emu_load(emu, UINT64_MAX - 15, bases, sizeof(bases)), -1);
}

static void test_below_rsp(void **state)
{
	(void)state;
	RUN(0x50, 0x41, 0x57, 0x6A, 1, 0x9C, 0xE8, 0, 0, 0, 0, /* push; pushfq; call */
	    0x48, 0x83, 0xC4, 40, 0x48, 0x83, 0xEC, 8, 0x48, 0x89, 0x04, 0x24, /* add; sub; mov [rsp] */
	    0x58, RET);
	assert_int_equal(result.end, EMU_LANDED);
	assert_int_equal(result.below, 0);
	RUN(0x90, 0x48, 0x89, 0x44, 0x24, 0xF8, RET); /* mov [rsp - 8], rax */
	assert_int_equal(result.end, EMU_LANDED);
	assert_int_equal(result.below, 1);
	assert_int_equal(result.below_at, BASE + 1);
	RUN(0x48, 0x8B, 0x44, 0x24, 0x80, RET); /* mov rax, [rsp - 128] */
	assert_int_equal(result.below, 1);
}

static void test_reads(void **state)
{
	(void)state;
	start.gpr[EMU_EAX] = EMU_SCRATCH + 8;
	RUN(0x48, 0x8B, 0x08, 0x48, 0x8B, 0x0D, 0, 0, 0, 0, RET, 0, 0, 0, 0, 0, 0, 0); /* and its own */
	assert_int_equal(result.end, EMU_LANDED);
	assert_int_equal(result.reads, 1);
	assert_int_equal(result.read[0].address, EMU_SCRATCH + 8);
}

static void test_hidden_effects(void **state)
{
	(void)state;
	start.gpr[EMU_R9] = 0xFFFF800000001000;
	start.gpr[EMU_R12] = 0x10;
	start.gpr[EMU_EBP] = 0x2000;
	RUN(0x41, 0x0F, 0x01, 0x39,                   /* invlpg [r9] */
	    0x42, 0x0F, 0x01, 0x7C, 0xA5, 0xFC,       /* invlpg [rbp + r12 * 4 - 4] */
	    0x0F, 0x01, 0x3D, 4, 0, 0, 0,             /* invlpg [rip + 4] */
	    0x0F, 0x01, 0xF8, 0x0F, 0x01, 0xF8, RET); /* swapgs twice: no INVLPG */
	assert_int_equal(result.end, EMU_LANDED);
	assert_int_equal(result.page_flushes, 3);
	assert_int_equal(result.page_flush[0], start.gpr[EMU_R9]);
	assert_int_equal(result.page_flush[1], 0x203C);
	assert_int_equal(result.page_flush[2], BASE + 17 + 4);
	start.gpr[EMU_R8] = EMU_CR4_PGE | EMU_CR4_PAE;
	RUN(0x41, 0x0F, 0x22, 0xE0, RET); /* mov cr4, r8 */
	assert_int_equal(result.global_flushes, 1);
	start.gpr[EMU_R15] = 0x401;
	RUN(0x41, 0x0F, 0x23, 0xFF, RET); /* mov dr7, r15 */
	assert_int_equal(result.end, EMU_BROKEN);
}

static void test_swapgs(void **state)
{
	(void)state;
	start.setup.gs_base = 0x1234560;
	start.setup.kernel_gs_base = 0xFFFF888000000000;
	RUN(0x0F, 0x01, 0xF8, RET);
	assert_int_equal(result.end, EMU_LANDED);
	is(EMU_GS_BASE, 0xFFFF888000000000);
	is(EMU_MSR_KERNEL_GS, 0x1234560);
}

/* Unicorn has no SYSRET: told by hand as Intel's processors do it. */
static void test_sysret(void **state)
{
	(void)state;
	start.setup.star = STAR;
	start.gpr[EMU_ECX] = 0x7FFFFFFFF000;
	start.gpr[EMU_R11] = 0xFFFFFFFFFFFFFFFF;
	RUN(0x48, 0x0F, 0x07);
	assert_int_equal(result.end, EMU_LANDED);
	is(EMU_EIP, 0x7FFFFFFFF000);
	is(EMU_CS, EMU_SEL_CODE3_64);
	is(EMU_SS, EMU_SEL_DATA3);
	is(EMU_EFLAGS, 0x3C7FD7);
	is(EMU_ESP, start.gpr[EMU_ESP]);
	start.gpr[EMU_ECX] = 0xFFFFFFFF00401000;
	start.gpr[EMU_R11] = 0;
	RUN(0x0F, 0x07);
	assert_int_equal(result.end, EMU_LANDED);
	is(EMU_EIP, 0x401000);
	is(EMU_CS, EMU_SEL_CODE3);
	is(EMU_EFLAGS, 2);
	start.gpr[EMU_ECX] = 0x800000000000;
	RUN(0x48, 0x0F, 0x07);
	faults(13);
	is(EMU_EIP, BASE);
	is(EMU_CS, EMU_SEL_CODE0);
	start.gpr[EMU_ECX] = 0x1000;
	start.setup.efer &= ~(uint64_t)EMU_EFER_SCE;
	RUN(0x48, 0x0F, 0x07);
	faults(6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_start, plain),
		cmocka_unit_test_setup(test_calls_are_apart, plain),
		cmocka_unit_test_setup(test_bases, plain),
		cmocka_unit_test_setup(test_below_rsp, plain),
		cmocka_unit_test_setup(test_reads, plain),
		cmocka_unit_test_setup(test_hidden_effects, plain),
		cmocka_unit_test_setup(test_swapgs, plain),
		cmocka_unit_test_setup(test_sysret, plain),
	};

	return cmocka_run_group_tests_name("emulated cpu, 64 bit", tests, open_emu, close_emu);
}
