/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest said on its serial console, read without believing it: the
 * census of bound slots, the verdict lines, and what both add up to. Knows
 * nothing of processes; feed it lines from anywhere.
 */
#ifndef RUN_REPORT_H
#define RUN_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "became.h"
#include "text.h"

/* Exit statuses of a run, and of every tool. */
enum verdict {
	VERDICT_GOOD = 0,
	VERDICT_FAILED = 1,      /* the subject failed */
	VERDICT_ENVIRONMENT = 2, /* the run could not be made */
	VERDICT_NONE = 3,        /* crashed, or nothing that can be believed */
};

/* "good", "failed", "environment", "none". */
const char *verdict_name(enum verdict verdict);

/* Exit statuses of QEMU by what the guest wrote to isa-debug-exit: (value << 1) | 1. */
enum { GUEST_STATUS_GOOD = 33, GUEST_STATUS_FAILED = 35, GUEST_STATUS_CRASHED = 37 };

/* How the process that ran the guest ended. */
enum ending {
	END_EXIT,        /* by itself; value = exit status */
	END_SIGNAL,      /* by a signal that was not ours; value = its number */
	END_TIME,        /* we ended it: time-out; value = seconds */
	END_FLOOD,       /* we ended it: more output than a run may have; value = bytes */
	END_INTERRUPTED, /* we ended it: we were told to stop; value = signal */
	END_NOT_STARTED, /* value = errno */
};

enum bind_kind { BIND_ROM, BIND_NOP, BIND_NATIVE, BIND_INLINE, BIND_KINDS };

/* One `bind` line. */
struct bind_line {
	char slot[64];
	char name[32];   /* of the call, or - */
	char reason[32]; /* ok or VMI_E_... */
	int number;      /* of the call, or -1 */
	enum bind_kind kind;
	uint64_t address; /* 0 for - */
	char how[8];      /* call, jump or none */
};

#define REPORT_MAX_BINDS 1024

/* One boot of the guest. All zero is the empty report. */
struct report {
	size_t lines;
	size_t census_count, outcome_count, summary_count; /* lines of each; good is exactly 1 */
	char outcome[32]; /* "ok": a ROM is in use; else the reason for the native boot */
	unsigned long long
		said_binds[BIND_KINDS]; /* with a ROM in use: slots by the vmi line */
	size_t kinds[BIND_KINDS]; /* the same by the bind lines, indexed by enum bind_kind */
	struct bind_line *binds;
	size_t bind_count;
	struct became became;    /* what a redesign says of its slots */
	size_t passed, failed, skipped; /* test lines; errors count as failed */
	struct words tests;             /* the test lines, and notes, as they came */
	struct words notes;
	struct words skips;             /* the names of those that were skipped */
	unsigned long long said_passed, said_failed, said_skipped; /* by the summary */
	bool crashed;            /* an `exception` line came */
	char first_failure[128]; /* the first test line that is failed or error, or the exception */
	char calling[64];        /* the call into a ROM that the last line says begins; else "" */
	char unreadable[192];    /* the first line that breaks the form, and how */
	char end[16];            /* "shutdown" or "reboot": what it did at last; else "" */
	struct report *before;   /* the boot before this one, which had such an end; else NULL */
};

/* Takes the next line of the serial console (see lines.h for its form). */
void report_line(struct report *report, const char *line, bool cut);
void report_free(struct report *report);

/*
 * The verdict on a whole run, and in `why` (replaced) one line of reason.
 *
 * Good takes everything together: one census that agrees with its outcome, one
 * summary as the last of the verdict lines, which agrees with the test lines,
 * something passed and nothing failed, and the guest's good exit status: 33 by
 * isa-debug-exit, or 0 after `end shutdown` and `end reboot`, when it is QEMU that ends by
 * itself. A boot that ended by `end reboot` may be followed by one more, which then counts;
 * both must be good. One that follows `end shutdown` is a failure.
 */
enum verdict report_verdict(const struct report *report, enum ending ending, int value,
			    struct text *why);

#endif
