/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "cell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "lines.h"
#include "memory.h"
#include "placed.h"
#include "process.h"
#include "romfile/romfile.h"
#include "tpm.h"

struct cell {
	struct cell_result *result;
	cell_show *show;
	void *context;
	size_t taken[PROCESS_OUTPUTS];
	int flooded; /* bytes at which it was stopped */
	bool uefi;   /* the firmware is OVMF: it starts no multiboot kernel */
	bool left;   /* OVMF went on to its own shell */
	struct fault fault;
	struct line_cutter lines[PROCESS_OUTPUTS];
};

int cell_check_files(const struct run_spec *spec, struct text *why)
{
	struct stat st;
	if (spec->module && (spec->own || spec->initrd || strchr(spec->module, ' '))) {
		text_addf(why, "%s: the guest's module can go neither with --bzimage nor --initrd, and "
			       "its path can hold no blank; give it alone", spec->module);
		return -1;
	}
	if (spec->under && (spec->own || spec->initrd || spec->module || strchr(spec->kernel, ' '))) {
		text_addf(why, "%s: a kernel under a hypervisor is its one module, and its path can hold no "
			       "blank; leave --bzimage, --initrd and --module away", spec->kernel);
		return -1;
	}
	for (size_t i = 0; i < spec->roms.count + spec->pci.count + !!spec->module; i++) {
		struct romfile rom;
		struct romfile_error error;
		size_t pci = i - spec->roms.count;
		const char *path = i < spec->roms.count ? spec->roms.list[i] :
				   pci < spec->pci.count ? spec->pci.list[pci] : spec->module;
		/* QEMU ignores a ROM file that it cannot read, without a word. */
		if (romfile_read(&rom, path, &error)) {
			text_addf(why, "%s", error.text);
			return -1;
		}
		romfile_free(&rom);
	}
	const char *const files[] = { spec->initrd, spec->disk, spec->under };
	for (size_t i = 0; i < 3; i++)
		if (files[i] && access(files[i], R_OK)) {
			text_addf(why, "%s: cannot open it: %s; check the name", files[i],
				  strerror(errno));
			return -1;
		}
	const char *remedy = spec->own ? "name a bzImage with --bzimage" :
					 "build it with `make guest`, or name one with --kernel";
	if (stat(spec->kernel, &st) || access(spec->kernel, R_OK))
		text_addf(why, "%s: cannot open the guest kernel: %s; %s", spec->kernel,
			  strerror(errno), remedy);
	else if (!S_ISREG(st.st_mode) || !st.st_size)
		text_addf(why, "%s: the guest kernel is empty or no regular file; %s",
			  spec->kernel, remedy);
	else
		return 0;
	return -1;
}

static void show(struct cell *c, const char *source, const char *line)
{
	if (c->show)
		c->show(c->context, source, line);
}

static void serial_line(void *context, const char *line, bool cut)
{
	struct cell *c = context;
	report_line(&c->result->report, line, cut);
	fault_line(&c->fault, line);
	text_addf(&c->result->serial, "%s%s\n", line, cut ? " [cut]" : "");
	show(c, "", line);
	c->left |= c->uefi && strstr(line, "BdsDxe: starting Boot");
}

static void error_line(void *context, const char *line, bool cut)
{
	struct cell *c = context;
	(void)cut;
	/* What QEMU says about a ROM that command.c hands over under a name of its own: no news. */
	if (strstr(line, "externally provided fw_cfg item names should be prefixed"))
		return;
	text_addf(&c->result->errors, "%s\n", line);
	show(c, "qemu: ", line);
}

static void log_line(void *context, const char *line, bool cut)
{
	struct cell *c = context;
	(void)cut;
	text_addf(&c->result->log, "%s\n", line);
	const char *note = firmware_line(&c->result->firmware, line);
	if (note)
		show(c, "firmware: ", note);
}

