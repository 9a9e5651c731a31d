// SPDX-License-Identifier: GPL-2.0-only
/*
 * inspect and verify on any file, without the emulator. Input: a byte of flags, then the
 * file. Flags: 1 it is a memory dump, from an address that bits 6 and 7 move off the steps; 2
 * the code that the firmware calls is disassembled, with 4 VMI_Init, with 8 call 17; 16 the
 * image's sum is mended, so that damage reaches what is behind it.
 */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/inspect.h"
#include "romfile/romfile.h"
#include "verify/verify.h"

const char fuzz_name[] = "inspect";

/* Not assert(): it must be there in every build. */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz %s: %s\n", fuzz_name, what);
	abort();
}

static void check_document(const cJSON *document)
{
	const cJSON *image, *verdict;

	must(*cJSON_GetStringValue(cJSON_GetObjectItem(document, "end")), "no word on the end");
	cJSON_ArrayForEach(image, cJSON_GetObjectItem(document, "images")) {
		unsigned int verdicts = 0;

		must(cJSON_GetObjectItem(image, "length")->valuedouble > 0, "an image of no length");
		cJSON_ArrayForEach(verdict, cJSON_GetObjectItem(image, "verdicts")) {
			must(*cJSON_GetStringValue(cJSON_GetObjectItem(verdict, "rule")),
			     "a verdict without a rule");
			verdicts++;
		}
		must(verdicts >= 2 || cJSON_GetObjectItem(image, "disassembly") ||
			     !cJSON_GetObjectItem(image, "structures"), "no verdicts");
	}
}

static void inspect(struct inspect_request *request, FILE *nowhere)
{
	char error[256] = "";
	cJSON *document = inspect_document(request, error, sizeof(error));

	if (!document) {
		must(request->disasm && *error, "neither a document nor an error");
		return;
	}
	check_document(document);
	inspect_print(document, nowhere, true);
	char *text = cJSON_Print(document);
	must(text != NULL, "no JSON");
	cJSON_free(text);
	cJSON_Delete(document);
}

static void verify(const uint8_t *bytes, size_t size, FILE *nowhere)
{
	static struct verify_report report;
	struct verify_request request = { .bytes = bytes, .size = size, .rounds = 1 };

	must(!verify_run(&request, &report), "out of memory");
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		must(report.check[n].result != VERIFY_BROKEN, "no verdict without an emulator");
		must(report.check[n].result == VERIFY_PASSED || *report.check[n].text,
		     "a check that did not pass, and no reason");
	}
	must(report.check[VERIFY_init_returns].result == VERIFY_SKIPPED, "called without emulator");
	verify_print_tap(&report, "file", nowhere);
	verify_print_json(&report, "file", nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct inspect_request request = { .path = "file" };
	uint8_t *bytes;

	if (size < 2)
		return 0;
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	must(nowhere != NULL, "no /dev/null");
	request.dump = data[0] & 1;
	request.base = request.dump ? VROM_WINDOW_BASE + (data[0] >> 6) * 700u : 0;
	request.disasm = data[0] & 4 ? "VMI_Init" : data[0] & 8 ? "SetCR3" :
			 data[0] & 2 ? "post" : NULL;
	request.size = size - 1;
	bytes = malloc(request.size); /* of exact size: the sanitizer sees a read behind it */
	must(bytes != NULL, "out of memory");
	memcpy(bytes, data + 1, request.size);
	if (data[0] & 16 && request.size > sizeof(struct vrom_header) &&
	    bytes[2] * (size_t)VROM_BLOCK <= request.size)
		romfile_mend(&bytes[offsetof(struct vrom_header, rom_pad0)], bytes,
			     bytes[2] * (size_t)VROM_BLOCK);
	request.bytes = bytes;
	inspect(&request, nowhere);
	verify(bytes, request.size, nowhere);
	free(bytes);
	return 0;
}
