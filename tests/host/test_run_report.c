// SPDX-License-Identifier: GPL-2.0-only
/* Reading a guest's log: what is believed, and every way in which it is not. */
#include "test_run_scratch.h"

#include "run/firmware.h"
#include "run/lines.h"
#include "run/report.h"

#define HEAD "census 1\nvrom 0x000c0000 refused - length=512 why=VMI_E_NOT_VMI\n"
#define BINDS "bind pv_mmu_ops.write_cr3 17 SetCR3 native - none why=VMI_E_NO_BINDING\n" \
	"bind pv_cpu_ops.set_iopl_mask - - native - none why=VMI_E_NO_CALL\n"
#define CENSUS HEAD "vmi native why=VMI_E_NO_CANDIDATE # words.\n" BINDS
#define TESTS "test cr2 ok\ntest sysenter skipped: no SEP\n"
#define SUMMARY "summary 1 passed, 0 failed, 1 skipped\n"

static void take(void *context, const char *line, bool cut)
{
	report_line(context, line, cut);
}

static struct report read_log(const char *log, size_t size)
{
	struct line_cutter *cutter = malloc(sizeof(*cutter));
	struct report report = { 0 };
	lines_start(cutter, take, &report);
	lines_feed(cutter, log, size);
	lines_end(cutter);
	free(cutter);
	return report;
}

/* Expects verdict `expected` with `why` in its reason. */
static void verdict_at(const char *file, int line, const char *log, size_t size, enum ending ending,
		       int value, enum verdict expected, const char *why)
{
	struct report report = read_log(log, size);
	struct text text = { 0 };
	enum verdict found = report_verdict(&report, ending, value, &text);
	if (found != expected || !strstr(text_string(&text), why)) {
		print_error("found %s: %s\nexpected %s: %s\n", verdict_name(found),
			    text_string(&text), verdict_name(expected), why);
		_fail(file, line);
	}
	text_free(&text);
	report_free(&report);
}
#define EXPECT_END(log, ending, value, expected, why) \
	verdict_at(__FILE__, __LINE__, log, sizeof(log) - 1, ending, value, expected, why)
#define EXPECT(log, status, expected, why) EXPECT_END(log, END_EXIT, status, expected, why)

static void good(void **state)
{
	(void)state;
	EXPECT(CENSUS TESTS SUMMARY, 33, VERDICT_GOOD, "1 passed, 1 skipped");
	EXPECT("talk\r\n" HEAD "vmi rom 0x000ca000 3.0 bound=1 nop=1 native=1\n"
	       "bind pv_cpu_ops.clts 28 CLTS rom 0x000ca2f0 call why=ok\r\n"
	       "bind pv_cpu_ops.load_idt 5 SetIDT native - none why=VMI_E_RELOC_RANGE found=0x1 "
	       "expected=0x2\n"
	       "bind pv_cpu_ops.wbinvd 23 WBINVD nop - none why=ok\n" TESTS SUMMARY,
	       33, VERDICT_GOOD, "1 passed");
}

static void nothing_said(void **state)
{
	(void)state;
	EXPECT("", 33, VERDICT_NONE, "said nothing");
	EXPECT("", 0, VERDICT_NONE, "said nothing");
	EXPECT("", 1, VERDICT_ENVIRONMENT, "QEMU ended with status 1");
	EXPECT("\n", 33, VERDICT_NONE, "found 0 summary lines");
	EXPECT(CENSUS, 33, VERDICT_NONE, "found 0 summary lines");
	EXPECT(CENSUS TESTS, 33, VERDICT_NONE, "found 0 summary lines");
	EXPECT(CENSUS TESTS "summ", 33, VERDICT_NONE, "found 0 summary lines");
	EXPECT(CENSUS TESTS "summary 1 passed, 0 fai", 33, VERDICT_NONE, "a summary that is not");
	EXPECT(CENSUS "summary 0 passed, 0 failed, 0 skipped\n", 33, VERDICT_NONE,
	       "nothing was tested");
	EXPECT(CENSUS "test a skipped\nsummary 0 passed, 0 failed, 1 skipped\n", 33, VERDICT_NONE,
	       "nothing was tested");
	EXPECT(TESTS SUMMARY, 33, VERDICT_NONE, "found 0 census");
	EXPECT(HEAD BINDS TESTS SUMMARY, 33, VERDICT_NONE, "0 vmi");
	EXPECT(HEAD "vmi native why=VMI_E_NO_ROM\n" TESTS SUMMARY, 33, VERDICT_NONE, "0 bind");
}

