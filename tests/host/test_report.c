/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvrom report`: what is missing shows as missing, hostile files are escaped or refused. */
#include "shell.h"

#define START "d=@/report-test; rm -rf $d; mkdir -p $d; "
#define RUN "^ report -r $d -o $d/index.html"

static void test_missing(void **state)
{
	(void)state;
	assert_int_equal(shell(START RUN " && grep Missing: $d/index.html"), 0);
	shell_has("make slots-table");
	shell_has("make bench");
	shell_has("<code>make matrix</code>");
}

/* Every row of the data has a field of the map. */
static void test_map(void **state)
{
	(void)state;
	assert_int_equal(shell(START RUN " && test $(grep -o '<td><span class=[DACNX] ' $d/index.html | wc -l) -eq "
			       "$(^ cover --tsv | sed 1d | grep -c .)"), 0);
}

static void test_escaped(void **state)
{
	(void)state;
	assert_int_equal(shell(START "printf 'a\\tb\\n<img src=x>\\t\"&\\1\\n' > $d/slots.tsv; "
			       "echo '{\"cells\":[{\"cell\":\"</script><b>\",\"status\":\"failed\"}]}' > "
			       "$d/matrix.json; " RUN " -c '<i>' && grep -e 'img src' -e 'b&gt;' -e 'Tree at' "
			       "$d/index.html"), 0);
	shell_has("&lt;img src=x&gt;</th><td>&quot;&amp;&#xfffd;</td>");
	shell_has("&lt;/script&gt;&lt;b&gt;");
	shell_has("Tree at &lt;i&gt; ");
}

/* Refused with the file's name and how to make it again; no page is written. */
static void refused(const char *make, const char *error)
{
	char line[1024];
	snprintf(line, sizeof(line), START "%s; " RUN "; s=$?; test ! -e $d/index.html || s=9; exit $s", make);
	assert_int_equal(shell(line), 1);
	shell_has(error);
}

static void test_malformed(void **state)
{
	(void)state;
	refused("echo '{\"cells\":[' > $d/matrix.json", "matrix.json: expected the JSON results");
	refused("echo '{\"cells\":[{\"cell\":\"a\",\"status\":\"failed\"}]}]' > $d/matrix.json",
		"matrix.json: expected the JSON results");
	refused("echo '{\"cells\":[]}' > $d/matrix.json", "matrix.json: expected the JSON results");
	refused("echo '{\"cells\":[7]}' > $d/matrix.json", "matrix.json: expected the JSON results");
	refused("printf 'a\\tb\\n1\\n' > $d/bench.tsv", "bench.tsv:2: 1 columns, expected 2");
	refused("echo a > $d/bench.tsv", "bench.tsv: no rows; make it again: make bench");
	refused(": > $d/bench.tsv", "bench.tsv: no rows");
	refused("printf 'a\\n\\0\\n' > $d/slots.tsv", "slots.tsv: expected a text file");
	refused("truncate -s 5M $d/slots.tsv", "slots.tsv: expected a text file of at most");
	refused("mkfifo $d/slots.tsv", "slots.tsv: expected a text file");
}

/* A run of guest32 and one of a redesign; $l and $r are their logs. */
#define RUNS START "l=$d/cells/quick/boot_full_pc_none_3.2.log; r=$d/cells/redesign/redesign_no_vectors_full_pc.log; " \
	"mkdir -p ${l%%/*} ${r%%/*}; c='census 1\\nvmi native why=VMI_E_NO_ROM\\n'; " \
	"b='bind a<b>&.x 33 IRET native - none why=VMI_E_NO_BINDING\\n'; n='bind y - - native - none why=VMI_E_NO_CALL\\n'; " \
	"v='became a<b>&.x adapter IRET lines=7 # <i>\\nbecame y no-such-call - lines=0\\n" \
	"became-sum no-vectors bound=0 native=0 adapter=1 no-such-call=1 lines=7\\n'; "

static void runs(const char *then)
{
	char line[2048];
	snprintf(line, sizeof(line), RUNS "%s", then);
	assert_int_equal(shell(line), 0);
}

static void test_census(void **state)
{
	(void)state;
	runs("printf \"$c$b$n\" > $l; " RUN " && grep -A9 -e census-guest32 -e census-client $d/index.html");
	shell_has("32-bit guest, ROM full: 2 slots: rom 0, inline 0, nop 0, native 2</summary>");
	shell_has("<th scope=row>a&lt;b&gt;&amp;.x</th><td><a href=#call-33>33</a></td><td>IRET</td><td>native</td>"
		  "<td>none</td><td>VMI_E_NO_BINDING</td>");
	shell_has("<th scope=row>y</th><td>-</td>");
	shell_has("at commit not recorded by <code>make all redesigns; build/pvrom matrix --filter boot/full/");
	/* A run that is not there is none of no slots. */
	shell_has("Client of 3.0, ROM full: missing</summary>");
	shell_has("Missing: no such run yet. To make it: <code>make all redesigns; build/pvrom matrix --filter client/");
}

/* What list and commit say holds for runs that are older than it. */
static void test_commit(void **state)
{
	(void)state;
	runs("printf \"$c$b\" > $l; echo 'abc<i>' > ${l%/*}/commit; " RUN " && grep 'at commit' $d/index.html");
	shell_has("UTC at commit abc&lt;i&gt; by");
	runs("echo abc > ${l%/*}/commit; printf \"$c$b\" > $l; touch -d 2000-01-01 ${l%/*}/commit; " RUN
	     " && grep 'at commit' $d/index.html");
	shell_has("at commit not recorded by");
}

static void test_beside(void **state)
{
	(void)state;
	runs("printf \"$c$b$n$v\" > $r; " RUN " && grep -e 'class=\"became' -e 'class=missing>o' -e '<h3' $d/index.html");
	shell_has("<th scope=row>a&lt;b&gt;&amp;.x</th><td>no run</td><td>no run</td><td class=\"became adapter\">"
		  "adapter, 7 lines: IRET<br><small>&lt;i&gt;</small></td><td>no run</td></tr>");
	shell_has("<th scope=row>y</th><td>no run</td><td>no run</td><td class=\"became no-such-call\">"
		  "call does not exist</td><td>no run</td>");
	shell_has("<p class=missing>ordinary: Missing: no such run yet.");
}

/* Every run that the page names is one of its list. */
static void test_named(void **state)
{
	(void)state;
	assert_int_equal(shell(START RUN " && grep -o 'matrix --filter [-a-z0-9_./ ]*cfg' $d/index.html | sort -u > $d/named; "
			       "wc -l < $d/named; while read -r m f cell list; do ^ matrix --list $list | "
			       "grep -qx \"$cell\" || { echo \"$list has no $cell\"; exit 1; }; done < $d/named"), 0);
	shell_has("11\n");
}

static void test_census_malformed(void **state)
{
	(void)state;
	static const struct {
		const char *make, *error;
	} bad[] = {
		{ ": > $l", "boot_full_pc_none_3.2.log: found no whole census" },
		{ "printf \"$c\" > $l", "found no whole census" },
		{ "printf \"$c$c$b\" > $l", "found no whole census" },
		{ "printf \"$c$b$b\" > $l", "line 4 of the guest's log: a second bind line for the same slot" },
		{ "printf \"${c}bind x 999 X rom\\n\" > $l", "line 3 of the guest's log: a bind line" },
		{ "printf \"$c${b}\\0\" > $l", "expected a text file" },
		{ "mkfifo $l", "expected a text file" },
		{ "printf \"$c$b\" > $l; mkfifo ${l%/*}/commit", "commit: expected a text file" },
		{ "printf \"$c$b$n\" > $r", "redesign_no_vectors_full_pc.log: found no `became` lines" },
		{ "printf \"$c$b${n}became y eaten - lines=0\\n\" > $r", "line 5 of the guest's log:" },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char line[2048];
		snprintf(line, sizeof(line), RUNS "%s; " RUN "; s=$?; test ! -e $d/index.html || s=9; exit $s",
			 bad[i].make);
		assert_int_equal(shell(line), 1);
		shell_has(bad[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_census),
		cmocka_unit_test(test_commit),
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_census_malformed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
