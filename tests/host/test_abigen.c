// SPDX-License-Identifier: GPL-2.0-only
/*
 * abigen as a process. From the sample spec it must make the golden files, byte
 * for byte. Each file of tests/abigen/bad stands in for the part of the sample
 * that its name begins with, and must be refused as its first line says:
 *
 *   # expect LINE: PART OF THE MESSAGE      LINE 0: the message names no line
 *
 * No message of abigen may be left that no bad input has brought about.
 */
#include "test_run_scratch.h"

#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <sys/wait.h>

#define SAMPLE "tests/abigen/sample/"
#define GOLDEN "tests/abigen/golden/"
#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum { GOOD, BAD_INPUT, BAD_USAGE };

static char abigen[256];
static char seen[400][512]; /* every message so far, without `FILE:LINE: error: ` */
static size_t seen_count;

static int prepare(void **state)
{
	const char *build = getenv("PVROM_BUILD");
	/* abigen frees nothing on purpose, as model.h says; all else is still looked for. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	snprintf(abigen, sizeof(abigen), "%s/asan/abigen", build ? build : "build");
	return scratch_make(state) || access(abigen, X_OK);
}

static int run(const char *const *argv)
{
	pid_t pid = fork();
	if (!pid) {
		execv(abigen, (char *const *)argv);
		_exit(127);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run_abi(const char *vmi, const char *image, const char *reasons, const char *folder)
{
	return run((const char *[]){ "abigen", "abi", vmi, image, reasons, folder, NULL });
}

static int run_wide(const char *vmi, const char *image, const char *reasons, const char *vmi64,
		    const char *folder)
{
	return run((const char *[]){ "abigen", "wide", vmi, image, reasons, vmi64, folder, NULL });
}

static int run_profile(const char *vmi, const char *profile, const char *out)
{
	return run((const char *[]){ "abigen", "profile", vmi, profile, out, NULL });
}

/* The same for both widths. */
static int run_profile64(const char *profile, const char *out)
{
	return run((const char *[]){ "abigen", "profile", SAMPLE "vmi.abi", profile, out,
				     SAMPLE "image.abi", SAMPLE "reasons.abi", SAMPLE "vmi64.abi",
				     SAMPLE "unprovided.cfg", NULL });
}

/* How many files a folder holds. */
static size_t count_files(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t count = 0;
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		count += e->d_name[0] != '.';
	closedir(dir);
	return count;
}

static const char *new_folder(void)
{
	static unsigned number;
	char name[32];
	snprintf(name, sizeof(name), "folder%u", number++);
	const char *path = scratch_path(name);
	assert_int_equal(mkdir(path, 0700), 0);
	return path;
}

/* The message behind `PATH:LINE: error: ` (PATH alone if line is 0); text is one such line. */
static const char *message_of(const char *text, const char *path, int line)
{
	char prefix[512];
	if (line)
		snprintf(prefix, sizeof(prefix), "%s:%d: error: ", path, line);
	else
		snprintf(prefix, sizeof(prefix), "%s: error: ", path);
	size_t length = strlen(prefix);
	const char *end = strchr(text, '\n');
	if (strncmp(text, prefix, length) || !end || end[1])
		fail_msg("found: %s\nexpected one line: %s...", text, prefix);
	assert_true(seen_count < COUNT_OF(seen));
	char *message = seen[seen_count++];
	assert_true((size_t)snprintf(message, sizeof(*seen), "%.*s", (int)(end - text - length),
				     text + length) < sizeof(*seen));
	return message;
}

static void read_text(const char *path, char *text, size_t size)
{
	FILE *in = fopen(path, "r");
	if (!in)
		fail_msg("cannot open %s", path);
	size_t length = fread(text, 1, size - 1, in);
	fclose(in);
	assert_true(length > 0 && length < size - 1);
	text[length] = 0;
}

static void compare(const char *made, const char *golden)
{
	static char a[65536], b[65536];
	int line = 1;
	read_text(made, a, sizeof(a));
	read_text(golden, b, sizeof(b));
	size_t i = 0, start = 0;
	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n') {
			line++;
			start = i + 1;
		}
	if (a[i] != b[i])
		fail_msg("%s:%d: found `%.*s`, expected `%.*s`; if the change is wanted, "
			 "`make golden-abigen` and read the difference", golden, line,
			 (int)strcspn(a + start, "\n"), a + start,
			 (int)strcspn(b + start, "\n"), b + start);
}

