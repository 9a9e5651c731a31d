/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SeaBIOS names addresses in its log, not files. But its order is known: ROMs of PCI devices,
 * then files in reverse alphabetical order; first every ROM with a $PnP header is started,
 * then, as boot entries, those without. So the log is read beside the files in that order.
 */
#define _GNU_SOURCE
#include "why.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "romfile/romfile.h"

#define HISTORIC_END 0xe0000u /* the historic client looks no further */

enum fate { FATE_UNSIGNED, FATE_LENGTH, FATE_IDS, FATE_SUM, FATE_LATE, FATE_POST, FATE_GONE };

struct rom {
	const char *path; /* NULL: one of QEMU's own */
	struct text name; /* among the firmware's files */
	bool pci;
	enum fate fate;  /* what the file foretells */
	uint32_t length; /* by its length byte */
	size_t size;     /* of the file */
	uint8_t sum;
	unsigned vendor, device;
	const struct firmware_event *event; /* what the log says, or NULL */
};

static unsigned word(const struct romfile *f, size_t at)
{
	return at + 2 <= f->size ? f->bytes[at] | f->bytes[at + 1] << 8 : 0;
}

static bool signature(const struct romfile *f, size_t at, const char *what)
{
	return at && at + 4 <= f->size && !memcmp(f->bytes + at, what, 4);
}

static void foretell(struct rom *r)
{
	struct romfile f;
	struct romfile_error error;
	if (romfile_read(&f, r->path, &error)) {
		r->fate = FATE_GONE;
		return;
	}
	r->size = f.size;
	r->length = f.size > 2 ? f.bytes[2] * VROM_BLOCK : 0;
	size_t summed = r->length < f.size ? r->length : f.size; /* behind the file are zeros */
	size_t pcir = word(&f, offsetof(struct vrom_header, pci_header_offs));
	size_t pnp = word(&f, offsetof(struct vrom_header, pnp_header_offs));
	r->sum = romfile_sum(f.bytes, summed);
	if (signature(&f, pcir, "PCIR")) {
		r->vendor = word(&f, pcir + offsetof(struct vrom_pcir, vendor));
		r->device = word(&f, pcir + offsetof(struct vrom_pcir, device));
	}
	r->fate = word(&f, 0) != VROM_SIGNATURE ? FATE_UNSIGNED :
		  !r->length			? FATE_LENGTH :
		  r->pci && (r->vendor != RUN_PCI_VENDOR || r->device != RUN_PCI_DEVICE) ?
						  FATE_IDS :
		  r->sum			? FATE_SUM :
		  !signature(&f, pnp, "$PnP")	? FATE_LATE :
						  FATE_POST;
	romfile_free(&f);
}

/* In the firmware's order; PCI devices keep theirs. */
static int order(const void *a, const void *b)
{
	const struct rom *x = a, *y = b;
	if (x->pci || y->pci)
		return y->pci - x->pci;
	return strcmp(text_string(&y->name), text_string(&x->name));
}

/* Gives each ROM the event of the log that is its own. */
static void match(struct rom *roms, size_t count, const struct firmware *f)
{
	size_t next = 0;
	for (size_t i = 0; i < count; i++) {
		const struct firmware_event *e = next < f->event_count ? &f->events[next] : NULL;
		bool fits = e && !e->late;
		switch (roms[i].fate) {
		case FATE_SUM:
			fits = fits && e->kind != FIRMWARE_STARTED;
			break;
		case FATE_POST:
			fits = fits && e->kind != FIRMWARE_CHECKSUM;
			break;
		case FATE_LATE: /* silent where there is room: then its name comes up later */
			fits = fits && e->kind == FIRMWARE_NO_SPACE && roms[i].path &&
			       (!f->entries.count ||
				!words_contain(&f->entries, text_string(&roms[i].name)));
			break;
		default:
			fits = false;
		}
		if (fits)
			roms[i].event = &f->events[next++];
	}
	while (next < f->event_count && !f->events[next].late)
		next++;
	for (size_t i = 0; i < count; i++)
		if (roms[i].fate == FATE_LATE && !roms[i].event && next < f->event_count)
			roms[i].event = &f->events[next++];
}

