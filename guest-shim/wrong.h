/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest that uses the loader wrongly, if its command line says so: what the loader
 * must survive from its own side, and reasons that no ROM can bring about.
 */
#ifndef WRONG_H
#define WRONG_H

#include <stdbool.h>
#include <stdint.h>

#include "vmi_loader.h"

enum wrong {
	WRONG_NONE = 0,
	WRONG_WINDOW, /* wrong=window: the window is no whole number of steps */
	WRONG_READ,   /* wrong=read: only the first bytes of each step can be read */
	WRONG_ROW,    /* wrong=row: one row names a call that does not exist */
	WRONG_TABLE,  /* wrong=table: one row is mandatory and has no call */
	WRONG_SITES,  /* wrong=sites: patch sites with one mistake each, beside the good ones */
};

/* Result: false if no mistake has this name. */
bool wrong_read(const char *name, enum wrong *wrong);

/* Changes what is about to be given to the loader: window, and rows of binding_slots. */
void wrong_load(enum wrong wrong, struct vmi_load *load);

/* Lets the loader patch the wrong sites, and reports: each is skipped or left as it is. */
void wrong_sites(void);

#endif
