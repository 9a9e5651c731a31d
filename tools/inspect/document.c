/* SPDX-License-Identifier: GPL-2.0-only */
/* The document, from the file down to its images. */
#define _GNU_SOURCE
#include <sha2.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/internal.h"
#include "romfile/romfile.h"

void inspect_text(cJSON *to, const char *key, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return;
	cJSON_AddStringToObject(to, key, text);
	free(text);
}

int inspect_images(const cJSON *document)
{
	return cJSON_GetArraySize(cJSON_GetObjectItem(document, "images"));
}

static void add_hash(cJSON *to, const uint8_t *bytes, size_t size)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];

	cJSON_AddStringToObject(to, "sha256", SHA256Data(bytes, size, hex));
}

static const char *kind(const struct romfile_image *image)
{
	return image->efi ? "EFI image" :
	       image->vmi ? "VMI ROM" :
	       image->pcir.bytes && romfile_image_pcir(image).code_type != VROM_PCIR_CODE_PC_AT ?
			    "other image" :
			    "option ROM";
}

/* The image whose entry is meant: the first VMI ROM, if there is one. */
static size_t disassembled(const struct romfile_images *images)
{
	for (size_t i = 0; i < images->count; i++)
		if (images->image[i].vmi)
			return i;
	return 0;
}

/* Result: 0, or -1 with `error`. */
static int add_image(cJSON *list, const struct inspect_request *request,
		     const struct romfile_images *images, size_t index, char *error,
		     size_t error_size)
{
	const struct romfile_image *image = &images->image[index];
	struct inspect_seen *seen = calloc(1, sizeof(*seen));
	cJSON *item = cJSON_CreateObject();
	int result = -1;

	if (!cJSON_AddItemToArray(list, item)) {
		cJSON_Delete(item);
		goto no_memory;
	}
	if (!seen || inspect_look(image, request->emulate, seen))
		goto no_memory;
	cJSON_AddNumberToObject(item, "index", (double)index);
	cJSON_AddNumberToObject(item, "offset", (double)image->offset);
	if (request->dump)
		inspect_text(item, "address", "0x%08llx",
			     (unsigned long long)(request->base + image->offset));
	cJSON_AddStringToObject(item, "kind", kind(image));
	if (image->vmi) {
		const struct vrom_header *h = (const void *)image->bytes;

		inspect_text(item, "version", "%u.%u", h->api_version_maj, h->api_version_min);
	}
	cJSON_AddNumberToObject(item, "length", (double)image->length);
	cJSON_AddNumberToObject(item, "stated_length", (double)image->stated);
	if (!image->efi)
		cJSON_AddNumberToObject(item, "sum", romfile_image_sum(image));
	add_hash(item, image->bytes, image->length);
	result = 0;
	if (!request->disasm) {
		inspect_structures(item, image);
		inspect_entries(item, image, seen);
		inspect_verdicts(item, request, images, index, seen);
	} else if (index == disassembled(images)) {
		result = inspect_disasm(item, image, seen, request->disasm, error, error_size);
	}
	free(seen);
	return result;
no_memory:
	free(seen);
	snprintf(error, error_size, "out of memory");
	return -1;
}

cJSON *inspect_document(const struct inspect_request *request, char *error, size_t error_size)
{
	struct romfile_images *images = calloc(1, sizeof(*images));
	cJSON *document = cJSON_CreateObject();
	cJSON *list = NULL;

	if (!images || !document) {
		snprintf(error, error_size, "out of memory");
		goto fail;
	}
	if (request->dump)
		romfile_dump(images, request->bytes, request->size, request->base);
	else
		romfile_chain(images, request->bytes, request->size);
	cJSON_AddStringToObject(document, "file", request->path);
	cJSON_AddNumberToObject(document, "size", (double)request->size);
	if (request->dump)
		inspect_text(document, "base", "0x%08llx", (unsigned long long)request->base);
	add_hash(document, request->bytes, request->size);
	list = cJSON_AddArrayToObject(document, "images");
	for (size_t i = 0; i < images->count; i++)
		if (add_image(list, request, images, i, error, error_size))
			goto fail;
	cJSON_AddStringToObject(document, "end", images->end);
	cJSON_AddBoolToObject(document, "complete", images->complete);
	free(images);
	return document;
fail:
	cJSON_Delete(document);
	free(images);
	return NULL;
}
