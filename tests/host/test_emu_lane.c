/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cpu lane against images with one deliberate mistake each (tests/emu/wrong.asm, and
 * wrong64.asm of 64 bit): each must be caught at the right call and as the right kind, and nothing else may be
 * found. The good image and the product must pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emu/lane.h"
#include "romfile/romfile.h"
#include "vmi64_abi.h"

#define ROUNDS 96
#define ROUNDS64 16 /* as many load addresses: what a wider one could show, these do */
#define INIT -1    /* where the finding must be: VMI_Init, */
#define ANSWERS -2 /* numbers that are no call, */
#define ALL -3     /* or every call and every number */

static const struct mistake {
	const char *name;
	int call;
	enum lane_kind kind;
} mistakes[] = {
	{ "none", 0, LANE_GOOD },
	{ "init_answer", INIT, LANE_ANSWER },
	{ "init_image", INIT, LANE_IMAGE },
	{ "answer_ebx", ALL, LANE_REGISTER },
	{ "answer_other", ALL, LANE_POSITION },
	{ "answer_beyond", ANSWERS, LANE_ANSWER },
	{ "answer_unbounded", ANSWERS, LANE_FAULT },
	{ "answer_absolute", ALL, LANE_ANSWER },
	{ "answer_position", ALL, LANE_POSITION },
	{ "answer_upper", ALL, LANE_ANSWER },
	{ "answer_reserved", 49, LANE_ANSWER },
	{ "answer_nop", VMI_CALL_SetCR3, LANE_ANSWER },
	{ "answer_slot", VMI_CALL_SetCR3, LANE_ANSWER },
	{ "callee_saved", VMI_CALL_SetCR3, LANE_REGISTER },
	{ "image", VMI_CALL_SetCR3, LANE_IMAGE },
	{ "frame", VMI_CALL_SetCR3, LANE_STACK },
	{ "absolute", VMI_CALL_SetCR3, LANE_FAULT },
	{ "forever", VMI_CALL_SetCR3, LANE_END },
	{ "elsewhere", VMI_CALL_SetCR3, LANE_END },
	{ "invalid", VMI_CALL_SetCR3, LANE_FAULT },
	{ "direction", VMI_CALL_SetCR3, LANE_FLAGS },
	{ "interrupts", VMI_CALL_SetCR3, LANE_FLAGS },
	{ "wrong_cr", VMI_CALL_SetCR3, LANE_SYSTEM },
	{ "esp", VMI_CALL_SetCR3, LANE_ESP },
	{ "armed", VMI_CALL_SetCR3, LANE_BROKEN },
	{ "swapped", VMI_CALL_WriteGDTEntry, LANE_MEMORY },
	{ "argument", VMI_CALL_WriteGDTEntry, LANE_STACK },
	{ "no_fault", VMI_CALL_SetTR, LANE_NO_FAULT },
	{ "result", VMI_CALL_GetCR0, LANE_RESULT },
	{ "no_wbinvd", VMI_CALL_WBINVD, LANE_HIDDEN },
	{ "old_tsc", VMI_CALL_RDTSC, LANE_RESULT },
	{ "irq_register", VMI_CALL_EnableInterrupts, LANE_REGISTER },
	{ "segment", VMI_CALL_EnableInterrupts, LANE_SEGMENT },
	{ "halt_off", VMI_CALL_Halt, LANE_FLAGS },
	{ "iret", VMI_CALL_IRET, LANE_FAULT },
	{ "iret_register", VMI_CALL_IRET, LANE_RESULT },
	{ "iret_called", VMI_CALL_IRET, LANE_FAULT },
	{ "sysexit_off", VMI_CALL_SYSEXIT, LANE_FLAGS },
	{ "returns", VMI_CALL_Reboot, LANE_END },
	{ "reboot_soft", VMI_CALL_Reboot, LANE_HIDDEN },
	{ "reboot_hard", VMI_CALL_Reboot, LANE_HIDDEN },
	{ "reboot_keyboard", VMI_CALL_Reboot, LANE_HIDDEN },
	{ "reboot_idt", VMI_CALL_Reboot, LANE_END },
	{ "shutdown_value", VMI_CALL_Shutdown, LANE_HIDDEN },
	{ "shutdown_port", VMI_CALL_Shutdown, LANE_HIDDEN },
	{ "shutdown_sti", VMI_CALL_Shutdown, LANE_FLAGS },
	{ "shutdown_once", VMI_CALL_Shutdown, LANE_END },
	{ "stray", VMI_CALL_SetPxE, LANE_MEMORY },
	{ "half", VMI_CALL_SetPxELong, LANE_MEMORY },
	{ "other_page", VMI_CALL_InvalPage, LANE_HIDDEN },
	{ "all_global", VMI_CALL_FlushTLB, LANE_HIDDEN },
	{ "port", VMI_CALL_IODelay, LANE_HIDDEN },
	{ "other_frequency", VMI_CALL_GetCycleFrequency, LANE_RESULT },
	{ "counter_unknown", VMI_CALL_GetCycleCounter, LANE_RESULT },
	{ "counter_stolen", VMI_CALL_GetCycleCounter, LANE_RESULT },
	{ "counter_late", VMI_CALL_GetCycleCounter, LANE_RESULT },
	{ "wallclock_stands", VMI_CALL_GetWallclockTime, LANE_RESULT },
	{ "always_updated", VMI_CALL_WallclockUpdated, LANE_MEMORY },
};
#define MISTAKES (sizeof(mistakes) / sizeof(mistakes[0]))

