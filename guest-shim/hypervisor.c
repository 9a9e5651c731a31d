// SPDX-License-Identifier: GPL-2.0-only
#include "hypervisor.h"
#include "console.h"
#include "memory.h"

#define PRESENT (1u << 31) /* leaf 1, ECX */

void hypervisor_note(const uint32_t features[4], const uint32_t signature[4])
{
	char name[13] = { 0 };

	memcpy(name, &signature[1], 12);
	for (char *p = name; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	printf("note hypervisor %s\n", features[2] & PRESENT && *name ? name : "none");
}
