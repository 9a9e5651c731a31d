/* SPDX-License-Identifier: GPL-2.0-only */
/* What every slot of each guest became, by the logs that its run list left (tools/run/cell_log.h). */
#define _GNU_SOURCE
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "run/lines.h"
#include "run/report.h"

/* A guest, and the cell of a run list that shows it: tests/runs/LIST.cfg. */
struct shown {
	const char *id, *guest, *list, *cell;
};
static const struct shown guests[] = {
	{ "guest32", "32-bit guest, ROM full", "quick", "boot/full/pc/none/3.2" },
	{ "guest64", "64-bit guest, ROM full", "guest64", "bound/full/pc/smp1/levels4" },
	{ "client", "Client of 3.0, ROM full", "client", "client/full/pc/smp1/2level" },
	{ "ordinary", "Redesign: the ordinary kernel, ROM full of 3.0", "redesign", "ordinary/full" },
	{ "no-apic", "Redesign: no APIC, ROM full of 3.0", "redesign", "redesign/no_apic/full/pc" },
	{ "no-vectors", "Redesign: no vectors, ROM full of 3.0", "redesign", "redesign/no_vectors/full/pc" },
	{ "no-paging", "Redesign: no page tables, ROM full of 3.0", "redesign", "redesign/no_paging/full/pc" },
};
#define DESIGNS 4
static const struct {
	const char *id, *title;
	struct shown columns[DESIGNS];
} besides[] = {
	{ "beside-golden", "ROM full of 3.0", {
		{ "", "ordinary", "redesign", "ordinary/full" },
		{ "", "no APIC", "redesign", "redesign/no_apic/full/pc" },
		{ "", "no vectors", "redesign", "redesign/no_vectors/full/pc" },
		{ "", "no page tables", "redesign", "redesign/no_paging/full/pc" } } },
	{ "beside-today", "ROM full of this tree", {
		{ "", "ordinary", "redesign", "redesign-canary" },
		{ "", "no APIC", "redesign", "redesign-today/no_apic" },
		{ "", "no vectors", "redesign", "redesign-today/no_vectors" },
		{ "", "no page tables", "redesign", "redesign-today/no_paging" } } },
};

static void guest_line(void *report, const char *line, bool cut)
{
	report_line(report, line, cut);
}

/* The line that makes the run, and only that; no name of a cell holds what a shell or HTML reads otherwise. */
static void command(FILE *out, const struct shown *s)
{
	fprintf(out, "make all redesigns; build/pvrom matrix --filter %s tests/runs/%s.cfg", s->cell, s->list);
}

/* What is wrong with a census that was read, or NULL. */
static const char *wrong_with(const struct report *r, bool became)
{
	if (*r->unreadable)
		return r->unreadable;
	if (r->census_count != 1 || r->outcome_count != 1 || !r->bind_count)
		return "found no whole census, expected `census`, `vmi` and `bind` lines";
	if (became && (r->became.sums != 1 || !r->became.count))
		return "found no `became` lines with their sum";
	return NULL;
}

/*
 * Reads the run of `s` below `results`, a folder, into `r`, and when it was written and at which commit into
 * `when`, or nothing there if it is not there. Result: 0; else 1 or 2, after a line on stderr.
 */
static int load(const char *results, const struct shown *s, bool became, struct report *r, struct text *when)
{
	struct text path = { 0 }, commit_path = { 0 };
	char *text, *commit = NULL;
	text_addf(&path, "%s/%s/", results, s->list);
	text_addf(&commit_path, "%scommit", text_string(&path));
	for (const char *c = s->cell; *c; c++)
		text_addf(&path, "%c", *c == '/' ? '_' : *c);
	text_addf(&path, ".log");
	int result = report_load(text_string(&path), &text);
	if (!result && text) {
		struct line_cutter cutter;
		lines_start(&cutter, guest_line, r);
		lines_feed(&cutter, text, strlen(text));
		lines_end(&cutter);
		const char *wrong = wrong_with(r, became);
		if (wrong) {
			fprintf(stderr, "pvrom: error: %s: %s; make it again: ", text_string(&path), wrong);
			command(stderr, s);
			fputc('\n', stderr);
			result = 1;
		} else {
			result = report_load(text_string(&commit_path), &commit);
		}
	}
	struct stat log, at;
	if (!result && text && !stat(text_string(&path), &log)) {
		char written[64];
		strftime(written, sizeof(written), "%F %T", gmtime(&log.st_mtime));
		/* A run that is younger than its list's commit was made by hand. */
		bool known = commit && *commit != '\n' && !stat(text_string(&commit_path), &at) &&
			     (at.st_mtim.tv_sec > log.st_mtim.tv_sec ||
			      (at.st_mtim.tv_sec == log.st_mtim.tv_sec && at.st_mtim.tv_nsec >= log.st_mtim.tv_nsec));
		text_addf(when, "Written %s UTC at commit %.*s by", written,
			  known ? (int)strcspn(commit, "\n") : 12, known ? commit : "not recorded");
	}
	free(text);
	free(commit);
	text_free(&path);
	text_free(&commit_path);
	return result;
}

static void said_by(FILE *out, const struct shown *s, const struct text *when)
{
	fprintf(out, "<p class=%s>", when->size ? "soft" : "missing");
	report_text(out, s->guest);
	fputs(": ", out);
	report_text(out, when->size ? text_string(when) : "Missing: no such run yet. To make it:");
	fputs(" <code>", out);
	command(out, s);
	fputs("</code></p>\n", out);
}

