/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvrom bench-diff`: what is worse, better, lost or new, within a tolerance; bad files. */
#include "shell.h"

#define HEAD "subject\\tplatform\\tinstructions\\tspread\\texits\\tspread\\truns\\tnote\\n"
#define DIFF "d=$(mktemp -d); : > $d/empty; mkfifo $d/fifo; trap 'rm -r $d' EXIT; printf '"
#define BASE HEAD "stress\\trom\\t1000\\t0\\t200\\t0\\t3\\t\\nstress\\ttrap\\t2000\\t0\\t900\\t0\\t3\\t\\n"
#define AGAINST "' > $d/a; printf '"
#define ASK "' > $d/b; ^ bench-diff "

/* The command on BASE and the lines given. */
static int diff(const char *lines, const char *options)
{
	char command[1600];
	snprintf(command, sizeof(command), "%s%s%s", DIFF BASE AGAINST HEAD, lines, ASK);
	return shell_more(command, options);
}

#define SAME "stress\\trom\\t1000\\t0\\t200\\t0\\t3\\t\\nstress\\ttrap\\t2000\\t0\\t900\\t0\\t3\\t\\n"

static void finds_nothing(void **state)
{
	(void)state;
	assert_int_equal(diff(SAME, "$d/a $d/b"), 0);
	shell_has("4 figures the same within 0.500 %, 0 better, 0 worse, 0 lost; 0 new lines");
	/* Ranges that touch are the same; notes are no figures. */
	assert_int_equal(diff("stress\\trom\\t900\\t100\\t150\\t70\\t3\\tx\\nstress\\ttrap\\t2000\\t0\\t900\\t0\\t1\\t\\n",
			      "-t 0 $d/a $d/b"), 0);
	assert_int_equal(diff("stress\\trom\\t900\\t99\\t150\\t49\\t3\\t\\nstress\\ttrap\\t2000\\t0\\t900\\t0\\t3\\t\\n",
			      "-t 0 $d/a $d/b"), 0);
	shell_has("2 figures the same within 0.000 %, 2 better, 0 worse");
	assert_int_equal(diff("stress\\trom\\t900\\t99\\t150\\t49\\t3\\t\\nstress\\ttrap\\t2000\\t0\\t900\\t0\\t3\\t\\n",
			      "-t 0 $d/b $d/a"), 1);
	shell_has("2 figures the same within 0.000 %, 0 better, 2 worse");
}

static void finds_worse(void **state)
{
	(void)state;
	assert_int_equal(diff("stress\\trom\\t1006\\t0\\t200\\t0\\t3\\t\\nstress\\ttrap\\t1000\\t0\\t900\\t0\\t3\\t\\n",
			      "$d/a $d/b"), 1);
	shell_has("stress rom instructions: 1000 -> 1006 (+0.60 %) worse");
	shell_has("stress trap instructions: 2000 -> 1000 (-50.00 %) better");
	shell_has("2 figures the same within 0.500 %, 1 better, 1 worse, 0 lost; 0 new lines");
	assert_int_equal(diff("stress\\trom\\t1000\\t0\\t201\\t0\\t3\\t\\nstress\\ttrap\\t2000\\t0\\t900\\t0\\t3\\t\\n",
			      "-t 0.499 $d/a $d/b"), 1);
	shell_has("stress rom exits: 200 -> 201 (+0.50 %) worse");
}

static void keeps_the_tolerance(void **state)
{
	(void)state;
	const char *lines = "stress\\trom\\t1005\\t0\\t200\\t0\\t3\\t\\nstress\\ttrap\\t2000\\t0\\t900\\t0\\t3\\t\\n";
	assert_int_equal(diff(lines, "$d/a $d/b"), 0);
	assert_int_equal(diff(lines, "--tolerance=0.4 $d/a $d/b"), 1);
	assert_int_equal(diff(lines, "--tolerance=0 $d/a $d/b"), 1);
	assert_int_equal(diff(lines, "--tolerance=1 $d/a $d/b"), 0);
}

static void finds_lost_and_new(void **state)
{
	(void)state;
	assert_int_equal(diff("stress\\trom\\t1000\\t0\\t-\\t-\\t3\\t\\nbatch\\trom\\t1\\t0\\t1\\t0\\t3\\t\\n", "$d/a $d/b"), 1);
	shell_has("stress rom exits: 200 -> none lost");
	shell_has("stress trap instructions: 2000 -> none lost");
	shell_has("1 figures the same within 0.500 %, 0 better, 0 worse, 3 lost; 1 new lines");
	/* What was missing cannot be lost. */
	assert_int_equal(diff(SAME, "$d/b $d/b"), 0);
	assert_int_equal(diff("stress\\tkvm-npt\\t-\\t-\\t-\\t-\\t0\\tmissing: no KVM\\n", "$d/b $d/a"), 0);
}

static void refuses_other_files(void **state)
{
	(void)state;
	assert_int_equal(diff(SAME, "$d/a"), 2);
	shell_has("expected two files");
	assert_int_equal(diff(SAME, "$d/a $d/b $d/b"), 2);
	assert_int_equal(diff(SAME, "$d/a $d/none"), 2);
	shell_has("/none: cannot open: No such file");
	assert_int_equal(diff(SAME, "$d/a $d"), 2);
	assert_int_equal(diff("stress\\trom\\t1000\\n", "$d/a $d/b"), 3);
	shell_has("/b:2: found `stress\trom\t1000`, expected eight columns");
	assert_int_equal(diff("stress\\trom\\t-1\\t0\\t200\\t0\\t3\\t\\n", "$d/a $d/b"), 3);
	shell_has("/b:2: found `-1`, expected instructions and their spread, or -");
	assert_int_equal(diff("stress\\trom\\t1\\t-\\t200\\t0\\t3\\t\\n", "$d/a $d/b"), 3);
	assert_int_equal(diff("stress\\trom\\t1\\t0\\tmany\\t0\\t3\\t\\n", "$d/a $d/b"), 3);
	shell_has("expected exits and their spread, or -");
	assert_int_equal(diff(SAME SAME, "$d/a $d/b"), 3);
	shell_has("/b:4: found `stress`, expected each subject and platform once");
	assert_int_equal(diff("", "$d/a $d/b"), 3);
	shell_has("expected one at least");
	assert_int_equal(diff(SAME, "$d/a $d/empty"), 3);
	shell_has("/empty:0: found `no figure`, expected one at least");
	/* What may have no end is not begun with. */
	assert_int_equal(diff(SAME, "$d/a $d/fifo"), 2);
	shell_has("/fifo: cannot open: it is no regular file");
	assert_int_equal(diff(SAME, "$d/a /dev/zero"), 2);
	assert_int_equal(diff("stress\\trom\\t1\\t0\\t200\\t0\\t3\\t\\0lost\\n", "$d/a $d/b"), 3);
	shell_has("/b:2: found `stress\trom\t1\t0\t200\t0\t3\t`, expected text without a NUL byte");
	assert_int_equal(diff(SAME, "$d/a @/pvrom"), 3);
	shell_has("pvrom:1: found ");
}

static void refuses_other_tolerances(void **state)
{
	static const char *const bad[] = { "x", "", ".", "1.", ".5", "0.1234", "-1", "1001", "1.x", "99999999999999999999" };
	char options[64];
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(options, sizeof(options), "--tolerance='%s' $d/a $d/b", bad[i]);
		if (diff(SAME, options) != 2)
			fail_msg("tolerance `%s` is taken:\n%s", bad[i], shell_output);
		shell_has("expected percent from 0 to 1000");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_nothing),
		cmocka_unit_test(finds_worse),
		cmocka_unit_test(keeps_the_tolerance),
		cmocka_unit_test(finds_lost_and_new),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(refuses_other_tolerances),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
