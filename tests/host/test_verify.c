/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pvrom verify as a process: it passes the product, and fails each ROM that misbehaves at the
 * right checks and no others. Every ROM of the three folders must have a row here, and every
 * check must fail in some row, so that none is there that cannot.
 */
#define _GNU_SOURCE
#include <dirent.h>

#include "shell.h"
#include "verify/verify.h"

#define FEW " --rounds 2"   /* where no entry is at fault */
#define SOME " --rounds 24" /* one for each load address */

static const struct row {
	const char *rom;    /* below the folder of tests in build/ */
	const char *failed; /* numbers of the checks that must fail, as ` 1 2` */
} rows[] = {
	{ "hostile/answer_changes", " 26 28" },
	{ "hostile/answer_cr0", " 24" },
	{ "hostile/answer_cr3", " 24" },
	{ "hostile/answer_cr4", " 24" },
	{ "hostile/answer_direction", " 22" },
	{ "hostile/answer_ebx", " 21" },
	{ "hostile/answer_gdt", " 24" },
	{ "hostile/answer_gp", " 19" },
	{ "hostile/answer_gs", " 23" },
	{ "hostile/answer_halt", " 19" },
	{ "hostile/answer_hang", " 19" },
	{ "hostile/answer_header", " 26" },
	{ "hostile/answer_idt", " 24" },
	{ "hostile/answer_interrupts", " 22" },
	{ "hostile/answer_jump", " 25 26 27 29" }, /* numbers that are no call are answered, too */
	{ "hostile/answer_nop", " 25" },
	{ "hostile/answer_outside", " 26" },
	{ "hostile/answer_pf", " 19" },
	{ "hostile/answer_reserved", " 25 27" },
	{ "hostile/answer_segments", " 23" },
	{ "hostile/answer_smash", " 20" },
	{ "hostile/answer_stack", " 20" },
	{ "hostile/answer_stack_wild", " 19" },
	{ "hostile/answer_stack_zero", " 19" },
	{ "hostile/answer_type", " 25 27" },
	{ "hostile/answer_ud", " 19" },
	{ "hostile/init_cr0", " 17" },
	{ "hostile/init_cr3", " 17" },
	{ "hostile/init_cr4", " 17" },
	{ "hostile/init_direction", " 15" },
	{ "hostile/init_error", " 18" },
	{ "hostile/init_fs", " 16" },
	{ "hostile/init_gdt", " 17" },
	{ "hostile/init_gp", " 12" },
	{ "hostile/init_halt", " 12" },
	{ "hostile/init_hang", " 12" },
	{ "hostile/init_idt", " 17" },
	{ "hostile/init_interrupts", " 15" },
	{ "hostile/init_pf", " 12" },
	{ "hostile/init_registers", " 14" },
	{ "hostile/init_segments", " 16" },
	{ "hostile/init_smash", " 13" },
	{ "hostile/init_stack", " 13" },
	{ "hostile/init_stack_wild", " 12" },
	{ "hostile/init_stack_zero", " 12" },
	{ "hostile/init_ud", " 12" },
	{ "variants/E_API_LINEAGE", " 4" },
	{ "variants/E_API_MAJOR", " 4" },
	{ "variants/E_JUMP_SLOTS", " 5" },
	{ "variants/E_LICENSE", " 7" },
	{ "variants/E_LICENSE_OFFSET", " 7" },
	{ "variants/E_LICENSE_STRING", " 7" },
	{ "variants/E_LICENSE_WIDE", " 7" },
	{ "variants/E_NOT_VMI", " 1" },
	{ "variants/E_PCIR_ALIGN", " 8" },
	{ "variants/E_PCIR_CODE", " 8" },
	{ "variants/E_PCIR_IMAGE", " 8" },
	{ "variants/E_PCIR_LENGTH", " 8" },
	{ "variants/E_PCIR_OFFSET", " 8" },
	{ "variants/E_PCIR_SIGNATURE", " 8" },
	{ "variants/E_PNP_CHECKSUM", " 10" },
	{ "variants/E_PNP_LENGTH", " 10" },
	{ "variants/E_PNP_OFFSET", " 10" },
	{ "variants/E_PNP_SIGNATURE", " 10" },
	{ "variants/E_PNP_STRING", " 10" },
	{ "variants/E_CAPABILITY", " 25" },
	{ "variants/E_DIRECTORY_CHECKSUM", "" },
	{ "variants/E_DIRECTORY_LENGTH", "" },
	{ "variants/E_DIRECTORY_RANGE", "" },
	{ "variants/E_DIRECTORY_SIGNATURE", "" },
	{ "variants/E_DIRECTORY_VERSION", "" },
	{ "variants/E_INLINE_BYTES", "" },
	{ "variants/E_INLINE_CLOBBERS", "" },
	{ "variants/E_INLINE_RANGE", "" },
	{ "variants/E_RELOC_ONE", " 25" },
	{ "variants/E_RELOC_SOME", " 25" },
	{ "variants/E_SLOT_TARGET", " 5" },
	{ "variants/E_VIRTUAL_TOP", " 11" },
	{ "negotiation/api_13.0", " 4" },
	{ "negotiation/api_13.3", " 4" },
	{ "negotiation/api_2.9", " 4" },
	{ "negotiation/api_3.0", "" },
	{ "negotiation/api_3.1", "" },
	{ "negotiation/api_3.3", "" }, /* minors only add: a 3.0 guest takes it */
	{ "negotiation/api_4.0", " 4" },
	{ "negotiation/license", " 7" },
	/* What run lists use elsewhere. */
	{ "machines/checksum", " 3" },
	{ "machines/beyond", " 2 9" },
	{ "machines/length0", " 2" },
	{ "machines/late", "" }, /* no $PnP: skipped */
	{ "machines/big", "" },
};
/* Of tests/emu/wrong.asm, which has no licence, PCIR, sum, whole groups and ENDBR. */
#define BARE " 3 7 8"
static const struct row entry_rows[] = {
	{ "emu/none", BARE " 30 32" },
	{ "emu/answer_position", BARE " 29 30 32" },
	{ "emu/answer_other", BARE " 28 30" },
	{ "emu/image", BARE " 30 31 32" },
	{ "emu/init_image", BARE " 12 30 31 32" },
	{ "emu/forever", BARE " 30 32 33" },
	{ "emu/elsewhere", BARE " 30 32 33" },
	{ "emu/frame", BARE " 30 32 34" },
	{ "emu/esp", BARE " 30 32 34" },
	{ "emu/callee_saved", BARE " 30 32 35" },
	{ "emu/direction", BARE " 30 32 36" },
	{ "emu/segment", BARE " 30 32 37" },
	{ "emu/result", BARE " 30 32 38" },
	{ "emu/stray", BARE " 30 32 38" },
};
#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static bool seen_to_fail[VERIFY_CHECKS + 1];