/* What the guest found at the address at which the ROM was started. */
static void seen_by_guest(const struct rom *r, const char *serial, struct text *to)
{
	struct text start = { 0 };
	text_addf(&start, "vrom 0x%08x ", r->event->address);
	const char *line = strstr(serial, text_string(&start));
	text_free(&start);
	if (!strstr(serial, "vrom 0x"))
		text_addf(to, "; the guest found no ROM at all");
	else if (!line)
		text_addf(to, "; the guest found no ROM there: it was overwritten or removed later");
	else if (!strncmp(line + strlen("vrom 0x00000000 "), "used", 4))
		text_addf(to, "; in use by the guest");
	else
		text_addf(to, "; not used by the guest, see its vrom line");
	if (r->event->address >= HISTORIC_END)
		text_addf(to, "; warning: the historic client looks below 0x%x only", HISTORIC_END);
}

static void say_event(const struct rom *r, const char *serial, struct text *to)
{
	if (!r->event) {
		text_addf(to, "the firmware's log does not name it: not seen, or started unnoticed");
	} else if (r->event->kind == FIRMWARE_NO_SPACE) {
		text_addf(to,
			  "refused by the firmware: no space in the window for %u bytes; use fewer "
			  "or smaller ROMs",
			  r->length);
	} else if (r->event->kind == FIRMWARE_CHECKSUM) {
		text_addf(to,
			  "refused by the firmware: bad checksum, its %u bytes sum to 0x%02x, "
			  "expected 0; it was wiped from 0x%x; build it again or sign it with "
			  "romsign",
			  r->length, r->sum, r->event->address);
		if (r->length > r->size)
			text_addf(to, "; the length byte says %u bytes, the file has %zu: it was cut",
				  r->length, r->size);
	} else {
		text_addf(to, "%s at 0x%x",
			  r->event->late ? "no $PnP header: started late, as a boot entry," :
					   "initialised at POST",
			  r->event->address);
		if (r->length > r->size)
			text_addf(to,
				  "; warning: the length byte says %u bytes, the file has %zu: the "
				  "rest was zeros",
				  r->length, r->size);
		seen_by_guest(r, serial, to);
	}
}

static void say(const struct run_spec *spec, const struct rom *r, const char *serial,
		struct text *to)
{
	text_addf(to, "%s: ", r->path);
	if (r->fate == FATE_GONE)
		text_addf(to, "cannot be read any more");
	else if (r->fate == FATE_UNSIGNED)
		text_addf(to, "skipped by any firmware: it does not begin with 55 AA, so it is no "
			      "option ROM");
	else if (!strcmp(spec->firmware, "ovmf"))
		text_addf(to, "ignored: OVMF is UEFI and does not run legacy option ROMs; use "
			      "--firmware seabios");
	else if (r->fate == FATE_LENGTH)
		text_addf(to, "skipped by the firmware without a word: the length byte at 0x02 is 0; "
			      "sign it with romsign");
	else if (r->fate == FATE_IDS)
		text_addf(to,
			  "skipped by the firmware without a word: PCIR names %04x:%04x, the device "
			  "is %04x:%04x; make a variant with pvrom mutate --vendor",
			  r->vendor, r->device, RUN_PCI_VENDOR, RUN_PCI_DEVICE);
	else
		say_event(r, serial, to);
}

void why_explain(const struct run_spec *spec, const struct firmware *f, const char *serial,
		 struct words *lines)
{
	/* QEMU's own that the firmware starts at POST and that stand in the same order. */
	size_t own = 1, count = spec->roms.count + spec->pci.count;
	if (!count)
		return;
	struct rom *roms = grow(NULL, (count + own) * sizeof(*roms));
	for (size_t i = 0; i < count; i++) {
		struct rom *r = &roms[i];
		size_t file = i - spec->pci.count; /* of spec->roms */
		*r = (struct rom){ .pci = i < spec->pci.count };
		r->path = r->pci ? spec->pci.list[i] : spec->roms.list[file];
		if (!r->pci)
			run_rom_name(spec, file, &r->name);
		foretell(r);
	}
	roms[count] = (struct rom){ .fate = FATE_POST };
	text_addf(&roms[count].name, "multiboot_dma.bin");
	qsort(roms + spec->pci.count, spec->roms.count + own, sizeof(*roms), order);
	match(roms, count + own, f);
	for (size_t i = 0; i < count + own; i++) {
		struct text line = { 0 };
		if (roms[i].path) {
			say(spec, &roms[i], serial, &line);
			words_add(lines, text_string(&line));
		}
		text_free(&line);
		text_free(&roms[i].name);
	}
	free(roms);
}
