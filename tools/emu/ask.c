/* SPDX-License-Identifier: GPL-2.0-only */
#include "emu/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/post.h"
#include "romfile/romfile.h"

const uint32_t ask_beyond[ASK_BEYOND] = {
	VMI_CALLS, VMI_CALLS + 1, 99,	   100,	       127,	   128,	       255,	   256,
	257,	   0x101,	  0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFF00, 0xFFFFFFFF,
};

/* Where firmware puts it and a guest with a plain mapping calls it; and another place, mapped high. */
static const uint32_t bases[ASK_BASES] = {
	VROM_WINDOW_BASE,
	0xC0000000 + VROM_WINDOW_BASE + 5 * VROM_WINDOW_STEP,
};

#define TSC_HZ 1000000000u

static void ask(struct emu *emu, uint32_t entry, uint32_t input, unsigned int turn,
		struct ask_one *one)
{
	struct emu_slot_call call;

	emu_call_slot(emu, entry, input, turn, ASK_LIMIT, &call);
	*one = (struct ask_one){
		.eax = (uint32_t)call.result.state.value[EMU_EAX],
		.edx = (uint32_t)call.result.state.value[EMU_EDX],
		.eip = (uint32_t)call.result.state.value[EMU_EIP],
		.address = call.result.address,
		.end = (uint8_t)call.result.end,
		.vector = (uint8_t)call.result.vector,
		.lost = (uint8_t)emu_lost(&call),
	};
}

/*
 * `late` is where the GetRelocationInfo lies that knows all calls. What the slot's knows, too,
 * is asked at either, so that they have to agree.
 */
static void ask_all(struct emu *emu, unsigned int load, uint32_t late, struct ask_report *report)
{
	uint32_t table = report->base[load] + VROM_SLOT_TABLE;
	uint32_t slot = table + VROM_SLOT_GET_RELOC * VROM_SLOT_SIZE;

	ask(emu, table + VROM_SLOT_INIT * VROM_SLOT_SIZE, 0, 0, &report->init[load]);
	for (unsigned int n = 0; n < ASK_NUMBERS; n++)
		for (unsigned int turn = 0; turn < ASK_TURNS; turn++) {
			bool known = report->number[n] < VROM_CALLS_BY_SLOT || n >= VMI_CALLS;

			ask(emu, known && !turn ? slot : report->base[load] + late, report->number[n],
			    turn, &report->answer[n][load][turn]);
		}
}

int ask_run(const uint8_t *image, size_t size, struct ask_report *report, char *error,
	    size_t error_size)
{
	static const struct emu_clock clock = { .tsc_hz = TSC_HZ };
	struct emu *emu = emu_open(32, error, error_size);
	uint8_t *posted = malloc(size);
	int result = -1;

	if (!emu)
		goto out;
	if (!posted) {
		snprintf(error, error_size, "out of memory");
		goto out;
	}
	for (unsigned int n = 0; n < ASK_NUMBERS; n++)
		report->number[n] = n < VMI_CALLS ? n : ask_beyond[n - VMI_CALLS];
	for (unsigned int load = 0; load < ASK_BASES; load++) {
		report->base[load] = bases[load];
		memcpy(posted, image, size);
		emu_post(posted, size, bases[load], &clock);
		if (emu_load(emu, bases[load], posted, size)) {
			snprintf(error, error_size, "Unicorn cannot map the image at %#x",
				 bases[load]);
			goto out;
		}
		ask_all(emu, load, romfile_get_reloc(posted, size), report);
	}
	result = 0;
out:
	free(posted);
	emu_close(emu);
	return result;
}
