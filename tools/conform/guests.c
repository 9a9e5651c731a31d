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
	bool wide;
	struct bind_outcome bind;
	char error[128];
};

static int bind_work(void *shared)
{
	struct outcome *o = shared;

	return bind_one_rom(o->rom, o->wide, &o->bind, o->error, sizeof(o->error)) ? 2 : 0;
}

static const char *reason_name(enum vmi_reason reason)
{
	for (size_t i = 0; i < vmi_reason_count; i++)
		if (vmi_reasons[i].number == reason)
			return vmi_reasons[i].name;
	return "ok";
}

/* What a guest of that width makes of it. Result: 0, or -1 with the reason in `why`. */
static int expect_of(const struct romfile *rom, bool wide, struct run_given *given, struct text *why)
{
	struct outcome o = { .rom = rom, .wide = wide };
	char error[128];
	int result = emu_apart(&o, sizeof(o), bind_work, BIND_SECONDS, error, sizeof(error));

	if (result) {
		text_addf(why, "no guest could bind it in the emulator: %s", *error ? error : o.error);
		return -1;
	}
	if (wide && o.bind.no_width) {
		text_addf(why, "the ROM has no ABI of 64 bits");
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

/* Whether the environment's QEMU, or else the one of long mode, can be started. */
static bool qemu64_there(void)
{
	const char *binary = getenv("PVROM_QEMU"), *path = getenv("PATH");
	char file[4096];

	if (binary && *binary)
		return true; /* runs.cfg has tried it */
	while (path && *path) {
		int length = (int)strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/" RUN_QEMU64, length ? length : 1, length ? path : ".");
		if (!access(file, X_OK))
			return true;
		path += length + (path[length] == ':');
	}
	return false;
}

/* The list of one width. `none`: why no run is made, or NULL. Result: as conform_guests(). */
static int boot_list(struct conform_statement *s, const char *name, struct conform_boot *boot)
{
	struct run_list list = { 0 };
	struct text path = { 0 };
	int result = 2;

	text_addf(&path, "%s/%s", s->request->folder, name);
	boot->list = &list;
	if (!run_list_read_given(&list, text_string(&path), s->request->folder, boot->given))
		result = conform_boot(s, boot);
	boot->before += (unsigned int)list.count;
	run_list_free(&list);
	text_free(&path);
	return result;
}

/* Both widths on a copy of the ROM. `none`, `none64`: why no guest of that width is booted, or NULL. */
static int boot_both(struct conform_statement *s, struct run_given *given, struct run_given *given64,
		     const char *none, const char *none64)
{
	struct conform_boot boot = { .given = given, .none = none };
	struct text late = { 0 };
	int result = boot_list(s, CONFORM_RUNS, &boot);

	if (boot.late.size) {
		text_addf(&late, "a run did not come to an end: %s", text_string(&boot.late));
		none64 = text_string(&late);
	}
	boot.given = given64;
	boot.none = none64;
	if (!result)
		result = boot_list(s, CONFORM_RUNS64, &boot);
	text_free(&boot.late);
	text_free(&late);
	return result;
}

int conform_guests(struct conform_statement *s)
{
	const struct romfile rom = { .path = (char *)s->request->path,
				     .bytes = (uint8_t *)s->request->bytes,
				     .size = s->request->size };
	struct run_given given = { .rom = "", .reason = "ok" }, given64 = given;
	struct copy copy;
	struct text text = { 0 }, text64 = { 0 };
	const char *none = why_none(s, &text), *none64;
	int result;

	if (!none && expect_of(&rom, false, &given, &text))
		none = text_string(&text);
	none64 = none;
	if (!none && expect_of(&rom, true, &given64, &text64))
		none64 = text_string(&text64);
	else if (!none && !qemu64_there())
		none64 = RUN_QEMU64 " is not installed";
	result = none ? 0 : copy_make(&copy, &rom);
	if (!result) {
		given.rom = given64.rom = none ? "" : copy.path;
		result = boot_both(s, &given, &given64, none, none64);
		if (!none)
			copy_remove(&copy);
	}
	text_free(&text);
	text_free(&text64);
	return result;
}
