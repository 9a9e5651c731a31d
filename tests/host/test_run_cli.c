// SPDX-License-Identifier: GPL-2.0-only
/*
 * pvrom as a process, with a shell script in QEMU's place: exit statuses,
 * time-outs, crashes, floods, and that no child is left behind.
 */
#include "test_run_scratch.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* The fake: what it does depends on the guest's command line (mode=...). */
static const char fake_qemu[] =
	"#!/bin/sh\n"
	"echo $$ >> \"$SCRATCH/pids\"\n"
	"census() { echo 'census 1'; echo \"vmi native why=VMI_E_NO_ROM\"\n"
	"  echo 'bind a 33 IRET native - none why=VMI_E_NO_BINDING'; }\n"
	"case \"$*\" in\n"
	"*mode=good*) echo 'pvrom 9.9 full' >&3; echo dull >&3; census; echo 'test a ok'\n"
	"  echo 'summary 1 passed, 0 failed, 0 skipped'; exit 33;;\n"
	"*mode=failed*) census; echo 'test a failed: why'; \n"
	"  echo 'summary 0 passed, 1 failed, 0 skipped'; exit 35;;\n"
	"*mode=crash*) census; echo 'exception 13 eip=1'; exit 37;;\n"
	"*mode=placed*) echo 'note placed 0x000df800'; echo 'note placed 0x000e0000'; census\n"
	"  echo 'vrom 0x000e0000 used 3.0 length=5120 why=ok'; echo 'test a ok'; echo 'test b skipped'\n"
	"  echo 'summary 1 passed, 0 failed, 1 skipped'; exit 33;;\n"
	"*mode=killed*) census; kill -SEGV $$;;\n"
	"*mode=cut*) census; echo 'test a ok'; exit 33;;\n"
	"*mode=silent*) echo 'POST went here' >&3; exit 33;;\n"
	"*mode=usage*) echo 'qemu: bad option' >&2; exit 1;;\n"
	"*mode=flood*) exec cat /dev/zero;;\n"
	"*mode=lines*) exec yes 'test a ok';;\n"
	"*mode=logflood*) exec cat /dev/zero >&3;;\n"
	"*mode=errflood*) exec cat /dev/zero >&2;;\n"
	"*mode=hang*) census; exec sleep 1000;;\n"
	/* Ignores SIGTERM, closes its pipes, and has a child that keeps them open. */
	"*mode=stubborn*) trap '' TERM; sleep 1000 & echo $! >> \"$SCRATCH/pids\"; \n"
	"  while :; do sleep 1000; done;;\n"
	"*mode=closed*) exec >&- 2>&- 3>&-; sleep 0.3; exit 33;;\n"
	"*mode=leaves*) sleep 1000 & echo $! >> \"$SCRATCH/pids\"; exit 33;;\n"
	"esac\n"
	"exit 99\n";

static char pvrom[256], kernel[512];

static int make_fake(void **state)
{
	const char *build = getenv("PVROM_BUILD");
	if (scratch_make(state))
		return -1;
	setenv("SCRATCH", scratch, 1);
	setenv("PVROM_QEMU", scratch_script("qemu", fake_qemu), 1);
	snprintf(kernel, sizeof(kernel), "%s", scratch_text("kernel", "x"));
	scratch_text("ok.rom", "x");
	snprintf(pvrom, sizeof(pvrom), "%s/asan/pvrom", build ? build : "build");
	return access(pvrom, X_OK);
}