/* The numbers of the checks that the last output says failed, as in a row. */
static const char *failed_checks(void)
{
	static char list[256];
	unsigned int number, expected = 1;
	size_t used = 0;

	list[0] = 0;
	for (const char *line = shell_output; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		bool bad = sscanf(line, "not ok %u - ", &number) == 1;

		if (!bad && sscanf(line, "ok %u - ", &number) != 1)
			continue;
		assert_int_equal(number, expected++); /* TAP: each once, in order */
		if (!bad)
			continue;
		used += (size_t)snprintf(list + used, sizeof(list) - used, " %u", number);
		assert_true(used < sizeof(list));
		seen_to_fail[number] = true;
	}
	assert_int_equal(expected, VERIFY_CHECKS + 1);
	return list;
}

static void check_rows(const struct row *table, size_t count, const char *rounds)
{
	for (size_t i = 0; i < count; i++) {
		char command[256];

		snprintf(command, sizeof(command), "@/pvrom verify @/tests/%s.rom%s", table[i].rom,
			 rounds);
		int status = shell(command);
		if (strcmp(failed_checks(), table[i].failed))
			fail_msg("%s: found failed%s, expected%s:\n%s", table[i].rom,
				 failed_checks(), table[i].failed, shell_output);
		assert_int_equal(status, *table[i].failed ? 1 : 0);
	}
}

static void test_hostile(void **state)
{
	(void)state;
	check_rows(rows, ROWS(rows), FEW);
}

static void test_entries(void **state)
{
	(void)state;
	check_rows(entry_rows, ROWS(entry_rows), SOME);
}

/* A ROM of these folders without a row is one that nobody has thought about. */
static void test_all_have_rows(void **state)
{
	static const char *const folders[] = { "hostile", "variants", "negotiation" };
	const char *build = getenv("PVROM_BUILD");
	unsigned int found = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(folders); i++) {
		char path[512];
		struct dirent *e;

		snprintf(path, sizeof(path), "%s/tests/%s", build ? build : "build", folders[i]);
		DIR *dir = opendir(path);
		assert_non_null(dir);
		while ((e = readdir(dir))) {
			char *end = strstr(e->d_name, ".rom");
			size_t row = 0;

			if (!end || end[4])
				continue;
			snprintf(path, sizeof(path), "%s/%.*s", folders[i],
				 (int)(end - e->d_name), e->d_name);
			while (row < ROWS(rows) && strcmp(rows[row].rom, path))
				row++;
			if (row == ROWS(rows))
				fail_msg("%s.rom has no row in tests/host/test_verify.c", path);
			found++;
		}
		closedir(dir);
	}
	assert_true(found >= 40);
}

