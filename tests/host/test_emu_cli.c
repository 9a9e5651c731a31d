/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvrom cpu` as a process: exit statuses, its lines, and the command that repeats a failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

static char output[65536];

/* Runs a command of the shell. Result: its exit status; stdout and stderr are in `output`. */
static int shell(const char *command)
{
	char all[1024];

	snprintf(all, sizeof(all), "{ %s; } 2>&1", command);
	FILE *pipe = popen(all, "r");
	assert_non_null(pipe);
	output[fread(output, 1, sizeof(output) - 1, pipe)] = 0;
	int status = pclose(pipe);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Runs `pvrom cpu` with arguments in which @ stands for the build folder. */
static int cpu(const char *arguments)
{
	const char *build = getenv("PVROM_BUILD");
	char command[512];
	size_t used;

	if (!build)
		build = "build";
	used = (size_t)snprintf(command, sizeof(command), "%s/asan/pvrom cpu ", build);
	for (; *arguments && used < sizeof(command) - 1; arguments++)
		if (*arguments == '@')
			used += (size_t)snprintf(command + used, sizeof(command) - used, "%s", build);
		else
			command[used++] = *arguments;
	assert_true(used < sizeof(command) - 1);
	command[used] = 0;
	return shell(command);
}

static void has(const char *text)
{
	if (!strstr(output, text))
		fail_msg("expected `%s`, found:\n%s", text, output);
}

static void test_good(void **state)
{
	(void)state;
	assert_int_equal(cpu("@/rom/full.rom --rounds 24 --width 32"), 0);
	has("\ncpu VMI_Init ok\ncpu GetRelocationInfo ok\n");
	has("\ncpu 17 SetCR3 ok 24 calls\n");
	has("\ncpu 26 RDPMC exception: ");
	has("\ncpu 37 Shutdown ok 24 calls; in part: ");
	has("\ncpu 62 SetInitialAPState none\n");
	has(" passed, 0 failed\n");
	assert_null(strstr(output, "cpu64"));
}

/* Every ABI that the ROM has, unless told. */
static void test_both_widths(void **state)
{
	(void)state;
	assert_int_equal(cpu("@/rom/full.rom --rounds 24"), 0);
	has("\ncpu 17 SetCR3 ok 24 calls\n");
	has("\ncpu64 VMI_Init ok\ncpu64 GetRelocationInfo ok\n");
	has("\ncpu64 17 SetCR3 ok 24 calls\n");
	has("\ncpu64 82 SYSRET64 ok 24 calls; in part: ");
	has("\ncpu64 84 ReadMSRSafe none\n");
	has(" passed, 0 failed\n");
	assert_null(strstr(output, "cpu64 38 ")); /* long mode has none */
	assert_null(strstr(output, "cpu 82 "));
	assert_int_equal(cpu("@/rom/full.rom --rounds 24 --width 64 --call VcpuWait"), 0);
	has("\ncpu64 88 VcpuWait ok 24 calls; in part: ");
	has("\n3 passed, 0 failed\n");
	assert_int_equal(cpu("@/tests/emu/none.rom --width 64"), 1);
	has("no ABI of 64 bits");
}

static void test_one_call(void **state)
{
	(void)state;
	assert_int_equal(cpu("@/rom/full.rom --rounds 24 --call 17 --call getcr0"), 0);
	has("SetCR3 ok");
	has("GetCR0 ok");
	has("\n8 passed, 0 failed\n"); /* of either width */
	assert_null(strstr(output, "SetCR4"));
}

/* The line that a failure prints leads to the same failure. */
static void test_failed(void **state)
{
	char first[512], repeat[512];
	const char *image = *state ? "@/tests/emu64/red_zone.rom --seed 0x123456789 --rounds 48" :
				     "@/tests/emu/frame.rom --seed 0x123456789 --rounds 48";
	const char *name = *state ? "cpu64 17 " : "cpu 17 ";

	assert_int_equal(cpu(image), 1);
	has(*state ? "cpu64 17 SetCR3 failed: stack: bytes below rsp " : "cpu 17 SetCR3 failed: stack: ");
	has(" 1 failed\n");
	const char *line = strstr(output, name), *command = strstr(output, "repeat: ");
	assert_non_null(command);
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(line, "\n"), line);
	command += strlen("repeat: ");
	snprintf(repeat, sizeof(repeat), "%.*s", (int)strcspn(command, "\n"), command);
	assert_int_equal(shell(repeat), 1);
	has(first);
}

static void test_no_verdict(void **state)
{
	(void)state;
	assert_int_equal(cpu("@/tests/emu/armed.rom --rounds 24"), 3);
	has("1 without a verdict\n");
}

static void test_usage(void **state)
{
	(void)state;
	assert_int_equal(cpu(""), 2);
	assert_int_equal(cpu("/nonexistent.rom"), 2);
	has("/nonexistent.rom");
	assert_int_equal(cpu("@/rom/full.rom @/rom/min.rom"), 2);
	assert_int_equal(cpu("@/rom/full.rom --rounds 0"), 2);
	assert_int_equal(cpu("@/rom/full.rom --seed -1"), 2);
	assert_int_equal(cpu("@/rom/full.rom --width 16"), 2);
	assert_int_equal(cpu("@/rom/full.rom --call SetCR9"), 2);
	has("SetCR9");
	assert_int_equal(cpu("@/rom/full.rom --call 49"), 2); /* reserved */
	assert_int_equal(cpu("Makefile"), 1); /* a file, but no ROM */
	has("rom_signature");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),   cmocka_unit_test(test_one_call),
		cmocka_unit_test(test_failed), cmocka_unit_test(test_no_verdict),
		cmocka_unit_test(test_usage),  cmocka_unit_test(test_both_widths),
		{ "test_failed, 64 bit", test_failed, NULL, NULL, (void *)1 },
	};

	return cmocka_run_group_tests_name("pvrom cpu", tests, NULL, NULL);
}