static void test_golden(void **state)
{
	const char *folder = new_folder();
	char out[512], made[1024], golden[1024];
	(void)state;
	assert_int_equal(run_abi(SAMPLE "vmi.abi", SAMPLE "image.abi", SAMPLE "reasons.abi", folder),
			 GOOD);
	assert_int_equal(run_wide(SAMPLE "vmi.abi", SAMPLE "image.abi", SAMPLE "reasons.abi",
				  SAMPLE "vmi64.abi", folder), GOOD);
	snprintf(out, sizeof(out), "%.480s/sample.inc", folder);
	assert_int_equal(run_profile(SAMPLE "vmi.abi", SAMPLE "sample.cfg", out), GOOD);
	snprintf(out, sizeof(out), "%.480s/sample64.inc", folder);
	assert_int_equal(run_profile64(SAMPLE "sample64.cfg", out), GOOD);
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(made, sizeof(made), "%.480s/%s", folder, e->d_name);
		snprintf(golden, sizeof(golden), GOLDEN "%s", e->d_name);
		compare(made, golden);
	}
	closedir(dir);
	assert_int_equal(count_files(folder), count_files(GOLDEN));
}

static void test_bad_input(void **state)
{
	const char *path = *state, *name = strrchr(path, '/') + 1;
	char text[4096], expected[256];
	int line, at = 0;
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	assert_non_null(fgets(text, sizeof(text), in));
	fclose(in);
	if (sscanf(text, "# expect %d: %n", &line, &at) != 1 || !at)
		fail_msg("%s does not begin with `# expect LINE: MESSAGE`", path);
	text[strcspn(text, "\n")] = 0;
	snprintf(expected, sizeof(expected), "%.255s", text + at);
	assert_true(*expected);

	const char *parts[] = { SAMPLE "vmi.abi", SAMPLE "image.abi", SAMPLE "reasons.abi" };
	const char *folder = new_folder();
	int status;
	capture_stderr();
	if (!strncmp(name, "profile", 7)) {
		char out[512];
		snprintf(out, sizeof(out), "%.480s/out.inc", folder);
		status = name[7] == '_' ? run_profile(parts[0], path, out) : run_profile64(path, out);
	} else if (!strncmp(name, "vmi64_", 6)) {
		status = run_wide(parts[0], parts[1], parts[2], path, folder);
	} else {
		size_t part = !strncmp(name, "vmi_", 4) ? 0 : !strncmp(name, "image_", 6) ? 1 : 2;
		parts[part] = path;
		status = run_abi(parts[0], parts[1], parts[2], folder);
	}
	const char *said = captured();
	assert_contains(message_of(said, path, line), expected);
	assert_int_equal(status, BAD_INPUT);
	assert_int_equal(count_files(folder), 0);
}

/* The environment's faults are no faults of the spec: another exit status. */
static void test_unreadable(void **state)
{
	const char *folder = new_folder();
	(void)state;
	capture_stderr();
	int status = run_abi(SAMPLE "none.abi", SAMPLE "image.abi", SAMPLE "reasons.abi", folder);
	assert_contains(message_of(captured(), SAMPLE "none.abi", 0), "cannot open: No such file");
	assert_int_equal(status, BAD_USAGE);
	capture_stderr();
	status = run_abi(SAMPLE "vmi.abi", SAMPLE "image.abi", SAMPLE, folder);
	assert_contains(message_of(captured(), SAMPLE, 0), "cannot read: Is a directory");
	assert_int_equal(status, BAD_USAGE);
	assert_int_equal(count_files(folder), 0);
}

