/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ROM used from a copy of its own: checked, read-only, elsewhere in the address space and
 * told where things are mapped (docs/hardening.md). Nothing leads to the original afterwards,
 * and no page of the copy can ever be both written and run.
 */
#ifndef HARDEN_H
#define HARDEN_H

#include <stdbool.h>

enum harden {
	HARDEN_NONE = 0,
	HARDEN_TOLD,   /* harden=1 */
	HARDEN_UNTOLD, /* harden=untold: SetMapping is not called */
};

/* Result: false if there is no such way. */
bool harden_read(const char *name, enum harden *how);

/*
 * Once a ROM in the window is in use: copies it, calls SetMapping if `tell`, binds every slot to
 * the copy and unmaps the original. A note says what became of it; each step is checked by a
 * test of its own.
 */
void harden(bool tell);

/* Whether a copy took the place of the ROM, and whether it was told of the state memory. */
bool harden_done(void);
bool harden_was_told(void);

/* Tells such a copy where state memory and APIC are mapped; else does nothing. */
void harden_tell(void);

/* At the end of a run: the original was not needed, and the copy is as it was. */
void harden_check(void);

#endif
