// SPDX-License-Identifier: GPL-2.0-only
/* What guests need before they are booted: a reason, a copy of the ROM, and what to expect. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind/bind.h"
#include "conform/internal.h"
#include "emu/apart.h"

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
			 2 : conform_boot(s, &list, &given, none);
	run_list_free(&list);
	if (!none)
		copy_remove(&copy);
	text_free(&path);
	text_free(&text);
	return result;
}
