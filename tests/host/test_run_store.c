// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of results: written, read again, and cut off or damaged at every byte; and the
 * line that estimates the rest.
 */
#include "test_run_scratch.h"

#include "run/progress.h"
#include "run/results.h"
#include "run/store.h"

#define CELLS 3

static const enum result_status given[CELLS] = { RESULT_PASSED, RESULT_NONE, RESULT_FAILED };

static const char *object_of(size_t i)
{
	static char text[256];
	snprintf(text, sizeof(text),
		 "{\"cell\":\"cell%zu\",\"inputs\":\"000000000000000%zu\",\"status\":\"%s\","
		 "\"seconds\":0.5}",
		 i, i, result_status_name(given[i]));
	return text;
}

static void write_store(const char *path)
{
	struct store s;
	store_start(&s, "some \"list\".cfg", 2, 3, CELLS);
	for (size_t i = 0; i < CELLS; i++) {
		struct text name = { 0 };
		text_addf(&name, "cell%zu", i);
		s.entries[i] = (struct store_entry){ .cell = name.bytes, .inputs = i,
						     .shard = (unsigned)i };
	}
	assert_int_equal(store_create(&s, path), 0);
	assert_int_equal(store_publish(&s), 0);
	for (size_t i = CELLS; i--;)
		if (given[i] != RESULT_NONE)
			store_add(&s, i, given[i], 0.5, object_of(i));
	assert_true(s.good);
	store_free(&s);
}

/* Reads and says whether the plan is there; each result must then be the one given, or none. */
static bool read_store(const char *path, size_t *results, struct store_faults *faults)
{
	struct store s;
	capture_stderr();
	bool whole = !store_read(&s, path, faults);
	const char *error = captured();
	*results = 0;
	if (!whole) {
		assert_contains(error, path);
	} else {
		assert_int_equal(s.count, CELLS);
		assert_string_equal(s.list, "some \"list\".cfg");
		assert_int_equal(s.shard, 2);
		assert_int_equal(s.shards, 3);
	}
	for (size_t i = 0; i < CELLS && whole; i++) {
		assert_int_equal(s.entries[i].inputs, i);
		assert_int_equal(s.entries[i].shard, i);
		char *object = store_get(&s, i);
		if (s.entries[i].status == RESULT_NONE) {
			assert_null(object);
			continue;
		}
		assert_int_equal(s.entries[i].status, given[i]);
		assert_string_equal(object, object_of(i));
		free(object);
		++*results;
	}
	store_free(&s);
	return whole;
}

static void reads_what_it_wrote(void **state)
{
	char path[512];
	size_t results;
	struct store_faults faults;
	(void)state;
	snprintf(path, sizeof(path), "%s", scratch_path("cells.log"));
	write_store(path);
	assert_true(read_store(path, &results, &faults));
	assert_int_equal(results, 2);
	assert_int_equal(faults.torn + faults.foreign + faults.twice, 0);
	assert_false(read_store(scratch_path("none.log"), &results, &faults));
	assert_int_equal(access(scratch_path("cells.log.new"), F_OK), -1);
}

static char *load(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY);
	char *bytes = malloc(65536);
	*size = (size_t)read(fd, bytes, 65536);
	close(fd);
	return bytes;
}

/* A new file each time: one that is written over would wait for the disk. */
static void damaged(const char *name, const char *bytes, size_t size)
{
	unlink(scratch_path(name));
	scratch_file(name, bytes, size, 0600);
}

static void survives_damage(void **state)
{
	char path[512];
	size_t size, results, plan = 0;
	struct store_faults faults;
	(void)state;
	snprintf(path, sizeof(path), "%s", scratch_path("cells.log"));
	write_store(path);
	char *bytes = load(path, &size);
	for (size_t i = 0, lines = 0; lines < CELLS + 1; i++) {
		lines += bytes[i] == '\n';
		plan = i + 1;
	}
	/* Killed after any byte: no result that was not whole, none less than was. */
	for (size_t cut = 0; cut < size; cut++) {
		size_t lines = 0;
		damaged("cut.log", bytes, cut);
		for (size_t i = plan; i < cut; i++)
			lines += bytes[i] == '\n';
		bool whole = read_store(scratch_path("cut.log"), &results, &faults);
		assert_int_equal(whole, cut >= plan);
		assert_int_equal(results, whole ? lines : 0);
		if (whole)
			assert_int_equal(faults.torn, cut > plan && bytes[cut - 1] != '\n');
	}
	/* A bit wrong anywhere: no other result than the one given, and the line is named. */
	for (size_t i = 0; i < size; i++) {
		bytes[i] ^= (char)(1 << i % 8);
		damaged("flip.log", bytes, size);
		bytes[i] ^= (char)(1 << i % 8);
		bool whole = read_store(scratch_path("flip.log"), &results, &faults);
		assert_int_equal(whole, i >= plan);
		assert_in_range(results, 0, whole);
		assert_true(!whole || faults.torn >= 1);
	}
	free(bytes);
}

/* A line with its right hash. */
static void add_line(struct text *to, const char *object)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (const char *c = object; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
	text_addf(to, "%016llx %s\n", (unsigned long long)hash, object);
}

#define HEAD "{\"format\":1,\"list\":\"l\",\"shard\":1,\"shards\":1,\"cells\":1}"
#define PLAN "{\"plan\":\"a\",\"inputs\":\"0000000000000000\",\"shard\":1}"
#define RESULT(cell, inputs, status, seconds) \
	"{\"cell\":" cell ",\"inputs\":" inputs ",\"status\":" status ",\"seconds\":" seconds "}"
