/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "progress.h"

#include <time.h>
#include <unistd.h>

double progress_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_start(struct progress *p, FILE *out, size_t all)
{
	*p = (struct progress){ .out = out, .terminal = isatty(fileno(out)),
				.begin = progress_now(), .all = all };
}

void progress_wipe(const struct progress *p)
{
	if (p->terminal)
		fputs("\r\033[K", p->out);
}

void progress_line(const struct progress *p, double now, char *line, size_t size)
{
	int used = snprintf(line, size, "%zu of %zu, %zu failed", p->done, p->all, p->failed);
	if (!p->done || used < 0 || (size_t)used >= size)
		return;
	/* As if the runs to come took as long as those before them. */
	double rest = (now - p->begin) / (double)p->done * (double)(p->all - p->done);
	snprintf(line + used, size - (size_t)used, rest < 100 ? ", about %.0f s to go" :
		 ", about %.0f min to go", rest < 100 ? rest : rest / 60);
}

void progress_show(const struct progress *p)
{
	char line[128];
	if (!p->terminal)
		return;
	progress_line(p, progress_now(), line, sizeof(line));
	fputs(line, p->out);
	fflush(p->out);
}