static bool sink(void *context, enum process_output output, const char *bytes, size_t size)
{
	static const size_t most[] = { CELL_SERIAL_MAX, CELL_STDERR_MAX, CELL_FIRMWARE_MAX };
	struct cell *c = context;
	c->taken[output] += size;
	if (c->taken[output] > most[output]) {
		c->flooded = (int)most[output];
		return false;
	}
	lines_feed(&c->lines[output], bytes, size);
	return !c->left;
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What helps to understand a silent guest: QEMU's message, or where the firmware stood. */
static void explain_silence(struct cell_result *r)
{
	if (r->errors.size) {
		size_t line = strcspn(r->errors.bytes, "\n");
		text_addf(&r->why, "; QEMU says: %.*s", (int)line, r->errors.bytes);
	} else if (r->firmware.lines) {
		text_addf(&r->why, "; the firmware's last line: %s",
			  r->firmware.tail[(r->firmware.lines - 1) % FIRMWARE_TAIL]);
	}
}

static void explain_roms(struct cell *c, const struct run_spec *spec,
			 const struct run_memory *memory)
{
	struct cell_result *r = c->result;
	uint8_t *window = grow(NULL, MEMORY_WINDOW);
	why_explain(spec, &r->firmware, text_string(&r->serial),
		    memory_window(memory, window) ? window : NULL, &r->whys);
	for (size_t i = 0; i < r->whys.count; i++) {
		words_addf(&r->roms, "%s: %s", r->whys.roms[i].path,
			   text_string(&r->whys.roms[i].text));
	}
	placed_explain(spec, text_string(&r->serial), &r->roms);
	for (size_t i = 0; i < r->roms.count; i++)
		show(c, "rom: ", r->roms.list[i]);
	free(window);
}

/* A ROM that was not measured as it is on disk fails a run that was good. */
static void check_tpm(struct cell *c, const struct run_spec *spec)
{
	struct cell_result *r = c->result;
	struct text why = { 0 };
	if (!tpm_explain(spec, text_string(&r->serial), &r->tpm, &why) && r->verdict == VERDICT_GOOD) {
		r->verdict = VERDICT_FAILED;
		text_free(&r->why);
		text_addf(&r->why, "%s", text_string(&why));
	}
	for (size_t i = 0; i < r->tpm.count; i++)
		show(c, "tpm: ", r->tpm.list[i]);
	text_free(&why);
}

enum verdict cell_run(const struct run_spec *spec, cell_show *show_line, void *context,
		      struct cell_result *r)
{
	*r = (struct cell_result){ .verdict = VERDICT_ENVIRONMENT };
	if (cell_check_files(spec, &r->why))
		return r->verdict;
	struct run_tpm tpm;
	struct run_spec with = *spec;
	if (tpm_open(&tpm, spec, &r->why)) {
		tpm_close(&tpm);
		return r->verdict;
	}
	with.tpm_socket = text_string(&tpm.socket);
	/* Three line buffers are too much for a thread's stack. */
	struct cell *c = grow(NULL, sizeof(*c));
	*c = (struct cell){ .result = r, .show = show_line, .context = context,
			     .uefi = !strcmp(spec->firmware, "ovmf") };
	lines_start(&c->lines[PROCESS_OUT], serial_line, c);
	lines_start(&c->lines[PROCESS_ERR], error_line, c);
	lines_start(&c->lines[PROCESS_FIRMWARE], log_line, c);
	struct words command = { 0 };
	struct run_memory memory;
	memory_open(&memory, spec);
	run_command(&with, PROCESS_FIRMWARE_PATH, *memory.path ? memory.path : NULL, &command);
	double begin = seconds();
	int value;
	enum ending ending = process_run(command.list, spec->timeout, sink, c, &value);
	r->seconds = seconds() - begin;
	tpm_close(&tpm);
	for (int i = 0; i < PROCESS_OUTPUTS; i++)
		lines_end(&c->lines[i]);
	r->verdict = report_verdict(&r->report, ending, ending == END_FLOOD ? c->flooded : value,
				    &r->why);
	/* QEMU itself refused: the kernel has not begun. */
	bool refused = r->verdict == VERDICT_ENVIRONMENT && !r->serial.size;
	if (spec->own && !refused) {
		text_free(&r->why);
		client_log_read(&r->client, text_string(&r->serial));
		client_log_census(&r->client, &r->census);
		for (size_t i = 0; i < r->census.count; i++)
			show(c, "client: ", r->census.list[i]);
		r->verdict = client_log_verdict(&r->client, text_string(&r->serial), &r->why);
	} else if (c->left) {
		text_free(&r->why);
		text_addf(&r->why, "OVMF went on to its own boot entry: it starts no multiboot "
				   "kernel, so there was no guest");
		r->verdict = VERDICT_NONE;
	} else if (!r->report.lines && r->verdict != VERDICT_GOOD) {
		explain_silence(r);
	}
	fault_explain(&c->fault, spec, &r->fault);
	for (size_t i = 0; i < r->fault.count; i++)
		show(c, "fault: ", r->fault.list[i]);
	explain_roms(c, spec, &memory);
	check_tpm(c, spec);
	memory_close(&memory);
	words_free(&command);
	free(c);
	return r->verdict;
}

void cell_free(struct cell_result *r)
{
	text_free(&r->why);
	report_free(&r->report);
	firmware_free(&r->firmware);
	why_free(&r->whys);
	words_free(&r->roms);
	words_free(&r->tpm);
	client_log_free(&r->client);
	words_free(&r->census);
	words_free(&r->fault);
	text_free(&r->serial);
	text_free(&r->log);
	text_free(&r->errors);
	*r = (struct cell_result){ 0 };
}
