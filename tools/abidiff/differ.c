/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of differences. */
#define _GNU_SOURCE
#include "abidiff/differ.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abigen/model.h" /* APPEND */

const char *differ_format(const char *format, ...)
{
	va_list args;
	char *text;
	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return text;
}

void differ_breaks(struct differences *list, int rule, const char *subject, struct side a,
		   struct side b, const char *remedy)
{
	static const char restore[] = "give it its old form back; a change takes a new name or number";
	*APPEND(list->items, list->count) = (struct difference){
		.breaks = true, .rule = rule, .subject = subject, .a = a, .b = b,
		.remedy = remedy ? remedy : restore };
	list->breaks++;
}

void differ_harmless(struct differences *list, int rule, const char *subject, struct side a,
		     struct side b)
{
	*APPEND(list->items, list->count) =
		(struct difference){ .rule = rule, .subject = subject, .a = a, .b = b };
}

void differ_text(struct differences *list, int rule, const char *subject, struct side a,
		 struct side b)
{
	if (strcmp(a.text, b.text))
		differ_breaks(list, rule, subject, a, b, NULL);
}

void differ_words(struct differences *list, int rule, const char *subject, struct side a,
		  struct side b)
{
	if (strcmp(a.text, b.text))
		differ_harmless(list, rule, subject, a, b);
}

void differ_new(struct differences *list, int rule, const char *subject, struct side a,
		struct side b, bool newer)
{
	if (newer)
		differ_harmless(list, rule, subject, a, b);
	else
		differ_breaks(list, RULE_NOTHING_NEW, subject, a, b,
			      "what is new needs a newer version: raise `abi`, and `since` of a call");
}
