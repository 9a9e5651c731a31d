/* SPDX-License-Identifier: GPL-2.0-only */
/* A check for tests, and for the end of each run. */
#ifndef RIGHTS_H
#define RIGHTS_H

/*
 * States with CHECK, page by page, that no page of the kernel can be both written and run.
 * Without NX every page can be run: then that text cannot be written.
 */
void rights_check(void);

#endif
