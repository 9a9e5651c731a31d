/* SPDX-License-Identifier: GPL-2.0-only */
/* The report as TAP and JSON. */
#include <cjson/cJSON.h>
#include <string.h>

#include "verify/verify.h"

static int status(const struct verify_report *report)
{
	bool failed = false, broken = false;

	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		failed |= report->check[n].result == VERIFY_FAILED;
		broken |= report->check[n].result == VERIFY_BROKEN;
	}
	return failed ? 1 : broken ? 3 : 0;
}

static unsigned int count(const struct verify_report *report, enum verify_result result)
{
	unsigned int found = 0;

	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++)
		found += report->check[n].result == result;
	return found;
}

void verify_print_plain(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 0x7F ? '?' : *text, out);
}

int verify_print_tap(const struct verify_report *report, const char *path, FILE *out)
{
	fprintf(out, "TAP version 13\n1..%d\n# ", VERIFY_CHECKS);
	verify_print_plain(out, path);
	fputc('\n', out);
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		const struct verify_finding *f = &report->check[n];
		bool bad = f->result == VERIFY_FAILED || f->result == VERIFY_BROKEN;

		fprintf(out, "%s %u - %s: %s", bad ? "not ok" : "ok", n, verify_name(n),
			verify_what(n));
		if (f->result == VERIFY_SKIPPED)
			fprintf(out, " # SKIP %s", f->text);
		fputc('\n', out);
		if (f->result == VERIFY_BROKEN)
			fprintf(out, "# no verdict: %s\n", f->text);
		else if (f->result != VERIFY_SKIPPED && *f->text)
			fprintf(out, "# %s\n", f->text);
	}
	fprintf(out, "# %u passed, %u failed, %u skipped", count(report, VERIFY_PASSED),
		count(report, VERIFY_FAILED), count(report, VERIFY_SKIPPED));
	if (count(report, VERIFY_BROKEN))
		fprintf(out, ", %u without a verdict", count(report, VERIFY_BROKEN));
	fputc('\n', out);
	return status(report);
}

int verify_print_json(const struct verify_report *report, const char *path, FILE *out)
{
	static const char *const results[] = { "skipped", "passed", "failed", "no verdict" };
	cJSON *document = cJSON_CreateObject();
	cJSON *list;
	char *text;

	cJSON_AddStringToObject(document, "file", path);
	list = cJSON_AddArrayToObject(document, "checks");
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++) {
		const struct verify_finding *f = &report->check[n];
		cJSON *item = cJSON_CreateObject();

		if (!cJSON_AddItemToArray(list, item)) {
			cJSON_Delete(item);
			break;
		}
		cJSON_AddNumberToObject(item, "number", n);
		cJSON_AddStringToObject(item, "name", verify_name(n));
		cJSON_AddStringToObject(item, "what", verify_what(n));
		cJSON_AddStringToObject(item, "result", results[f->result]);
		if (*f->text)
			cJSON_AddStringToObject(item, "text", f->text);
	}
	for (unsigned int result = 0; result < sizeof(results) / sizeof(results[0]); result++)
		cJSON_AddNumberToObject(document, results[result],
					count(report, (enum verify_result)result));
	text = cJSON_Print(document);
	cJSON_Delete(document);
	if (!text)
		return 3;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return status(report);
}

void verify_print_list(FILE *out)
{
	fprintf(out, "| no. | name | what it demands |\n|---|---|---|\n");
	for (unsigned int n = 1; n <= VERIFY_CHECKS; n++)
		fprintf(out, "| %u | %s | %s |\n", n, verify_name(n), verify_what(n));
}
