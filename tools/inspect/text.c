/* SPDX-License-Identifier: GPL-2.0-only */
/* The document as text. */
#include <stdarg.h>
#include <string.h>

#include "inspect/inspect.h"

#define BYTES_SHOWN 8 /* of an array */

struct page {
	FILE *out;
	bool colour;
};

static const char *text(const cJSON *object, const char *key)
{
	const char *found = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));

	return found ? found : "";
}

static unsigned int number(const cJSON *object, const char *key)
{
	const cJSON *found = cJSON_GetObjectItem(object, key);

	return found ? (unsigned int)found->valuedouble : 0;
}

static bool has(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItem(object, key) != NULL;
}

/* What is printed until shade(p, "") gets the colour CODE of a terminal. */
static void shade(const struct page *p, const char *code)
{
	if (p->colour)
		fprintf(p->out, "\033[%sm", code);
}

static void heading(const struct page *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void heading(const struct page *p, const char *format, ...)
{
	va_list args;

	fputc('\n', p->out);
	shade(p, "1");
	va_start(args, format);
	vfprintf(p->out, format, args);
	va_end(args);
	shade(p, "");
	fputc('\n', p->out);
}

/* Names come from files and command lines: what does not print stands as ?. */
static void print_plain(FILE *out, const char *from)
{
	for (; *from; from++)
		fputc((unsigned char)*from < ' ' || *from == 0x7F ? '?' : *from, out);
}

static void print_value(const struct page *p, const cJSON *field)
{
	const char *bytes = text(field, "bytes");
	unsigned int size = number(field, "size");
	char shown[2 * BYTES_SHOWN + 16];

	if (*text(field, "value")) {
		snprintf(shown, sizeof(shown), "%s", text(field, "value"));
	} else if (has(field, "value")) {
		snprintf(shown, sizeof(shown), "0x%0*x", (int)(2 * size), number(field, "value"));
	} else if (size > BYTES_SHOWN && strspn(bytes, "0") == strlen(bytes)) {
		snprintf(shown, sizeof(shown), "%u bytes of 0", size);
	} else {
		snprintf(shown, sizeof(shown), "%.*s%s", 2 * BYTES_SHOWN, bytes,
			 size > BYTES_SHOWN ? ".." : "");
	}
	fprintf(p->out, "%-18s", shown);
}

static void print_field(const struct page *p, const cJSON *field)
{
	fprintf(p->out, "  0x%04x  %-18s", number(field, "offset"), text(field, "name"));
	print_value(p, field);
	if (has(field, "note"))
		fprintf(p->out, "  %s  ", text(field, "note"));
	else
		fprintf(p->out, "  ");
	shade(p, "2");
	fprintf(p->out, has(field, "note") ? "(%s)" : "%s", text(field, "meaning"));
	shade(p, "");
	fputc('\n', p->out);
}

static void print_structure(const struct page *p, const cJSON *structure)
{
	const cJSON *field, *device;

	heading(p, "%s at 0x%04x: %s", text(structure, "name"), number(structure, "offset"),
		text(structure, "meaning"));
	cJSON_ArrayForEach(field, cJSON_GetObjectItem(structure, "fields"))
		print_field(p, field);
	if (has(structure, "devices")) {
		fprintf(p->out, "  device list:%s",
			cJSON_GetArraySize(cJSON_GetObjectItem(structure, "devices")) ? "" : " empty");
		cJSON_ArrayForEach(device, cJSON_GetObjectItem(structure, "devices"))
			fprintf(p->out, " %04x", (unsigned int)device->valuedouble);
		fputc('\n', p->out);
	}
	if (has(structure, "trouble"))
		fprintf(p->out, "  trouble: %s\n", text(structure, "trouble"));
}

static void print_entries(const struct page *p, const cJSON *image)
{
	const cJSON *entry;

	if (!has(image, "entries"))
		return;
	heading(p, "entry table, %d slots",
		cJSON_GetArraySize(cJSON_GetObjectItem(image, "entries")));
	fprintf(p->out, "  offset  slot  leads to  answer  entry   call  name\n");
	cJSON_ArrayForEach(entry, cJSON_GetObjectItem(image, "entries")) {
		char target[12] = "-", at[12] = "-", call[12] = "";

		if (has(entry, "target"))
			snprintf(target, sizeof(target), "0x%04x", number(entry, "target"));
		if (has(entry, "entry"))
			snprintf(at, sizeof(at), "0x%04x", number(entry, "entry"));
		if (has(entry, "call"))
			snprintf(call, sizeof(call), "%u", number(entry, "call"));
		fprintf(p->out, "  0x%04x  %4u  %-8s  %-6s  %-6s  %4s  %s%s%s\n",
			number(entry, "offset"), number(entry, "slot"), target,
			has(entry, "answer") ? text(entry, "answer") : "-", at, call,
			text(entry, "name"), has(entry, "outside") ? "; outside: " : "",
			text(entry, "outside"));
	}
	if (has(image, "entries_trouble"))
		fprintf(p->out, "  trouble: %s\n", text(image, "entries_trouble"));
}

static void print_seen(const struct page *p, const cJSON *image)
{
	const cJSON *seen = cJSON_GetObjectItem(image, "seen"), *group, *count;

	if (has(image, "seen_trouble"))
		fprintf(p->out, "\nnot seen in the emulator: %s\n", text(image, "seen_trouble"));
	if (!seen)
		return;
	heading(p, "seen in the emulator: VMI_Init answers %s, GetRelocationInfo by group",
		text(seen, "init"));
	cJSON_ArrayForEach(group, cJSON_GetObjectItem(seen, "groups")) {
		fprintf(p->out, "  %-10s ", text(group, "name"));
		cJSON_ArrayForEach(count, group)
			if (cJSON_IsNumber(count) && count->valuedouble > 0)
				fprintf(p->out, " %u %s", (unsigned int)count->valuedouble,
					count->string);
		fputc('\n', p->out);
	}
}

static void print_verdicts(const struct page *p, const cJSON *image)
{
	const cJSON *verdict;

	if (!has(image, "verdicts"))
		return;
	heading(p, "who takes it");
	cJSON_ArrayForEach(verdict, cJSON_GetObjectItem(image, "verdicts")) {
		bool accepted = cJSON_IsTrue(cJSON_GetObjectItem(verdict, "accepted"));

		fprintf(p->out, "  %-18s  ", text(verdict, "consumer"));
		shade(p, accepted ? "32" : "31");
		fprintf(p->out, "%-8s", accepted ? "accepted" : "refused");
		shade(p, "");
		fprintf(p->out, "  %s\n", text(verdict, "rule"));
	}
}

static void print_disassembly(const struct page *p, const cJSON *image)
{
	const cJSON *code = cJSON_GetObjectItem(image, "disassembly"), *line;

	if (!code)
		return;
	heading(p, "%s at 0x%04x, %u-bit code", text(code, "name"), number(code, "offset"),
		number(code, "bits"));
	cJSON_ArrayForEach(line, cJSON_GetObjectItem(code, "instructions"))
		fprintf(p->out, "  0x%04x  %-20s  %s\n", number(line, "offset"),
			text(line, "bytes"), text(line, "text"));
	if (has(code, "end"))
		fprintf(p->out, "  %s\n", text(code, "end"));
}

static void print_image(const struct page *p, const cJSON *document, const cJSON *image)
{
	const cJSON *structure;

	heading(p, "image %u at 0x%04x%s%s: %s%s%s, %u bytes", number(image, "index"),
		number(image, "offset"), has(image, "address") ? ", address " : "",
		text(image, "address"), text(image, "kind"), has(image, "version") ? " " : "",
		text(image, "version"), number(image, "length"));
	if (strcmp(text(image, "sha256"), text(document, "sha256")))
		fprintf(p->out, "  sha256  %s\n", text(image, "sha256"));
	if (has(image, "sum"))
		fprintf(p->out, "  sum     0x%02x%s\n", number(image, "sum"),
			number(image, "sum") ? ", expected 0" : "");
	if (number(image, "stated_length") != number(image, "length"))
		fprintf(p->out, "  length  its header says %u bytes, the file has %u from here on\n",
			number(image, "stated_length"), number(image, "length"));
	print_verdicts(p, image);
	print_seen(p, image);
	cJSON_ArrayForEach(structure, cJSON_GetObjectItem(image, "structures"))
		print_structure(p, structure);
	if (has(image, "no_pcir"))
		fprintf(p->out, "\nno PCIR: %s\n", text(image, "no_pcir"));
	if (has(image, "no_pnp"))
		fprintf(p->out, "\nno $PnP: %s\n", text(image, "no_pnp"));
	print_entries(p, image);
	print_disassembly(p, image);
}

void inspect_print(const cJSON *document, FILE *out, bool colour)
{
	struct page p = { out, colour };
	const cJSON *image;

	print_plain(out, text(document, "file"));
	fprintf(out, ": %u bytes", number(document, "size"));
	if (has(document, "base"))
		fprintf(out, " of memory from %s on", text(document, "base"));
	fprintf(out, ", %d image%s\n", inspect_images(document),
		inspect_images(document) == 1 ? "" : "s");
	fprintf(out, "  sha256  %s\n", text(document, "sha256"));
	cJSON_ArrayForEach(image, cJSON_GetObjectItem(document, "images"))
		print_image(&p, document, image);
	fprintf(out, "\nend: %s\n", text(document, "end"));
}
