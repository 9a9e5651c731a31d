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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_malformed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