static void failed(void **state)
{
	(void)state;
	EXPECT(CENSUS TESTS "test dr7 failed: found 1\nsummary 1 passed, 1 failed, 1 skipped\n", 35,
	       VERDICT_FAILED, "first: test dr7 failed: found 1");
	EXPECT(CENSUS TESTS "test dr7 error: no DR\nsummary 1 passed, 1 failed, 1 skipped\n", 35,
	       VERDICT_FAILED, "test dr7 error");
	EXPECT(CENSUS TESTS "test dr7 failed\nsummary 1 passed, 1 failed, 1 skipped\n", 33,
	       VERDICT_FAILED, "status says good");
	/* A failure that a good summary hides, and the other way round. */
	EXPECT(CENSUS "test a failed\n" TESTS SUMMARY, 33, VERDICT_FAILED,
	       "1 test lines failed, the summary says 0");
	EXPECT(CENSUS TESTS "summary 1 passed, 2 failed, 1 skipped\n", 33, VERDICT_FAILED,
	       "summary says 2");
	EXPECT(CENSUS TESTS SUMMARY, 35, VERDICT_FAILED, "status says failed");
	/* A failure before the log breaks off is named, but it is no verdict. */
	EXPECT(CENSUS "test a failed: x\n", 35, VERDICT_NONE, "test a failed: x");
}

static void contradictions(void **state)
{
	(void)state;
	EXPECT(CENSUS TESTS SUMMARY SUMMARY, 33, VERDICT_NONE, "found 2 summary lines");
	EXPECT(CENSUS TESTS SUMMARY "test late ok\n", 33, VERDICT_NONE,
	       "a test line after the summary");
	EXPECT(CENSUS TESTS "test b ok\n" SUMMARY, 33, VERDICT_NONE,
	       "summary says 1 passed, 1 skipped, the test lines "
	       "say 2 and 1");
	EXPECT(CENSUS "test a ok\n" SUMMARY, 33, VERDICT_NONE, "say 1 and 0");
	EXPECT(CENSUS CENSUS TESTS SUMMARY, 33, VERDICT_NONE, "second bind line");
	EXPECT("census 1\n" CENSUS TESTS SUMMARY, 33, VERDICT_NONE, "found 2 census");
	EXPECT(CENSUS "vmi native why=VMI_E_NO_ROM\n" TESTS SUMMARY, 33, VERDICT_NONE, "2 vmi");
	EXPECT(CENSUS "bind pv_cpu_ops.clts 28 CLTS rom 0x000ca2f0 call why=ok\n" TESTS SUMMARY, 33,
	       VERDICT_NONE, "contradict");
	EXPECT(HEAD "vmi rom 0x000ca000 3.0 bound=1 nop=0 native=2\n" BINDS TESTS SUMMARY, 33,
	       VERDICT_NONE, "contradict");
	EXPECT(HEAD "vmi rom 0x000ca000 3.0 bound=0 nop=0 native=3\n" BINDS TESTS SUMMARY, 33,
	       VERDICT_NONE, "contradict");
	for (int status = 0; status < 256; status++)
		if (status != 33 && status != 35)
			EXPECT(CENSUS TESTS SUMMARY, status, VERDICT_NONE,
			       status == 37 ? "crashed" : "exit status");
}

#define SHUTDOWN "end shutdown\n"
#define REBOOT "end reboot\n"

