/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of the engine only. */
#ifndef EMU_INTERNAL_H
#define EMU_INTERNAL_H

#include "emu/emu.h"

#define EMU_PAGE 0x1000u

struct emu {
	uc_engine *uc;
	uc_context *fresh; /* the processor as emu_open() left it */
	unsigned int width;
	uint8_t *ram;
	uint8_t *code;     /* whole pages; NULL: nothing loaded */
	uint64_t code_base;
	uint32_t code_size;
	uint64_t image; /* the image within them */
	uint64_t state_view; /* of the page at EMU_STATE; 0 = none */
	uint32_t image_size;
	/* While a call is observed: */
	struct emu_result *result; /* NULL: nothing is observed (setup runs) */
	uint32_t limit, port_reads;
	uint32_t unseen_port; /* 0 = none */
	uint64_t last;   /* linear address of the last instruction */
	bool stopped;    /* a hook has decided result->end */
	bool may_sysret; /* EFER.SCE, which Unicorn keeps clear */
	unsigned int sysret; /* width that a SYSRET went to, 0 = there was none */
	bool has_x2apic;
	uint64_t x2apic[EMU_X2APIC_REGISTERS]; /* by MSR number from 0x800 on */
	bool x2apic_reads; /* the instruction that runs is to read x2apic_value */
	uint64_t x2apic_value;
};

/* Adds the hooks that fill emu->result. Result: as uc_hook_add(). */
uc_err emu_observe(struct emu *emu);

/* The host's bytes of `size` bytes at a linear address with paging off, or NULL. */
const uint8_t *emu_host(const struct emu *emu, uint64_t address, uint32_t size);

/*
 * Notes what the instruction at `address`, which is about to run, does beyond
 * registers and memory: caches and TLB. Result: false for one that must not run,
 * since it arms a breakpoint, on which Unicorn 2.0.1 crashes.
 */
bool emu_note_hidden(struct emu *emu, uint64_t address, uint32_t size);

/* Is the instruction at `address` one that pushes? */
bool emu_pushes(const struct emu *emu, uint64_t address);

/*
 * Is the instruction at `address` a SYSRET that may run? Then emu->sysret is set. Result: false if it
 * faults with #GP, since it would return to an address that is not canonical.
 */
bool emu_sysret(struct emu *emu, uint64_t address);
/* Puts into *state, read before that SYSRET, what it does. */
void emu_finish_sysret(const struct emu *emu, struct emu_state *state);

/* The x2APIC as after a reset, with that id. */
void emu_x2apic_reset(struct emu *emu, uint32_t id);
/*
 * Before the instruction at `address` runs: what it does to the x2APIC, and what the one
 * before it has read there. Result: false if it faults.
 */
bool emu_x2apic(struct emu *emu, uint64_t address);

#endif
