/* SPDX-License-Identifier: GPL-2.0-only */
/* One image as our loader and an emulated processor see it. */
#ifndef INSPECT_LOOK_H
#define INSPECT_LOOK_H

#include "emu/ask.h"
#include "romfile/images.h"
#include "vmi_loader.h"

#define INSPECT_SECONDS 60 /* of processor time for one image in the emulator */

/* What came of an image that was called. */
struct inspect_seen {
	bool asked;                     /* `ask` holds answers */
	struct ask_report ask;
	struct vmi_candidate candidate; /* our loader's verdict */
	unsigned int bound, nop, native; /* rows of the guest's table, if it is in use */
	char trouble[128];              /* why the emulator gave no answer; "" if it did */
};

/*
 * Our loader's own verdict on the image; with `emulate`, a VMI image is called, in a
 * process of its own. Result: 0, or -1 where memory is out.
 */
int inspect_look(const struct romfile_image *image, bool emulate, struct inspect_seen *seen);

#endif
