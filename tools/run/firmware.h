/* SPDX-License-Identifier: GPL-2.0-only */
/* From the firmware's debug log: the lines that matter for option ROMs, with words for a person. */
#ifndef RUN_FIRMWARE_H
#define RUN_FIRMWARE_H

#include "text.h"

#define FIRMWARE_MAX_NOTES 64 /* further lines are counted, not kept */
#define FIRMWARE_TAIL 6       /* last lines kept, for a run in which the guest says nothing */

/* All zero is the empty log. */
struct firmware {
	struct words notes; /* what to tell, in order, each without a prefix */
	size_t dropped;
	char *tail[FIRMWARE_TAIL];
	size_t lines;
};

/* Takes the next line of the log. Result: a note if the line matters and is kept, else NULL. */
const char *firmware_line(struct firmware *firmware, const char *line);
void firmware_free(struct firmware *firmware);

#endif
