// SPDX-License-Identifier: GPL-2.0-only
/* The two exceptions that must not depend on the stack they find. */
#include "cpu.h"

void cpu_task_gates(struct descriptor *table)
{
	table[2] = (struct descriptor){ .low = SEL_NMI_TSS << 16, .high = 0x8500 };
	table[8] = (struct descriptor){ .low = SEL_DF_TSS << 16, .high = 0x8500 };
}
