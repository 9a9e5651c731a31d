/* SPDX-License-Identifier: GPL-2.0-only */
/* The coverage of the kernels' slots, as a map and as a plot. */
#include "report.h"

#include <string.h>

static const char letters[PVOPS_CLASSES + 1] = "DACNX";

/* Does the slot's name stand twice in some kernel? Then its structure tells it apart. */
static bool twice(const struct pvops *data, const struct pvops_row *slot)
{
	size_t last = data->kernel_count;
	for (size_t i = 0; i < data->row_count; i++)
		if (!strcmp(data->rows[i].slot, slot->slot)) {
			if (data->rows[i].kernel == last)
				return true;
			last = data->rows[i].kernel;
		}
	return false;
}

static bool same_slot(const struct pvops_row *a, const struct pvops_row *b, bool by_structure)
{
	return !strcmp(a->slot, b->slot) && (!by_structure || !strcmp(a->structure, b->structure));
}

/* The slot's row in a kernel, or NULL. */
static const struct pvops_row *find(const struct pvops *data, const struct pvops_row *slot, size_t kernel,
				    bool by_structure)
{
	for (size_t i = 0; i < data->row_count; i++)
		if (data->rows[i].kernel == kernel && same_slot(&data->rows[i], slot, by_structure))
			return &data->rows[i];
	return NULL;
}

static void map_cell(FILE *out, const struct pvops_row *row)
{
	if (!row) {
		fputs("<td></td>", out);
		return;
	}
	fprintf(out, "<td><span class=%c title=\"%s", letters[row->class], pvops_class_names[row->class]);
	if (strcmp(row->calls, "none")) {
		fputs(", calls ", out);
		report_text(out, row->calls);
	}
	if (row->wants) {
		fputs("; wants ", out);
		report_text(out, row->wants);
	}
	fprintf(out, "\">%c</span></td>", letters[row->class]);
}

void report_heat(FILE *out, const struct pvops *data)
{
	fputs("<p class=key>", out);
	for (int i = 0; i < PVOPS_CLASSES; i++)
		fprintf(out, "<span class=%c>%c %s</span>", letters[i], letters[i], pvops_class_names[i]);
	fputs("</p>\n<label>Slots that contain <input type=search data-for=heat></label>\n"
	      "<div id=story tabindex=-1 role=region aria-label=\"a slot's story\" aria-live=polite>"
	      "Choose a slot to see what became of it.</div>\n"
	      "<div class=wide tabindex=0 role=region aria-label=\"coverage of slots\"><table class=heat id=heat>"
	      "<caption>Slots of each kernel; an empty field: the kernel has no such slot</caption>\n"
	      "<thead><tr><th scope=col>slot</th>", out);
	for (size_t k = 0; k < data->kernel_count; k++) {
		fputs("<th scope=col>", out);
		report_text(out, data->kernels[k]);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < data->row_count; i++) {
		size_t before = 0;
		bool by_structure = twice(data, &data->rows[i]);
		while (before < i && !same_slot(&data->rows[before], &data->rows[i], by_structure))
			before++;
		if (before < i)
			continue;
		fputs("<tr><th scope=row><button type=button>", out);
		if (by_structure) {
			report_text(out, data->rows[i].structure);
			fputc('.', out);
		}
		report_text(out, data->rows[i].slot);
		fputs("</button></th>", out);
		for (size_t k = 0; k < data->kernel_count; k++)
			map_cell(out, find(data, &data->rows[i], k, by_structure));
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

static void shares(const struct pvops *data, size_t kernel, size_t *direct, size_t *all)
{
	*direct = *all = 0;
	for (size_t i = 0; i < data->row_count; i++)
		if (data->rows[i].kernel == kernel) {
			++*all;
			*direct += data->rows[i].class == PVOPS_DIRECT;
		}
}

void report_share(FILE *out, const struct pvops *data)
{
	const size_t left = 90, step = 20, width = 500;
	size_t direct, all;
	fprintf(out, "<svg viewBox=\"0 0 720 %zu\" role=img aria-label=\"share of direct fits by kernel\">\n",
		data->kernel_count * step + 10);
	for (size_t k = 0; k < data->kernel_count; k++) {
		shares(data, k, &direct, &all);
		size_t percent = all ? (100 * direct + all / 2) / all : 0, y = k * step + 4;
		fprintf(out, "<text x=0 y=%zu>", y + 12);
		report_text(out, data->kernels[k]);
		fprintf(out, "</text><rect x=%zu y=%zu width=%zu height=16 fill=\"#0072b2\"/>"
			"<text x=%zu y=%zu>%zu %% (%zu of %zu)</text>\n", left, y, width * percent / 100,
			left + width * percent / 100 + 6, y + 12, percent, direct, all);
	}
	fputs("</svg>\n", out);
}