static const struct mistake mistakes64[] = {
	{ "none", 0, LANE_GOOD },
	{ "init_endbr", INIT, LANE_ANSWER },
	{ "init_answer", INIT, LANE_ANSWER },
	{ "init_upper", INIT, LANE_ANSWER },
	{ "answer_rbx", ALL, LANE_REGISTER },
	{ "answer_r15", ALL, LANE_REGISTER },
	{ "answer_half", ALL, LANE_REGISTER },
	{ "answer_below", ALL, LANE_STACK },
	{ "answer_std", ALL, LANE_FLAGS },
	{ "answer_high", ALL, LANE_POSITION },
	{ "answer_absolute", ALL, LANE_ANSWER },
	{ "answer_32", ALL, LANE_ANSWER },
	{ "answer_upper", ALL, LANE_ANSWER },
	{ "answer_beyond", ANSWERS, LANE_ANSWER },
	{ "answer_absent", VMI_CALL_SetPxE, LANE_ANSWER },
	{ "answer_nop", VMI_CALL_SetCR3, LANE_ANSWER },
	{ "no_endbr", VMI_CALL_SetCR3, LANE_ANSWER },
	{ "rbx", VMI_CALL_SetCR3, LANE_REGISTER },
	{ "r12", VMI_CALL_SetCR3, LANE_REGISTER },
	{ "upper_half", VMI_CALL_SetCR3, LANE_REGISTER },
	{ "red_zone", VMI_CALL_SetCR3, LANE_STACK },
	{ "red_zone_read", VMI_CALL_SetCR3, LANE_STACK },
	{ "deep", VMI_CALL_SetCR3, LANE_MEMORY },
	{ "frame", VMI_CALL_SetCR3, LANE_STACK },
	{ "absolute", VMI_CALL_SetCR3, LANE_FAULT },
	{ "image", VMI_CALL_SetCR3, LANE_IMAGE },
	{ "stray_read", VMI_CALL_SetCR3, LANE_MEMORY },
	{ "direction", VMI_CALL_SetCR3, LANE_FLAGS },
	{ "interrupts", VMI_CALL_SetCR3, LANE_FLAGS },
	{ "segment", VMI_CALL_SetCR3, LANE_SEGMENT },
	{ "stack_segment", VMI_CALL_SetCR3, LANE_SYSTEM },
	{ "gs_exchanged", VMI_CALL_SetCR3, LANE_SYSTEM },
	{ "sse", VMI_CALL_SetCR3, LANE_FAULT },
	{ "invalid", VMI_CALL_SetCR3, LANE_FAULT },
	{ "forever", VMI_CALL_SetCR3, LANE_END },
	{ "elsewhere", VMI_CALL_SetCR3, LANE_END },
	{ "armed", VMI_CALL_SetCR3, LANE_BROKEN },
	{ "wrong_cr", VMI_CALL_SetCR3, LANE_SYSTEM },
	{ "rsp", VMI_CALL_SetCR3, LANE_ESP },
	{ "result", VMI_CALL_GetCR0, LANE_RESULT },
	{ "irq_register", VMI_CALL_EnableInterrupts, LANE_REGISTER },
	{ "system_short", VMI_CALL_WriteGDTEntry, LANE_MEMORY },
	{ "half", VMI_CALL_SetPxELong, LANE_MEMORY },
	{ "other_page", VMI_CALL_InvalPage, LANE_HIDDEN },
	{ "page_by_r9", VMI_CALL_InvalPage, LANE_HIDDEN },
	{ "all_global", VMI_CALL_FlushTLB, LANE_HIDDEN },
	{ "wait_sign", VMI_CALL_VcpuWait, LANE_RESULT },
	{ "wait_upper", VMI_CALL_VcpuWait, LANE_RESULT },
	{ "visible_wrap", VMI_CALL_SetPageVisibility, LANE_RESULT },
	{ "gs_unchecked", VMI_CALL_LoadGSIndex, LANE_FAULT },
	{ "sysret_wild", VMI_CALL_SYSRET64, LANE_FAULT },
	{ "sysret_gs", VMI_CALL_SYSRET64, LANE_SYSTEM },
	{ "sysret_rdx", VMI_CALL_SYSRET64, LANE_RESULT },
	{ "iret", VMI_CALL_IRET, LANE_FAULT },
};
#define MISTAKES64 (sizeof(mistakes64) / sizeof(mistakes64[0]))

