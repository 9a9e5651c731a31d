/* SPDX-License-Identifier: GPL-2.0-only */
/* The emulated CPU itself: what it begins with, how code ends, what is seen of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emu/emu.h"

#define BASE 0xC0800u
#define LIMIT 100

static struct emu *emu;
static struct emu_start start;
static struct emu_result result;

static int open_emu(void **state)
{
	char error[128];

	(void)state;
	emu = emu_open(32, error, sizeof(error));
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

static int plain(void **state)
{
	(void)state;
	emu_start_plain(32, &start);
	return 0;
}

static void run(const uint8_t *code, size_t size)
{
	assert_int_equal(emu_load(emu, BASE, code, size), 0);
	emu_ram_template(32, emu_ram(emu));
	emu_poke32(emu_ram(emu), start.gpr[EMU_ESP], EMU_LANDING + 0x123);
	start.eip = BASE;
	emu_run(emu, &start, LIMIT, &result);
}
#define RUN(...) \
	do { \
		static const uint8_t bytes[] = { __VA_ARGS__ }; \
		run(bytes, sizeof(bytes)); \
	} while (0)
#define RET 0xC3

static void is(enum emu_field field, uint64_t expected)
{
	if (result.state.value[field] != expected)
		fail_msg("%s: found %#llx, expected %#llx", emu_field_name(32, field),
			 (unsigned long long)result.state.value[field], (unsigned long long)expected);
}

/* Every field of the start must be there at the end of code that changes nothing. */
static void test_start(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < emu_gprs(32); i++)
		if (i != EMU_ESP)
			start.gpr[i] = 0x11111111u * (i + 1);
	start.eflags = 0x3ED7;
	start.setup = (struct emu_setup){
		.flat_cr3 = EMU_PD, .gdtr = { EMU_GDT_SIZE - 1, EMU_GDT }, .idtr = { 0x123,
			0x4567 },
		.ldtr = EMU_SEL_LDT, .tr = EMU_SEL_TSS2,
		.sysenter_cs = 0xA1, .sysenter_esp = 0xA2, .sysenter_eip = 0xA3,
		.dr0 = 0xD0, .dr1 = 0xD1, .dr2 = 0xD2, .dr3 = 0xD3, .dr6 = 0xFFFF0FF1, .dr7 = 0x700,
		.fs = EMU_SEL_POISON, .gs = EMU_SEL_DATA3, .es = EMU_SEL_DATA3,
			.ds = EMU_SEL_POISON,
		.cr2 = 0xC2, .cr4 = EMU_CR4_PAE | EMU_CR4_PGE, .cr3 = EMU_PDPT,
		.cr0 = EMU_CR0_PE | EMU_CR0_ET | EMU_CR0_PG | 8,
	};
	RUN(RET);
	assert_int_equal(result.end, EMU_LANDED);
	assert_int_equal(result.instructions, 1);
	for (unsigned int i = 0; i < emu_gprs(32); i++)
		is(i, i == EMU_ESP ? start.gpr[i] + 4 : start.gpr[i]);
	is(EMU_EIP, EMU_LANDING + 0x123);
	is(EMU_EFLAGS, start.eflags);
	const struct { enum emu_field field; uint64_t value; } expected[] = {
		{ EMU_CR0, start.setup.cr0 }, { EMU_CR2, 0xC2 }, { EMU_CR3, EMU_PDPT },
		{ EMU_CR4, start.setup.cr4 }, { EMU_DR0, 0xD0 }, { EMU_DR1, 0xD1 }, { EMU_DR2,
			0xD2 },
		{ EMU_DR3, 0xD3 }, { EMU_DR6, 0xFFFF0FF1 }, { EMU_DR7, 0x700 },
		{ EMU_CS, EMU_SEL_CODE0 }, { EMU_SS, EMU_SEL_DATA0 }, { EMU_DS, EMU_SEL_POISON },
		{ EMU_ES, EMU_SEL_DATA3 }, { EMU_FS, EMU_SEL_POISON }, { EMU_GS, EMU_SEL_DATA3 },
		{ EMU_FS_BASE, EMU_POISON },
		{ EMU_GDTR_BASE, EMU_GDT }, { EMU_GDTR_LIMIT, EMU_GDT_SIZE - 1 },
		{ EMU_IDTR_BASE, 0x4567 }, { EMU_IDTR_LIMIT, 0x123 }, { EMU_LDTR, EMU_SEL_LDT },
		{ EMU_LDTR_BASE, EMU_LDT }, { EMU_TR, EMU_SEL_TSS2 }, { EMU_TR_BASE, EMU_TSS2 },
		{ EMU_MSR_SYSENTER_CS, 0xA1 }, { EMU_MSR_SYSENTER_ESP, 0xA2 },
		{ EMU_MSR_SYSENTER_EIP, 0xA3 },
	};
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		is(expected[i].field, expected[i].value);
}

