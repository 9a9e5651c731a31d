// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replays a fuzz target's corpus without libFuzzer: every file of fuzz/seeds/NAME in the
 * build folder and of tests/fuzz/corpus/NAME, or the files named. Prints a line per file as TAP has it; an
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

/* Every file of a folder; one that cannot be read is a failure. */
static int replay_folder(const char *folder)
{
	struct dirent **entries;
	char path[1024];
	int failed = 0, found = scandir(folder, &entries, NULL, alphasort);

	if (found < 0) {
		printf("not ok %d - cannot read %s: run the tests from the top folder\n", ++count,
		       folder);
		return 1;
	}
	for (int i = 0; i < found; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			failed |= replay(path);
		free(entries[i]);
	}
	free(entries);
	return failed;
}

int main(int argc, char **argv)
{
	const char *build = getenv("PVROM_BUILD");
	char seeds[512], corpus[512];
	int failed = 0;

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			failed |= replay(argv[i]);
		return failed;
	}
	snprintf(seeds, sizeof(seeds), "%s/fuzz/seeds/%s", build ? build : "build", fuzz_name);
	snprintf(corpus, sizeof(corpus), "tests/fuzz/corpus/%s", fuzz_name);
	failed |= replay_folder(seeds);
	return replay_folder(corpus) | failed;
}
