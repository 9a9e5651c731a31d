/* SPDX-License-Identifier: GPL-2.0-only */
#include "inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runlist.h"

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
	for (const unsigned char *c = bytes; size--; c++)
		hash = (hash ^ *c) * 0x100000001b3u;
	return hash;
}

static uint64_t hash_file(const char *path)
{
	char buffer[65536];
	uint64_t hash = hash_bytes(HASH_START, path, strlen(path));
	size_t size;
	FILE *in = fopen(path, "r");
	while (in && (size = fread(buffer, 1, sizeof(buffer), in)))
		hash = hash_bytes(hash, buffer, size);
	if (in)
		fclose(in);
	return hash;
}

static uint64_t add_file(uint64_t hash, struct file_hashes *files, const char *path)
{
	size_t i = 0;
	while (i < files->paths.count && strcmp(files->paths.list[i], path))
		i++;
	if (i == files->paths.count) {
		words_add(&files->paths, path);
		files->values = grow(files->values, files->paths.count * sizeof(*files->values));
		files->values[i] = hash_file(path);
	}
	return hash_bytes(hash, &files->values[i], sizeof(files->values[i]));
}

uint64_t inputs_hash(const struct run_cell *cell, struct file_hashes *files)
{
	const struct run_spec *spec = &cell->spec;
	uint64_t hash = cell->fields;
	for (size_t i = 0; i < spec->roms.count; i++)
		hash = add_file(hash, files, spec->roms.list[i]);
	for (size_t i = 0; i < spec->pci.count; i++)
		hash = add_file(hash, files, spec->pci.list[i]);
	const char *const others[] = { spec->kernel, spec->initrd, spec->disk, spec->under };
	for (size_t i = 0; i < 4; i++)
		if (others[i])
			hash = add_file(hash, files, others[i]);
	return hash;
}

void file_hashes_free(struct file_hashes *files)
{
	words_free(&files->paths);
	free(files->values);
	*files = (struct file_hashes){ 0 };
}
