/* SPDX-License-Identifier: GPL-2.0-only */
#include "lines.h"

#include <stdio.h>
#include <string.h>

void lines_start(struct line_cutter *cutter, line_callback *callback, void *context)
{
	memset(cutter, 0, sizeof(*cutter));
	cutter->callback = callback;
	cutter->context = context;
}

static void add(struct line_cutter *c, unsigned char byte)
{
	char shown[5] = { (char)byte };
	int n = 1;
	if (byte != '\t' && (byte < ' ' || byte >= 0x7F))
		n = snprintf(shown, sizeof(shown), "\\x%02x", byte);
	c->any = true;
	if (c->cut || c->size + (size_t)n > LINE_MAX_CHARS) {
		c->cut = true;
		return;
	}
	memcpy(c->line + c->size, shown, (size_t)n);
	c->size += (size_t)n;
}

static void hand_out(struct line_cutter *c)
{
	c->line[c->size] = 0;
	c->callback(c->context, c->line, c->cut);
	c->size = 0;
	c->any = c->cut = c->return_ = false;
}

void lines_feed(struct line_cutter *c, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n') {
			hand_out(c);
			continue;
		}
		if (c->return_)
			add(c, '\r');
		c->return_ = bytes[i] == '\r';
		if (!c->return_)
			add(c, (unsigned char)bytes[i]);
	}
}

void lines_end(struct line_cutter *c)
{
	if (c->any)
		hand_out(c);
}
