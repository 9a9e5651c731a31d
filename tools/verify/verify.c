/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the checks, in order. */
#include "verify/verify.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"
#include "emu/apart.h"
#include "verify/internal.h"
#include "vmi64_abi.h"

static const struct {
	const char *name, *what;
	verify_function *run;
} checks[VERIFY_CHECKS + 1] = {
#define CHECK(number, name, function, what) [number] = { name, what, verify_##function##_check },
#include "verify/checks.h"
#undef CHECK
};

const char *verify_name(unsigned int number)
{
	return checks[number].name;
}

const char *verify_what(unsigned int number)
{
	return checks[number].what;
}

unsigned int verify_find(const char *word)
{
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		char number[12];

		snprintf(number, sizeof(number), "%u", n);
		if (!strcmp(word, number) || !strcmp(word, checks[n].name))
			return n;
	}
	return 0;
}

static void note(struct verify_finding *f, enum verify_result result, const char *format,
		 va_list args)
{
	f->result = result;
	vsnprintf(f->text, sizeof(f->text), format, args);
}

#define NOTE(function, result)                                              \
	void function(struct verify_finding *f, const char *format, ...)    \
	{                                                                   \
		va_list args;                                               \
                                                                            \
		va_start(args, format);                                     \
		note(f, result, format, args);                              \
		va_end(args);                                               \
	}
NOTE(verify_pass, VERIFY_PASSED)
NOTE(verify_fail, VERIFY_FAILED)
NOTE(verify_skip, VERIFY_SKIPPED)

void verify_refused(struct verify_finding *f, const struct vmi_candidate *c)
{
	const struct vmi_reason_info *info = &vmi_reasons[0];
	unsigned long long at = c->where - c->base;

	for (size_t i = 0; i < vmi_reason_count; i++)
		if (vmi_reasons[i].number == c->reason)
			info = &vmi_reasons[i];
	if (c->found == c->expected)
		verify_fail(f, "%s: %s at 0x%llx: %s %s", info->name, c->field, at, info->cause,
			    info->remedy);
	else
		verify_fail(f, "%s: %s at 0x%llx: found 0x%llx, expected 0x%llx: %s %s", info->name,
			    c->field, at, (unsigned long long)c->found,
			    (unsigned long long)c->expected, info->cause, info->remedy);
}

bool verify_needs(const struct verify_state *s, struct verify_finding *f, unsigned int first,
		  unsigned int last)
{
	for (unsigned int n = first; n <= last; n++) {
		if (s->report->check[n].result != VERIFY_FAILED)
			continue;
		verify_skip(f, "check %u, %s, failed", n, checks[n].name);
		return false;
	}
	return true;
}

bool verify_asked(const struct verify_state *s, struct verify_finding *f)
{
	if (!verify_needs(s, f, VERIFY_signature, VERIFY_length) ||
	    !verify_needs(s, f, VERIFY_version, VERIFY_entry_slots))
		return false;
	if (s->asked)
		return true;
	if (!s->request->emulate) {
		verify_skip(f, "nothing is called");
	} else {
		f->result = VERIFY_BROKEN;
		strcpy(f->text, s->trouble);
	}
	return false;
}

/* The calls of the 64-bit table that have an entry. Result: false if there is none. */
static bool choose64(struct verify_state *s)
{
	struct romfile rom = { .bytes = (uint8_t *)s->rom->bytes, .size = s->candidate.length };
	struct romfile_table table;
	bool any = false;

	if (!romfile_find_abi(&rom, 64, VMI64_MAJOR, &table) || !table.directory)
		return false;
	for (size_t n = 0; n < VMI64_CALLS; n++) {
		const struct vrom_capability c = romfile_capability(&table, n);

		s->lane64.call[n].chosen = !vmi64_calls[n].reserved && c.entry_offs && c.kinds;
		any |= s->lane64.call[n].chosen;
	}
	return any;
}

/* In a process of its own: the answers, then the entries that they lead to. */
static int work(void *shared)
{
	struct verify_state *s = shared;
	struct lane_options lane = { s->rom->bytes, s->candidate.length, s->request->seed,
				     s->request->rounds, 32 };

	if (ask_run(s->rom->bytes, s->candidate.length, &s->ask, s->trouble, sizeof(s->trouble)))
		return 2;
	s->asked = true;
	for (unsigned int call = 0; call < VMI_CALLS; call++)
		s->lane.call[call].chosen = verify_has_entry(s, call);
	if (lane_run(&lane, &s->lane, s->trouble, sizeof(s->trouble)))
		return 2;
	s->laned = true;
	if (!choose64(s))
		return 0;
	lane.width = 64;
	if (lane_run(&lane, &s->lane64, s->trouble, sizeof(s->trouble)))
		return 2;
	s->laned64 = true;
	return 0;
}

/* Calls the ROM, if its header can be believed. */
static void call(struct verify_state *s)
{
	const struct verify_finding *check = s->report->check;
	char error[128];

	if (!s->request->emulate || check[VERIFY_signature].result == VERIFY_FAILED ||
	    check[VERIFY_length].result == VERIFY_FAILED ||
	    check[VERIFY_version].result == VERIFY_FAILED ||
	    check[VERIFY_entry_slots].result == VERIFY_FAILED)
		return;
	emu_apart(s, sizeof(*s), work, VERIFY_SECONDS, error, sizeof(error));
	if (*error)
		snprintf(s->trouble, sizeof(s->trouble), "%s", error);
}

static bool init(struct verify_state *s, struct bind_window *window, struct vmi_platform *platform)
{
	struct romfile rom = { .bytes = (uint8_t *)s->request->bytes, .size = s->request->size };
	bool posted;

	romfile_chain(&s->images, s->request->bytes, s->request->size);
	if (s->images.count)
		s->rom = &s->images.image[0];
	if (rom.size > ROMFILE_MAX)
		rom.size = ROMFILE_MAX;
	if (!bind_place(window, &rom, &posted))
		return false;
	*platform = (struct vmi_platform){ .context = window, .read = bind_read };
	s->load.platform = platform;
	s->load.window = (struct vmi_window){ VROM_WINDOW_BASE, BIND_WINDOW, VROM_WINDOW_BASE };
	s->load.range = (struct vmi_version_range){ VROM_API_MAJOR, 0, VROM_API_MINOR };
	s->image = (struct image){ .load = &s->load, .candidate = &s->candidate };
	return true;
}

/* At the end: what failed must not be relied on by another check, wanted or not. */
static void leave_out(const struct verify_request *request, struct verify_report *report)
{
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		struct verify_finding *f = &report->check[n], found = *f;

		if (request->leave_out[n] &&
		    (f->result == VERIFY_FAILED || f->result == VERIFY_BROKEN))
			verify_skip(f, "left out: %.370s", found.text);
	}
}

int verify_run(const struct verify_request *request, struct verify_report *report)
{
	struct verify_state *s = calloc(1, sizeof(*s));
	struct bind_window *window = calloc(1, sizeof(*window));
	struct vmi_platform platform;
	int result = -1;

	memset(report, 0, sizeof(*report));
	if (!s || !window)
		goto out;
	s->request = request;
	s->report = report;
	if (!init(s, window, &platform))
		goto out;
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		if (n == VERIFY_init_returns)
			call(s);
		checks[n].run(s, &report->check[n]);
	}
	report->laned = s->laned;
	memcpy(report->call, s->lane.call, sizeof(report->call));
	leave_out(request, report);
	result = 0;
out:
	free(window);
	free(s);
	return result;
}