static void test_unwritable(void **state)
{
	char folder[4200];
	(void)state;
	capture_stderr();
	int status = run_abi(SAMPLE "vmi.abi", SAMPLE "image.abi", SAMPLE "reasons.abi", "/nonexistent");
	assert_contains(captured(), "/nonexistent/vmi_abi.h: cannot write: No such file");
	assert_int_equal(status, BAD_USAGE);

	/* No room for the .new of a path of 4095 bytes. */
	memset(folder, '/', 4095);
	folder[4095] = 0;
	capture_stderr();
	status = run_profile(SAMPLE "vmi.abi", SAMPLE "sample.cfg", folder);
	assert_contains(captured(), "abigen: ////");
	assert_int_equal(status, BAD_USAGE);

	/* The target is a folder: the file cannot take its place, and its .new goes away. */
	const char *parent = new_folder();
	snprintf(folder, sizeof(folder), "%.480s/out.inc", parent);
	assert_int_equal(mkdir(folder, 0700), 0);
	capture_stderr();
	status = run_profile(SAMPLE "vmi.abi", SAMPLE "sample.cfg", folder);
	assert_contains(captured(), "out.inc: cannot write: Is a directory");
	assert_int_equal(status, BAD_USAGE);
	assert_int_equal(count_files(parent), 1);
}

static void test_usage(void **state)
{
	(void)state;
	capture_stderr();
	int status = run((const char *[]){ "abigen", "abi", SAMPLE "vmi.abi", NULL });
	assert_contains(captured(), "usage: abigen abi VMI IMAGE REASONS FOLDER");
	assert_int_equal(status, BAD_USAGE);
}

/* The format that starts at the opening quote `text` points to, as an fnmatch() pattern. */
static void read_pattern(const char *text, char *pattern, size_t size)
{
	size_t length = 0;
	while (*text == '"') {
		for (text++; *text != '"'; text++) {
			assert_true(length + 3 < size);
			if (*text == '%') { /* flags, width and size up to the conversion */
				text += 1 + strspn(text + 1, "0123456789lz");
				pattern[length++] = '*';
				continue;
			}
			if (strchr("*?[]\\", *text))
				pattern[length++] = '\\';
			pattern[length++] = *text;
		}
		text++;
		text += strspn(text, " \t\n"); /* an adjacent literal goes on */
	}
	pattern[length] = 0;
}

static void test_every_message_seen(void **state)
{
	static char patterns[200][256], source[65536];
	size_t sites = 0, unseen = 0;
	glob_t files;
	(void)state;
	assert_int_equal(glob("tools/abigen/*.c", 0, NULL, &files), 0);
	assert_int_equal(glob("tools/stanza/*.c", GLOB_APPEND, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		read_text(files.gl_pathv[i], source, sizeof(source));
		for (char *at = source; (at = strstr(at, "stanza_error("));) {
			char *quote = at + strcspn(at, "\";");
			at++;
			if (*quote != '"')
				continue; /* its definition */
			assert_true(sites < COUNT_OF(patterns));
			char *pattern = patterns[sites++];
			read_pattern(quote, pattern, sizeof(*patterns));
			for (size_t s = 0; s + 1 < sites; s++)
				if (!strcmp(patterns[s], pattern))
					fail_msg("two places say `%s`: which one was meant?", pattern);
			size_t m = 0;
			while (m < seen_count && fnmatch(pattern, seen[m], 0))
				m++;
			if (m < seen_count)
				continue;
			print_error("%s: no bad input brings about `%s`\n", files.gl_pathv[i], pattern);
			unseen++;
		}
	}
	globfree(&files);
	assert_true(sites > 60); /* else the search itself is broken */
	assert_int_equal(unseen, 0);
}

int main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(test_golden), cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_unwritable), cmocka_unit_test(test_usage),
	};
	static struct CMUnitTest tests[400];
	size_t count = 0;
	glob_t bad;
	if (glob("tests/abigen/bad/*", 0, NULL, &bad) || bad.gl_pathc + 8 > COUNT_OF(tests)) {
		fprintf(stderr, "test_abigen: no tests/abigen/bad here, or too much in it\n");
		return 2;
	}
	for (; count < COUNT_OF(fixed); count++)
		tests[count] = fixed[count];
	for (size_t i = 0; i < bad.gl_pathc; i++)
		tests[count++] = (struct CMUnitTest){ strrchr(bad.gl_pathv[i], '/') + 1, test_bad_input,
						      NULL, NULL, bad.gl_pathv[i] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_every_message_seen);
	/* The public macro takes whole arrays only, and this one is not full. */
	int failed = _cmocka_run_group_tests("abigen", tests, count, prepare, scratch_remove);
	globfree(&bad);
	return failed;
}
