// SPDX-License-Identifier: GPL-2.0-only
/* The ordinary kernel. */
#include "design.h"

const char design_name[] = "ordinary";
const struct design_slot design_slots[] = { { NULL, NULL, 0, NULL } };

const char *design_no_user(const char *slot)
{
	(void)slot;
	return NULL;
}
