// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replays a fuzz target's corpus without libFuzzer: every file of
 * tests/fuzz/corpus/NAME, or the files named. Prints a line per file as TAP has it; an
 * input that fails ends the process, whose status then says so.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "machine.h"

#define INPUT_MAX (1u << 20)

static int count;

static int replay(const char *path)
{
	uint8_t *data = malloc(INPUT_MAX), *exact;
	FILE *file = fopen(path, "rb");
	size_t size = file && data ? fread(data, 1, INPUT_MAX, file) : 0;
	bool good = file && data && !ferror(file);

	if (file)
		fclose(file);
	/* A buffer of exact size: the sanitizer sees a read behind it. */
	exact = malloc(size ? size : 1);
	for (size_t i = 0; exact && i < size; i++)
		exact[i] = data[i];
	if (good && exact)
		LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	free(data);
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++count, path);
	fflush(stdout);
	return !good;
}

int main(int argc, char **argv)
{
	struct dirent **entries;
	char path[512];
	int failed = 0, found;

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			failed |= replay(argv[i]);
		return failed;
	}
	snprintf(path, sizeof(path), "tests/fuzz/corpus/%s", fuzz_name);
	found = scandir(path, &entries, NULL, alphasort);
	if (found < 0) {
		printf("not ok 1 - cannot read %s: run the tests from the top folder\n", path);
		return 2;
	}
	for (int i = 0; i < found; i++) {
		if (entries[i]->d_name[0] != '.') {
			snprintf(path, sizeof(path), "tests/fuzz/corpus/%s/%s", fuzz_name,
				 entries[i]->d_name);
			failed |= replay(path);
		}
		free(entries[i]);
	}
	free(entries);
	return failed;
}