static struct lane_report report;

static void run(unsigned int width, const char *folder, const char *name, uint64_t seed)
{
	const char *build = getenv("PVROM_BUILD");
	struct romfile rom;
	struct romfile_error refused;
	char path[512], error[128];

	snprintf(path, sizeof(path), "%s/%s/%s.rom", build ? build : "build", folder, name);
	if (romfile_read(&rom, path, &refused))
		fail_msg("%s", refused.text);
	const struct vrom_header *header = romfile_header(&rom, &refused);
	if (!header)
		fail_msg("%s", refused.text);
	struct lane_options options = {
		.image = rom.bytes, .size = header->rom_length * (size_t)VROM_BLOCK,
		.seed = seed, .rounds = width == 64 ? ROUNDS64 : ROUNDS, .width = width,
	};
	struct vrom_directory directory;
	assert_true(width == 32 || lane_directory(rom.bytes, options.size, width, &directory));
	memset(&report, 0, sizeof(report));
	for (unsigned int n = 0; n < lane_abi(width)->calls; n++)
		report.call[n].chosen = true;
	if (lane_run(&options, &report, error, sizeof(error)))
		fail_msg("%s", error);
	romfile_free(&rom);
}

static void expect(const char *image, const char *where, const struct lane_finding *found,
		   enum lane_kind expected)
{
	if (found->kind != expected)
		fail_msg("%s: %s: found `%s` (%s), expected `%s`", image, where,
			 lane_kind_names[found->kind], found->text, lane_kind_names[expected]);
}

static void mistake(unsigned int width, const char *folder, const struct mistake *m)
{
	const struct lane_abi *abi = lane_abi(width);
	int call = m->call;
	enum lane_kind kind = m->kind;

	run(width, folder, m->name, 1);
	if (call == ALL) { /* one path for all numbers: whichever differ, differ so */
		unsigned int found = 0;

		for (unsigned int n = 0; n < abi->calls; n++) {
			found += report.call[n].finding.kind == kind;
			if (report.call[n].finding.kind != LANE_GOOD)
				expect(m->name, abi->call[n].name, &report.call[n].finding, kind);
		}
		assert_true(found > 8);
		return;
	}
	expect(m->name, "VMI_Init", &report.init, call == INIT ? kind : LANE_GOOD);
	expect(m->name, "numbers", &report.answers, call == ANSWERS ? kind : LANE_GOOD);
	for (unsigned int n = 0; n < abi->calls; n++)
		expect(m->name, abi->call[n].name, &report.call[n].finding,
		       (int)n == call ? kind : LANE_GOOD);
}

