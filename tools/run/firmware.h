/* SPDX-License-Identifier: GPL-2.0-only */
/* From the firmware's debug log: the lines that matter for option ROMs, with words for a person. */
#ifndef RUN_FIRMWARE_H
#define RUN_FIRMWARE_H

#include <stdbool.h>

#include "text.h"

#define FIRMWARE_MAX_NOTES 64 /* further lines are counted, not kept */
#define FIRMWARE_TAIL 6       /* last lines kept, for a run in which the guest says nothing */

#define FIRMWARE_MAX_EVENTS 64

/* What the firmware did to a ROM that is not the display's. */
struct firmware_event {
	enum { FIRMWARE_STARTED, FIRMWARE_CHECKSUM, FIRMWARE_NO_SPACE } kind;
	unsigned address; /* linear; 0 for FIRMWARE_NO_SPACE */
	bool late;        /* as a boot entry, after the scan */
	unsigned length, sum; /* FIRMWARE_CHECKSUM: of what it summed; 0 if it does not say */
};

/* All zero is the empty log. */
struct firmware {
	struct words notes; /* what to tell, in order, each without a prefix */
	size_t dropped;
	char *tail[FIRMWARE_TAIL];
	size_t lines;
	bool scanning, late;  /* in the scan for option ROMs; behind it */
	struct firmware_event events[FIRMWARE_MAX_EVENTS];
	size_t event_count;
	struct words entries; /* names of the ROMs that became boot entries */
};

/* Takes the next line of the log. Result: a note if the line matters and is kept, else NULL. */
const char *firmware_line(struct firmware *firmware, const char *line);
void firmware_free(struct firmware *firmware);

#endif
