/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of tools/verify only. */
#ifndef VERIFY_INTERNAL_H
#define VERIFY_INTERNAL_H

#include "emu/ask.h"
#include "emu/lane.h"
#include "image.h" /* of the loader: its checks, one by one */
#include "romfile/images.h"
#include "verify/verify.h"

#define VERIFY_SECONDS 120 /* of processor time in the emulator */

struct verify_state {
	const struct verify_request *request;
	struct verify_report *report;
	struct romfile_images images;
	const struct romfile_image *rom; /* the first image, or NULL */
	/* The loader's view. */
	struct vmi_load load;
	struct vmi_candidate candidate;
	struct image image;
	/* The emulator's. */
	bool asked, laned; /* `ask`, `lane` are filled in */
	struct ask_report ask;
	struct lane_report lane;
	bool laned64; /* likewise of the 64-bit ABI, if there is one */
	struct lane_report lane64;
	char trouble[128]; /* why not */
};

/* Each check fills in its own finding, of which nothing but `text` is set. */
typedef void verify_function(struct verify_state *s, struct verify_finding *f);
#define CHECK(number, name, function, what) verify_function verify_##function##_check;
#include "verify/checks.h"
#undef CHECK

void verify_pass(struct verify_finding *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void verify_fail(struct verify_finding *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void verify_skip(struct verify_finding *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Notes what the loader refused. */
void verify_refused(struct verify_finding *f, const struct vmi_candidate *candidate);

/*
 * Whether the checks from `first` to `last` passed or were skipped; if not, this one is
 * skipped, too, and says so.
 */
bool verify_needs(const struct verify_state *s, struct verify_finding *f, unsigned int first,
		  unsigned int last);
/* Whether the emulator has called the slots; if not, the finding says why. */
bool verify_asked(const struct verify_state *s, struct verify_finding *f);

/* Every call of GetRelocationInfo, in turn. */
#define VERIFY_EACH_ANSWER(n, load, turn) \
	for (unsigned int n = 0; n < ASK_NUMBERS; n++) \
		for (unsigned int load = 0; load < ASK_BASES; load++) \
			for (unsigned int turn = 0; turn < ASK_TURNS; turn++)

/* A number's name as people read it: "call 17 SetCR3", or "number 0x100". */
struct verify_label {
	char text[48];
};
struct verify_label verify_label(uint32_t number);

/* Does GetRelocationInfo lead to an entry there that can be called? */
bool verify_has_entry(const struct verify_state *s, unsigned int call);

#endif
