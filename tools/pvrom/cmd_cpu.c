/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom cpu: every entry of an image in an emulated CPU, beside its native text. */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "emu/apart.h"
#include "emu/lane.h"
#include "pvrom.h"
#include "romfile/romfile.h"
#include "stanza/stanza.h" /* stanza_number */

#define TEXT_OF(word) #word
#define TEXT(macro) TEXT_OF(macro)
#define ROUNDS_MAX 10000000

#define WIDTHS 2
static const unsigned int widths[WIDTHS] = { 32, 64 };

struct options {
	struct lane_options lane;
	struct lane_report report[WIDTHS];
	const char *path;
	unsigned int width; /* 0 = every one that the ROM has */
	bool has[WIDTHS];
	bool some; /* --call was given */
};

enum { KEY_SEED = 0x100, KEY_ROUNDS, KEY_CALL, KEY_WIDTH };

/* A call by name or number, of either width. */
static void choose(struct options *o, const char *word, struct argp_state *state)
{
	unsigned long long number;
	bool is_number = stanza_number(word, LANE_CALLS - 1, &number), found = false;

	for (unsigned int w = 0; w < WIDTHS; w++) {
		const struct lane_abi *abi = lane_abi(widths[w]);

		for (unsigned int n = 0; n < abi->calls; n++) {
			if (abi->call[n].reserved ||
			    (is_number ? number != n : strcasecmp(word, abi->call[n].name) != 0))
				continue;
			o->report[w].call[n].chosen = o->some = found = true;
		}
	}
	if (found)
		return;
	argp_error(state,
		   "--call: found `%s`, expected the name or number of a call, as SetCR3 or 17",
		   word);
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	unsigned long long n;

	switch (key) {
	case KEY_SEED:
		if (!stanza_number(arg, UINT64_MAX, &n))
			argp_error(state, "--seed: found `%s`, expected a number", arg);
		o->lane.seed = n;
		return 0;
	case KEY_ROUNDS:
		if (!stanza_number(arg, ROUNDS_MAX, &n) || !n)
			argp_error(state, "--rounds: found `%s`, expected 1 to %d", arg,
				   ROUNDS_MAX);
		o->lane.rounds = (uint32_t)n;
		return 0;
	case KEY_CALL: choose(o, arg, state); return 0;
	case KEY_WIDTH:
		if (!stanza_number(arg, 64, &n) || (n != 32 && n != 64))
			argp_error(state, "--width: found `%s`, expected 32 or 64", arg);
		o->width = (unsigned int)n;
		return 0;
	case ARGP_KEY_ARG:
		if (o->path)
			argp_error(state, "found a second file `%s`, expected one ROM", arg);
		o->path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->path)
			argp_error(
				state,
				"found no file, expected a ROM; `make rom` builds build/vmi.rom");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

struct tally {
	unsigned int passed, failed, broken;
};

static void failed(struct tally *tally, const struct lane_finding *finding)
{
	printf("failed: %s: %s\n", lane_kind_names[finding->kind], finding->text);
	if (finding->kind == LANE_BROKEN)
		tally->broken++;
	else
		tally->failed++;
}

/* What the lines of a width begin with: those of 32 bit have always been so. */
static const char *lane_name(unsigned int width)
{
	return width == 64 ? "cpu64" : "cpu";
}

static void print_check(struct tally *tally, unsigned int width, const char *name,
			const struct lane_finding *finding)
{
	printf("%s %s ", lane_name(width), name);
	if (finding->kind != LANE_GOOD) {
		failed(tally, finding);
	} else {
		printf("ok\n");
		tally->passed++;
	}
}

static void print_call(struct tally *tally, const struct options *o, unsigned int w, unsigned int n)
{
	const struct lane_abi *abi = lane_abi(widths[w]);
	const struct lane_call *call = &o->report[w].call[n];
	const struct lane_exception *exception = lane_exception(abi->width, n);
	/* The guest tests are named for 32 bit. */
	const char *see = !exception ? NULL : abi->width == 64 ? "docs/abi-4.0.md" : exception->guest_test;

	printf("%s %u %s ", lane_name(abi->width), n, abi->call[n].name);
	if (call->finding.kind != LANE_GOOD) {
		failed(tally, &call->finding);
		printf("  repeat: %s cpu %s --seed %" PRIu64 " --rounds %" PRIu32 " --call %s%s\n",
		       pvrom_self, o->path, o->lane.seed, o->lane.rounds, abi->call[n].name,
		       abi->width == 64 ? " --width 64" : "");
	} else if (call->answer == VMI_RELOCATION_NONE || call->answer == VMI_RELOCATION_NOP) {
		printf("%s\n", vmi_relocation_names[call->answer]);
	} else if (exception && !exception->in_part) {
		printf("exception: %s; see %s\n", exception->reason, see);
	} else {
		printf("ok %" PRIu32 " calls", call->cases);
		if (exception)
			printf("; in part: %s; see %s", exception->reason, see);
		else if (lane_is_clock(n))
			printf("; beside the TSC and what POST notes");
		else if (n == VMI_CALL_GetCapability)
			printf("; beside the table in the image");
		else if (n == VMI_CALL_SetMapping && abi->width == 64)
			printf("; beside what the spec refuses of the APIC's page");
		else if (n == VMI_CALL_SetBackends)
			printf("; beside the spec: none is in use");
		else if (!abi->call[n].native)
			printf("; conventions only: it has no native text");
		printf("\n");
		tally->passed++;
	}
}

static int print(struct options *o)
{
	struct tally tally = { 0 };

	for (unsigned int w = 0; w < WIDTHS; w++) {
		const struct lane_report *report = &o->report[w];

		if (!o->has[w])
			continue;
		print_check(&tally, widths[w], "VMI_Init", &report->init);
		print_check(&tally, widths[w], "GetRelocationInfo", &report->answers);
		for (unsigned int n = 0; n < lane_abi(widths[w])->calls; n++)
			if (report->call[n].chosen || report->call[n].finding.kind != LANE_GOOD)
				print_call(&tally, o, w, n);
	}
	if (tally.broken)
		printf("%u without a verdict\n", tally.broken);
	printf("%u passed, %u failed\n", tally.passed, tally.failed);
	return tally.failed ? 1 : tally.broken ? 3 : 0;
}

static int work(void *shared)
{
	struct options *o = shared;
	char error[128];

	for (unsigned int w = 0; w < WIDTHS; w++) {
		o->lane.width = widths[w];
		if (o->has[w] && lane_run(&o->lane, &o->report[w], error, sizeof(error))) {
			fprintf(stderr, "pvrom: error: %s\n", error);
			return 2;
		}
	}
	return 0;
}

/* Result: 0, or the exit status, with a line on stderr. */
static int run_apart(struct options *o)
{
	char error[128];
	int result = emu_apart(o, sizeof(*o), work, 0, error, sizeof(error));

	if (*error)
		fprintf(stderr, "pvrom: error: %s%s\n", error,
			result == 3 ? ": no verdict; --call NAME finds the call" : "");
	return result;
}

/* What is asked for of what the image has, and all calls unless some were named. */
static bool find_widths(struct options *o)
{
	struct vrom_directory directory;
	bool any = false;

	for (unsigned int w = 0; w < WIDTHS; w++) {
		const struct lane_abi *abi = lane_abi(widths[w]);

		/* 3.0 has no directory. */
		o->has[w] = (!o->width || o->width == abi->width) &&
			    (abi->width == 32 ||
			     lane_directory(o->lane.image, o->lane.size, abi->width, &directory));
		any |= o->has[w];
		for (unsigned int n = 0; n < abi->calls && !o->some; n++)
			o->report[w].call[n].chosen = !abi->call[n].reserved;
	}
	return any;
}

int pvrom_cpu(int argc, char **argv)
{
	static const struct argp_option list[] = {
		{ "seed", KEY_SEED, "N", 0, "seed of the random inputs (1)", 0 },
		{ "rounds", KEY_ROUNDS, "N", 0, "cases of each call (" TEXT(LANE_ROUNDS) ")", 0 },
		{ "call", KEY_CALL, "NAME", 0, "only this call, by name or number; may stand again",
		  0 },
		{ "width", KEY_WIDTH, "BITS", 0,
		  "only the entries of ABI 3.x (32) or of 4.x (64); every one that the ROM has", 0 },
		{ 0 },
	};
	static const struct argp parser = {
		list,
		option,
		"ROM",
		"Calls every entry of a ROM in an emulated CPU, at many addresses and with random "
		"inputs, and compares what it does with the native instructions.",
		NULL,
		pvrom_help,
		NULL
	};
	static struct options o;
	struct romfile rom;
	struct romfile_error refused;

	o = (struct options){ .lane = { .seed = 1, .rounds = LANE_ROUNDS } };
	if (argp_parse(&parser, argc, argv, 0, NULL, &o))
		return 2;
	if (romfile_read(&rom, o.path, &refused)) {
		fprintf(stderr, "pvrom: error: %s\n", refused.text);
		return 2;
	}
	const struct vrom_header *header = romfile_header(&rom, &refused);
	if (!header) {
		fprintf(stderr, "pvrom: error: %s\n", refused.text);
		romfile_free(&rom);
		return 1;
	}
	/* What the firmware leaves in memory: the length byte's worth, not the file's. */
	o.lane.image = rom.bytes;
	o.lane.size = header->rom_length * (size_t)VROM_BLOCK;
	if (!find_widths(&o)) {
		fprintf(stderr, "pvrom: error: %s: found no ABI of %u bits, expected one: leave --width away\n",
			o.path, o.width);
		romfile_free(&rom);
		return 1;
	}
	printf("cpu %s seed %" PRIu64 ", %" PRIu32 " cases of each call\n", o.path, o.lane.seed,
	       o.lane.rounds);
	fflush(stdout);
	int result = run_apart(&o);
	if (!result)
		result = print(&o);
	romfile_free(&rom);
	return result;
}