/* Nothing of one call may reach the next one: not CR0, not the privilege, not a fault. */
static void test_calls_are_apart(void **state)
{
	(void)state;
	start.gpr[EMU_EAX] = EMU_SEL_TSS; /* busy: #GP, as often as it is asked */
	for (unsigned int i = 0; i < 4; i++) {
		RUN(0x0F, 0x00, 0xD8, RET); /* ltr ax */
		assert_int_equal(result.end, EMU_FAULTED);
		assert_int_equal(result.vector, 13);
	}
	start.gpr[EMU_EAX] = 0;
	RUN(0x0F, 0x22, 0xC0, RET); /* mov cr0, eax */
	is(EMU_CR0, EMU_CR0_ET);
	RUN(RET);
	is(EMU_CR0, EMU_CR0_PE | EMU_CR0_ET);
	assert_int_equal(result.end, EMU_LANDED);
}

static void test_ends(void **state)
{
	(void)state;
	RUN(0xEB, 0xFE);
	assert_int_equal(result.end, EMU_RAN_AWAY);
	RUN(0x0F, 0x0B); /* ud2 */
	assert_int_equal(result.end, EMU_FAULTED);
	assert_int_equal(result.vector, 6);
	is(EMU_EIP, BASE);
	RUN(0xFB, 0xF4, RET); /* sti; hlt */
	assert_int_equal(result.end, EMU_HALTED);
	is(EMU_EIP, BASE + 2);
	emu_resume(emu, LIMIT, &result);
	assert_int_equal(result.end, EMU_LANDED);
	start.gpr[EMU_EAX] = BASE + 4;
	RUN(0x90, 0x89, 0x08, RET, 0x90); /* mov [eax], ecx */
	assert_int_equal(result.end, EMU_WROTE_IMAGE);
	assert_int_equal(result.address, BASE + 4);
}

/* One byte before and one behind the image is not the image. */
static void test_image_border(void **state)
{
	(void)state;
	start.gpr[EMU_EAX] = BASE - 1;
	RUN(0x88, 0x08, RET); /* mov [eax], cl */
	assert_int_equal(result.end, EMU_LANDED);
	start.gpr[EMU_EAX] = BASE + 3;
	RUN(0x88, 0x08, RET);
	assert_int_equal(result.end, EMU_LANDED);
	start.gpr[EMU_EAX] = BASE - 1;
	RUN(0x66, 0x89, 0x08, RET); /* mov [eax], cx */
	assert_int_equal(result.end, EMU_WROTE_IMAGE);
}

static void test_page_faults(void **state)
{
	static const uint32_t cr3[] = { EMU_PD, EMU_PDPT };
	static const uint32_t cr4[] = { EMU_CR4_PSE, EMU_CR4_PAE };

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		start.setup.cr3 = cr3[i];
		start.setup.cr4 = cr4[i];
		start.setup.cr0 = EMU_CR0_PE | EMU_CR0_PG | 0x10000; /* WP */
		start.gpr[EMU_EAX] = EMU_HOLE + 8;
		RUN(0x8B, 0x08, RET); /* mov ecx, [eax] */
		assert_int_equal(result.end, EMU_FAULTED);
		assert_int_equal(result.vector, 14);
		start.gpr[EMU_EAX] = EMU_READ_ONLY + EMU_SCRATCH;
		RUN(0x8B, 0x08, RET);
		assert_int_equal(result.end, EMU_LANDED);
		RUN(0x89, 0x08, RET);
		assert_int_equal(result.end, EMU_FAULTED);
		assert_int_equal(result.vector, 14);
		start.gpr[EMU_EAX] = 0;
		RUN(0x8B, 0x08, RET);
		assert_int_equal(result.end, EMU_FAULTED);
	}
}

