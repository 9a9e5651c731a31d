// SPDX-License-Identifier: GPL-2.0-only
/* The run list, on the ROM: what each run shows, and each test inside the guests. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind/bind.h"
#include "conform/internal.h"
#include "emu/apart.h"
#include "run/cell.h"
#include "run/expect.h"
#include "run/process.h"
#include "run/runlist.h"

#define BIND_SECONDS 60 /* of processor time */

/* The ROM as the runs see it: the bytes that were checked, whatever becomes of the file. */
struct copy {
	char folder[256], path[300];
};

static int copy_make(struct copy *copy, const struct romfile *rom)
{
	const char *tmp = getenv("TMPDIR");
	struct romfile_error error;

	snprintf(copy->folder, sizeof(copy->folder), "%s/pvrom.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(copy->folder)) {
		fprintf(stderr, "pvrom: error: %s: cannot make the folder: %s; set TMPDIR\n",
			copy->folder, strerror(errno));
		return 2;
	}
	snprintf(copy->path, sizeof(copy->path), "%s/given.rom", copy->folder);
	if (!romfile_write(rom, copy->path, &error))
		return 0;
	fprintf(stderr, "pvrom: error: %s\n", error.text);
	rmdir(copy->folder);
	return 2;
}

static void copy_remove(const struct copy *copy)
{
	unlink(copy->path);
	rmdir(copy->folder);
}

/* What the emulated guest makes of it, in a process of its own. */
struct outcome {
	const struct romfile *rom;
	struct bind_outcome bind;
	char error[128];
};

static int bind_work(void *shared)
{
	struct outcome *o = shared;

	return bind_one_rom(o->rom, &o->bind, o->error, sizeof(o->error)) ? 2 : 0;
}

static const char *reason_name(enum vmi_reason reason)
{
	for (size_t i = 0; i < vmi_reason_count; i++)
		if (vmi_reasons[i].number == reason)
			return vmi_reasons[i].name;
	return "ok";
}

/* Result: 0, or -1 with the reason in `why`. */
static int expect_of(const struct romfile *rom, struct run_given *given, struct text *why)
{
	struct outcome o = { .rom = rom };
	char error[128];
	int result = emu_apart(&o, sizeof(o), bind_work, BIND_SECONDS, error, sizeof(error));

	if (result) {
		text_addf(why, "no guest could bind it in the emulator: %s", *error ? error : o.error);
		return -1;
	}
	memcpy(given->bound, o.bind.bound, sizeof(given->bound));
	/* Who plays no POST does not know what it may add. */
	given->more = !o.bind.posted;
	given->reason = reason_name(o.bind.reason);
	return 0;
}

/* Why no guest is booted at all, or NULL. */
static const char *why_none(const struct conform_statement *s, struct text *text)
{
	if (!s->request->qemu)
		return "no QEMU: --no-qemu";
	if (s->request->size > ROMFILE_MAX)
		return "the file is larger than an option ROM can be: cut the image out";
	for (size_t i = 0; i < s->count; i++) {
		const struct conform_check *c = &s->checks[i];
		if (c->kind != CONFORM_VERIFY || c->level || c->result == VERIFY_PASSED ||
		    c->result == VERIFY_SKIPPED)
			continue;
		text_addf(text, "V%u %s failed: no guest is booted on it", c->number, c->name);
		return text_string(text);
	}
	return NULL;
}

static struct conform_check *find_test(struct conform_statement *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->checks[i].kind == CONFORM_GUEST && !strcmp(s->checks[i].name, name))
			return &s->checks[i];
	struct conform_check *c = conform_add(s, CONFORM_GUEST, 0, name, VERIFY_SKIPPED);
	c->level = conform_level_of_test(s->levels, name);
	return c;
}

/* `test NAME VERDICT[: DETAIL]`, whose form report_line() has checked; the worst verdict counts. */
static void take_test(struct conform_statement *s, const struct run_cell *cell, const char *line)
{
	const char *slash = strrchr(cell->spec.kernel, '/');
	const char *kernel = slash ? slash + 1 : cell->spec.kernel;
	const char *start = line + strcspn(line, " "), *name = start + strspn(start, " ");
	size_t length = strcspn(name, " ");
	const char *verdict = name + length + strspn(name + length, " ");
	struct text full = { 0 };

	if (strcmp(kernel, RUN_KERNEL))
		text_addf(&full, "%.*s/", (int)strcspn(kernel, "."), kernel);
	text_addf(&full, "%.*s", (int)length, name);
	struct conform_check *c = find_test(s, text_string(&full));
	bool ok = !strncmp(verdict, "ok", 2), skipped = !strncmp(verdict, "skipped", 7);
	enum verify_result result = ok ? VERIFY_PASSED : skipped ? VERIFY_SKIPPED : VERIFY_FAILED;
	if (result > c->result || (skipped && !c->text.size && c->result == VERIFY_SKIPPED)) {
		const char *detail = strstr(verdict, ": ");

		text_free(&c->text);
		if (!ok)
			text_addf(&c->text, "%s%s", cell->name, detail ? detail : "");
		c->result = result;
	}
	text_free(&full);
}

