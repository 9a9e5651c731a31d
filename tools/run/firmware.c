/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "firmware.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What SeaBIOS 1.16 logs when it does not run a ROM, and what that means. */
static const struct {
	const char *start, *meaning;
} known[] = {
	{ "pvrom", NULL }, /* the ROM's own POST line */
	{ "Found option rom with bad checksum",
	  "the firmware refused the ROM at loc and wiped it: its bytes do not sum to 0, so the "
	  "file is damaged; build or copy it again, or sign it with romsign" },
	{ "WARNING - Unable to allocate resource at deploy_romfile",
	  "the firmware left out a ROM: the window below 0xE8000 is full; use fewer or smaller "
	  "ROMs" },
	{ "WARNING - Unable to allocate resource",
	  "the firmware ran out of memory for something; it may be a ROM" },
	{ "WARNING - Timeout", "a device or ROM did not answer the firmware in time" },
};

static void event(struct firmware *f, struct firmware_event e)
{
	e.late = f->late;
	if (f->scanning && f->event_count < FIRMWARE_MAX_EVENTS)
		f->events[f->event_count++] = e;
}

static void follow(struct firmware *f, const char *line)
{
	static const char entry[] = "Searching bootorder for: /rom@genroms/";
	static const char bad[] = "Found option rom with bad checksum: ";
	unsigned value, length = 0, sum = 0;
	if (!strcmp(line, "Scan for option roms")) {
		f->scanning = true;
	} else if (sscanf(line, "Running option rom at %4x:", &value) == 1) {
		event(f, (struct firmware_event){ .kind = FIRMWARE_STARTED, .address = value << 4 });
	} else if (!strncmp(line, bad, strlen(bad)) &&
		   sscanf(line + strlen(bad), "loc=%x len=%u sum=%x", &value, &length, &sum) >= 1) {
		event(f, (struct firmware_event){ .kind = FIRMWARE_CHECKSUM,
						  .address = value,
						  .length = length,
						  .sum = sum });
	} else if (strstr(line, "Unable to allocate resource at deploy_romfile")) {
		event(f, (struct firmware_event){ .kind = FIRMWARE_NO_SPACE });
	} else if (!strncmp(line, entry, strlen(entry))) {
		f->late = true;
		if (f->entries.count < FIRMWARE_MAX_EVENTS)
			words_add(&f->entries, line + strlen(entry));
	}
}

const char *firmware_line(struct firmware *f, const char *line)
{
	size_t i = 0, count = sizeof(known) / sizeof(known[0]);
	char **last = &f->tail[f->lines++ % FIRMWARE_TAIL];
	free(*last);
	struct text copy = { 0 };
	text_addf(&copy, "%s", line);
	*last = copy.bytes;
	follow(f, line);
	while (i < count && strncmp(line, known[i].start, strlen(known[i].start)))
		i++;
	if (i == count)
		return NULL;
	if (f->notes.count == FIRMWARE_MAX_NOTES) {
		f->dropped++;
		return NULL;
	}
	if (known[i].meaning)
		words_addf(&f->notes, "%s (%s)", line, known[i].meaning);
	else
		words_add(&f->notes, line);
	return f->notes.list[f->notes.count - 1];
}

void firmware_free(struct firmware *f)
{
	words_free(&f->notes);
	words_free(&f->entries);
	for (size_t i = 0; i < FIRMWARE_TAIL; i++)
		free(f->tail[i]);
	*f = (struct firmware){ 0 };
}
