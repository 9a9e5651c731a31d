/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom census: what changed between two runs, or two ROMs, slot by slot. */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"
#include "pvrom.h"

#define SLOTS_MAX 1024
#define LOG_MAX (16u << 20)

/* The last census of a log; its lines point into `text`. */
struct census {
	const char *path;
	char *text;
	const char *outcome;
	struct {
		const char *slot, *state;
	} rows[SLOTS_MAX];
	size_t count;
};

/*
 * Makes the state of a slot of `bind SLOT NUMBER NAME KIND ADDRESS TYPE why=...`: all but the
 * address, which differs wherever a ROM lies elsewhere. Result: false if the line has not that form.
 */
static bool take_row(struct census *census, char *line)
{
	char *rest = line, *word[7];

	for (int i = 0; i < 7; i++) {
		word[i] = strsep(&rest, " ");
		if (!word[i] || !*word[i])
			return false;
	}
	if (!rest || strncmp(rest, "why=", 4) || census->count == SLOTS_MAX)
		return false;
	/* KIND ADDRESS TYPE why=... becomes KIND TYPE why=..., in place. */
	size_t kind = strlen(word[4]);
	char *state = word[6] - kind - 1;
	memmove(state, word[4], kind);
	state[kind] = ' ';
	word[6][strlen(word[6])] = ' ';
	census->rows[census->count].slot = word[1];
	census->rows[census->count++].state = state;
	return true;
}

/* Result: 0, or -1 with a line on stderr. */
static int parse(struct census *census)
{
	char *rest = census->text, *line;
	unsigned int number = 0;

	while ((line = strsep(&rest, "\n"))) {
		number++;
		line[strcspn(line, "\r")] = 0;
		if (!strncmp(line, "census ", 7)) {
			census->count = 0;
			census->outcome = NULL;
		} else if (!strncmp(line, "vmi ", 4)) {
			census->outcome = line;
		} else if (!strncmp(line, "bind ", 5) && !take_row(census, line)) {
			fprintf(stderr, "pvrom: error: %s:%u: found a bind line of another form, "
				"expected `bind SLOT NUMBER NAME KIND ADDRESS TYPE why=...`\n",
				census->path, number);
			return -1;
		}
	}
	if (census->outcome && census->count)
		return 0;
	fprintf(stderr, "pvrom: error: %s: found no census, expected a ROM or the output of "
		"`pvrom run` or `pvrom bind`\n", census->path);
	return -1;
}

static int read_log(struct census *census, FILE *in)
{
	size_t have;

	census->text = malloc(LOG_MAX + 1);
	if (!census->text)
		return -1;
	have = fread(census->text, 1, LOG_MAX, in);
	census->text[have] = 0;
	return ferror(in) ? -1 : 0;
}

static int bind_rom(struct census *census)
{
	struct bind_request request = BIND_REQUEST;
	size_t size;
	FILE *out = open_memstream(&census->text, &size);

	if (!out)
		return -1;
	request.paths[request.count++] = census->path;
	int status = bind_run(&request, out);
	return fclose(out) || status == 2 ? -1 : 0;
}

/* Result: 0, or the exit status, with a line on stderr. */
static int read_census(struct census *census)
{
	FILE *in = fopen(census->path, "rb");
	int result, first;

	if (!in) {
		fprintf(stderr, "pvrom: error: %s: cannot open: %s; name a ROM or a log\n",
			census->path, strerror(errno));
		return 2;
	}
	first = fgetc(in);
	rewind(in);
	/* No line of a log begins with the first byte of an option ROM's signature. */
	result = first == (VROM_SIGNATURE & 0xFF) ? bind_rom(census) : read_log(census, in);
	fclose(in);
	if (result) {
		fprintf(stderr, "pvrom: error: %s: cannot read it\n", census->path);
		return 2;
	}
	return parse(census) ? 3 : 0;
}

static const char *state_of(const struct census *census, const char *slot)
{
	for (size_t i = 0; i < census->count; i++)
		if (!strcmp(census->rows[i].slot, slot))
			return census->rows[i].state;
	return "no such slot";
}

/* The outcome behind the address in `vmi rom BASE ...`. */
static const char *outcome(const struct census *census)
{
	const char *blank = strncmp(census->outcome, "vmi rom 0x", 10)
				    ? NULL : strchr(census->outcome + 10, ' ');

	return blank ? blank : census->outcome;
}

static int compare(const struct census *a, const struct census *b)
{
	size_t changed = 0, slots = a->count;
	bool other = strcmp(outcome(a), outcome(b)) != 0;

	if (other)
		printf("outcome\n  - %s\n  + %s\n", a->outcome, b->outcome);
	for (size_t i = 0; i < a->count; i++) {
		const char *before = a->rows[i].state, *after = state_of(b, a->rows[i].slot);

		if (!strcmp(before, after))
			continue;
		printf("slot %s\n  - %s\n  + %s\n", a->rows[i].slot, before, after);
		changed++;
	}
	for (size_t i = 0; i < b->count; i++) {
		const char *before = state_of(a, b->rows[i].slot);

		if (strcmp(before, "no such slot"))
			continue;
		printf("slot %s\n  - %s\n  + %s\n", b->rows[i].slot, before, b->rows[i].state);
		changed++;
		slots++;
	}
	printf("%zu of %zu slots changed\n", changed, slots);
	return changed || other ? 1 : 0;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct census *census = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (state->arg_num >= 2)
			argp_error(state, "found a third file `%s`, expected two", arg);
		census[state->arg_num].path = arg;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "expected two files, each a ROM or a run's output");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	NULL, option, "A B",
	"Shows which slots are bound otherwise in B than in A.\v"
	"Each is a ROM, which is bound as `pvrom bind` does, or the output of `pvrom run` or "
	"`pvrom bind`, of which the last census counts. Addresses are not compared.",
	NULL, pvrom_help, NULL
};

int pvrom_census(int argc, char **argv)
{
	struct census *census = calloc(2, sizeof(*census));
	int status = 2;

	if (!census)
		return status;
	argp_parse(&argp, argc, argv, 0, NULL, census);
	status = read_census(&census[0]);
	if (!status)
		status = read_census(&census[1]);
	if (!status)
		status = compare(&census[0], &census[1]);
	free(census[0].text);
	free(census[1].text);
	free(census);
	return status;
}
