/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probe to census on the host: the loader's own code over a window of memory in which ROM
 * files lie, the guest's own slot table, and the emulator for the calls into a ROM.
 */
#ifndef BIND_H
#define BIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "emu/emu.h"
#include "romfile/romfile.h"
#include "vmi_loader.h"

#define BIND_TSC_HZ 1000000000u /* what POST is said to have measured */
#define BIND_WINDOW (VROM_WINDOW_END - VROM_WINDOW_BASE)

struct bind_window {
	uint8_t bytes[BIND_WINDOW];
	uint32_t used; /* bytes; the next ROM goes behind them */
	struct emu *emu; /* of the guest's width */
	uint32_t loaded; /* address of the image that the emulator holds, 0 = none */
	size_t size;     /* of that image */
};

/* The guest's binding table (guest-shim/slots.h), with twins that are addresses of nothing. */
struct bind_table {
	const struct vmi_slot *slots;
	size_t count;
};
extern const struct bind_table bind_table32, bind_table64; /* by the guest's width */

/*
 * Puts the image behind those already there, at the next step of the window: as many bytes
 * as its length byte says, with zeros where the file is shorter; all of the file if
 * that byte says nothing usable. An image of ours that the firmware would run gets what
 * POST notes on a machine with TSC, APIC and PMM, and loses what POST drops; *posted
 * tells. Result: its address, or
 * 0 where it does not fit.
 */
uint32_t bind_place(struct bind_window *window, const struct romfile *rom, bool *posted);

/* The platform's callbacks; their context is a struct bind_window with an emulator. */
bool bind_read(void *context, vmi_phys_t from, void *to, uint32_t length);
enum vmi_call_status bind_init(void *context, vmi_virt_t entry, struct vmi_registers *out);
enum vmi_call_status bind_get_reloc(void *context, vmi_virt_t entry, uint32_t call,
				    struct vmi_registers *out);

#define BIND_ROMS VMI_MAX_CANDIDATES

/* What to bind: begin with BIND_REQUEST. */
struct bind_request {
	const char *paths[BIND_ROMS];
	size_t count;
	struct vmi_version_range range; /* major 0: what the guest of that width supports */
	const char *append; /* a guest's command line, for its vmi= words */
	const char *mandatory; /* calls, separated by commas, without which a ROM is declined */
	bool long_mode;     /* the guest runs 64-bit code */
	bool as_given;      /* the ROMs lie in this order, not in that of their names */
	bool json;          /* only the JSON lines of the report */
};
#define BIND_REQUEST { .append = "", .mandatory = "" }

/*
 * Places the ROMs, loads and reports to `out`. Result: 0 if
 * a ROM is in use, 1 for a native boot, 2 where the run was not possible (said on stderr).
 */
int bind_run(struct bind_request *request, FILE *out);

/* What a guest would make of one ROM. */
struct bind_outcome {
	enum vmi_reason reason; /* VMI_OK, or why the boot is native */
	bool no_width;          /* it has no entries of the guest's width */
	bool posted;            /* its POST was played */
	bool bound[VMI_CALLS_MAX]; /* some slot is served by it */
};

/*
 * Places the ROM, loads as a guest of that width, and reports nothing. It runs the ROM's code in the emulator: see
 * emu/apart.h. Result: 0, or -1 with a line in `error` (at least 128 bytes).
 */
int bind_one_rom(const struct romfile *rom, bool long_mode, struct bind_outcome *outcome, char *error,
		 size_t error_size);

#endif
