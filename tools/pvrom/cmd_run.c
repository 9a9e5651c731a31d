/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom run: one cell, shown live. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "colour.h"
#include "pvrom.h"
#include "run/cell.h"
#include "run/gdb.h"
#include "run/keep.h"
#include "run/observed.h"
#include "run/process.h"
#include "run/run_json.h"
#include "stanza/stanza.h" /* stanza_number */

struct options {
	struct run_spec spec;
	bool print, json, expect;
	const char *keep;
	bool timed;     /* --timeout was given */
	bool gdb, start_gdb;
};

enum { KEY_MACHINE = 0x100, KEY_VGA, KEY_SMP, KEY_APPEND, KEY_KERNEL, KEY_TIMEOUT, KEY_PRINT,
       KEY_PCI, KEY_FIRMWARE, KEY_ORDER, KEY_EXACT, KEY_KEEP, KEY_BZIMAGE,
       KEY_INITRD, KEY_DISK, KEY_ACCEL, KEY_EXPECT, KEY_MODULE, KEY_JSON, KEY_TRACE,
       KEY_TRACE_EXEC, KEY_GDB, KEY_TPM, KEY_UNDER };

static unsigned number(struct argp_state *state, const char *name, const char *arg, unsigned max)
{
	unsigned long long n;
	if (!stanza_number(arg, max, &n) || !n)
		argp_error(state, "--%s: found `%s`, expected a number from 1 to %u", name, arg,
			   max);
	return (unsigned)n;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	switch (key) {
	case 'r':
		words_add(&o->spec.roms, arg);
		return 0;
	case KEY_MACHINE:
		if (!run_allowed(run_machines, arg))
			argp_error(state, "--machine: found `%s`, expected pc or q35, isapc, microvm", arg);
		run_set(&o->spec.machine, arg);
		return 0;
	case KEY_ACCEL:
		if (!run_allowed(run_accels, arg))
			argp_error(state, "--accel: found `%s`, expected tcg or kvm", arg);
		run_set(&o->spec.accel, arg);
		return 0;
	case KEY_VGA:
		if (!run_allowed(run_vgas, arg))
			argp_error(state, "--vga: found `%s`, expected std or none", arg);
		run_set(&o->spec.vga, arg);
		return 0;
	case KEY_FIRMWARE:
		if (!run_allowed(run_firmwares, arg))
			argp_error(state, "--firmware: found `%s`, expected seabios or ovmf", arg);
		run_set(&o->spec.firmware, arg);
		return 0;
	case KEY_ORDER:
		if (!run_allowed(run_orders, arg))
			argp_error(state, "--order: found `%s`, expected name, first or last", arg);
		run_set(&o->spec.order, arg);
		return 0;
	case KEY_EXACT:
		o->spec.exact = true;
		return 0;
	case KEY_BZIMAGE:
		o->spec.own = true;
		run_set(&o->spec.kernel, arg);
		return 0;
	case KEY_INITRD:
		run_set(&o->spec.initrd, arg);
		return 0;
	case KEY_MODULE:
		run_set(&o->spec.module, arg);
		return 0;
	case KEY_TPM:
		if (arg && !run_allowed(run_tpms, arg))
			argp_error(state, "--tpm: found `%s`, expected 1.2 or 2.0", arg);
		run_set(&o->spec.tpm, arg ? arg : "2.0");
		return 0;
	case KEY_UNDER:
		run_set(&o->spec.under, arg);
		return 0;
	case KEY_DISK:
		run_set(&o->spec.disk, arg);
		return 0;
	case KEY_GDB:
		o->gdb = true;
		o->start_gdb = arg && !strcmp(arg, "start");
		if (arg && !o->start_gdb)
			argp_error(state, "--gdb: found `%s`, expected nothing or start", arg);
		return 0;
	case KEY_TRACE:
		run_set(&o->spec.trace, arg);
		return 0;
	case KEY_TRACE_EXEC:
		run_set(&o->spec.exec_log, arg);
		return 0;
	case KEY_KEEP:
		o->keep = arg;
		return 0;
	case KEY_EXPECT:
		o->expect = true;
		return 0;
	case KEY_PCI:
		words_add(&o->spec.pci, arg);
		return 0;
	case KEY_SMP:
		o->spec.smp = number(state, "smp", arg, RUN_SMP_MAX);
		return 0;
	case KEY_APPEND:
		run_set(&o->spec.append, arg);
		return 0;
	case KEY_KERNEL:
		run_set(&o->spec.kernel, arg);
		return 0;
	case KEY_TIMEOUT:
		o->spec.timeout = number(state, "timeout", arg, RUN_TIMEOUT_MAX);
		o->timed = true;
		return 0;
	case KEY_PRINT:
		o->print = true;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!state->quoted || state->next <= state->quoted)
			argp_error(state, "unexpected argument `%s`: QEMU arguments go behind --",
				   arg);
		words_add(&o->spec.extra, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "rom", 'r', "FILE", 0,
	  "inject an option ROM; once for each (default: none, a native boot). The firmware "
	  "places them in reverse alphabetical order of their names", 0 },
	{ "pci", KEY_PCI, "FILE", 0,
	  "a ROM as that of a PCI device: its PCIR ids must be 1b36:0005; once for each", 0 },
	{ "module", KEY_MODULE, "FILE", 0,
	  "hand a ROM to the guest, which writes it into the window itself, without POST: on isapc "
	  "or microvm, with --append place=ADDRESS or place=all", 0 },
	{ "order", KEY_ORDER, "name|first|last", 0,
	  "of the ROMs: by file name (default), or as given here, before or behind QEMU's own",
	  0 },
	{ "firmware", KEY_FIRMWARE, "seabios|ovmf", 0, "default seabios", 0 },
	{ "machine", KEY_MACHINE, "pc|q35|isapc|microvm", 0, "default pc", 0 },
	{ "accel", KEY_ACCEL, "tcg|kvm", 0,
	  "who runs the guest: QEMU itself (default), or /dev/kvm (docs/kvm.md)", 0 },
	{ "vga", KEY_VGA, "std|none", 0, "default none", 0 },
	{ "smp", KEY_SMP, "N", 0,
	  "processors, default 1; the guest brings them up with --append smp=N", 0 },
	{ "append", KEY_APPEND, "TEXT", 0,
	  "the guest's command line (words: guest-shim/options.h)", 0 },
	{ "kernel", KEY_KERNEL, "FILE", 0, "default " RUN_KERNEL " beside pvrom", 0 },
	{ "guest", 0, NULL, OPTION_ALIAS, NULL, 0 },
	{ "under", KEY_UNDER, "FILE", 0,
	  "boot FILE, a hypervisor, and give it the kernel as its module (docs/performance.md)", 0 },
	{ "timeout", KEY_TIMEOUT, "S", 0, "seconds, default 30; QEMU is ended then", 0 },
	{ "bzimage", KEY_BZIMAGE, "FILE", 0,
	  "boot a Linux kernel of your own and look for what it says of VMI (docs/linux.md)", 0 },
	{ "initrd", KEY_INITRD, "FILE", 0, "its initial file system", 0 },
	{ "disk", KEY_DISK, "FILE", 0, "its disk, a raw image, which is not written to", 0 },
	{ "tpm", KEY_TPM, "1.2|2.0", OPTION_ARG_OPTIONAL,
	  "give the machine a TPM, emulated by swtpm, default 2.0; a ROM that the firmware measured "
	  "as something else than the file fails the run (docs/hardening.md)", 0 },
	{ "repeat-exactly", KEY_EXACT, NULL, 0,
	  "count instructions for clocks and fix every seed, so that runs are byte-identical", 0 },
	{ "keep", KEY_KEEP, "DIR", 0,
	  "store the logs, the QEMU command, the JSON document, the ROMs and their maps in DIR, "
	  "which is made", 0 },
	{ "expect", KEY_EXPECT, NULL, 0,
	  "write the fields of a run list that this run meets, behind the last line", 0 },
	{ "json", KEY_JSON, NULL, 0,
	  "show one JSON document, when the run has ended, and nothing else (docs/run-json.md)",
	  0 },
	{ "trace", KEY_TRACE, "FILE", 0,
	  "store what a trace build of a ROM logs, for pvrom trace (docs/debugging.md)", 0 },
	{ "trace-exec", KEY_TRACE_EXEC, "FILE", 0,
	  "store QEMU's log of what runs in any ROM, for pvrom trace --exec-log", 0 },
	{ "gdb", KEY_GDB, "start", OPTION_ARG_OPTIONAL,
	  "wait at reset for gdb and print the line to type, or start gdb itself; the time-out "
	  "is then an hour unless told (docs/debugging.md)", 0 },
	{ "print", KEY_PRINT, NULL, 0,
	  "show the QEMU command and start nothing (the firmware's log then goes to stderr)",
	  0 },
	{ 0 }
};
static const struct argp argp = {
	.options = table,
	.parser = option,
	.args_doc = "[-- QEMU arguments]",
	.doc = "Boots the guest in QEMU and shows its lines.\vLines of the firmware that concern "
	       "ROMs are repeated with `firmware: ' before them, a `rom: ' line for each ROM "
	       "says what became of it, `client: ' lines what a kernel of your own said of VMI. "
	       "The last line is the verdict.\n\n"
	       "Environment: PVROM_QEMU names another QEMU binary than "
	       "qemu-system-i386; NO_COLOR: no colours on a terminal either.",
	.help_filter = pvrom_help,
};

