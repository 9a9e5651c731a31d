/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of tools/inspect only. */
#ifndef INSPECT_INTERNAL_H
#define INSPECT_INTERNAL_H

#include "inspect/inspect.h"
#include "inspect/look.h"

/* fields.c: adds the structures of an image as `structures`. */
void inspect_structures(cJSON *to, const struct romfile_image *image);
/* The name of a value of `constants PREFIX` in spec/image.abi, or NULL. */
const char *inspect_constant(const char *prefix, uint64_t value);

/* entries.c: adds the entry table, and what was seen behind it, as `entries` and `seen`. */
void inspect_entries(cJSON *to, const struct romfile_image *image,
		     const struct inspect_seen *seen);

/* verdicts.c: adds what each consumer makes of image `index` of `images` as `verdicts`. */
void inspect_verdicts(cJSON *to, const struct inspect_request *request,
		      const struct romfile_images *images, size_t index,
		      const struct inspect_seen *seen);

/*
 * disasm.c: adds an entry's instructions as `disassembly`. `name`: a call, VMI_Init,
 * GetRelocationInfo or post. Result: 0, or -1 with a line in `error`.
 */
int inspect_disasm(cJSON *to, const struct romfile_image *image, const struct inspect_seen *seen,
		   const char *name, char *error, size_t error_size);

/* document.c: adds `key` with a formatted text. */
void inspect_text(cJSON *to, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
