/* SPDX-License-Identifier: GPL-2.0-only */
/* What a Linux kernel with CONFIG_VMI says on its console about the ROM. */
#ifndef RUN_CLIENT_LOG_H
#define RUN_CLIENT_LOG_H

#include "report.h"

#define CLIENT_PROBLEMS 16 /* further ones are counted, not kept */

/* Strings are the kernel's own words, NULL where it did not say that. */
struct client_log {
	char *kernel;   /* its version */
	char *rom;      /* the ROM that it found, with versions */
	char *platform; /* what it boots on: "vmi", "bare hardware", ... */
	char *clock_event, *clock_source; /* the timer's, if it is the ROM's */
	char *top;      /* where the address space that the ROM keeps begins */
	char *oops;     /* the first panic, oops or BUG line */
	struct words problems; /* lines about the ROM with what they mean */
	size_t dropped;
};

/* Reads a log whose lines are safe to print (lines.h). Free with client_log_free(). */
void client_log_read(struct client_log *client, const char *log);
void client_log_free(struct client_log *client);

/* Is the kernel on the ROM? Good: it named a ROM, and boots on vmi. */
bool client_log_uses_rom(const struct client_log *client);

/* The census: one line for each thing said or missing, for a person. */
void client_log_census(const struct client_log *client, struct words *lines);

/*
 * The verdict, with one line of reason added to `why`: VERDICT_FAILED where the kernel is not
 * on the ROM, VERDICT_NONE for an empty log. How QEMU ended, and what the kernel did later,
 * says nothing here.
 */
enum verdict client_log_verdict(const struct client_log *client, const char *log,
				struct text *why);

#endif
