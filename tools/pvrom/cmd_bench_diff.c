/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom bench-diff: two results of `make bench`, figure by figure. */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pvrom.h"
#include "stanza/stanza.h" /* stanza_number */

#define COLUMNS 8
#define HEAD "subject\tplatform\tinstructions\tspread\texits\tspread\truns\tnote"
#define FIGURES 2
#define TOLERANCE_MAX 1000u /* in percent */

/* One line of bench.tsv: of each figure the lowest and the highest; NONE if there is none. */
#define NONE UINT64_MAX
struct row {
	char *subject, *platform;
	uint64_t low[FIGURES], high[FIGURES];
};
struct bench {
	const char *path;
	struct row *rows;
	size_t count;
};
static const char *const figures[FIGURES] = { "instructions", "exits" };

static int wrong(const struct bench *bench, size_t line, const char *found, const char *expected)
{
	fprintf(stderr, "pvrom: error: %s:%zu: found `%.60s`, expected %s; write it with `make bench`\n",
		bench->path, line, found, expected);
	return 3;
}

static bool read_figure(const char *text, const char *spread, uint64_t *low, uint64_t *high)
{
	unsigned long long number, more;
	*low = *high = NONE;
	if (!strcmp(text, "-") && !strcmp(spread, "-"))
		return true;
	if (!stanza_number(text, INT64_MAX, &number) || !stanza_number(spread, INT64_MAX, &more))
		return false;
	*low = number;
	*high = number + more;
	return true;
}

static const struct row *find(const struct bench *bench, const struct row *like)
{
	for (size_t i = 0; i < bench->count; i++)
		if (!strcmp(bench->rows[i].subject, like->subject) &&
		    !strcmp(bench->rows[i].platform, like->platform))
			return &bench->rows[i];
	return NULL;
}

/* Result: 0, or the exit status. */
static int take_line(struct bench *bench, size_t number, const char *line)
{
	char *copy = strdup(line), *rest = copy, *column[COLUMNS];
	struct row row = { 0 };
	if (!copy)
		return 2;
	for (int i = 0; i < COLUMNS; i++) {
		column[i] = strsep(&rest, "\t");
		if (!column[i]) {
			free(copy);
			return wrong(bench, number, line, "eight columns");
		}
	}
	row.subject = column[0]; /* the start of `copy`, which stays */
	row.platform = column[1];
	int status = rest || !*row.subject || !*row.platform ?
			     wrong(bench, number, line, "eight columns") :
		     !read_figure(column[2], column[3], &row.low[0], &row.high[0]) ?
			     wrong(bench, number, column[2], "instructions and their spread, or -") :
		     !read_figure(column[4], column[5], &row.low[1], &row.high[1]) ?
			     wrong(bench, number, column[4], "exits and their spread, or -") :
		     find(bench, &row) ? wrong(bench, number, row.subject, "each subject and platform once") : 0;
	struct row *rows = status ? NULL : realloc(bench->rows, (bench->count + 1) * sizeof(row));
	if (!rows) {
		free(copy);
		return status ? status : 2;
	}
	bench->rows = rows;
	bench->rows[bench->count++] = row;
	return 0;
}

static int read_bench(struct bench *bench)
{
	struct stat st; /* before it is opened: a pipe may never have an end */
	bool plain = stat(bench->path, &st) || S_ISREG(st.st_mode);
	FILE *in = plain ? fopen(bench->path, "r") : NULL;
	char *line = NULL;
	size_t size = 0, number = 0;
	ssize_t length;
	int status = 0;
	if (!in) {
		fprintf(stderr, "pvrom: error: %s: cannot open: %s; name a bench.tsv\n", bench->path,
			plain ? strerror(errno) : "it is no regular file");
		return 2;
	}
	while (!status && (length = getline(&line, &size, in)) >= 0) {
		bool whole = strlen(line) == (size_t)length;
		line[strcspn(line, "\n")] = 0;
		if (++number == 1 && strcmp(line, HEAD))
			status = wrong(bench, number, line, "the head of a bench.tsv");
		else if (!whole)
			status = wrong(bench, number, line, "text without a NUL byte");
		else if (number > 1)
			status = take_line(bench, number, line);
	}
	if (!status && ferror(in)) {
		fprintf(stderr, "pvrom: error: %s: cannot read it: %s\n", bench->path, strerror(errno));
		status = 2;
	}
	if (!status && !bench->count)
		status = wrong(bench, number, "no figure", "one at least");
	free(line);
	fclose(in);
	return status;
}

