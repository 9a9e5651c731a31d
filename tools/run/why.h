/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What became of each ROM of a run, from its file, the firmware's log, the guest's words and
 * what stands in the guest's memory when the run has ended.
 */
#ifndef RUN_WHY_H
#define RUN_WHY_H

#include "command.h"
#include "firmware.h"
#include "memory.h"

enum why_fate {
	WHY_POST,        /* its init entry ran during the firmware's scan */
	WHY_LATE,        /* it ran as a boot entry, after the scan */
	WHY_CHECKSUM,    /* refused: bad checksum */
	WHY_NO_SPACE,    /* refused: the window is full */
	WHY_UNSEEN,      /* the log does not name it */
	WHY_UNSIGNED,    /* skipped: no option ROM at all */
	WHY_LENGTH,      /* skipped: length byte 0 */
	WHY_IDS,         /* skipped: PCIR names another device */
	WHY_UEFI,        /* ignored: the firmware runs no legacy ROMs */
	WHY_UNREADABLE,  /* the file has gone since */
	WHY_FATES
};
/* For programs: "post", "late", "checksum", ... */
extern const char *const why_fate_names[WHY_FATES];

/* What an answer is taken from, as bits. */
enum { WHY_BY_FILE = 1, WHY_BY_LOG = 2, WHY_BY_GUEST = 4, WHY_BY_MEMORY = 8, WHY_SOURCES = 4 };
extern const char *const why_source_names[WHY_SOURCES]; /* by number of the bit */

enum why_memory {
	WHY_NOT_LOOKED, /* it was not started, or the RAM cannot be seen */
	WHY_WHOLE,      /* the image stands there, its bytes sum to 0 */
	WHY_CHANGED,    /* its bytes do not sum to 0 (any more) */
	WHY_GONE,       /* no 55 AA stands there */
};
enum why_guest { WHY_GUEST_SILENT, WHY_GUEST_USED, WHY_GUEST_REFUSED, WHY_GUEST_ABSENT };
enum why_shadow {
	WHY_SHADOW_UNKNOWN, WHY_SHADOW_READ_ONLY, WHY_SHADOW_WRITABLE, WHY_SHADOW_PARTLY
};
/* By value; the first is NULL: not known. */
extern const char *const why_memory_names[], *const why_guest_names[], *const why_shadow_names[];

/* One ROM of a run. */
struct why {
	char *path;
	bool pci;           /* given as the ROM of a PCI device */
	enum why_fate fate;
	unsigned sources;   /* WHY_BY_* */
	unsigned address;   /* linear; where it was started, or refused; 0: nowhere */
	uint32_t length;    /* by its length byte */
	size_t size;        /* of the file */
	uint8_t sum;        /* of as many of these bytes as the length says */
	unsigned vendor, device; /* by PCIR; 0 without one */
	enum why_memory memory;
	uint32_t left;      /* bytes of the image there, by its length byte; its sum is left_sum */
	uint8_t left_sum;
	unsigned written;   /* WHY_WHOLE, WHY_CHANGED: how many of them are not the file's */
	enum why_guest guest;
	enum why_shadow shadow;
	struct text text;   /* all that as one line for a person, without the path */
};

struct why_list {
	struct why *roms; /* in the firmware's order */
	size_t count;
};

/*
 * Explains each ROM of `spec`. `serial` is the guest's log; its lines `vrom ...`, `note shadow
 * ...` are read. `window`: MEMORY_WINDOW bytes that stood there at the end, or NULL. Never
 * fails: what cannot be told is said to be so. Free with why_free().
 */
void why_explain(const struct run_spec *spec, const struct firmware *firmware, const char *serial,
		 const uint8_t *window, struct why_list *list);
void why_free(struct why_list *list);

/* Writes why->text from the rest. */
void why_say(struct why *why);

#endif
