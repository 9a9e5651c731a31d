/* SPDX-License-Identifier: GPL-2.0-only */
/* Cuts a stream of bytes from a guest into lines that are safe to print and to parse. */
#ifndef RUN_LINES_H
#define RUN_LINES_H

#include <stdbool.h>
#include <stddef.h>

#define LINE_MAX_CHARS 4096 /* the rest of a longer line is dropped */

/*
 * One line without its end (LF or CR LF). Bytes that are not printable ASCII
 * stand as \xNN in it, so a guest can neither drive the terminal nor hide text
 * behind a NUL. `cut`: the line was longer than LINE_MAX_CHARS.
 */
typedef void line_callback(void *context, const char *line, bool cut);

struct line_cutter {
	line_callback *callback;
	void *context;
	size_t size;
	bool any;     /* bytes have come since the last line end */
	bool cut;
	bool return_; /* a CR came: part of the line end if LF follows */
	char line[LINE_MAX_CHARS + 1];
};

void lines_start(struct line_cutter *cutter, line_callback *callback, void *context);
void lines_feed(struct line_cutter *cutter, const char *bytes, size_t size);
/* The stream ended: hands out a last line that has no end. */
void lines_end(struct line_cutter *cutter);

#endif
