// SPDX-License-Identifier: GPL-2.0-only
/*
 * Native code inline. The bytes here are written by hand from the processor's manual,
 * not taken from the assembled texts that the loader uses.
 */
#include "patch_internal.h"
#include "test_patch.h"

#include <stdio.h>
#include <string.h>
#include <unicorn/unicorn.h>

/* Calls whose native code is put inline, as soon as the site is long enough. */
static const struct native {
	int call;
	const char *hex;
	bool prefixes, comes_back;
} natives[] = {
	{ VMI_CALL_CPUID, "0FA2", true, true },
	{ VMI_CALL_WRMSR, "0F30", true, true },
	{ VMI_CALL_RDMSR, "0F32", true, true },
	{ VMI_CALL_SetGDT, "0F0110", true, true },
	{ VMI_CALL_SetLDT, "0F00D0", true, true },
	{ VMI_CALL_SetIDT, "0F0118", true, true },
	{ VMI_CALL_SetTR, "0F00D8", true, true },
	{ VMI_CALL_GetGDT, "0F0100", true, true },
	{ VMI_CALL_GetLDT, "31C0660F00C0", true, true },
	{ VMI_CALL_GetIDT, "0F0108", true, true },
	{ VMI_CALL_GetTR, "31C0660F00C8", true, true },
	{ VMI_CALL_UpdateKernelStack, "", false, true },
	{ VMI_CALL_SetCR0, "0F22C0", true, true },
	{ VMI_CALL_SetCR2, "0F22D0", true, true },
	{ VMI_CALL_SetCR3, "0F22D8", true, true },
	{ VMI_CALL_SetCR4, "0F22E0", true, true },
	{ VMI_CALL_GetCR0, "0F20C0", true, true },
	{ VMI_CALL_GetCR2, "0F20D0", true, true },
	{ VMI_CALL_GetCR3, "0F20D8", true, true },
	{ VMI_CALL_GetCR4, "0F20E0", true, true },
	{ VMI_CALL_WBINVD, "0F09", true, true },
	{ VMI_CALL_RDPMC, "0F33", true, true },
	{ VMI_CALL_RDTSC, "0F31", true, true },
	{ VMI_CALL_CLTS, "0F06", true, true },
	{ VMI_CALL_EnableInterrupts, "FB", true, true },
	{ VMI_CALL_DisableInterrupts, "FA", true, true },
	{ VMI_CALL_GetInterruptMask, "9C58", true, true },
	{ VMI_CALL_SetInterruptMask, "509D", true, true },
	{ VMI_CALL_IRET, "CF", false, false },
	{ VMI_CALL_SYSEXIT, "FB0F35", false, false },
	{ VMI_CALL_Halt, "FBF4", true, true },
	{ VMI_CALL_SetPxE, "8902", true, true },
	{ VMI_CALL_SetPxELong, "C70100000000895104" "8901", true, true },
	{ VMI_CALL_UpdatePxE, "", false, true },
	{ VMI_CALL_UpdatePxELong, "", false, true },
	{ VMI_CALL_MachineToPhysical, "", false, true },
	{ VMI_CALL_PhysicalToMachine, "", false, true },
	{ VMI_CALL_AllocatePage, "", false, true },
	{ VMI_CALL_ReleasePage, "", false, true },
	{ VMI_CALL_InvalPage, "0F0138", true, true },
	{ VMI_CALL_SetLinearMapping, "", false, true },
	{ VMI_CALL_SetIOPLMask, "25003000009C5A81E2FFCFFFFF09C2529D", true, true },
	{ VMI_CALL_IODelay, "E680", true, true },
	{ VMI_CALL_SetLazyMode, "", false, true },
	{ VMI_CALL_HaltOnly, "F4", true, true },
	{ VMI_CALL_GetVcpuState, "B801000000", true, true },
	{ VMI_CALL_VcpuKick, "", false, true },
	{ VMI_CALL_SetIOBitmap, "31C081FA002000007605B803000000", true, true },
	{ VMI_CALL_SetPageVisibility, "83F901770D01D0B807000000720931C0EB05B801000000", true, true },
};