static void test_hidden_effects(void **state)
{
	(void)state;
	start.gpr[EMU_EAX] = 0x1000;
	start.gpr[EMU_ECX] = 0x10;
	start.gpr[EMU_EBP] = 0x2000;
	RUN(0x0F, 0x01, 0x38,                     /* invlpg [eax] */
	    0x2E, 0x0F, 0x01, 0x7C, 0x8D, 0xFC,   /* invlpg [cs:ebp + ecx * 4 - 4] */
	    0x0F, 0x01, 0x3D, 4, 3, 2, 1,         /* invlpg [0x01020304] */
	    0x0F, 0x01, 0xBC, 0x24, 4, 0, 0, 0,   /* invlpg [esp + 4] */
	    0x0F, 0x09, 0xE6, 0x80, 0xE5, 0x81, RET); /* wbinvd; out 0x80, al; in eax, 0x81 */
	assert_int_equal(result.end, EMU_LANDED);
	assert_int_equal(result.page_flushes, 4);
	assert_int_equal(result.page_flush[0], 0x1000);
	assert_int_equal(result.page_flush[1], 0x203C);
	assert_int_equal(result.page_flush[2], 0x01020304);
	assert_int_equal(result.page_flush[3], start.gpr[EMU_ESP] + 4);
	assert_int_equal(result.cache_flushes, 1);
	assert_int_equal(result.ports, 2);
	assert_true(result.port[0].out && result.port[0].port == 0x80 && result.port[0].size == 1);
	assert_true(!result.port[1].out && result.port[1].port == 0x81 && result.port[1].size == 4);
	start.gpr[EMU_EAX] = EMU_PD;
	start.gpr[EMU_ECX] = EMU_CR4_PGE | EMU_CR4_PSE;
	RUN(0x0F, 0x22, 0xD8, 0x0F, 0x22, 0xE1, 0x0F, 0x22, 0xE1, RET); /* mov cr3; mov cr4 twice */
	assert_int_equal(result.tlb_flushes, 1);
	assert_int_equal(result.global_flushes, 1);
}

/* Unicorn would crash: the engine must not let it. */
static void test_breakpoints(void **state)
{
	(void)state;
	start.gpr[EMU_EAX] = 0x401;
	RUN(0x0F, 0x23, 0xF8, RET); /* mov dr7, eax */
	assert_int_equal(result.end, EMU_BROKEN);
	start.gpr[EMU_EAX] = 0x500;
	RUN(0x0F, 0x23, 0xF8, RET);
	assert_int_equal(result.end, EMU_LANDED);
	is(EMU_DR7, 0x500);
}

static void test_load_refuses(void **state)
{
	static const uint8_t zero[8192];

	(void)state;
	assert_int_equal(emu_load(emu, BASE, zero, 0), -1);
	assert_int_equal(emu_load(emu, EMU_RAM + 0x800, zero, 16), -1);
	assert_int_equal(emu_load(emu, EMU_RAM - 16, zero, 32), -1);
	assert_int_equal(emu_load(emu, 0xFFFFF800, zero, 4096), -1);
	/* And goes on. */
	RUN(RET);
	assert_int_equal(result.end, EMU_LANDED);
}

/* Code is read anew at each load, at whatever address it was before. */
static void test_reload(void **state)
{
	static const uint32_t bases[] = { 0xC0000, 0xEF800, 0xC00C0800, 0xC0000 };

	(void)state;
	for (uint8_t i = 0; i < 4; i++) {
		uint8_t code[] = { 0xB8, i, 0, 0, 0, RET }; /* mov eax, i */

		assert_int_equal(emu_load(emu, bases[i], code, sizeof(code)), 0);
		start.eip = bases[i];
		emu_ram_template(32, emu_ram(emu));
		emu_poke32(emu_ram(emu), start.gpr[EMU_ESP], EMU_LANDING);
		emu_run(emu, &start, LIMIT, &result);
		assert_int_equal(result.end, EMU_LANDED);
		is(EMU_EAX, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_start, plain),
		cmocka_unit_test_setup(test_calls_are_apart, plain),
		cmocka_unit_test_setup(test_ends, plain),
		cmocka_unit_test_setup(test_image_border, plain),
		cmocka_unit_test_setup(test_page_faults, plain),
		cmocka_unit_test_setup(test_hidden_effects, plain),
		cmocka_unit_test_setup(test_breakpoints, plain),
		cmocka_unit_test_setup(test_load_refuses, plain),
		cmocka_unit_test_setup(test_reload, plain),
	};

	return cmocka_run_group_tests_name("emulated cpu", tests, open_emu, close_emu);
}
