/* SPDX-License-Identifier: GPL-2.0-only */
/* VMware's port, asked directly. */
#ifndef PORT_H
#define PORT_H

#include "../interface.h"

struct port_answer {
	uint32_t eax, ebx, ecx;
};

static inline struct port_answer port_ask(uint32_t magic, uint32_t command)
{
	struct port_answer a = { magic, 0, command };

	asm volatile("inl %%dx, %%eax" : "+a"(a.eax), "+b"(a.ebx), "+c"(a.ecx) : "d"(VMWARE_PORT) : "memory");
	return a;
}

#endif