static void free_bench(struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++)
		free(bench->rows[i].subject);
	free(bench->rows);
}

/* Is `after` more than `before` by more than `tolerance` thousandths of a percent? */
static bool beyond(uint64_t before, uint64_t after, uint64_t tolerance)
{
	return after > before &&
	       (long double)(after - before) * 100000 > (long double)before * (long double)tolerance;
}

struct sums {
	size_t same, better, worse, lost;
};

static void say(const struct row *row, const char *figure, uint64_t before, uint64_t after, const char *what)
{
	printf("%s %s %s: %llu -> %llu", row->subject, row->platform, figure, (unsigned long long)before,
	       (unsigned long long)after);
	if (before)
		printf(" (%+.2f %%)", ((double)after - (double)before) * 100 / (double)before);
	printf(" %s\n", what);
}

static void compare_row(const struct row *a, const struct row *b, uint64_t tolerance, struct sums *sums)
{
	for (int i = 0; i < FIGURES; i++) {
		uint64_t before = a->low[i], after = b ? b->low[i] : NONE;
		if (before == NONE)
			continue;
		if (after == NONE) {
			printf("%s %s %s: %llu -> none lost\n", a->subject, a->platform, figures[i],
			       (unsigned long long)before);
			sums->lost++;
		} else if (beyond(a->high[i], after, tolerance)) {
			say(a, figures[i], before, after, "worse");
			sums->worse++;
		} else if (beyond(b->high[i], before, tolerance)) {
			say(a, figures[i], before, after, "better");
			sums->better++;
		} else {
			sums->same++;
		}
	}
}

static int compare(const struct bench *a, const struct bench *b, uint64_t tolerance)
{
	struct sums sums = { 0 };
	size_t added = 0;
	for (size_t i = 0; i < a->count; i++)
		compare_row(&a->rows[i], find(b, &a->rows[i]), tolerance, &sums);
	for (size_t i = 0; i < b->count; i++)
		added += !find(a, &b->rows[i]);
	printf("%zu figures the same within %llu.%03llu %%, %zu better, %zu worse, %zu lost; %zu new lines\n",
	       sums.same, (unsigned long long)tolerance / 1000, (unsigned long long)tolerance % 1000, sums.better,
	       sums.worse, sums.lost, added);
	return sums.worse || sums.lost ? 1 : 0;
}

struct options {
	struct bench bench[2];
	uint64_t tolerance; /* in thousandths of a percent */
};

/* N or N.DDD */
static uint64_t percent(struct argp_state *state, const char *arg)
{
	unsigned long long whole, part = 0;
	char text[16] = "", digits[4] = "000";
	const char *dot = strchrnul(arg, '.');
	size_t length = (size_t)(dot - arg), more = *dot ? strlen(dot + 1) : 0;
	if (length < sizeof(text))
		memcpy(text, arg, length);
	if (more <= 3)
		memcpy(digits, dot + !!*dot, more);
	if (!stanza_number(text, TOLERANCE_MAX, &whole) || more > 3 || (*dot && !more) ||
	    strspn(digits, "0123456789") != 3)
		argp_error(state, "--tolerance: found `%s`, expected percent from 0 to %u, as in 0.5", arg,
			   TOLERANCE_MAX);
	else
		part = (unsigned long long)atoi(digits);
	return whole * 1000 + part;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	switch (key) {
	case 't':
		o->tolerance = percent(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num >= 2)
			argp_error(state, "found a third file `%s`, expected two", arg);
		o->bench[state->arg_num].path = arg;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "expected two files, each a bench.tsv");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "tolerance", 't', "PERCENT", 0, "how much more is still the same, default 0.5", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "A B",
	"Shows which figures of `make bench` are more in B than in A, or less, or are gone.\v"
	"A and B are results of `make bench`: build/report/bench.tsv (docs/performance.md). Of a "
	"figure that differs from run to run all runs of B must lie on one side of all of A. Notes are "
	"not compared.",
	NULL, pvrom_help, NULL
};

int pvrom_bench_diff(int argc, char **argv)
{
	struct options o = { .tolerance = 500 };
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	int status = read_bench(&o.bench[0]);
	if (!status)
		status = read_bench(&o.bench[1]);
	if (!status)
		status = compare(&o.bench[0], &o.bench[1], o.tolerance);
	free_bench(&o.bench[0]);
	free_bench(&o.bench[1]);
	return status;
}
