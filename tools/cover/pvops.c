/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of slots: columns, kernels, and that no slot stands twice. */
#define _GNU_SOURCE
#include "pvops.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/text.h" /* grow */

#define FILE_MAX (8u << 20)
#define ROWS_MAX 20000u
#define KERNELS_MAX 256u

const char *const pvops_class_names[PVOPS_CLASSES] = { "direct", "adapt", "compose", "native",
						       "inexpressible" };

enum column {
	KERNEL, STRUCT, SLOT, SIGNATURE, CONVENTION, COND, CLASS, CALLS, WIDTH, WANTS, NOTE, COLUMNS
};
static const char header[] = "kernel\tstruct\tslot\tsignature\tconvention\tcond\tclass\tvmi_calls"
			     "\twidth\twants\tnote";

int pvops_error(const struct pvops *data, int line, const char *format, ...)
{
	va_list words;
	va_start(words, format);
	fflush(stdout);
	fprintf(stderr, "%s:%d: error: ", data->path, line);
	vfprintf(stderr, format, words);
	fputc('\n', stderr);
	va_end(words);
	return 1;
}

static int unreadable(const char *path, const char *why)
{
	fprintf(stderr, "pvrom: error: %s: cannot read it: %s; expected a table as in spec/pvops\n",
		path, why);
	return 2;
}

/* Result: 0, or 2 after a line on stderr. */
static int read_file(char **text, const char *path)
{
	FILE *in = fopen(path, "rb");
	if (!in)
		return unreadable(path, strerror(errno));
	*text = grow(NULL, FILE_MAX + 1);
	size_t have = fread(*text, 1, FILE_MAX + 1, in);
	int error = ferror(in) ? errno : 0;
	fclose(in);
	if (error)
		return unreadable(path, strerror(error));
	if (have > FILE_MAX)
		return unreadable(path, "it is above 8 MiB");
	(*text)[have] = 0;
	if (strlen(*text) != have)
		return unreadable(path, "a NUL byte stands in it");
	return 0;
}

/* Cuts a line into exactly `count` columns. */
static int cut(const struct pvops *data, int line, char *text, const char **columns, size_t count)
{
	size_t found = 0;
	for (char *word; (word = strsep(&text, "\t")); found++)
		if (found < count)
			columns[found] = word;
	if (found != count)
		return pvops_error(data, line, "found %zu columns, expected %zu, separated by tabs",
				   found, count);
	return 0;
}

static int read_class(const struct pvops *data, struct pvops_row *row, const char *word)
{
	for (int i = 0; i < PVOPS_CLASSES; i++)
		if (!strcmp(word, pvops_class_names[i])) {
			row->class = (enum pvops_class)i;
			return 0;
		}
	return pvops_error(data, row->line, "class: found `%s`, expected direct, adapt, compose, "
			   "native or inexpressible", word);
}

/* Rows of a kernel stand together, so a name that comes back is a mistake. */
static int read_kernel(struct pvops *data, struct pvops_row *row, const char *name)
{
	size_t known = pvops_kernel(data, name);
	if (!*name)
		return pvops_error(data, row->line, "kernel: found nothing, expected a version");
	if (known < data->kernel_count && known + 1 != data->kernel_count)
		return pvops_error(data, row->line, "kernel: found `%s` again, expected its rows to "
				   "stand together", name);
	if (known == data->kernel_count) {
		if (known == KERNELS_MAX)
			return pvops_error(data, row->line, "found more than %u kernels", KERNELS_MAX);
		data->kernels = grow(data->kernels, (known + 1) * sizeof(*data->kernels));
		data->kernels[data->kernel_count++] = name;
	}
	row->kernel = known;
	return 0;
}

static int check_twice(const struct pvops *data, const struct pvops_row *row)
{
	for (size_t i = data->row_count; i-- && data->rows[i].kernel == row->kernel;)
		if (!strcmp(data->rows[i].slot, row->slot) &&
		    !strcmp(data->rows[i].structure, row->structure))
			return pvops_error(data, row->line, "slot %s.%s of %s stands in line %d "
					   "already", row->structure, row->slot,
					   data->kernels[row->kernel], data->rows[i].line);
	return 0;
}