static void take_tests(struct conform_statement *s, const struct run_cell *cell,
		       const struct report *report)
{
	for (const struct report *r = report; r; r = r->before)
		for (size_t i = 0; i < r->tests.count; i++)
			take_test(s, cell, r->tests.list[i]);
}

/* Is all as expected? Tests that failed are checks of their own. */
static bool run_met(const struct run_cell *cell, const struct cell_result *result, struct text *why)
{
	struct run_expect expect = cell->expect;

	if (result->verdict == VERDICT_FAILED && result->report.failed)
		expect.status = VERDICT_FAILED;
	return expect_met(&expect, result, why);
}

/* Result: whether others are worth trying. */
static bool run_cell(struct conform_statement *s, unsigned int number, const struct run_cell *cell)
{
	struct cell_result result;
	struct text why = { 0 };

	cell_run(&cell->spec, NULL, NULL, &result);
	bool met = run_met(cell, &result, &why);
	bool ended = result.seconds < cell->spec.timeout;
	take_tests(s, cell, &result.report);
	struct conform_check *c = conform_add(s, CONFORM_RUN, number, cell->name,
					      met ? VERIFY_PASSED : VERIFY_FAILED);
	if (result.verdict == VERDICT_ENVIRONMENT)
		c->result = VERIFY_BROKEN;
	text_addf(&c->text, "%s%s", text_string(met ? &result.why : &why),
		  met && cell->expect.more ? "; its POST may serve more than the emulator knows" : "");
	text_free(&why);
	cell_free(&result);
	return ended;
}

static int run_canary(const struct run_cell *cell)
{
	struct cell_result result;
	struct text why = { 0 };

	cell_run(&cell->spec, NULL, NULL, &result);
	bool met = expect_met(&cell->expect, &result, &why);
	if (!met && !process_interrupted())
		fprintf(stderr, "pvrom: error: run %s, without the ROM: %s; QEMU, the firmware or the "
			"guest is broken: --no-qemu does without\n", cell->name, text_string(&why));
	text_free(&why);
	cell_free(&result);
	return met ? 0 : 2;
}

/* Does the run apply? If not, it is noted as skipped. */
static bool applies(struct conform_statement *s, unsigned int number, const struct run_cell *cell,
		    const struct run_given *given)
{
	unsigned int n = 0;

	while (n < VMI_CALLS && (!cell->needs[n] || given->bound[n]))
		n++;
	if (n < VMI_CALLS)
		text_addf(&conform_add(s, CONFORM_RUN, number, cell->name, VERIFY_SKIPPED)->text,
			  "the ROM does not serve call %u %s", n, vmi_calls[n].name);
	return n == VMI_CALLS;
}

static int run_list(struct conform_statement *s, const struct run_list *list,
		    const struct run_given *given, const char *none)
{
	struct text late = { 0 };
	int result = 0;

	for (size_t i = 0; i < list->count && !result && !process_interrupted(); i++) {
		const struct run_cell *cell = &list->cells[i];
		const unsigned int number = (unsigned int)i + 1;

		if (cell->canary) {
			result = none ? 0 : run_canary(cell);
		} else if (none) {
			text_addf(&conform_add(s, CONFORM_RUN, number, cell->name,
					       VERIFY_SKIPPED)->text, "%s", none);
		} else if (applies(s, number, cell, given) && !run_cell(s, number, cell)) {
			text_addf(&late, "run %s did not come to an end", cell->name);
			none = text_string(&late);
		}
	}
	text_free(&late);
	if (!process_interrupted())
		return result;
	fprintf(stderr, "pvrom: error: interrupted (%s): there is no statement\n",
		strsignal(process_interrupted()));
	return 3;
}

int conform_guests(struct conform_statement *s)
{
	const struct romfile rom = { .path = (char *)s->request->path,
				     .bytes = (uint8_t *)s->request->bytes,
				     .size = s->request->size };
	struct run_given given = { .rom = "", .reason = "ok" };
	struct copy copy;
	struct run_list list = { 0 };
	struct text path = { 0 }, text = { 0 };
	const char *none = why_none(s, &text);
	int result = 0;

	if (!none && expect_of(&rom, &given, &text))
		none = text_string(&text);
	if (!none && copy_make(&copy, &rom)) {
		text_free(&text);
		return 2;
	}
	given.rom = none ? "" : copy.path;
	text_addf(&path, "%s/%s", s->request->folder, CONFORM_RUNS);
	result = run_list_read_given(&list, text_string(&path), s->request->folder, &given) ?
			 2 : run_list(s, &list, &given, none);
	run_list_free(&list);
	if (!none)
		copy_remove(&copy);
	text_free(&path);
	text_free(&text);
	return result;
}