/* A guest that ends the machine itself: QEMU's exit status is then 0, and nothing else. */
static void ends_by_itself(void **state)
{
	(void)state;
	EXPECT(CENSUS TESTS SUMMARY SHUTDOWN, 0, VERDICT_GOOD, "1 skipped, shutdown by the guest");
	EXPECT(CENSUS TESTS SUMMARY REBOOT, 0, VERDICT_GOOD, "1 skipped, reboot by the guest");
	EXPECT(CENSUS TESTS SUMMARY SHUTDOWN "note talk\n", 0, VERDICT_GOOD, "shutdown");
	for (int status = 1; status < 256; status++) {
		EXPECT(CENSUS TESTS SUMMARY SHUTDOWN, status, VERDICT_NONE,
		       status == 37 ? "crashed" : "expected 0");
		EXPECT(CENSUS TESTS SUMMARY REBOOT, status, VERDICT_NONE,
		       status == 37 ? "crashed" : "expected 0");
	}
	EXPECT_END(CENSUS TESTS SUMMARY SHUTDOWN, END_TIME, 30, VERDICT_NONE,
		   "had not ended after 30 s after `end shutdown`");
	EXPECT(CENSUS TESTS "test a failed\nsummary 1 passed, 1 failed, 1 skipped\n" SHUTDOWN, 0,
	       VERDICT_FAILED, "test a failed");
	EXPECT(CENSUS TESTS SHUTDOWN SUMMARY, 0, VERDICT_NONE, "an end before the summary");
	EXPECT(CENSUS TESTS SUMMARY "end\n", 0, VERDICT_NONE, "an end that is not");
	EXPECT(CENSUS TESTS SUMMARY "end halt\n", 0, VERDICT_NONE, "an end that is not");
	EXPECT(CENSUS TESTS SUMMARY "end shutdown now\n", 0, VERDICT_NONE, "an end that is not");
	EXPECT(SHUTDOWN, 0, VERDICT_NONE, "an end before the summary");
}

/* The boot after a reboot counts; the one before it must have been good all the same. */
static void boots_again(void **state)
{
	(void)state;
	EXPECT(CENSUS TESTS SUMMARY REBOOT CENSUS TESTS SUMMARY, 33, VERDICT_GOOD,
	       "1 passed, 1 skipped, reboot by the guest");
	EXPECT(CENSUS TESTS SUMMARY REBOOT "note talk\n" CENSUS TESTS SUMMARY SHUTDOWN, 0,
	       VERDICT_GOOD, "shutdown by the guest");
	EXPECT(CENSUS TESTS SUMMARY REBOOT CENSUS TESTS SUMMARY, 0, VERDICT_NONE,
	       "QEMU's exit status: found 0");
	EXPECT(CENSUS TESTS SUMMARY REBOOT CENSUS TESTS, 33, VERDICT_NONE, "found 0 summary");
	EXPECT(CENSUS TESTS SUMMARY REBOOT "exception 13\n", 37, VERDICT_NONE, "crashed");
	EXPECT(CENSUS TESTS SUMMARY REBOOT CENSUS TESTS SUMMARY REBOOT CENSUS TESTS SUMMARY, 33,
	       VERDICT_NONE, "a third boot");
	EXPECT(CENSUS TESTS SUMMARY REBOOT REBOOT, 0, VERDICT_NONE, "an end before the summary");
	EXPECT(TESTS SUMMARY REBOOT CENSUS TESTS SUMMARY, 33, VERDICT_NONE,
	       "expected 1, 1 and at least 1, in the boot before `end reboot`");
	EXPECT(CENSUS "test a failed\n" TESTS "summary 1 passed, 1 failed, 1 skipped\n" REBOOT
	       CENSUS TESTS SUMMARY, 33, VERDICT_FAILED, "in the boot before `end reboot`");
	EXPECT(CENSUS TESTS SUMMARY SHUTDOWN CENSUS TESTS SUMMARY, 33, VERDICT_FAILED,
	       "the machine came up again after `end shutdown`");
	EXPECT_END(CENSUS TESTS SUMMARY SHUTDOWN CENSUS, END_TIME, 30, VERDICT_FAILED,
		   "the machine came up again after `end shutdown`");
}

