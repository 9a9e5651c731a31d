/* SPDX-License-Identifier: GPL-2.0-only */
/* Ends of a run through the power slots, and what the next boot knows of them. */
#ifndef POWER_H
#define POWER_H

enum power_end { POWER_NONE, POWER_SHUTDOWN, POWER_REBOOT_SOFT, POWER_REBOOT_HARD };

/* Reads and takes away the mark that the boot before this one left. */
void power_init(void);
/* What the boot before this one ended with; POWER_NONE if it left no mark. */
enum power_end power_before(void);

/*
 * Marks the end in CMOS memory, which a reset keeps, says `end shutdown` or `end reboot` as
 * the last line of this boot, and calls the slot. Comes back only if the slot did.
 */
void power_end(enum power_end how);

#endif
