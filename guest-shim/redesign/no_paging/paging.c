// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel without page tables: paging stays off, linear addresses are physical ones. What would
 * edit a mapping has nothing to do.
 */
#include "paging.h"
#include "console.h"
#include "vmi_abi.h"

struct paging paging;
struct mm kernel_mm;

bool paging_init(bool pae)
{
	if (pae)
		printf("note pae=1 is refused: this kernel has no page tables\n");
	printf("note paging off\n");
	return true;
}

void paging_tell(void)
{
}

uint32_t paging_root(void)
{
	return 0;
}

void *paging_map_device(unsigned index, uint32_t address)
{
	(void)index;
	return (void *)address;
}

void paging_set_executable(void *start, uint32_t size, bool executable)
{
	(void)start;
	(void)size;
	(void)executable;
}

void paging_set_rom(uint32_t start, uint32_t size)
{
	(void)start;
	(void)size;
}

void paging_set_state(uint32_t start, uint32_t size)
{
	(void)start;
	(void)size;
}

void paging_hide(uint32_t start, uint32_t size)
{
	(void)start;
	(void)size;
}

void paging_seal(void *start, uint32_t size)
{
	(void)start;
	(void)size;
}

void paging_map_fixed(unsigned index, uint32_t address, bool text)
{
	(void)index;
	(void)address;
	(void)text;
}

void paging_map_low(uint32_t address, bool there)
{
	(void)address;
	(void)there;
}

void *paging_map_alias(uint32_t address, bool there)
{
	(void)there;
	return (void *)address;
}

void paging_let_user(uintptr_t start, uintptr_t end, bool user)
{
	(void)start;
	(void)end;
	(void)user;
}

bool paging_user_may_run(uintptr_t address)
{
	(void)address;
	return true;
}

void *paging_test_pte(unsigned page)
{
	(void)page;
	return NULL;
}

uintptr_t paging_window(void)
{
	return (uintptr_t)linear(VROM_WINDOW_BASE);
}