static void bad_endings(void **state)
{
	(void)state;
	EXPECT_END(CENSUS TESTS SUMMARY, END_TIME, 30, VERDICT_NONE,
		   "time-out: the guest had not ended after 30 s");
	EXPECT_END("note a\ncalling VMI_Init at 0xc00c3080\n", END_TIME, 5, VERDICT_NONE,
		   "after 5 s; it was calling the ROM's VMI_Init at 0xc00c3080, which did not come back");
	/* What came back is not blamed. */
	static const char back[] = "calling VMI_Init at 0xc00c3080\nnote a\n";
	struct report report = read_log(back, sizeof(back) - 1);
	assert_string_equal(report.calling, "");
	report_free(&report);
	EXPECT_END("calling\n", END_TIME, 5, VERDICT_NONE, "had not ended after 5 s");
	EXPECT_END(CENSUS TESTS SUMMARY, END_FLOOD, 99, VERDICT_NONE, "more than 99 bytes");
	EXPECT_END(CENSUS TESTS SUMMARY, END_SIGNAL, 11, VERDICT_NONE, "Segmentation fault");
	EXPECT_END(CENSUS TESTS SUMMARY, END_INTERRUPTED, 15, VERDICT_NONE,
		   "interrupted (Terminated)");
	EXPECT_END("", END_NOT_STARTED, 2, VERDICT_ENVIRONMENT, "cannot start QEMU: No such file");
	EXPECT(CENSUS TESTS "exception 13 at 0x100\n" SUMMARY, 33, VERDICT_NONE,
	       "crashed: exception 13 at 0x100");
	EXPECT(CENSUS TESTS, 37, VERDICT_NONE, "crashed: its exit status says so");
}

/* Each line breaks the form in one way; in an otherwise good log it takes the verdict away. */
static void unreadable_lines(void **state)
{
	static const char *const lines[] = {
		"census 2",
		"census",
		"test",
		"test a",
		"test a okay",
		"test a OK",
		"test a ok trailing",
		"test a fail",
		"test a failederror",
		"summary",
		"summary 1 passed",
		"vmi",
		"vmi rom",
		"vmi rom 0xca000 3.0 bound=x nop=0 native=0",
		"vmi native why=ok",
		"vmi native why=VMI_E_BOGUS",
		"bind",
		"bind a 28 CLTS rom 0xca000 call",
		"bind a 28 CLTS rom 0xca000 call why=VMI_E_BOGUS",
		"bind a 28 CLTS rom 0xca000 call ok",
		"bind a 28 CLTS bios 0xca000 call why=ok",
		"bind a 28 CLTS rom here call why=ok",
		"bind a 28 CLTS rom - call why=ok",
		"bind a 28 CLTS rom 0xca000 none why=ok",
		"bind a 28 CLTS rom 0xca000 leap why=ok",
		"bind a 27 CLTS rom 0xca000 call why=ok",
		"bind a 74 CLTS rom 0xca000 call why=ok",
		"bind a -1 CLTS native - none why=ok",
		"bind a - - rom 0xca000 call why=ok",
		"bind a - - nop - none why=ok",
		"bind pv_mmu_ops.write_cr3 17 SetCR3 native - none why=VMI_E_NO_BINDING",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char log[2048];
		int size =
			snprintf(log, sizeof(log), "%s%s\n%s%s", CENSUS, lines[i], TESTS, SUMMARY);
		verdict_at(lines[i], __LINE__, log, (size_t)size, END_EXIT, 33, VERDICT_NONE,
			   "line 6 of the guest's log: ");
	}
}

static void hostile_bytes(void **state)
{
	static char giant[3 * LINE_MAX_CHARS];
	(void)state;
	/* A NUL or a control character neither ends a line nor reaches the terminal. */
	EXPECT(CENSUS "test a ok\0failed\n" TESTS SUMMARY, 33, VERDICT_NONE,
	       "a test line that is not");
	EXPECT(CENSUS TESTS "summary 1 passed, 0 failed, 1 skipped\0\n", 33, VERDICT_NONE,
	       "a summary that is not");
	EXPECT(CENSUS TESTS "\xff\xfe\0\x1b[2J\n" SUMMARY, 33, VERDICT_GOOD, "");
	EXPECT(CENSUS "test a ok\rtest b failed\n" TESTS SUMMARY, 33, VERDICT_NONE,
	       "a test line that is not");
	/* What is cut off a giant line could have been anything. */
	memset(giant, 'x', sizeof(giant));
	struct report report = read_log(giant, sizeof(giant));
	assert_int_equal(report.lines, 1);
	assert_string_equal(report.unreadable, "");
	report_free(&report);
	memcpy(giant, "test ", 5);
	report = read_log(giant, sizeof(giant));
	assert_string_equal(report.unreadable,
			    "line 1 of the guest's log: longer than a line may be");
	report_free(&report);
	memset(giant, ' ', sizeof(giant));
	memcpy(giant, "test", 4);
	report = read_log(giant, LINE_MAX_CHARS);
	assert_contains(report.unreadable, "a test line that is not");
	report_free(&report);
}

