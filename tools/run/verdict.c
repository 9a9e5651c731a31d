// SPDX-License-Identifier: GPL-2.0-only
/* What a guest's report and its end add up to. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "good", "failed", "environment", "none" };
	return names[verdict];
}

static enum verdict verdict(struct text *why, enum verdict result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum verdict verdict(struct text *why, enum verdict result, const char *format, ...)
{
	char line[512];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	text_add(why, line, strlen(line));
	return result;
}

/* A run that did not end by the guest's own exit. */
static enum verdict bad_ending(enum ending ending, int value, struct text *why)
{
	switch (ending) {
	case END_TIME:
		return verdict(why, VERDICT_NONE, "time-out: the guest had not ended after %d s",
			       value);
	case END_FLOOD:
		return verdict(why, VERDICT_NONE,
			       "the guest wrote more than %d bytes and was stopped", value);
	case END_INTERRUPTED:
		return verdict(why, VERDICT_NONE, "interrupted (%s)", strsignal(value));
	case END_NOT_STARTED:
		return verdict(why, VERDICT_ENVIRONMENT,
			       "cannot start QEMU: %s; install qemu-system-x86 or set PVROM_QEMU",
			       strerror(value));
	default:
		return verdict(why, VERDICT_NONE, "QEMU was ended by a signal (%s)",
			       strsignal(value));
	}
}

/* What makes the guest's word worthless, whatever it says. */
static enum verdict no_verdict(const struct report *r, int status, struct text *why)
{
	/* QEMU's own errors end it with 1, before the guest can have said anything. */
	if (!r->lines && status != GUEST_STATUS_GOOD && status != GUEST_STATUS_FAILED &&
	    status != GUEST_STATUS_CRASHED && status)
		return verdict(why, VERDICT_ENVIRONMENT,
			       "QEMU ended with status %d before the guest said anything", status);
	if (r->crashed || status == GUEST_STATUS_CRASHED)
		return verdict(why, VERDICT_NONE, "the guest crashed: %s",
			       *r->first_failure ? r->first_failure : "its exit status says so");
	if (!r->lines)
		return verdict(why, VERDICT_NONE, "the guest said nothing");
	if (*r->unreadable)
		return verdict(why, VERDICT_NONE, "%s", r->unreadable);
	if (r->summary_count != 1)
		return verdict(why, VERDICT_NONE, "found %zu summary lines, expected 1%s%s",
			       r->summary_count, *r->first_failure ? "; " : "", r->first_failure);
	if (*r->end && status)
		return verdict(why, VERDICT_NONE,
			       "QEMU's exit status after `end %s`: found %d, expected 0", r->end,
			       status);
	if (!*r->end && status != GUEST_STATUS_GOOD && status != GUEST_STATUS_FAILED)
		return verdict(why, VERDICT_NONE,
			       "QEMU's exit status: found %d, expected %d (good) or %d (failed)",
			       status, GUEST_STATUS_GOOD, GUEST_STATUS_FAILED);
	return VERDICT_GOOD;
}

/* Do the bind lines add up to what the vmi line says? */
static bool census_agrees(const struct report *r)
{
	if (strcmp(r->outcome, "ok"))
		return r->kinds[BIND_NATIVE] == r->bind_count;
	for (size_t i = 0; i < BIND_KINDS; i++)
		if (r->kinds[i] != r->said_binds[i])
			return false;
	return true;
}

/* The verdict on one boot; `value` is the exit status that it led to. */
static enum verdict boot_verdict(const struct report *r, int value, struct text *why)
{
	enum verdict result = no_verdict(r, value, why);
	if (result != VERDICT_GOOD)
		return result;
	bool agree = r->said_passed == r->passed && r->said_failed == r->failed &&
		     r->said_skipped == r->skipped;
	if (r->failed || r->said_failed || value == GUEST_STATUS_FAILED)
		return verdict(why, VERDICT_FAILED,
			       "%zu test lines failed, the summary says %llu, the exit status says "
			       "%s%s%s",
			       r->failed, r->said_failed,
			       value == GUEST_STATUS_FAILED ? "failed" : "good",
			       *r->first_failure ? "; first: " : "", r->first_failure);
	if (!agree)
		return verdict(why, VERDICT_NONE,
			       "the summary says %llu passed, %llu skipped, the test lines say %zu "
			       "and %zu",
			       r->said_passed, r->said_skipped, r->passed, r->skipped);
	if (!r->passed)
		return verdict(why, VERDICT_NONE, "no test passed: nothing was tested");
	if (r->census_count != 1 || r->outcome_count != 1 || !r->bind_count)
		return verdict(why, VERDICT_NONE,
			       "found %zu census, %zu vmi and %zu bind lines, expected 1, 1 and at "
			       "least 1",
			       r->census_count, r->outcome_count, r->bind_count);
	if (!census_agrees(r))
		return verdict(why, VERDICT_NONE,
			       "the bind lines contradict the vmi line: %zu bound, %zu nop, %zu "
			       "native, %zu inline with outcome %s",
			       r->kinds[BIND_ROM], r->kinds[BIND_NOP], r->kinds[BIND_NATIVE],
			       r->kinds[BIND_INLINE], r->outcome);
	if (!became_agrees(r, why))
		return VERDICT_NONE;
	return verdict(why, VERDICT_GOOD, "%zu passed, %zu skipped", r->passed, r->skipped);
}

enum verdict report_verdict(const struct report *r, enum ending ending, int value, struct text *why)
{
	text_free(why);
	if (r->before && !strcmp(r->before->end, "shutdown"))
		return verdict(why, VERDICT_FAILED,
			       "the machine came up again after `end shutdown`");
	if (ending != END_EXIT) {
		enum verdict result = bad_ending(ending, value, why);
		if (*r->end)
			text_addf(why, " after `end %s`", r->end);
		if (*r->calling)
			text_addf(why, "; it was calling the ROM's %s, which did not come back",
				  r->calling);
		return result;
	}
	if (r->before) {
		enum verdict result = boot_verdict(r->before, 0, why);
		if (result != VERDICT_GOOD) {
			text_addf(why, ", in the boot before `end %s`", r->before->end);
			return result;
		}
		text_free(why);
	}
	enum verdict result = boot_verdict(r, value, why);
	if (result == VERDICT_GOOD && (r->before || *r->end))
		text_addf(why, ", %s by the guest", *r->end ? r->end : r->before->end);
	return result;
}