#define GOOD RESULT("\"a\"", "\"0000000000000000\"", "\"passed\"", "1")

/* What has its hash, but makes no sense. `faults`: torn, foreign and twice; -1: refused. */
static void believes_no_line(void **state)
{
	static const struct {
		const char *head, *plan, *result, *again;
		int torn, foreign, twice;
	} cases[] = {
		{ HEAD, PLAN, GOOD, NULL, 0, 0, 0 },
		{ HEAD, PLAN, GOOD, GOOD, 0, 0, 1 },
		{ HEAD, PLAN, RESULT("\"b\"", "\"0000000000000000\"", "\"passed\"", "1"), NULL, 0, 1, 0 },
		{ HEAD, PLAN, RESULT("\"a\"", "\"0000000000000001\"", "\"passed\"", "1"), NULL, 0, 1, 0 },
		{ HEAD, PLAN, RESULT("7", "\"0000000000000000\"", "\"passed\"", "1"), NULL, 1, 0, 0 },
		{ HEAD, PLAN, RESULT("\"a\"", "0", "\"passed\"", "1"), NULL, 1, 0, 0 },
		{ HEAD, PLAN, RESULT("\"a\"", "\"0\"", "\"passed\"", "1"), NULL, 1, 0, 0 },
		{ HEAD, PLAN, RESULT("\"a\"", "\"0000000000000000\"", "\"none\"", "1"), NULL, 1, 0, 0 },
		{ HEAD, PLAN, RESULT("\"a\"", "\"0000000000000000\"", "\"well\"", "1"), NULL, 1, 0, 0 },
		{ HEAD, PLAN, RESULT("\"a\"", "\"0000000000000000\"", "\"passed\"", "{}"), NULL, 1, 0, 0 },
		{ HEAD, PLAN, "[]", "{", 2, 0, 0 },
		{ HEAD, PLAN, PLAN, NULL, 1, 0, 0 },
		{ "{}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":2,\"list\":\"l\",\"shard\":1,\"shards\":1,\"cells\":1}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":7,\"shard\":1,\"shards\":1,\"cells\":1}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":\"l\",\"shard\":2,\"shards\":1,\"cells\":1}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":\"l\",\"shard\":0,\"shards\":0,\"cells\":1}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":\"l\",\"shard\":1,\"shards\":1,\"cells\":1e9}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":\"l\",\"shard\":1,\"shards\":1,\"cells\":-1}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":\"l\",\"shard\":1,\"shards\":1,\"cells\":1.5}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":\"l\",\"shard\":1,\"shards\":1,\"cells\":2}", PLAN, PLAN, NULL, -1, 0, 0 },
		{ "{\"format\":1,\"list\":\"l\",\"shard\":1,\"shards\":1,\"cells\":2}", PLAN, GOOD, NULL, -1, 0, 0 },
		{ HEAD, "{\"plan\":\"a\",\"inputs\":\"x\",\"shard\":1}", GOOD, NULL, -1, 0, 0 },
		{ HEAD, "{\"plan\":\"a\",\"inputs\":\"0000000000000000\",\"shard\":2}", GOOD, NULL, -1, 0, 0 },
		{ HEAD, "{\"plan\":7,\"inputs\":\"0000000000000000\",\"shard\":1}", GOOD, NULL, -1, 0, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const lines[] = { cases[i].head, cases[i].plan, cases[i].result,
					      cases[i].again };
		struct text text = { 0 };
		struct store s;
		struct store_faults f;
		for (size_t k = 0; k < 4 && lines[k]; k++)
			add_line(&text, lines[k]);
		scratch_text("case.log", text_string(&text));
		capture_stderr();
		int result = store_read(&s, scratch_path("case.log"), &f);
		captured();
		if (result != (cases[i].torn < 0 ? -1 : 0) ||
		    (!result && ((int)f.torn != cases[i].torn ||
				 (int)f.foreign != cases[i].foreign ||
				 (int)f.twice != cases[i].twice)))
			fail_msg("case %zu: result %d, %zu torn, %zu foreign, %zu twice:\n%s", i,
				 result, f.torn, f.foreign, f.twice, text_string(&text));
		store_free(&s);
		text_free(&text);
	}
}

/* No line end in megabytes: bounded, and refused. */
static void bounds_lines(void **state)
{
	size_t size = 4u << 20, results;
	struct store_faults faults;
	char *bytes = malloc(size);
	(void)state;
	memset(bytes, 'a', size);
	scratch_file("long.log", bytes, size, 0600);
	assert_false(read_store(scratch_path("long.log"), &results, &faults));
	memset(bytes, 0, size);
	scratch_file("long.log", bytes, size, 0600);
	assert_false(read_store(scratch_path("long.log"), &results, &faults));
	free(bytes);
}

static void estimates_the_rest(void **state)
{
	struct progress p = { .begin = 100, .all = 40 };
	char line[128];
	(void)state;
	progress_line(&p, 110, line, sizeof(line));
	assert_string_equal(line, "0 of 40, 0 failed");
	p.done = 10;
	p.failed = 1;
	progress_line(&p, 120, line, sizeof(line));
	assert_string_equal(line, "10 of 40, 1 failed, about 60 s to go");
	progress_line(&p, 220, line, sizeof(line));
	assert_string_equal(line, "10 of 40, 1 failed, about 6 min to go");
	progress_line(&p, 220, line, 20);
	assert_int_equal(strlen(line), 19);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_wrote),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(believes_no_line),
		cmocka_unit_test(bounds_lines),
		cmocka_unit_test(estimates_the_rest),
	};
	return cmocka_run_group_tests_name("store", tests, scratch_make, scratch_remove);
}