/* Under the sanitizers, since it is what people run. */
static void test_product(void **state)
{
	static const char *const good[] = { "full", "native", "min", "callflow", "notime" };

	(void)state;
	for (size_t i = 0; i < ROWS(good); i++) {
		char command[128];

		snprintf(command, sizeof(command), "^ verify @/rom/%s.rom" SOME, good[i]);
		if (shell(command))
			fail_msg("%s:\n%s", good[i], shell_output);
		assert_string_equal(failed_checks(), "");
		shell_has("# 40 passed, 0 failed, 0 skipped\n");
	}
	/* Nothing but NONE: VMI_Init keeps the guest native, and there is no entry to call. */
	assert_int_equal(shell("^ verify @/rom/empty.rom" SOME), 0);
	assert_string_equal(failed_checks(), "");
	shell_has("# it keeps the guest native\n");
	shell_has("\nok 32 - endbr: each entry begins with ENDBR32 # SKIP no call has an entry");
	shell_has("# 31 passed, 0 failed, 9 skipped\n");
}

/* Checks that no ROM of the folders fails. */
static void test_made(void **state)
{
	(void)state;
	/* The slot of call 0 leads far away. */
	assert_int_equal(shell("@/pvrom mutate --flip 0x93:7 @/rom/full.rom @/tests/verify.rom && "
			       "@/pvrom verify @/tests/verify.rom" FEW), 1);
	assert_string_equal(failed_checks(), " 6");
	shell_has("slot 2 at 0x90: found a jump to 0x801");
	assert_int_equal(shell("@/pvrom mutate --drop CancelAlarm @/rom/full.rom @/tests/verify.rom && "
			       "@/pvrom verify @/tests/verify.rom" FEW), 1);
	assert_string_equal(failed_checks(), " 30");
	shell_has("group timer: WallclockUpdated is provided and CancelAlarm is not");
	/* The 64-bit table: its directory elsewhere; an entry; a type; a sum. */
	static const char *const wide[][2] = {
		{ "abi.directory_offs:0", "VMI_E_DIRECTORY_SIGNATURE: vrom_directory.signature at 0x" },
		{ "code.init:0", "VMI_E_DIRECTORY_ENTRY: vrom_directory.init_offs at 0x" },
		{ "directory.abi_count:0 directory.abis_offs+1:2", "VMI_E_DIRECTORY_NESTED: vrom_directory.abi_count at 0x" },
		{ "SetCR3.entry_offs+1:6", "call 17 SetCR3 of 4.0: found an entry at 0x" },
		{ "72.kinds:1 72.detail:0", "call 72 UNUSED72 of 4.0: found type 1" },
		{ "SetCR3.kinds:1", "call 17 SetCR3 of 4.0: found the answer 1, expected one of the kinds, 0x10" },
		{ "abi.directory_offs:7", "VMI_E_DIRECTORY_" },
		{ "code.CPUID:0", "call 0 CPUID of 4.0 at 0x" },
		{ "directory.version:0", "VMI_E_DIRECTORY_VERSION: " },
	};
	for (size_t i = 0; i < ROWS(wide); i++) {
		char command[256];

		snprintf(command, sizeof(command), "tests/host/flip_abi.sh @ '%s' @/tests/verify.rom && @/pvrom verify "
			 "@/tests/verify.rom" FEW, wide[i][0]);
		assert_int_equal(shell(command), 1);
		assert_string_equal(failed_checks(), " 39");
		shell_has(wide[i][1]);
	}
	assert_int_equal(shell("@/pvrom mutate --drop64 CancelAlarm @/rom/full.rom @/tests/verify.rom && "
			       "@/pvrom verify @/tests/verify.rom" FEW), 1);
	assert_string_equal(failed_checks(), " 39");
	shell_has("group timer of 4.0: WallclockUpdated is provided and CancelAlarm is not");
	assert_int_equal(shell("tests/host/flip_abi.sh @ 'SetCR3.entry_offs:0' @/tests/verify.rom "
			       "unsigned && @/pvrom verify "
			       "@/tests/verify.rom" FEW), 1);
	shell_has("VMI_E_DIRECTORY_CHECKSUM: vrom_directory.tables_checksum at 0x");
	/* An entry of 64 bit that answers 0. */
	assert_int_equal(shell("at=$(nm @/rom/full.elf | sed -n 's/ T vmi64_get_cr2$//p'); "
			       "@/pvrom mutate --bytes $(printf 0x%x $((0x$at + 4))):31c0c3 @/rom/full.rom "
			       "@/tests/verify.rom && @/pvrom verify @/tests/verify.rom" FEW), 1);
	assert_string_equal(failed_checks(), " 40");
	shell_has("# GetCR2 of 4.0: ");
	/* $PnP off its border of 16 bytes. */
	assert_int_equal(shell("@/pvrom mutate --flip 0x1a:2 @/rom/full.rom @/tests/verify.rom && "
			       "@/pvrom verify @/tests/verify.rom" FEW), 1);
	assert_string_equal(failed_checks(), " 10");
	shell_has("found 0x3a4, expected a multiple of 16");
}