/* Calls that stay a call of the twin at any length, and why: the length if that is it. */
static const struct kept {
	int call;
	uint64_t length;
} kept[] = {
	{ VMI_CALL_WriteGDTEntry, 0 }, /* an argument on the stack */
	{ VMI_CALL_WriteLDTEntry, 0 },
	{ VMI_CALL_WriteIDTEntry, 0 },
	{ VMI_CALL_SetDR, 57 },
	{ VMI_CALL_GetDR, 61 },
	{ VMI_CALL_FlushTLB, 0 }, /* two ways, a POPFD on each: taken for one too many */
	{ VMI_CALL_Reboot, 0 }, /* none at all */
	{ VMI_CALL_Shutdown, 0 },
	{ VMI_CALL_SetInitialAPState, 0 },
	{ VMI_CALL_APICWrite, 0 },
	{ VMI_CALL_APICRead, 0 },
	{ VMI_CALL_GetCycleFrequency, 0 },
	{ VMI_CALL_GetCycleCounter, 0 },
	{ VMI_CALL_SetAlarm, 0 },
	{ VMI_CALL_CancelAlarm, 0 },
	{ VMI_CALL_GetWallclockTime, 0 },
	{ VMI_CALL_WallclockUpdated, 0 },
	{ VMI_CALL_GetCapability, 0 },
	{ VMI_CALL_SetMapping, 0 },
	{ VMI_CALL_Leave, 0 },
	{ VMI_CALL_ReadMSRSafe, 0 },
	{ VMI_CALL_WriteMSRSafe, 0 },
	{ VMI_CALL_VcpuWait, 0 }, /* an argument on the stack */
	{ VMI_CALL_FlushTLBMulti, 0 },
	{ VMI_CALL_GetVcpuCycles, 0 },
	{ VMI_CALL_SetBackends, 0 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const nops[] = {
	"", "90", "6690", "0F1F00", "0F1F4000", "0F1F440000", "660F1F440000", "0F1F8000000000",
	"0F1F840000000000", "660F1F840000000000",
};

/* What a site of this length must hold. */
static void wanted(const struct native *native, unsigned int length, char *hex)
{
	unsigned int rest = length - (unsigned int)strlen(native->hex) / 2;

	*hex = '\0';
	if (native->prefixes && length <= 15)
		while (rest) {
			strcat(hex, "3E");
			rest--;
		}
	strcat(hex, native->hex);
	if (native->comes_back && rest < COUNT(nops)) {
		strcat(hex, nops[rest]);
		return;
	}
	if (native->comes_back) {
		sprintf(hex + strlen(hex), "EB%02X", rest - 2);
		rest -= 2;
	}
	while (rest--)
		strcat(hex, "CC");
}

/* `kind` and `reason`: how the sites that are long enough get these bytes. */
static void check_bytes(struct bench *b, const struct native *native, enum vmi_patch_kind kind,
			enum vmi_reason reason)
{
	uint8_t bytes = (uint8_t)(strlen(native->hex) / 2);

	bench_clear(b);
	for (uint8_t length = VMI_SITE_MIN; length <= VMI_SITE_MAX; length++)
		bench_add(b, fixture_row(b->f, native->call), length);
	assert_int_equal(bench_patch(b), 0);
	for (uint32_t i = 0; i < b->patch.site_count; i++) {
		uint8_t length = b->sites[i].length, rest = (uint8_t)(length - bytes);
		char hex[2 * VMI_SITE_MAX + 1];

		if (length < bytes) {
			expect_site(b, i, VMI_PATCH_UNCHANGED, VMI_E_SITE_NATIVE, bytes, length);
			continue;
		}
		expect_site(b, i, kind, reason, 0, 0);
		wanted(native, length, hex);
		expect_bytes(b, i, hex);
		if (!rest)
			expect_pad(b, i, VMI_PAD_NONE, 0, 0);
		else if (!native->comes_back)
			expect_pad(b, i, VMI_PAD_DEAD, rest, 0);
		else if (native->prefixes && length <= 15)
			expect_pad(b, i, VMI_PAD_PREFIX, rest, 0);
		else
			expect_pad(b, i, rest <= 9 ? VMI_PAD_NOP : VMI_PAD_JUMP, rest, 1);
	}
	bench_unpatch(b);
}

/* Every call, at every length: one of the two tables has it. */
static void test_every_native_text(void **state)
{
	struct bench *b = *state;
	bool seen[VMI_CALLS] = { false };

	b->f->load.range.minor_max = VROM_API_MINOR;
	fixture_add_rom(b->f, &b->f->scripts[0], ROM_A, VROM_API_MAJOR, VROM_API_MINOR);
	for (int call = 0; call < VMI_CALLS; call++) {
		bench_answer(b, call, VMI_RELOCATION_NONE);
		rom_image_capability(fixture_at(b->f, ROM_A), call)->kinds = 0;
	}
	rom_image_sign_directory(fixture_at(b->f, ROM_A));
	expect_load(b->f, VMI_OK);
	for (size_t i = 0; i < COUNT(natives); i++) {
		check_bytes(b, &natives[i], VMI_PATCH_NATIVE, VMI_E_CALL_NONE);
		seen[natives[i].call] = true;
	}
	bench_clear(b);
	for (size_t i = 0; i < COUNT(kept); i++) {
		for (uint8_t length = VMI_SITE_MIN; length <= VMI_SITE_MAX; length++)
			bench_add(b, fixture_row(b->f, kept[i].call), length);
		seen[kept[i].call] = true;
	}
	assert_int_equal(bench_patch(b), 0);
	for (uint32_t i = 0; i < b->patch.site_count; i++) {
		const struct kept *k = &kept[i / (VMI_SITE_MAX - VMI_SITE_MIN + 1)];
		uint64_t length = b->sites[i].length;

		expect_site(b, i, VMI_PATCH_UNCHANGED, VMI_E_SITE_NATIVE,
			    k->length ? k->length : length, length);
	}
	assert_memory_equal(b->bytes, b->original, TEXT_SIZE);
	for (int call = 0; call < VMI_CALLS; call++)
		if (!seen[call] && !vmi_calls[call].reserved)
			fail_msg("no table here has %s", vmi_calls[call].name);
}

/* Bytes that the ROM offers and the loader took: the same, for another reason. */
static void test_inline(void **state)
{
	struct bench *b = *state;
	struct fixture *f = b->f;
	unsigned int place = 0;

	f->load.range.minor_max = 1;
	fixture_add_rom(f, &f->scripts[0], ROM_A, 3, 1);
	for (size_t i = 0; i < COUNT(natives); i++) {
		uint8_t bytes[16], length = (uint8_t)(strlen(natives[i].hex) / 2);

		if (!length || length > 6 || !natives[i].comes_back || place == 16)
			continue;
		for (uint8_t k = 0; k < length; k++)
			sscanf(natives[i].hex + 2 * k, "%2hhx", &bytes[k]);
		rom_image_offer(fixture_at(f, ROM_A), natives[i].call, place++, bytes, length);
	}
	assert_int_equal(place, 16);
	expect_load(f, VMI_OK);
	for (size_t i = 0; i < COUNT(natives) && place; i++) {
		if (f->load.inlines[natives[i].call].reason == VMI_E_NO_BINDING)
			continue;
		check_bytes(b, &natives[i], VMI_PATCH_INLINE, VMI_OK);
		place--;
	}
	assert_int_equal(place, 0);
	/* What the site does not let change must not be changed by bytes either. */
	bench_clear(b);
	bench_add(b, fixture_row(f, VMI_CALL_SetCR3), 8);
	b->sites[0].clobbers = VMI_REG_EAX;
	assert_int_equal(bench_patch(b), 1);
	assert_int_equal(b->results[0].reason, VMI_E_SITE_CLOBBERS);
	/* The bytes in the ROM change after they were looked at: the copy does not. */
	b->sites[0].clobbers = ALL_CLOBBERS;
	memset(fixture_at(f, ROM_A + ROM_IMAGE_INLINE), 0xCC, 256);
	assert_int_equal(bench_patch(b), 0);
	expect_bytes(b, 0, "3E 3E 3E 3E 3E 0F 22 D8");
}

/* The rules, on texts that the calls of today do not have. */
static void test_rules_of_texts(void **state)
{
	static const char *const bound[] = {
		"mov eax, [esp+4]", "nop\nmov [ecx], esp", "call eax", "nop\nret", ".x: ret 4",
		"pop eax", "push eax\npop ecx\npop edx", "push eax\npop ecx\n.back: pop edx",
	};
	static const char *const movable[] = {
		"", "nop", "push eax\npopfd", "push eax\npushfd\npop eax\npop ecx",
		".again: dec eax\njnz .again",
	};
	static const char *const bare[] = {
		"", "jmp short .x", "jz .x\nnop", "loop .x", "call eax", "ret", "iretd", "int 0x80",
		"sysexit", "rep movsb", "lock inc dword [eax]", ".x: nop", "mov eax, [ebp+4]",
		"mov eax, [esp]", "mov eax, [ss:eax]", "mov [fs:0], eax",
	};
	static const char *const prefixed[] = {
		"cli", "mov ebp, esp", "mov [edx], eax", "invlpg [eax]", "in al, dx", "push eax",
		"nop\nmov eax, [ebp]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bound); i++)
		if (vmi_text_movable(bound[i]))
			fail_msg("`%s` is bound to its place", bound[i]);
	for (size_t i = 0; i < COUNT(movable); i++)
		if (!vmi_text_movable(movable[i]))
			fail_msg("`%s` can be moved", movable[i]);
	for (size_t i = 0; i < COUNT(bare); i++)
		if (vmi_text_takes_prefixes(bare[i]))
			fail_msg("`%s` takes no prefixes", bare[i]);
	for (size_t i = 0; i < COUNT(prefixed); i++)
		if (!vmi_text_takes_prefixes(prefixed[i]))
			fail_msg("`%s` takes prefixes", prefixed[i]);
}

/* Without a ROM, native code comes inline as well. */
static void test_native_boot(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, fixture_row(b->f, VMI_CALL_DisableInterrupts), 5);

	fixture_remove_rom(b->f, &b->f->scripts[0]);
	expect_load(b->f, VMI_E_NO_ROM);
	assert_int_equal(bench_patch(b), 0);
	expect_site(b, site, VMI_PATCH_NATIVE, VMI_E_NO_BINDING, 0, 0);
	expect_bytes(b, site, "3E 3E 3E 3E FA");
}

/* A site that keeps every register may get native code, whatever a ROM might clobber. */
static void test_native_needs_no_clobbers(void **state)
{
	struct bench *b = *state;
	uint32_t site = bench_add(b, fixture_row(b->f, VMI_CALL_CLTS), 5);

	b->sites[site].clobbers = 0;
	bench_answer(b, VMI_CALL_CLTS, VMI_RELOCATION_NONE);
	expect_load(b->f, VMI_OK);
	assert_int_equal(bench_patch(b), 0);
	expect_bytes(b, site, "3E 3E 3E 0F 06");
}

#define CODE 0x10000u

static void count_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *counter)
{
	(void)uc;
	(void)address;
	(void)size;
	++*(unsigned int *)counter;
}

/* Runs `length` bytes in 32-bit mode. Result: instructions; all registers must stay. */
static unsigned int run(const uint8_t *code, uint32_t length)
{
	static const int names[] = { UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX,
				     UC_X86_REG_EBX, UC_X86_REG_ESP, UC_X86_REG_EBP,
				     UC_X86_REG_ESI, UC_X86_REG_EDI, UC_X86_REG_EFLAGS };
	uint32_t before[COUNT(names)], after, eip;
	unsigned int instructions = 0;
	uc_engine *uc;
	uc_hook hook;

	assert_int_equal(uc_open(UC_ARCH_X86, UC_MODE_32, &uc), UC_ERR_OK);
	assert_int_equal(uc_mem_map(uc, CODE, 0x1000, UC_PROT_ALL), UC_ERR_OK);
	assert_int_equal(uc_mem_write(uc, CODE, code, length), UC_ERR_OK);
	uc_hook_add(uc, &hook, UC_HOOK_CODE, (void *)count_instruction, &instructions, 1, 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		before[i] = names[i] == UC_X86_REG_EFLAGS ? 0x8D7 : 0x12340000u + (uint32_t)i;
		uc_reg_write(uc, names[i], &before[i]);
	}
	assert_int_equal(uc_emu_start(uc, CODE, CODE + length, 0, 64), UC_ERR_OK);
	for (size_t i = 0; i < COUNT(names); i++) {
		uc_reg_read(uc, names[i], &after);
		assert_int_equal(after, before[i]);
	}
	uc_reg_read(uc, UC_X86_REG_EIP, &eip);
	assert_int_equal(eip, CODE + length);
	uc_close(uc);
	return instructions;
}

/* Padding is run: it changes nothing and is the one instruction that is claimed. */
static void test_padding_does_nothing(void **state)
{
	struct bench *b = *state;

	/* A call with empty native text, and padding alone: 5 to 31 bytes. */
	bench_answer(b, VMI_CALL_UpdatePxE, VMI_RELOCATION_NOP);
	/* The rest of a site behind a call: 1 to 26 bytes. */
	for (int i = 0; i < 4; i++) {
		size_t row = fixture_row(b->f, i / 2 ? VMI_CALL_UpdatePxE : VMI_CALL_SetCR3);

		b->patch.long_nops = i % 2;
		bench_clear(b);
		for (uint8_t length = VMI_SITE_MIN; length <= VMI_SITE_MAX; length++)
			bench_add(b, row, length);
		expect_load(b->f, VMI_OK);
		assert_int_equal(bench_patch(b), 0);
		for (uint32_t site = 0; site < b->patch.site_count; site++) {
			uint8_t bytes = b->results[site].pad_bytes;
			vmi_virt_t end = b->sites[site].address + b->sites[site].length;

			assert_int_equal(bytes, b->sites[site].length - (i / 2 ? 0 : 5));
			if (bytes)
				assert_int_equal(run(bench_at(b, end - bytes), bytes),
						 b->results[site].pad_instructions);
		}
	}
}

int run_patch_native_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_every_native_text),
		PATCH_TEST(test_inline),
		cmocka_unit_test(test_rules_of_texts),
		PATCH_TEST(test_native_boot),
		PATCH_TEST(test_native_needs_no_clobbers),
		PATCH_TEST(test_padding_does_nothing),
	};

	return cmocka_run_group_tests_name("patch native", tests, NULL, NULL);
}
