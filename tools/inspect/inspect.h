/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ROM file, or a dump of memory, as a document: all there is to see in it, and who would take
 * it. The document is a cJSON tree, whose form docs/inspect.md describes; the text is printed
 * from it, so that both say the same.
 */
#ifndef INSPECT_H
#define INSPECT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct inspect_request {
	const char *path;     /* as it is named */
	const uint8_t *bytes; /* the file's, 1 to ROMFILE_DUMP_MAX */
	size_t size;
	bool dump;            /* of physical memory, from `base` on */
	uint64_t base;
	bool emulate;         /* call VMI ROMs in the emulator */
	const char *disasm;   /* only this entry, disassembled; NULL = no */
};

/*
 * Result: the document, to be freed with cJSON_Delete(), or NULL with a line in `error` where
 * memory is out, the emulator is missing, or there is no such entry.
 */
cJSON *inspect_document(const struct inspect_request *request, char *error, size_t error_size);

/* The number of images in the document. */
int inspect_images(const cJSON *document);

/* Prints it for people. `colour`: with the escape sequences of a terminal. */
void inspect_print(const cJSON *document, FILE *out, bool colour);

#endif
