/* SPDX-License-Identifier: GPL-2.0-only */
/* The ROM as the client sees it: found, activated, bound, patched in. */
#ifndef ROM_H
#define ROM_H

#include <stdbool.h>
#include <stdint.h>

#include "site.h"
#include "vmi_abi.h"

/*
 * Looks for a ROM from `from` up to and not including `to` (virtual addresses) in steps of
 * 2 KiB: the first one that has both signatures. NULL if there is none.
 */
const struct vrom_header *rom_find(uint32_t from, uint32_t to);
/* May the client use it? VMI_OK, or why not. `talk`: says so on the console, too. */
enum vmi_reason rom_accept(const struct vrom_header *rom, bool talk);
bool rom_known_maker(const struct vrom_header *rom);
/* The end of the addresses that the guest may use, as virtual_top leaves it. */
uint32_t rom_fixmap_top(const struct vrom_header *rom);

extern const struct vrom_header *rom; /* the one in use, or NULL */

static inline uint32_t rom_length(const struct vrom_header *r)
{
	return r->rom_length * VROM_BLOCK;
}

/* Asks for a call; counts, and notes if an answer differs from the first one. */
struct vmi_relocation_info rom_ask(uint32_t call);
extern uint32_t rom_questions, rom_contradictions;

/* The ROM's entry if it answers CALL_REL, else NULL. */
void *rom_function(uint32_t call);

/* Binds the slots. Result: false if a call without which the client cannot live is not there. */
bool bind_slots(void);
/* Prints the census: once. `why`: VMI_OK, or why the boot is native. */
void bind_census(enum vmi_reason why);

/* The functions behind wrapped slots. */
struct vmi_ops {
	void *cpuid, *set_ldt, *set_tr, *write_gdt_entry, *write_ldt_entry, *write_idt_entry;
	void *update_kernel_stack, *flush_tlb, *set_lazy_mode, *set_pxe, *set_pxe_long, *update_pxe;
	void *allocate_page, *release_page, *set_initial_ap_state;
};
extern struct vmi_ops vmi_ops;

void patch_sites(const struct site *from, const struct site *to);
/* How many sites differ from what the ROM says now. */
uint32_t patch_compare(const struct site *from, const struct site *to);
extern const struct site sites_start[], sites_end[], module_sites_start[], module_sites_end[];

#endif
