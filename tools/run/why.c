/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SeaBIOS names addresses in its log, not files. What stands at such an address when the run
 * has ended tells which file it was. Where memory does not tell, the order does: ROMs of PCI
 * devices, then files in reverse alphabetical order; first every ROM with a $PnP header is
 * started, then, as boot entries, those without.
 */
#define _GNU_SOURCE
#include "why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "romfile/romfile.h"

struct rom {
	struct why why; /* .path is NULL for one of QEMU's own */
	struct text name; /* among the firmware's files */
	struct romfile file;
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

/* What the file alone foretells. */
static void foretell(const struct run_spec *spec, struct rom *r)
{
	struct romfile *f = &r->file;
	struct romfile_error error;
	struct why *w = &r->why;
	w->sources = WHY_BY_FILE;
	w->fate = WHY_UNREADABLE;
	if (romfile_read(f, w->path, &error))
		return;
	w->size = f->size;
	w->length = f->size > 2 ? f->bytes[2] * VROM_BLOCK : 0;
	size_t summed = w->length < f->size ? w->length : f->size; /* behind the file are zeros */
	size_t pcir = word(f, offsetof(struct vrom_header, pci_header_offs));
	size_t pnp = word(f, offsetof(struct vrom_header, pnp_header_offs));
	w->sum = romfile_sum(f->bytes, summed);
	if (signature(f, pcir, "PCIR")) {
		w->vendor = word(f, pcir + offsetof(struct vrom_pcir, vendor));
		w->device = word(f, pcir + offsetof(struct vrom_pcir, device));
	}
	w->fate = word(f, 0) != VROM_SIGNATURE ? WHY_UNSIGNED :
		  !strcmp(spec->firmware, "ovmf") ? WHY_UEFI :
		  !w->length			? WHY_LENGTH :
		  w->pci && (w->vendor != RUN_PCI_VENDOR || w->device != RUN_PCI_DEVICE) ?
						  WHY_IDS :
		  w->sum			? WHY_CHECKSUM :
		  !signature(f, pnp, "$PnP")	? WHY_LATE :
						  WHY_POST;
}

/* In the firmware's order; PCI devices keep theirs. */
static int order(const void *a, const void *b)
{
	const struct rom *x = a, *y = b;
	return strcmp(text_string(&y->name), text_string(&x->name));
}

/* How many bytes of the file stand at `address`, as a share of its image there: 0 to 1000. */
static unsigned likeness(const struct romfile *f, const uint8_t *window, unsigned address)
{
	if (address < VROM_WINDOW_BASE || address >= VROM_WINDOW_END || f->size < 3)
		return 0;
	const uint8_t *at = window + (address - VROM_WINDOW_BASE);
	size_t room = VROM_WINDOW_END - address, size, same = 0;
	if (room < 3 || at[0] != (VROM_SIGNATURE & 0xFF) || at[1] != VROM_SIGNATURE >> 8)
		return 0;
	/* Both bytes may have shrunk in POST: the shorter one is what must be alike. */
	size = at[2] * (size_t)VROM_BLOCK;
	size = size < f->size ? size : f->size;
	size = size < room ? size : room;
	for (size_t i = 0; i < size; i++)
		same += at[i] == f->bytes[i];
	return size ? (unsigned)(same * 1000 / size) : 0;
}

#define ALIKE 750 /* a POST that writes more of its own image is not known */

static bool runs(const struct rom *r)
{
	return r->why.path && (r->why.fate == WHY_POST || r->why.fate == WHY_LATE);
}

/* Events whose ROM still stands in memory, each goes to the likest. */
static void match_memory(struct rom *roms, size_t count, const struct firmware *f,
			 const uint8_t *window, bool *taken)
{
	for (size_t e = 0; e < f->event_count; e++) {
		struct rom *best = NULL;
		unsigned most = ALIKE - 1;
		for (size_t i = 0; i < count && f->events[e].kind == FIRMWARE_STARTED; i++) {
			struct rom *r = &roms[i];
			if (!runs(r) || r->event || f->events[e].late != (r->why.fate == WHY_LATE))
				continue;
			unsigned alike = likeness(&r->file, window, f->events[e].address);
			if (alike > most) {
				most = alike;
				best = r;
			}
		}
		if (best) {
			best->event = &f->events[e];
			best->why.sources |= WHY_BY_MEMORY;
			taken[e] = true;
		}
	}
}

static bool fits(const struct rom *r, const struct firmware_event *e, const struct firmware *f)
{
	if (e->late)
		return r->why.fate == WHY_LATE && e->kind == FIRMWARE_STARTED;
	if (e->kind == FIRMWARE_CHECKSUM && e->length && e->length != r->why.length)
		return false;
	switch (r->why.fate) {
	case WHY_CHECKSUM:
		return e->kind != FIRMWARE_STARTED;
	case WHY_POST: /* what lies behind a file that is too short counts in its sum */
		return e->kind != FIRMWARE_CHECKSUM || r->why.length > r->why.size;
	case WHY_LATE: /* silent where there is room: then its name comes up later */
		return e->kind == FIRMWARE_NO_SPACE && r->why.path &&
		       (!f->entries.count || !words_contain(&f->entries, text_string(&r->name)));
	default:
		return false;
	}
}

/* The other events, by order. A ROM that memory has placed takes those before its own away. */
static void match_order(struct rom *roms, size_t count, const struct firmware *f, bool *taken)
{
	for (int late = 0; late < 2; late++) {
		size_t next = 0;
		for (size_t i = 0; i < count; i++) {
			while (next < f->event_count &&
			       (taken[next] || f->events[next].late != late))
				next++;
			if (roms[i].event || next == f->event_count ||
			    !fits(&roms[i], &f->events[next], f))
				continue;
			roms[i].event = &f->events[next];
			taken[next] = true;
		}
	}
}

/* Turns what was foretold into what the log says. */
static void settle(struct rom *r)
{
	struct why *w = &r->why;
	if (w->fate != WHY_POST && w->fate != WHY_LATE && w->fate != WHY_CHECKSUM)
		return;
	if (!r->event) {
		w->fate = WHY_UNSEEN;
		return;
	}
	w->sources |= WHY_BY_LOG;
	w->address = r->event->address;
	if (r->event->kind == FIRMWARE_CHECKSUM && r->event->length)
		w->sum = (uint8_t)r->event->sum;
	w->fate = r->event->kind == FIRMWARE_NO_SPACE ? WHY_NO_SPACE :
		  r->event->kind == FIRMWARE_CHECKSUM ? WHY_CHECKSUM :
		  r->event->late		      ? WHY_LATE :
							WHY_POST;
}

static bool started(const struct why *w)
{
	return w->fate == WHY_POST || w->fate == WHY_LATE;
}

/* The line of `serial` that begins with `start`, or NULL. */
static const char *line_of(const char *serial, const char *start)
{
	for (const char *at = serial; (at = strstr(at, start)); at++)
		if (at == serial || at[-1] == '\n')
			return at + strlen(start);
	return NULL;
}

/* What the guest found at the address at which the ROM was started. */
static void ask_guest(struct why *w, const char *serial)
{
	struct text start = { 0 };
	text_addf(&start, "vrom 0x%08x ", w->address);
	const char *line = line_of(serial, text_string(&start));
	text_free(&start);
	if (!line && !line_of(serial, "census "))
		return; /* it does not speak of ROMs, or did not come so far */
	w->sources |= WHY_BY_GUEST;
	w->guest = !line ? WHY_GUEST_ABSENT :
		   !strncmp(line, "used ", 5) ? WHY_GUEST_USED : WHY_GUEST_REFUSED;
	text_addf(&start, "note shadow 0x%08x ", w->address);
	line = line_of(serial, text_string(&start));
	text_free(&start);
	/* Without an address the guest means the ROM that it uses. */
	if (!line && w->guest == WHY_GUEST_USED)
		line = line_of(serial, "note shadow ");
	if (line && !strncmp(line, "read-only", 9))
		w->shadow = WHY_SHADOW_READ_ONLY;
	else if (line && !strncmp(line, "writable", 8))
		w->shadow = WHY_SHADOW_WRITABLE;
	else if (line && !strncmp(line, "partly writable", 15))
		w->shadow = WHY_SHADOW_PARTLY;
}

static void look(struct rom *r, const uint8_t *window)
{
	struct why *w = &r->why;
	if (w->address < VROM_WINDOW_BASE || w->address >= VROM_WINDOW_END)
		return;
	const uint8_t *at = window + (w->address - VROM_WINDOW_BASE);
	size_t room = VROM_WINDOW_END - w->address, seen = w->length < room ? w->length : room;
	bool blank = true;
	for (size_t i = 0; i < seen && blank; i++)
		blank = !at[i];
	/* A guest that saw it there knows better: that part of the window is no RAM. */
	if (blank && w->guest != WHY_GUEST_ABSENT)
		return;
	w->sources |= WHY_BY_MEMORY;
	w->memory = WHY_GONE;
	if (room < 3 || at[0] != (VROM_SIGNATURE & 0xFF) || at[1] != VROM_SIGNATURE >> 8)
		return;
	w->left = at[2] * VROM_BLOCK;
	if (w->left > room)
		w->left = (uint32_t)room;
	w->left_sum = romfile_sum(at, w->left);
	w->memory = w->left && !w->left_sum ? WHY_WHOLE : WHY_CHANGED;
	for (size_t i = 0; i < w->left; i++)
		w->written += at[i] != (i < r->file.size ? r->file.bytes[i] : 0);
}

/* QEMU's own ROMs that take part in the order. */
static size_t add_own(const struct run_spec *spec, struct rom *roms)
{
	roms[0] = (struct rom){ .why.fate = WHY_POST };
	text_addf(&roms[0].name, "%s", spec->own ? "linuxboot_dma.bin" : "multiboot_dma.bin");
	if (strcmp(spec->machine, "pc") && strcmp(spec->machine, "q35"))
		return 1;
	roms[1] = (struct rom){ .why.fate = WHY_LATE };
	text_addf(&roms[1].name, "kvmvapic.bin");
	return 2;
}

void why_explain(const struct run_spec *spec, const struct firmware *f, const char *serial,
		 const uint8_t *window, struct why_list *list)
{
	size_t count = spec->roms.count + spec->pci.count;
	bool taken[FIRMWARE_MAX_EVENTS] = { false };
	*list = (struct why_list){ 0 };
	if (!count)
		return;
	struct rom *roms = grow(NULL, (count + 2) * sizeof(*roms));
	for (size_t i = 0; i < count; i++) {
		struct rom *r = &roms[i];
		size_t file = i - spec->pci.count; /* of spec->roms */
		*r = (struct rom){ .why.pci = i < spec->pci.count };
		run_set(&r->why.path, r->why.pci ? spec->pci.list[i] : spec->roms.list[file]);
		if (!r->why.pci)
			run_rom_name(spec, file, &r->name);
		foretell(spec, r);
	}
	count += add_own(spec, roms + count);
	qsort(roms + spec->pci.count, count - spec->pci.count, sizeof(*roms), order);
	if (window)
		match_memory(roms, count, f, window, taken);
	match_order(roms, count, f, taken);
	list->roms = grow(NULL, count * sizeof(*list->roms));
	for (size_t i = 0; i < count; i++) {
		struct rom *r = &roms[i];
		if (r->why.path) {
			settle(r);
			if (started(&r->why))
				ask_guest(&r->why, serial);
			if (started(&r->why) && window)
				look(r, window);
			why_say(&r->why);
			list->roms[list->count++] = r->why;
		}
		romfile_free(&r->file);
		text_free(&r->name);
	}
	free(roms);
}

void why_free(struct why_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->roms[i].path);
		text_free(&list->roms[i].text);
	}
	free(list->roms);
	*list = (struct why_list){ 0 };
}
