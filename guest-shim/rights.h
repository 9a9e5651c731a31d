/* SPDX-License-Identifier: GPL-2.0-only */
/* A check for tests, and for the end of each run. */
#ifndef RIGHTS_H
#define RIGHTS_H

#include <stdint.h>

/*
 * States with CHECK, page by page, that no page of the kernel can be both written and run.
 * Without NX every page can be run: then that text cannot be written.
 */
void rights_check(void);

/* How pages of physical memory are mapped, wherever in the kernel's address space. */
struct rights_of {
	unsigned mapped, writable, runnable; /* entries; without NX whatever is mapped can be run */
};
struct rights_of rights_of(uint32_t start, uint32_t size);

#endif