static void print_json(const struct run_spec *spec, const struct cell_result *result)
{
	struct text document = { 0 };
	run_json(spec, result, pvrom_version, &document);
	fputs(text_string(&document), stdout);
	text_free(&document);
}

static void print_command(const struct run_spec *spec)
{
	struct text line = { 0 };
	run_command_line(spec, "/dev/stderr", &line);
	puts(text_string(&line));
	text_free(&line);
}

/* The colour of a guest's line: only what went wrong stands out. */
static enum colour colour_of(const char *line)
{
	static const char *const bad[] = { " failed: ", " error: " };
	if (!strncmp(line, "exception ", 10))
		return COLOUR_BAD;
	for (size_t i = 0; i < 2; i++)
		if (!strncmp(line, "test ", 5) && strstr(line, bad[i]))
			return COLOUR_BAD;
	return COLOUR_PLAIN;
}

static void show(void *context, const char *source, const char *line)
{
	(void)context;
	colour_print(stdout, COLOUR_QUIET, source);
	colour_print(stdout, *source ? COLOUR_PLAIN : colour_of(line), line);
	putchar('\n');
	fflush(stdout);
}

/* Good tests say nothing of whose code they ran on; the last line must. */
static void print_verdict(const struct run_spec *spec, const struct cell_result *result)
{
	const char *outcome = result->report.outcome;
	printf("pvrom: ");
	colour_print(stdout, result->verdict == VERDICT_GOOD ? COLOUR_GOOD : COLOUR_BAD,
		     verdict_name(result->verdict));
	printf(": %s", text_string(&result->why));
	if (!strcmp(outcome, "ok"))
		printf("; a ROM is in use");
	else if (*outcome)
		printf("; a native boot (%s)%s", outcome,
		       spec->roms.count ? ": no --rom is in use" : "");
	putchar('\n');
}