static pid_t start(char *const argv[])
{
	pid_t pid = fork();
	if (pid)
		return pid;
	int out = open(scratch_path("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(out, 1);
	dup2(out, 2);
	/* A shell's background job ignores SIGINT, and pvrom would then too. */
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	execv(pvrom, argv);
	_exit(126);
}

/* What pvrom wrote, of a flood the end. */
static const char *output(void)
{
	static char text[65536];
	int fd = open(scratch_path("out"), O_RDONLY);
	off_t size = lseek(fd, 0, SEEK_END), most = sizeof(text) - 1;
	lseek(fd, size > most ? size - most : 0, SEEK_SET);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n < 0 ? 0 : n] = 0;
	return text;
}

static int finish(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Every process that the fake noted must be gone; a killed one may need a moment. */
static void no_orphans(void)
{
	FILE *in = fopen(scratch_path("pids"), "r");
	long pid;
	int count = 0;
	assert_non_null(in);
	while (fscanf(in, "%ld", &pid) == 1) {
		char path[64], line[512];
		count++;
		for (int tries = 0;; tries++) {
			/* A zombie that init has not yet collected is gone too. */
			snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
			FILE *stat = fopen(path, "r");
			if (!stat)
				break;
			bool zombie = fgets(line, sizeof(line), stat) && strstr(line, ") Z ");
			fclose(stat);
			if (zombie)
				break;
			if (tries == 100)
				fail_msg("process %ld still runs", pid);
			usleep(20000);
		}
	}
	fclose(in);
	assert_true(count > 0);
	unlink(scratch_path("pids"));
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Runs `mode` with a time-out; expects the exit status, and `text` in the output. */
static void run_for(char *seconds, const char *mode, int expected, const char *text)
{
	char append[64];
	char *argv[] = { pvrom, "run", "--kernel", kernel, "--timeout", seconds, "--append",
			 append, NULL };
	snprintf(append, sizeof(append), "mode=%s", mode);
	double begin = now();
	int status = finish(start(argv));
	if (status != expected)
		fail_msg("mode %s: status %d, expected %d:\n%s", mode, status, expected, output());
	assert_contains(output(), text);
	if (now() - begin > atoi(seconds) + 5)
		fail_msg("mode %s took %.1f s", mode, now() - begin);
	no_orphans();
}

static void run_mode(const char *mode, int expected, const char *text)
{
	run_for("2", mode, expected, text);
}

static void ends_of_a_run(void **state)
{
	(void)state;
	run_mode("good", 0, "\npvrom: good: 1 passed, 0 skipped; a native boot (VMI_E_NO_ROM)\n");
	assert_contains(output(), "firmware: pvrom 9.9 full\n");
	assert_null(strstr(output(), "dull"));
	run_mode("failed", 1, "\npvrom: failed: 1 test lines failed");
	run_mode("crash", 3, "\npvrom: no verdict: the guest crashed: exception 13 eip=1\n");
	run_mode("killed", 3, "pvrom: no verdict: QEMU was ended by a signal");
	run_mode("cut", 3, "pvrom: no verdict: found 0 summary lines");
	run_mode("silent", 3, "the guest said nothing; the firmware's last line: POST went here\n");
	run_mode("usage", 2,
		 "status 1 before the guest said anything; QEMU says: qemu: bad option");
	run_mode("unknown", 2, "QEMU ended with status 99");
	run_mode("closed", 3, "the guest said nothing");
	run_mode("leaves", 3, "the guest said nothing");
}

static void hands_over_a_module(void **state)
{
	char module[512], blank[512];
	(void)state;
	snprintf(module, sizeof(module), "%s", scratch_text("m,1.rom", "x"));
	snprintf(blank, sizeof(blank), "%s", scratch_text("m 1.rom", "x"));
	char *placed[] = { pvrom, "run", "--kernel", kernel, "--append", "mode=placed", "--module",
			   module, "--expect", NULL };
	assert_int_equal(finish(start(placed)), 0);
	assert_contains(output(), "m,1.rom: placed by the guest at 2 addresses, 0xdf800 to 0xe0000, "
				  "without POST; in use by the guest; warning: the historic client");
	/* The fields that a run list needs. */
	assert_contains(output(), "a native boot (VMI_E_NO_ROM)\n    expect-bound none\n"
				  "    expect-reason VMI_E_NO_ROM\n    expect-skipped b\n");
	placed[5] = "mode=good";
	assert_int_equal(finish(start(placed)), 0);
	assert_contains(output(), "m,1.rom: not placed by the guest; use --append place=");
	placed[5] = "mode=failed";
	assert_int_equal(finish(start(placed)), 1);
	assert_contains(output(), "no run list can expect this: the run is failed");
	placed[8] = "--print";
	assert_int_equal(finish(start(placed)), 0);
	assert_contains(output(), "/m,,1.rom\n");
	placed[7] = blank;
	assert_int_equal(finish(start(placed)), 2);
	assert_contains(output(), "its path can hold no blank");
	char *both[] = { pvrom, "run", "--kernel", kernel, "--initrd", kernel, "--module", module, NULL };
	assert_int_equal(finish(start(both)), 2);
	assert_contains(output(), "m,1.rom: the guest's module can go neither with");
}

static void ends_it_itself(void **state)
{
	(void)state;
	run_for("1", "hang", 3, "pvrom: no verdict: time-out: the guest had not ended after 1 s\n");
	assert_contains(output(), "census 1\n");
	run_for("1", "stubborn", 3, "time-out");
	run_for("15", "flood", 3, "the guest wrote more than 4194304 bytes");
	run_for("15", "lines", 3, "the guest wrote more than 4194304 bytes");
	run_for("15", "logflood", 3, "wrote more than 4194304 bytes");
	run_for("15", "errflood", 3, "wrote more than 65536 bytes");
}

/* Starts `mode`, waits until the fake runs, and sends `number` to pvrom. */
static int interrupt(char *const argv[], int number)
{
	unlink(scratch_path("pids"));
	pid_t pid = start(argv);
	for (int tries = 0; access(scratch_path("pids"), R_OK); tries++) {
		assert_true(tries < 500);
		usleep(20000);
	}
	usleep(100000);
	assert_int_equal(kill(pid, number), 0);
	return finish(pid);
}

static void leaves_no_orphan(void **state)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	char *argv[] = { pvrom, "run", "--kernel", kernel, "--append", "mode=hang", NULL };
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(interrupt(argv, numbers[i]), 3);
		assert_contains(output(), "no verdict: interrupted (");
		no_orphans();
	}
	/* It has no say in this one: the kernel ends QEMU. */
	assert_int_equal(interrupt(argv, SIGKILL), 1000 + SIGKILL);
	no_orphans();
}

static void refused(const char *option, const char *value, const char *text)
{
	char *argv[] = { pvrom, "run", "--kernel", kernel, (char *)option, (char *)value,
			 NULL };
	int status = finish(start(argv));
	if (status != 2)
		fail_msg("%s %s: status %d, expected 2:\n%s", option, value ? value : "", status,
			 output());
	assert_contains(output(), text);
	assert_int_equal(access(scratch_path("pids"), F_OK), -1); /* QEMU was not started */
}

static void refuses_bad_usage(void **state)
{
	static char large[200000];
	(void)state;
	scratch_file("empty.rom", "", 0, 0600);
	scratch_file("large.rom", large, sizeof(large), 0600);
	refused("--rom", scratch_path("none.rom"),
		"none.rom: cannot open the ROM file: No such file");
	refused("--rom", scratch_path("empty.rom"), "empty.rom: found 0 bytes");
	refused("--rom", scratch_path("large.rom"),
		"large.rom: found 200000 bytes, expected at most 130560");
	refused("--rom", scratch, "found a directory");
	refused("--kernel", scratch_path("none.elf"), "none.elf: cannot open the guest kernel");
	refused("--machine", "vax", "expected pc or q35");
	refused("--accel", "xen", "expected tcg or kvm");
	refused("--keep", scratch_text("file", "x"), "/file: cannot make it, or write to it: Not a directory");
	refused("--keep", scratch_path("none/more"), "none/more: cannot make it, or write to it: No such file");
	refused("--bzimage", scratch, "is empty or no regular file; name a bzImage with --bzimage");
	refused("--vga", "yes", "expected std or none");
	refused("--smp", "0", "expected a number from 1 to 255");
	refused("--timeout", "soon", "expected a number");
	refused("--bogus", NULL, "unrecognized option");
	refused("stray", NULL, "unexpected argument `stray`: QEMU arguments go behind --");
	char *argv[] = { pvrom, "fly", NULL };
	assert_int_equal(finish(start(argv)), 2);
	assert_contains(output(), "unknown command `fly`");
	assert_contains(output(), "  matrix ");
	setenv("PVROM_QEMU", scratch_path("no-qemu"), 1);
	refused("--smp", "1", "cannot start QEMU: No such file or directory; install");
	setenv("PVROM_QEMU", scratch_path("qemu"), 1);
}

static void boots_it_under_another(void **state)
{
	char under[512];
	(void)state;
	snprintf(under, sizeof(under), "%s", scratch_text("h,v.elf", "x"));
	char *argv[] = { pvrom, "run", "--kernel", kernel, "--under", under, "--print", NULL, NULL, NULL };
	assert_int_equal(finish(start(argv)), 0);
	assert_contains(output(), "/h,v.elf -initrd ");
	assert_contains(output(), "/kernel\n");
	argv[7] = "--initrd";
	argv[8] = kernel;
	assert_int_equal(finish(start(argv)), 2);
	assert_contains(output(), "a kernel under a hypervisor is its one module");
	refused("--under", scratch_path("none.elf"), "none.elf: cannot open it");
}

static void prints_the_command(void **state)
{
	char *argv[] = { pvrom, "run", "--print", "--kernel", kernel, "--smp", "2", "--rom",
			 (char *)scratch_path("a,b.rom"), "--rom",
			 (char *)scratch_path("./a,b.rom"), "--accel", "kvm", "--append", "it's", "--", "-cpu",
			 "max,-x", NULL };
	(void)state;
	scratch_text("a,b.rom", "x");
	assert_int_equal(finish(start(argv)), 0);
	assert_contains(output(), " -machine pc -accel kvm ");
	assert_contains(output(), " -smp 2,sockets=2,cores=1,threads=1 ");
	assert_contains(output(), "/a,,b.rom -fw_cfg name=genroms/rom-2.rom,file=");
	assert_contains(output(), "/./a,,b.rom -kernel ");
	assert_contains(output(), " -append 'it'\\''s' -cpu max,-x\n");
	assert_ptr_equal(strchr(output(), '\n'), strrchr(output(), '\n'));
	assert_int_equal(access(scratch_path("pids"), F_OK), -1);
}

/* Runs a list with options and expects status and last line. */
static void matrix(const char *list, const char *option, int expected, const char *last)
{
	char text[2048];
	snprintf(text, sizeof(text), list, scratch, scratch, scratch, scratch);
	char *argv[] = { pvrom, "matrix", (char *)scratch_text("m.cfg", text), (char *)option,
			 NULL };
	int status = finish(start(argv));
	if (status != expected)
		fail_msg("status %d, expected %d:\n%s", status, expected, output());
	size_t size = strlen(output()), tail = strlen(last);
	if (size < tail || strcmp(output() + size - tail, last))
		fail_msg("expected the last line to be %s in:\n%s", last, output());
}

#define CELL(name, mode, more) \
	"run " name "\n    kernel %s/kernel\n    append mode=" mode "\n    timeout 1\n" more
#define NATIVE "    expect-bound none\n    expect-reason VMI_E_NO_ROM\n"

static void runs_a_matrix(void **state)
{
	(void)state;
	matrix(CELL("a", "good", NATIVE "    expect-line pvrom 9.9\n")
		       CELL("b", "failed", "    expect-status failed\n"),
	       NULL, 0, "\n2 passed, 0 failed\n");
	assert_contains(output(), "ok a (");
	no_orphans();
	matrix(CELL("a", "good", NATIVE) CELL("b", "failed", NATIVE) CELL("c", "hang", NATIVE "    accel kvm\n"),
	       "--jobs=3", 1, "\n1 passed, 2 failed\n");
	assert_contains(output(),
			"not ok b: verdict: found failed, expected good: 1 test lines failed");
	assert_contains(output(), "    test a failed: why\n");
	assert_contains(output(), "    repeat it: ");
	assert_contains(output(), " --accel kvm --vga none ");
	assert_contains(output(), "--append mode=hang");
	assert_contains(output(), "not ok c: verdict: found none, expected good: time-out");
	no_orphans();
	/* The census is compared even though the guest finds all good. */
	matrix(CELL("a", "good", "    expect-bound 33\n"), NULL, 1, "\n0 passed, 1 failed\n");
	assert_contains(output(),
			"not ok a: outcome of the loader: found VMI_E_NO_ROM, expected ok");
	matrix(CELL("a", "good", NATIVE) CELL("b", "usage", NATIVE), NULL, 1,
	       "\n1 passed, 1 failed\n");
	assert_contains(
		output(),
		"not ok b: verdict: found environment, expected good: QEMU ended with status 1");
	no_orphans();
}

static void cuts_a_long_log(void **state)
{
	(void)state;
	matrix("run a\n    kernel %s/kernel\n    append mode=lines\n" NATIVE, NULL, 1,
	       "\n0 passed, 1 failed\n");
	assert_contains(output(), "    [the first ");
	assert_true(strlen(output()) < 65000);
	assert_contains(output(), "not ok a: ");
	no_orphans();
}

static void runs_canaries_first(void **state)
{
	(void)state;
	matrix(CELL("a", "good", NATIVE) CELL("c", "good", NATIVE "    canary yes\n"), "--jobs=1",
	       0, "\n2 passed, 0 failed\n");
	assert_true(strstr(output(), "ok c (") < strstr(output(), "ok a ("));
	matrix(CELL("a", "good", NATIVE) CELL("c", "cut", NATIVE "    canary yes\n"), NULL, 1,
	       "\n0 passed, 1 failed\n");
	assert_contains(output(), "The canary failed: ");
	assert_contains(output(), "1 runs were not made");
	assert_null(strstr(output(), "ok a"));
	matrix(CELL("a", "good", NATIVE) CELL("c", "usage", NATIVE "    canary yes\n"), NULL, 2,
	       "\n0 passed, 1 failed\n");
	no_orphans();
}

static void chooses_cells(void **state)
{
	(void)state;
	matrix(CELL("one", "good", NATIVE) CELL("two", "good", NATIVE), "--filter=tw", 0,
	       "\n1 passed, 0 failed\n");
	assert_null(strstr(output(), "ok one"));
	no_orphans();
	matrix(CELL("one", "good", NATIVE), "--filter=three", 2,
	       "no run's name contains `three`; see --list\n");
	matrix(CELL("one", "good", NATIVE) CELL("two", "good", NATIVE), "--list", 0, "one\ntwo\n");
	matrix(CELL("one", "good", NATIVE "    colour red\n"), NULL, 2,
	       "m.cfg:7: error: unknown field `colour`\n");
	matrix("# none\n", NULL, 2, "m.cfg: error: no run stands in it\n");
	matrix(CELL("one", "good", NATIVE), "--jobs=0", 2, "for more information.\n");
	assert_int_equal(access(scratch_path("pids"), F_OK), -1);
}

/* What a run was and what the guest said stays behind, unless it was not as expected. */
static void leaves_cells(void **state)
{
	char path[300], text[4096];
	(void)state;
	snprintf(path, sizeof(path), "%.*s/report/cells/m/x_y.log",
		 (int)(strrchr(pvrom, '/') - pvrom), pvrom);
	matrix(CELL("x/y", "good", NATIVE), NULL, 0, "\n1 passed, 0 failed\n");
	FILE *log = fopen(path, "rb");
	assert_non_null(log);
	text[fread(text, 1, sizeof(text) - 1, log)] = 0;
	fclose(log);
	assert_contains(text, "/kernel\n# machine pc\n# smp 1\n# append mode=good\ncensus 1\n");
	assert_contains(text, "\ntest a ok\n");
	matrix(CELL("x/y", "good", "    expect-bound 33\n"), NULL, 1, "\n0 passed, 1 failed\n");
	assert_int_equal(access(path, F_OK), -1);
}

static void interrupted_matrix(void **state)
{
	char text[2048];
	(void)state;
	snprintf(text, sizeof(text),
		 CELL("a", "hang", NATIVE) CELL("b", "hang", NATIVE) CELL("c", "hang", NATIVE),
		 scratch, scratch, scratch);
	char *patient = text;
	while ((patient = strstr(patient, "timeout 1\n")))
		patient[8] = '9';
	char *argv[] = { pvrom, "matrix", "--jobs=2", (char *)scratch_text("m.cfg", text), NULL };
	double begin = now();
	assert_int_equal(interrupt(argv, SIGTERM), 3);
	assert_true(now() - begin < 8);
	assert_contains(output(), "interrupted: 3 runs were not made\n0 passed, 0 failed\n");
	no_orphans();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_of_a_run),
		cmocka_unit_test(hands_over_a_module),
		cmocka_unit_test(ends_it_itself),
		cmocka_unit_test(leaves_no_orphan),
		cmocka_unit_test(refuses_bad_usage),
		cmocka_unit_test(prints_the_command),
		cmocka_unit_test(boots_it_under_another),
		cmocka_unit_test(runs_a_matrix),
		cmocka_unit_test(cuts_a_long_log),
		cmocka_unit_test(runs_canaries_first),
		cmocka_unit_test(chooses_cells),
		cmocka_unit_test(leaves_cells),
		cmocka_unit_test(interrupted_matrix),
	};
	return cmocka_run_group_tests_name("run command line", tests, make_fake, scratch_remove);
}