static void test_every_check_failed(void **state)
{
	(void)state;
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++)
		if (!seen_to_fail[n])
			fail_msg("no ROM here fails check %u, %s", n, verify_name(n));
}

static void test_options(void **state)
{
	(void)state;
	/* Left out by name and by number; what depends on it is still not believed. */
	assert_int_equal(shell("^ verify --skip licence @/tests/variants/E_LICENSE.rom" FEW), 0);
	shell_has(" # SKIP left out: VMI_E_LICENSE: vrom_header.license_offs at 0x420: found 0x726568744f");
	assert_int_equal(shell("^ verify --skip 2 --skip 9 @/tests/machines/beyond.rom" FEW), 0);
	shell_has("\nok 12 - init-returns: VMI_Init comes back: no fault, halt or hang # SKIP check 2, "
		  "length, failed\n");
	assert_int_equal(shell("^ verify --skip 41 @/rom/full.rom"), 2);
	shell_has("--list shows them");
	assert_int_equal(shell("^ verify --rounds 0 @/rom/full.rom"), 2);
	assert_int_equal(shell("^ verify"), 2);
	assert_int_equal(shell("^ verify @/rom/full.rom @/rom/min.rom"), 2);
	assert_int_equal(shell("^ verify --json @/tests/machines/checksum.rom" FEW), 1);
	shell_has("\"name\":\t\"checksum\"");
	shell_has("\"failed\":\t1");
	/* An entry that breaks the emulator: no verdict, but what failed goes first. */
	assert_int_equal(shell("^ verify @/tests/emu/armed.rom" SOME), 1);
	shell_has("\n# no verdict: call 17 SetCR3: ");
	assert_int_equal(shell("^ verify --skip 3 --skip 7 --skip 8 --skip 30 --skip 32 "
			       "@/tests/emu/armed.rom" SOME), 3);
}

static void test_bad_files(void **state)
{
	(void)state;
	assert_int_equal(shell("^ verify /nonexistent.rom"), 2);
	assert_int_equal(shell("^ verify tests"), 2);
	shell_has("tests: found a directory, expected a regular file");
	assert_int_equal(shell("^ verify /dev/null"), 2);
	assert_int_equal(shell("printf U > @/tests/verify.bin; ^ verify @/tests/verify.bin"), 1);
	assert_string_equal(failed_checks(), " 1");
	assert_int_equal(shell("truncate -s 0 @/tests/verify.bin; ^ verify @/tests/verify.bin"), 2);
	shell_has("the file is empty");
	/* 16 MiB behind the image: its own business. */
	assert_int_equal(shell("cp @/rom/min.rom @/tests/verify.bin; truncate -s 16M @/tests/verify.bin;"
			       " ^ verify @/tests/verify.bin" FEW), 0);
	assert_int_equal(shell("truncate -s 16777217 @/tests/verify.bin; ^ verify @/tests/verify.bin"),
			 2);
	shell_has("found 16777217 bytes, expected at most 16777216");
	/* The header ends in the middle. */
	assert_int_equal(shell("head -c 20 @/rom/min.rom > @/tests/verify.bin; "
			       "^ verify @/tests/verify.bin; rm @/tests/verify.bin"), 0);
	assert_string_equal(failed_checks(), " 2");
}

/* docs/verify.md holds the list as the tool prints it. */
static void test_documented(void **state)
{
	(void)state;
	assert_int_equal(shell("^ verify --list > @/tests/verify.list && "
			       "grep -F -c -x -f @/tests/verify.list docs/verify.md; "
			       "grep -c '| .* |$' docs/verify.md; wc -l < @/tests/verify.list"), 0);
	unsigned int same, listed, made;
	assert_int_equal(sscanf(shell_output, "%u %u %u", &same, &listed, &made), 3);
	assert_int_equal(made, VERIFY_CHECKS + 2); /* and two lines of heading */
	assert_int_equal(same, made);
	assert_int_equal(listed, made - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_product),	      cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_entries),	      cmocka_unit_test(test_made),
		cmocka_unit_test(test_all_have_rows), cmocka_unit_test(test_every_check_failed),
		cmocka_unit_test(test_options),	      cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_documented),
	};

	return cmocka_run_group_tests_name("pvrom verify", tests, NULL, NULL);
}
