/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom trace: what a guest did with a ROM. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"
#include "pvrom.h"
#include "run/command.h" /* RUN_KERNEL, RUN_LINEAR_BASE */
#include "stanza/stanza.h" /* stanza_number */
#include "trace/trace.h"

#define FILE_MAX_SIZE (2ull << 30)
#define TSC_HZ 1000000000u /* a tick a nanosecond, as with --repeat-exactly */
#define TSC_HZ_MAX 100000000000ull

enum form { TEXT, JSON, CHROME, STAT };

struct options {
	const char *file, *rom, *kernel;
	unsigned long long bases[TRACE_BASES], tsc_hz;
	unsigned base_count;
	bool exec;
	enum form form;
};

enum { KEY_JSON = 0x100, KEY_CHROME, KEY_STAT, KEY_EXEC, KEY_ROM, KEY_BASE, KEY_KERNEL, KEY_HZ };

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	switch (key) {
	case KEY_JSON:
		o->form = JSON;
		return 0;
	case KEY_CHROME:
		o->form = CHROME;
		return 0;
	case KEY_STAT:
		o->form = STAT;
		return 0;
	case KEY_EXEC:
		o->exec = true;
		return 0;
	case KEY_ROM:
		o->rom = arg;
		return 0;
	case KEY_BASE:
		if (o->base_count == TRACE_BASES)
			argp_error(state, "--base: expected at most %u of them", TRACE_BASES);
		if (!stanza_number(arg, UINT64_MAX, &o->bases[o->base_count++]))
			argp_error(state, "--base: found `%s`, expected an address", arg);
		return 0;
	case KEY_KERNEL:
		o->kernel = arg;
		return 0;
	case KEY_HZ:
		if (!stanza_number(arg, TSC_HZ_MAX, &o->tsc_hz) || !o->tsc_hz)
			argp_error(state, "--tsc-hz: found `%s`, expected 1 to %llu", arg, TSC_HZ_MAX);
		return 0;
	case ARGP_KEY_ARG:
		if (o->file)
			argp_error(state, "unexpected argument: %s", arg);
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->file)
			argp_error(state, "expected a trace file");
		if (o->exec && (!o->rom || !o->base_count))
			argp_error(state, "--exec-log needs --rom and --base: where the guest sees it");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "stat", KEY_STAT, NULL, 0, "counts and shares, by call and by caller", 0 },
	{ "json", KEY_JSON, NULL, 0, "an array of calls", 0 },
	{ "chrome", KEY_CHROME, NULL, 0, "for chrome://tracing and Perfetto: a timeline per CPU", 0 },
	{ "kernel", KEY_KERNEL, "ELF", 0, "name callers by its symbols", 0 },
	{ "tsc-hz", KEY_HZ, "HZ", 0,
	  "frequency of the TSC, for --chrome (default 1000000000); POST's line tells it", 0 },
	{ "exec-log", KEY_EXEC, NULL, 0,
	  "FILE is QEMU's log of `-d exec,nochain' (option trace-exec of pvrom run), from any ROM", 0 },
	{ "rom", KEY_ROM, "FILE", 0, "that ROM, which is asked for its entries", 0 },
	{ "base", KEY_BASE, "ADDRESS", 0, "where the guest sees it, as 0xc00c0000, or above 4 GiB in long mode; once for each mapping that it is called at", 0 },
	{ 0 }
};
static const struct argp argp = {
	.options = table,
	.parser = option,
	.args_doc = "FILE",
	.help_filter = pvrom_help,
	.doc = "Decodes what a trace build of a ROM logged (pvrom run --trace FILE), as text unless "
	       "told otherwise.\vIn the text a line is a call: sequence, CPU, TSC, ticks until it "
	       "returned (- if it did not), name, arguments, results, caller. Time includes what the "
	       "logging itself takes.",
};

/* Result: the file's bytes, to be freed, or NULL after a message. */
static uint8_t *read_file(const char *path, size_t *size)
{
	struct text bytes = { 0 };
	static char block[1 << 16];
	FILE *in = fopen(path, "rb");
	size_t n = 0;
	*size = 0;
	while (in && bytes.size <= FILE_MAX_SIZE && (n = fread(block, 1, sizeof(block), in)) > 0)
		text_add(&bytes, block, n);
	bool bad = !in || ferror(in);
	if (bad)
		fprintf(stderr, "pvrom: error: %s: cannot read it: %s; check the name\n", path,
			strerror(errno));
	else if (bytes.size > FILE_MAX_SIZE)
		fprintf(stderr, "pvrom: error: %s: found more than %llu bytes: trace a shorter run\n",
			path, FILE_MAX_SIZE);
	if (in)
		fclose(in);
	if (bad || bytes.size > FILE_MAX_SIZE) {
		text_free(&bytes);
		return NULL;
	}
	*size = bytes.size;
	return bytes.bytes ? (uint8_t *)bytes.bytes : grow(NULL, 1);
}

/* Where a jump slot leads. Result: false if it is no jump within the image. */
static bool slot_target(const struct romfile *rom, unsigned slot, uint32_t *offset)
{
	size_t at = VROM_SLOT_TABLE + slot * (size_t)VROM_SLOT_SIZE;
	int32_t distance;
	if (at + VROM_SLOT_SIZE > rom->size || rom->bytes[at] != 0xE9)
		return false;
	memcpy(&distance, rom->bytes + at + 1, sizeof(distance));
	*offset = (uint32_t)at + 5 + (uint32_t)distance;
	return *offset < rom->size;
}

