/* SPDX-License-Identifier: GPL-2.0-only */
/* Which test binary has to produce a reason code. */
#ifndef TEST_REASONS_H
#define TEST_REASONS_H

#include <string.h>

#include "vmi_abi.h"

/* Whether the reason is one of patch sites (test_patch), else of loads (test_loader). */
static inline bool reason_of_sites(const struct vmi_reason_info *reason)
{
	return !strncmp(reason->name, "VMI_E_SITE_", strlen("VMI_E_SITE_"));
}

#endif
