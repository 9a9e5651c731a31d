/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of a ROM, in words. */
#include <string.h>

#include "why.h"

#define HISTORIC_END VROM_CLIENT_WINDOW_END

const char *const why_fate_names[WHY_FATES] = {
	"post", "late", "checksum", "no-space", "unseen", "no-signature", "length-0", "pci-ids",
	"uefi", "unreadable",
};
const char *const why_source_names[WHY_SOURCES] = { "file", "firmware-log", "guest", "memory" };
const char *const why_memory_names[] = { NULL, "whole", "changed", "gone" };
const char *const why_guest_names[] = { NULL, "used", "refused", "absent" };
const char *const why_shadow_names[] = { NULL, "read-only", "writable", "partly writable" };

static void say_guest(const struct why *w, struct text *to)
{
	static const char *const words[] = {
		NULL, "in use by the guest", "not used by the guest, see its vrom line",
		"the guest found no ROM there: it was overwritten or removed before it looked",
	};
	if (words[w->guest])
		text_addf(to, "; %s", words[w->guest]);
}

static void say_memory(const struct why *w, struct text *to)
{
	switch (w->memory) {
	case WHY_NOT_LOOKED:
		break;
	case WHY_GONE:
		text_addf(to, "; overwritten later: no 55 AA stands there at the end of the run");
		break;
	case WHY_WHOLE:
		text_addf(to,
			  "; not overwritten: at the end its %u bytes sum to 0, %u of them "
			  "written by its POST",
			  w->left, w->written);
		break;
	case WHY_CHANGED:
		text_addf(to,
			  "; overwritten, or written by its POST without a new checksum: at the end "
			  "its %u bytes sum to 0x%02x, expected 0, %u of them are not the file's",
			  w->left, w->left_sum, w->written);
	}
	if (why_shadow_names[w->shadow])
		text_addf(to, "; shadow %s", why_shadow_names[w->shadow]);
}

static void say_cut(const struct why *w, const char *what, struct text *to)
{
	if (w->length > w->size)
		text_addf(to, "; %sthe length byte says %u bytes, the file has %zu: %s",
			  w->fate == WHY_CHECKSUM ? "" : "warning: ", w->length, w->size, what);
}

static void say_started(const struct why *w, struct text *to)
{
	text_addf(to, "%s at 0x%x",
		  w->fate == WHY_LATE ? "no $PnP header: started late, as a boot entry," :
					"initialised at POST",
		  w->address);
	say_cut(w, "the rest was zeros", to);
	say_guest(w, to);
	say_memory(w, to);
	if (w->address >= HISTORIC_END)
		text_addf(to, "; warning: the historic client looks below 0x%x only", HISTORIC_END);
}

static void say_fate(const struct why *w, struct text *to)
{
	switch (w->fate) {
	case WHY_POST:
	case WHY_LATE:
		say_started(w, to);
		break;
	case WHY_CHECKSUM:
		text_addf(to,
			  "refused by the firmware: bad checksum, its %u bytes sum to 0x%02x, "
			  "expected 0; it was wiped from 0x%x; build it again or sign it with "
			  "romsign",
			  w->length, w->sum, w->address);
		say_cut(w, "it was cut, and what stood in the window behind it was summed too", to);
		break;
	case WHY_NO_SPACE:
		text_addf(to,
			  "refused by the firmware: no space in the window for %u bytes; use fewer "
			  "or smaller ROMs",
			  w->length);
		break;
	case WHY_LENGTH:
		text_addf(to, "skipped by the firmware without a word: the length byte at 0x02 is 0; "
			      "sign it with romsign");
		break;
	case WHY_IDS:
		text_addf(to,
			  "skipped by the firmware without a word: PCIR names %04x:%04x, the device "
			  "is %04x:%04x; make a variant with pvrom mutate --vendor",
			  w->vendor, w->device, RUN_PCI_VENDOR, RUN_PCI_DEVICE);
		break;
	case WHY_UEFI:
		text_addf(to, "ignored: OVMF is UEFI and does not run legacy option ROMs; use "
			      "--firmware seabios");
		break;
	case WHY_UNSIGNED:
		text_addf(to, "skipped by any firmware: it does not begin with 55 AA, so it is no "
			      "option ROM");
		break;
	case WHY_UNREADABLE:
		text_addf(to, "cannot be read any more");
		break;
	default:
		text_addf(to, "the firmware's log does not name it: not seen, or started unnoticed");
		if (w->sum)
			text_addf(to, "; its %u bytes sum to 0x%02x, expected 0", w->length, w->sum);
	}
}

void why_say(struct why *w)
{
	text_free(&w->text);
	say_fate(w, &w->text);
	if (w->sources == WHY_BY_FILE)
		text_addf(&w->text, " (said from the file alone: the firmware's log is silent)");
}