/* Result: 0, or the exit status after a message. */
static int print_expected(const struct cell_result *result)
{
	struct text fields = { 0 }, why = { 0 };
	int bad = observed_fields(result, &fields, &why);
	if (bad)
		fprintf(stderr, "pvrom: error: no run list can expect this: %s\n", text_string(&why));
	else
		fputs(text_string(&fields), stdout);
	text_free(&fields);
	text_free(&why);
	return bad ? VERDICT_NONE : 0;
}

static void print_end(const struct run_spec *spec, const struct cell_result *result)
{
	if (result->firmware.dropped)
		printf("firmware: and %zu more lines\n", result->firmware.dropped);
	if (result->verdict == VERDICT_NONE) {
		printf("pvrom: ");
		colour_print(stdout, COLOUR_DOUBT, "no verdict");
		printf(": %s\n", text_string(&result->why));
	} else if (result->verdict != VERDICT_ENVIRONMENT) {
		print_verdict(spec, result);
	}
	fflush(stdout);
}

static int run(const struct options *o)
{
	const struct run_spec *spec = &o->spec;
	struct cell_result result;
	if (o->keep && keep_open(o->keep))
		return VERDICT_ENVIRONMENT;
	if (process_catch_signals()) {
		fprintf(stderr, "pvrom: error: cannot catch signals: %s\n", strerror(errno));
		return VERDICT_ENVIRONMENT;
	}
	int status = cell_run(spec, o->json ? NULL : show, NULL, &result);
	if (o->json)
		print_json(spec, &result);
	else
		print_end(spec, &result);
	if (result.verdict == VERDICT_ENVIRONMENT)
		fprintf(stderr, "pvrom: error: %s\n", text_string(&result.why));
	if (o->expect && print_expected(&result) && !status)
		status = VERDICT_NONE;
	if (o->keep && keep_run(o->keep, spec, &result, pvrom_version))
		status = VERDICT_ENVIRONMENT;
	cell_free(&result);
	return status;
}

static int run_gdb(struct options *o)
{
	struct gdb gdb;
	struct text scripts = { 0 }, why = { 0 };
	text_addf(&scripts, "%s/gdb", pvrom_folder());
	if (!o->timed)
		o->spec.timeout = RUN_GDB_TIMEOUT;
	int status = VERDICT_ENVIRONMENT;
	int failed = gdb_prepare(&gdb, &o->spec, text_string(&scripts), &why);
	if (!failed) {
		printf("pvrom: QEMU waits for gdb, %u s at most: gdb -q -x %s\n", o->spec.timeout,
		       text_string(&gdb.script));
		fflush(stdout);
		failed = o->start_gdb ? gdb_start(&gdb, &why) : 0;
	}
	if (failed)
		fprintf(stderr, "pvrom: error: %s\n", text_string(&why));
	else
		status = run(o);
	gdb_end(&gdb);
	text_free(&why);
	text_free(&scripts);
	return status;
}

int pvrom_run(int argc, char **argv)
{
	struct options o = { 0 };
	struct words kernel = { 0 };
	struct text why = { 0 };
	words_addf(&kernel, "%s/%s", pvrom_folder(), RUN_KERNEL);
	run_spec_start(&o.spec, kernel.list[0]);
	words_free(&kernel);
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	int status = 0;
	if (!o.print && o.gdb) {
		status = run_gdb(&o);
	} else if (!o.print) {
		status = run(&o);
	} else if (cell_check_files(&o.spec, &why)) {
		fprintf(stderr, "pvrom: error: %s\n", text_string(&why));
		status = 2;
	} else if (o.json) {
		print_json(&o.spec, NULL);
	} else {
		print_command(&o.spec);
	}
	text_free(&why);
	run_spec_free(&o.spec);
	return status;
}