static void too_many_binds(void **state)
{
	struct report report = { 0 };
	(void)state;
	for (int i = 0; i <= REPORT_MAX_BINDS; i++) {
		char line[128];
		snprintf(line, sizeof(line), "bind slot%d 28 CLTS rom 0xca000 call why=ok", i);
		assert_string_equal(report.unreadable, "");
		report_line(&report, line, false);
	}
	assert_contains(report.unreadable, "more bind lines");
	assert_int_equal(report.bind_count, REPORT_MAX_BINDS);
	report_free(&report);
}

struct seen {
	size_t count;
	char last[LINE_MAX_CHARS + 1];
	bool cut;
};

static void see(void *context, const char *line, bool cut)
{
	struct seen *seen = context;
	seen->count++;
	seen->cut = cut;
	snprintf(seen->last, sizeof(seen->last), "%s", line);
}

static void cuts_lines(void **state)
{
	static struct line_cutter cutter;
	static struct seen seen;
	static char bytes[LINE_MAX_CHARS + 1];
	(void)state;
	lines_start(&cutter, see, &seen);
	for (const char *c = "a\tb\x01\r\nlast"; *c; c++)
		lines_feed(&cutter, c, 1);
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.last, "a\tb\\x01");
	lines_end(&cutter);
	assert_int_equal(seen.count, 2);
	assert_string_equal(seen.last, "last");
	lines_end(&cutter);
	assert_int_equal(seen.count, 2);
	memset(bytes, 'y', sizeof(bytes));
	lines_feed(&cutter, bytes, LINE_MAX_CHARS);
	lines_feed(&cutter, "\n", 1);
	assert_int_equal(strlen(seen.last), LINE_MAX_CHARS);
	assert_false(seen.cut);
	lines_feed(&cutter, bytes, LINE_MAX_CHARS + 1);
	lines_feed(&cutter, "\n", 1);
	assert_int_equal(strlen(seen.last), LINE_MAX_CHARS);
	assert_true(seen.cut);
	/* The cut does not stick to the next line, nor does an escape get cut in two. */
	memset(bytes, 1, sizeof(bytes));
	lines_feed(&cutter, "x", 1);
	lines_feed(&cutter, bytes, LINE_MAX_CHARS / 4);
	lines_feed(&cutter, "y", 1); /* it would fit, but not at its place */
	lines_end(&cutter);
	assert_int_equal(strlen(seen.last), LINE_MAX_CHARS - 3);
	assert_true(seen.cut);
	lines_feed(&cutter, "\n", 1);
	assert_string_equal(seen.last, "");
	assert_false(seen.cut);
}

static void firmware_notes(void **state)
{
	struct firmware f = { 0 };
	(void)state;
	assert_null(firmware_line(&f, "Scan for option roms"));
	assert_string_equal(firmware_line(&f, "pvrom 0.1.0 full"), "pvrom 0.1.0 full");
	const char *note = firmware_line(
		&f, "Found option rom with bad checksum: loc=0x000c3000 len=1024 sum=cd");
	assert_contains(note, "loc=0x000c3000 len=1024 sum=cd (the firmware refused");
	assert_contains(
		firmware_line(&f, "WARNING - Unable to allocate resource at deploy_romfile:179!"),
		"the window below");
	for (int i = 0; i < 2 * FIRMWARE_MAX_NOTES; i++)
		firmware_line(&f, "pvrom again");
	assert_int_equal(f.notes.count, FIRMWARE_MAX_NOTES);
	assert_int_equal(f.dropped, FIRMWARE_MAX_NOTES + 3);
	firmware_free(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(nothing_said),
		cmocka_unit_test(failed),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(ends_by_itself),
		cmocka_unit_test(boots_again),
		cmocka_unit_test(bad_endings),
		cmocka_unit_test(unreadable_lines),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(too_many_binds),
		cmocka_unit_test(cuts_lines),
		cmocka_unit_test(firmware_notes),
	};
	return cmocka_run_group_tests_name("run report", tests, NULL, NULL);
}