static void add_entry(struct trace_entries *entries, const struct options *o,
		      const struct romfile *rom, uint32_t offset, unsigned slot, bool wide)
{
	const uint32_t expected = wide ? VROM_ENDBR64 : VROM_ENDBR32;
	bool endbr = offset < rom->size && rom->size - offset >= sizeof(expected) &&
		     !memcmp(rom->bytes + offset, &expected, sizeof(expected));
	for (unsigned i = 0; i < o->base_count; i++)
		if (wide == (o->bases[i] > UINT32_MAX))
			trace_entries_add(entries, o->bases[i] + offset, slot, wide, endbr);
}

/* Those of the 64-bit table, which names them. */
static void find_wide_entries(const struct options *o, struct trace_entries *entries,
			      const struct romfile *rom)
{
	struct romfile_table abi;
	if (!romfile_find_abi(rom, 64, VMI64_MAJOR, &abi) || !abi.directory)
		return;
	add_entry(entries, o, rom, abi.directory->init_offs, VROM_SLOT_INIT, true);
	add_entry(entries, o, rom, abi.directory->get_reloc_offs, VROM_SLOT_GET_RELOC, true);
	for (unsigned call = 0; call < VMI64_CALLS; call++) {
		uint32_t offset = romfile_capability(&abi, call).entry_offs;
		if (offset)
			add_entry(entries, o, rom, offset, VROM_SLOT_CALL0 + call, true);
	}
}

/*
 * An entry is what GetRelocationInfo answers, which may be another one than the jump slot
 * leads to; the ROM itself is asked, in the emulator. Result: 0, or -1 after a message.
 */
static int find_entries(const struct options *o, struct trace_entries *entries)
{
	struct romfile rom;
	struct romfile_error error;
	char why[128];
	bool posted;
	uint32_t offset;
	if (romfile_read(&rom, o->rom, &error)) {
		fprintf(stderr, "pvrom: error: %s\n", error.text);
		return -1;
	}
	const struct vrom_header *h = romfile_header(&rom, &error);
	struct bind_window *w = grow(NULL, sizeof(*w));
	memset(w, 0, sizeof(*w));
	w->emu = h ? emu_open(32, why, sizeof(why)) : NULL;
	uint32_t at = w->emu ? bind_place(w, &rom, &posted) : 0;
	if (!at)
		fprintf(stderr, "pvrom: error: %s\n",
			!h ? error.text : !w->emu ? why : "the ROM does not fit the window");
	if (at)
		add_entry(entries, o, &rom, romfile_get_reloc(rom.bytes, rom.size), VROM_SLOT_GET_RELOC, false);
	for (unsigned slot = 0; at && slot < h->jump_slots && slot < TRACE_SLOTS; slot++) {
		struct vmi_registers answer;
		unsigned type;
		if (slot_target(&rom, slot, &offset))
			add_entry(entries, o, &rom, offset, slot, false);
		if (slot < VROM_SLOT_CALL0 ||
		    bind_get_reloc(w, at + romfile_get_reloc(rom.bytes, rom.size), slot - VROM_SLOT_CALL0,
				   &answer) != VMI_CALL_RETURNED)
			continue;
		type = answer.edx & 0xff;
		offset = answer.eax - at;
		if ((type == VMI_RELOCATION_CALL_REL || type == VMI_RELOCATION_JUMP_REL) &&
		    offset < rom.size)
			add_entry(entries, o, &rom, offset, slot, false);
	}
	if (at)
		find_wide_entries(o, entries, &rom);
	emu_close(w->emu);
	free(w);
	romfile_free(&rom);
	return at ? 0 : -1;
}

static void say(void *file, const char *line)
{
	fprintf(stderr, "pvrom: %s: %s\n", (const char *)file, line);
}

static void print(const struct options *o, struct trace *t, const struct trace_style *style)
{
	static void (*const printers[])(const struct trace *, const struct trace_style *, FILE *) = {
		[TEXT] = trace_print_text, [JSON] = trace_print_json, [CHROME] = trace_print_chrome,
		[STAT] = trace_print_stat,
	};
	trace_pair(t);
	printers[o->form](t, style, stdout);
	fflush(stdout);
	if (t->problems > TRACE_PROBLEMS_SHOWN)
		fprintf(stderr, "pvrom: %s: and %zu more like these\n", o->file,
			t->problems - TRACE_PROBLEMS_SHOWN);
	if (t->unordered)
		fprintf(stderr, "pvrom: %s: %zu records were written without a lock (no memory of the "
				"ROM's own was found): a lost one cannot be told\n", o->file, t->unordered);
	if (t->user)
		fprintf(stderr, "pvrom: %s: %zu calls from user mode are left out\n", o->file, t->user);
}

int pvrom_trace(int argc, char **argv)
{
	struct options o = { .tsc_hz = TSC_HZ };
	struct trace_entries entries = { .count = 0 };
	size_t size;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	struct trace trace = { .say = say, .context = (void *)o.file };
	struct trace_style style = { .tsc_hz = o.tsc_hz };
	if (o.kernel && !(style.symbols = symbols_open(o.kernel))) {
		fprintf(stderr, "pvrom: error: %s: cannot read it as an ELF file\n", o.kernel);
		return 2;
	}
	int status = o.exec ? find_entries(&o, &entries) : 0;
	uint8_t *bytes = status ? NULL : read_file(o.file, &size);
	if (bytes && o.exec)
		trace_read_exec(&trace, &entries, (const char *)bytes, size);
	else if (bytes)
		trace_read(&trace, bytes, size);
	if (bytes && !size)
		trace_problem(&trace, "found no byte, expected records: is the ROM a trace build, and "
				      "was it called?");
	if (bytes)
		print(&o, &trace, &style);
	status = !bytes ? 2 : trace.problems ? 1 : 0;
	free(bytes);
	trace_free(&trace);
	symbols_close(style.symbols);
	return status;
}