static void census_rows(FILE *out, const struct report *r)
{
	static const char *const kinds[BIND_KINDS] = { "rom", "nop", "native", "inline" };
	fputs("<tr><th scope=col>slot</th><th scope=col>call</th><th scope=col>name</th><th scope=col>became</th>"
	      "<th scope=col>reached by</th><th scope=col>reason</th></tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < r->bind_count; i++) {
		const struct bind_line *b = &r->binds[i];
		fputs("<tr><th scope=row>", out);
		report_text(out, b->slot);
		if (b->number >= 0)
			fprintf(out, "</th><td><a href=#call-%d>%d</a></td><td>", b->number, b->number);
		else
			fputs("</th><td>-</td><td>", out);
		report_text(out, b->name);
		fprintf(out, "</td><td>%s</td><td>%s</td><td>%s</td></tr>\n", kinds[b->kind], b->how, b->reason);
	}
	fputs("</tbody></table></div>\n", out);
}

static int census(FILE *out, const char *results, const struct shown *s)
{
	struct report r = { 0 };
	struct text when = { 0 };
	int result = load(results, s, false, &r, &when);
	if (!result) {
		fprintf(out, "<details id=census-%s><summary>", s->id);
		report_text(out, s->guest);
		if (when.size)
			fprintf(out, ": %zu slots: rom %zu, inline %zu, nop %zu, native %zu", r.bind_count,
				r.kinds[BIND_ROM], r.kinds[BIND_INLINE], r.kinds[BIND_NOP], r.kinds[BIND_NATIVE]);
		else
			fputs(": missing", out);
		fputs("</summary>\n", out);
		said_by(out, s, &when);
		if (when.size) {
			char id[48];
			snprintf(id, sizeof(id), "census-%s", s->id);
			report_begin_table(out, id, s->guest);
			census_rows(out, &r);
		}
		fputs("</details>\n", out);
	}
	report_free(&r);
	text_free(&when);
	return result;
}

int report_census(FILE *out, const struct report_input *in)
{
	int result = 0;
	fprintf(out, "<section><h2 id=%s>%s</h2>\n<p class=soft>What each slot of a guest's tables was bound to, "
		"and why, as the guest itself printed it.</p>\n", in->id, in->title);
	for (size_t i = 0; i < sizeof(guests) / sizeof(guests[0]) && !result; i++)
		result = census(out, in->path, &guests[i]);
	fputs("</section>\n", out);
	return result;
}

static const struct became_slot *slot_of(const struct report *r, const char *name)
{
	for (size_t i = 0; i < r->became.count; i++)
		if (!strcmp(r->became.slots[i].slot, name))
			return &r->became.slots[i];
	return NULL;
}

static void became_cell(FILE *out, const struct report *r, const char *name)
{
	const struct became_slot *s = slot_of(r, name);
	if (!s) {
		fprintf(out, "<td>%s</td>", r->lines ? "not there" : "no run");
		return;
	}
	fprintf(out, "<td class=\"became %s\">%s", became_names[s->kind],
		s->kind == BECAME_NO_SUCH_CALL ? "call does not exist" : became_names[s->kind]);
	if (s->kind == BECAME_ADAPTER)
		fprintf(out, ", %u lines", s->lines);
	if (strcmp(s->call, "-")) {
		fputs(": ", out);
		report_text(out, s->call);
	}
	if (*s->why) {
		fputs("<br><small>", out);
		report_text(out, s->why);
		fputs("</small>", out);
	}
	fputs("</td>", out);
}

/* The rows: slots of the first kernel, and those of a later one that none before it has. */
static void beside_rows(FILE *out, const struct report *runs, const struct shown *columns)
{
	fputs("<tr><th scope=col>slot</th>", out);
	for (size_t i = 0; i < DESIGNS; i++)
		fprintf(out, "<th scope=col>%s</th>", columns[i].guest);
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < DESIGNS; i++)
		for (size_t k = 0; k < runs[i].became.count; k++) {
			const char *name = runs[i].became.slots[k].slot;
			size_t before = 0;
			while (before < i && !slot_of(&runs[before], name))
				before++;
			if (before < i)
				continue;
			fputs("<tr><th scope=row>", out);
			report_text(out, name);
			fputs("</th>", out);
			for (size_t c = 0; c < DESIGNS; c++)
				became_cell(out, &runs[c], name);
			fputs("</tr>\n", out);
		}
	fputs("</tbody></table></div>\n", out);
}

int report_beside(FILE *out, const struct report_input *in)
{
	int result = 0;
	fprintf(out, "<section><h2 id=%s>%s</h2>\n<p class=soft>Bound: the ROM serves it directly; adapter: through "
		"that many lines of glue; native: the kernel's own instruction, or nothing to do.</p>\n",
		in->id, in->title);
	for (size_t i = 0; i < sizeof(besides) / sizeof(besides[0]) && !result; i++) {
		struct report runs[DESIGNS] = { 0 };
		bool any = false;
		fprintf(out, "<h3>%s</h3>\n", besides[i].title);
		for (size_t c = 0; c < DESIGNS && !result; c++) {
			struct text when = { 0 };
			result = load(in->path, &besides[i].columns[c], true, &runs[c], &when);
			if (!result)
				said_by(out, &besides[i].columns[c], &when);
			any |= when.size > 0;
			text_free(&when);
		}
		if (!result && any) {
			report_begin_table(out, besides[i].id, besides[i].title);
			beside_rows(out, runs, besides[i].columns);
		}
		for (size_t c = 0; c < DESIGNS; c++)
			report_free(&runs[c]);
	}
	fputs("</section>\n", out);
	return result;
}