static void test_mistake(void **state)
{
	mistake(32, "tests/emu", *state);
}

static void test_mistake64(void **state)
{
	mistake(64, "tests/emu64", *state);
}

/* Passing means that entries were called, not that there were none. */
static void test_calls_are_made(void **state)
{
	(void)state;
	run(32, "tests/emu", "none", 7);
	assert_int_equal(report.call[VMI_CALL_SetCR3].cases, ROUNDS);
	assert_int_equal(report.call[VMI_CALL_SetCR3].answer, VMI_RELOCATION_CALL_REL);
	assert_int_equal(report.call[VMI_CALL_GetDR].cases, 0);
	assert_int_equal(report.call[VMI_CALL_GetDR].answer, VMI_RELOCATION_NONE);
	run(64, "tests/emu64", "none", 7);
	assert_int_equal(report.call[VMI_CALL_SYSRET64].cases, ROUNDS64);
	assert_int_equal(report.call[VMI_CALL_SYSRET64].answer, VMI_RELOCATION_JUMP_REL);
	assert_int_equal(report.call[VMI_CALL_SYSRET32].cases, 0);
	assert_int_equal(report.call[VMI_CALL_SYSRET32].answer, VMI_RELOCATION_NONE);
}

/* An ABI of another major is none that the lane knows. */
static void test_other_major(void **state)
{
	const char *build = getenv("PVROM_BUILD");
	struct vrom_directory directory;
	struct romfile_error refused;
	struct romfile rom;
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/tests/emu64/other_major.rom", build ? build : "build");
	assert_int_equal(romfile_read(&rom, path, &refused), 0);
	assert_false(lane_directory(rom.bytes, rom.size, 64, &directory));
	assert_true(lane_directory(rom.bytes, rom.size, 32, &directory));
	romfile_free(&rom);
}

static void test_product(void **state)
{
	static const char *const profiles[] = { "full", "native", "min", "empty", "callflow" };

	(void)state;
	for (size_t i = 0; i < 2 * (sizeof(profiles) / sizeof(profiles[0])); i++) {
		const char *profile = profiles[i / 2];
		unsigned int width = i % 2 ? 64 : 32;

		run(width, "rom", profile, 2);
		expect(profile, "VMI_Init", &report.init, LANE_GOOD);
		expect(profile, "numbers", &report.answers, LANE_GOOD);
		for (unsigned int n = 0; n < lane_abi(width)->calls; n++)
			expect(profile, lane_abi(width)->call[n].name, &report.call[n].finding, LANE_GOOD);
		assert_int_equal(report.call[VMI_CALL_IRET].cases,
				 !strcmp(profile, "empty") ? 0 : width == 64 ? ROUNDS64 : ROUNDS);
	}
}

int main(void)
{
	static char names64[MISTAKES64][32];
	struct CMUnitTest tests[MISTAKES + MISTAKES64 + 3], *test = tests;

	for (size_t i = 0; i < MISTAKES; i++)
		*test++ = (struct CMUnitTest){ mistakes[i].name, test_mistake, NULL, NULL,
					       (void *)&mistakes[i] };
	for (size_t i = 0; i < MISTAKES64; i++) {
		snprintf(names64[i], sizeof(names64[i]), "%s, 64 bit", mistakes64[i].name);
		*test++ = (struct CMUnitTest){ names64[i], test_mistake64, NULL, NULL,
					       (void *)&mistakes64[i] };
	}
	*test++ = (struct CMUnitTest)cmocka_unit_test(test_calls_are_made);
	*test++ = (struct CMUnitTest)cmocka_unit_test(test_other_major);
	*test++ = (struct CMUnitTest)cmocka_unit_test(test_product);
	return cmocka_run_group_tests_name("cpu lane", tests, NULL, NULL);
}
