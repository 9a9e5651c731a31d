// SPDX-License-Identifier: GPL-2.0-only
#include "module.h"
#include "console.h"
#include "memory.h"
#include "options.h"

#define INFO_MODULES 0x8u /* bit of the flags: count at 20, address of the table at 24 */
#define INFO_MODULES_AT 20

static uint8_t kept[MODULE_MAX];
static uint32_t kept_size;

/* [start, end) lies in RAM above 1 MiB, where multiboot loaders put modules. */
static bool in_ram(uint32_t start, uint32_t end, uint32_t ram_end)
{
	return start >= 0x100000 && start <= end && end <= ram_end;
}

void module_keep(uint32_t magic, uintptr_t info, uint32_t ram_end)
{
	uint32_t flags, table[2], module[2]; /* count, address; start, end */

	if (magic != BOOT_MAGIC || !info)
		return;
	memcpy(&flags, (const void *)info, sizeof(flags));
	memcpy(table, (const void *)(info + INFO_MODULES_AT), sizeof(table));
	if (!(flags & INFO_MODULES) || !table[0])
		return;
	if (!in_ram(table[1], table[1] + sizeof(module), ram_end)) {
		printf("note the table of modules is not in RAM: found 0x%08x\n", table[1]);
		return;
	}
	memcpy(module, (const void *)(uintptr_t)table[1], sizeof(module));
	if (!in_ram(module[0], module[1], ram_end) || module[1] - module[0] > MODULE_MAX) {
		printf("note a module of no use: found 0x%08x to 0x%08x, expected at most %u bytes in RAM\n",
		       module[0], module[1], MODULE_MAX);
		return;
	}
	kept_size = module[1] - module[0];
	memcpy(kept, (const void *)(uintptr_t)module[0], kept_size);
}

const uint8_t *module_get(uint32_t *size)
{
	*size = kept_size;
	return kept_size ? kept : NULL;
}