static int read_row(struct pvops *data, int line, char *text)
{
	const char *c[COLUMNS] = { NULL };
	struct pvops_row row = { .line = line };
	if (cut(data, line, text, c, COLUMNS) || read_kernel(data, &row, c[KERNEL]) ||
	    read_class(data, &row, c[CLASS]))
		return 1;
	row.structure = c[STRUCT];
	row.slot = c[SLOT];
	row.signature = c[SIGNATURE];
	row.convention = c[CONVENTION];
	row.condition = c[COND];
	row.calls = c[CALLS];
	row.note = c[NOTE];
	row.wants = strcmp(c[WANTS], "-") ? c[WANTS] : NULL;
	row.wide = !strcmp(c[WIDTH], "64");
	if (!row.wide && strcmp(c[WIDTH], "any"))
		return pvops_error(data, line, "width: found `%s`, expected any or 64", c[WIDTH]);
	if (!*row.structure || !*row.slot || !*c[WANTS])
		return pvops_error(data, line, "struct, slot or wants: found nothing");
	if (row.class == PVOPS_INEXPRESSIBLE && !row.wants)
		return pvops_error(data, line, "wants: found -, expected what would serve the slot");
	if (check_twice(data, &row) || pvops_read_calls(data, &row))
		return 1;
	if (data->row_count == ROWS_MAX)
		return pvops_error(data, line, "found more than %u rows", ROWS_MAX);
	if (!(data->row_count & (data->row_count - 1))) /* room doubles at each power of 2 */
		data->rows = grow(data->rows, (data->row_count ? data->row_count * 2 : 1) *
						      sizeof(*data->rows));
	data->rows[data->row_count++] = row;
	return 0;
}

int pvops_read(struct pvops *data, const char *path)
{
	struct text name = { 0 };
	text_addf(&name, "%s", path);
	*data = (struct pvops){ .path = name.bytes };
	int result = read_file(&data->text, path), line = 0;
	char *rest = data->text;
	for (char *text; !result && (text = strsep(&rest, "\n"));) {
		line++;
		text[strcspn(text, "\r")] = 0;
		if (line == 1 && strcmp(text, header))
			result = pvops_error(data, 1, "found other columns, expected %s", header);
		else if (line > 1 && *text)
			result = read_row(data, line, text);
	}
	if (!result && !data->row_count)
		result = pvops_error(data, line, "found no row");
	return result;
}

void pvops_free(struct pvops *data)
{
	free(data->path);
	free(data->text);
	free(data->rows);
	free(data->kernels);
	for (size_t i = 0; i < data->made_count; i++)
		free(data->made[i]);
	free(data->made);
	*data = (struct pvops){ 0 };
}

size_t pvops_kernel(const struct pvops *data, const char *name)
{
	size_t i = 0;
	while (i < data->kernel_count && strcmp(data->kernels[i], name))
		i++;
	return i;
}

/* `SLOT` of a binding is STRUCT.SLOT. */
static bool has_slot(const struct pvops *data, size_t kernel, const char *name)
{
	const char *dot = strchr(name, '.');
	for (size_t i = 0; dot && i < data->row_count; i++) {
		const struct pvops_row *row = &data->rows[i];
		if (row->kernel == kernel && !strcmp(row->slot, dot + 1) &&
		    strlen(row->structure) == (size_t)(dot - name) &&
		    !strncmp(row->structure, name, (size_t)(dot - name)))
			return true;
	}
	return false;
}

static bool has_call(const char *name, size_t length)
{
	for (int i = 0; i < VMI_CALLS; i++)
		if (!vmi_calls[i].reserved && strlen(vmi_calls[i].name) == length &&
		    !strncmp(vmi_calls[i].name, name, length))
			return true;
	return false;
}

static int check_binding(const struct pvops *data, const struct pvops *bindings, int line,
			 char *text)
{
	const char *c[4] = { NULL };
	if (cut(bindings, line, text, c, 4))
		return 1;
	size_t kernel = pvops_kernel(data, c[0]);
	if (kernel == data->kernel_count)
		return pvops_error(bindings, line, "found kernel `%s`, expected one of %s", c[0],
				   data->path);
	if (!has_slot(data, kernel, c[1]))
		return pvops_error(bindings, line, "found slot `%s`, expected one that %s has for %s",
				   c[1], data->path, c[0]);
	for (const char *at = c[3]; *at;) {
		size_t length = strcspn(at, "|");
		if (!has_call(at, length))
			return pvops_error(bindings, line, "found call `%.*s`, expected one that "
					   "spec/ has", (int)length, at);
		at += length + (at[length] == '|');
	}
	return 0;
}

int pvops_check_bindings(const struct pvops *data, const char *path, size_t *rows)
{
	struct pvops bindings = { .path = (char *)path };
	char *text = NULL;
	int result = read_file(&text, path), line = 0;
	char *rest = text;
	*rows = 0;
	for (char *word; !result && (word = strsep(&rest, "\n"));) {
		word[strcspn(word, "\r")] = 0;
		if (++line == 1 || !*word)
			continue;
		result = check_binding(data, &bindings, line, word);
		++*rows;
	}
	if (!result && !*rows)
		result = pvops_error(&bindings, line, "found no row");
	free(text);
	return result;
}
