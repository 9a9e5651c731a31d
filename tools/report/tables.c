/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that runs left behind: hostile input, each bounded and escaped. */
#define _GNU_SOURCE
#include "report.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void report_text(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '&': fputs("&amp;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		default:
			if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t')
				fputs("&#xfffd;", out);
			else
				fputc(*text, out);
		}
}

int report_load(const char *path, char **text)
{
	struct stat st;
	*text = NULL;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "pvrom: error: %s: %s\n", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return 2;
	}
	char *data = NULL;
	ssize_t size = -1;
	if (S_ISREG(st.st_mode) && st.st_size <= REPORT_MAX_FILE &&
	    (data = malloc(REPORT_MAX_FILE + 1)) != NULL)
		size = read(fd, data, REPORT_MAX_FILE + 1);
	close(fd);
	if (size < 0 || size > REPORT_MAX_FILE || memchr(data, 0, (size_t)size)) {
		fprintf(stderr, "pvrom: error: %s: expected a text file of at most %u bytes; make it again, "
			"or remove it\n", path, REPORT_MAX_FILE);
		free(data);
		return 1;
	}
	data[size] = 0;
	*text = data;
	return 0;
}

static void head(FILE *out, const struct report_input *in, bool there)
{
	fprintf(out, "<section><h2 id=%s>", in->id);
	report_text(out, in->title);
	struct stat st;
	char when[64] = "";
	if (there && !stat(in->path, &st))
		strftime(when, sizeof(when), "Written %F %T UTC by", gmtime(&st.st_mtime));
	fprintf(out, "</h2>\n<p class=%s>%s <code>", there ? "soft" : "missing",
		there ? when : "Missing: no such run yet. To make it:");
	report_text(out, in->command);
	fputs("</code></p>\n", out);
}

void report_begin_table(FILE *out, const char *id, const char *title)
{
	fprintf(out, "<label>Rows that contain <input type=search data-for=%s-rows></label>\n"
		"<div class=wide tabindex=0 role=region aria-labelledby=%s-name><table id=%s-rows><caption id=%s-name>",
		id, id, id, id);
	report_text(out, title);
	fputs("</caption>\n<thead>", out);
}

/* One row; the first line is the head. Result: cells. */
static size_t row(FILE *out, char *line, bool first)
{
	size_t cells = 0;
	char *cell;
	fputs("<tr>", out);
	while ((cell = strsep(&line, "\t")) != NULL) {
		fputs(first ? "<th scope=col>" : cells ? "<td>" : "<th scope=row>", out);
		report_text(out, cell);
		fputs(first || !cells ? "</th>" : "</td>", out);
		cells++;
	}
	fputs("</tr>\n", out);
	return cells;
}

int report_table(FILE *out, const struct report_input *in)
{
	char *text, *line;
	int result = report_load(in->path, &text);
	size_t number = 0, columns = 0;
	if (result)
		return result;
	head(out, in, text != NULL);
	if (text) {
		report_begin_table(out, in->id, in->title);
		for (char *rest = text; (line = strsep(&rest, "\n")) != NULL;) {
			if (!*line && !rest)
				break;
			size_t cells = row(out, line, !number++);
			if (number == 1) {
				columns = cells;
				fputs("</thead>\n<tbody>\n", out);
			} else if (cells != columns) {
				fprintf(stderr, "pvrom: error: %s:%zu: %zu columns, expected %zu as in line 1; "
					"make it again: %s\n", in->path, number, cells, columns, in->command);
				free(text);
				return 1;
			}
		}
		if (number < 2) {
			fprintf(stderr, "pvrom: error: %s: no rows; make it again: %s\n", in->path, in->command);
			free(text);
			return 1;
		}
		fputs("</tbody></table></div>\n", out);
	}
	fputs("</section>\n", out);
	free(text);
	return 0;
}

static const char *member(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	return cJSON_IsString(item) ? item->valuestring : NULL;
}

static bool cell_rows(FILE *out, const cJSON *cells)
{
	const cJSON *cell;
	if (!cJSON_IsArray(cells) || !cJSON_GetArraySize(cells))
		return false;
	cJSON_ArrayForEach(cell, cells) {
		const char *name = member(cell, "cell"), *result = member(cell, "status");
		const char *why = member(cell, "why"), *repeat = member(cell, "repeat");
		if (!name || !result)
			return false;
		fputs("<tr><th scope=row>", out);
		report_text(out, name);
		fputs("</th><td>", out);
		report_text(out, result);
		fputs("</td><td class=why>", out);
		report_text(out, why ? why : "");
		fputs("</td><td class=why><code>", out);
		report_text(out, repeat ? repeat : "");
		fputs("</code></td></tr>\n", out);
	}
	return true;
}

/* A square for each cell, so that what failed is seen at once; the table below says it in words. */
static void squares(FILE *out, const cJSON *cells)
{
	const cJSON *cell;

	fputs("<p class=squares aria-hidden=true>", out);
	cJSON_ArrayForEach(cell, cells)
	{
		const char *name = member(cell, "cell"), *status = member(cell, "status");
		bool passed = status && !strcmp(status, "passed");

		fprintf(out, "<span class=\"%s\" title=\"", passed ? "passed" : "failed");
		report_text(out, name ? name : "?");
		fprintf(out, "\">%s</span>", passed ? "" : "x");
	}
	fputs("</p>\n", out);
}

int report_matrix(FILE *out, const struct report_input *in)
{
	char *text;
	int result = report_load(in->path, &text);
	if (result)
		return result;
	head(out, in, text != NULL);
	if (text) {
		cJSON *json = cJSON_ParseWithOpts(text, NULL, true);
		squares(out, cJSON_GetObjectItemCaseSensitive(json, "cells"));
		report_begin_table(out, in->id, in->title);
		fputs("<tr><th scope=col>cell</th><th scope=col>result</th><th scope=col>why</th>"
		      "<th scope=col>to repeat it</th></tr></thead>\n"
		      "<tbody>\n", out);
		if (!cell_rows(out, cJSON_GetObjectItemCaseSensitive(json, "cells"))) {
			fprintf(stderr, "pvrom: error: %s: expected the JSON results of pvrom matrix; make it "
				"again: %s\n", in->path, in->command);
			result = 1;
		}
		fputs("</tbody></table></div>\n", out);
		cJSON_Delete(json);
	}
	fputs("</section>\n", out);
	free(text);
	return result;
}
