/* SPDX-License-Identifier: GPL-2.0-only */
/* Opens what a command line names, and chooses how two such things are compared. */
#include "abidiff/abidiff.h"
#include "abidiff/spec.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define OWN "own" /* the version that pvrom was built with, released or not */

bool abi_regular(const char *path)
{
	struct stat found;
	int bad = stat(path, &found);
	if (!bad && S_ISREG(found.st_mode))
		return true;
	fprintf(stderr, "pvrom: error: %s: found %s, expected a regular file\n", path,
		bad ? strerror(errno) : "another kind of file");
	return false;
}

/* A model of its own, since vmi64.abi leaves nothing of 32 bit in it. Result: as open_folder(). */
static int open_wide(struct abi_state *state, const char *folder)
{
	const char *path = differ_format("%s/vmi64.abi", folder);
	struct stat found;
	state->wide = state->model;
	if (stat(path, &found) && errno == ENOENT)
		return 0;
	if (!abi_regular(path))
		return 2;
	state->wide = (struct model){ .vmi_path = NULL };
	return read_spec_folder(&state->wide, state->wide_files, folder) ||
	       read_spec_file(&state->wide, &state->wide_files[3], path, read_wide) ? 2 : 0;
}

/* Result: 0, or 2 after a line on stderr. */
static int open_folder(struct abi_state *state, const char *folder)
{
	static const char *const names[] = { "vmi.abi", "image.abi", "reasons.abi" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (!abi_regular(differ_format("%s/%s", folder, names[i])))
			return 2;
	if (read_spec_folder(&state->model, state->files, folder))
		return 2;
	return open_wide(state, folder);
}

/* 3.0, or 3.0-WORD. */
static bool looks_like_version(const char *name)
{
	size_t major = strspn(name, "0123456789");
	size_t minor = name[major] == '.' ? strspn(name + major + 1, "0123456789") : 0;
	return major && minor && !strchr(name, '/');
}

static int open_version(struct abi_state *state, const char *name, const char *versions)
{
	struct stat found;
	const char *folder = differ_format("%s/%s", versions, name);
	if (stat(folder, &found) &&
	    !strcmp(name, differ_format("%u.%u", VROM_API_MAJOR, VROM_API_MINOR)))
		folder = differ_format("%s/" OWN, versions);
	if (stat(folder, &found)) {
		fprintf(stderr, "pvrom: error: %s: found no such file, and no such version in %s; this "
			"pvrom was built with %u.%u\n", name, versions, VROM_API_MAJOR, VROM_API_MINOR);
		return 2;
	}
	return open_folder(state, folder);
}

int abi_open(struct abi_state *state, const char *name, const char *versions)
{
	struct stat found;
	state->name = name;
	if (!stat(name, &found)) {
		if (S_ISDIR(found.st_mode))
			return open_folder(state, name);
		state->is_rom = true;
		return rom_open(&state->rom, name);
	}
	if (looks_like_version(name))
		return open_version(state, name, versions);
	fprintf(stderr, "pvrom: error: %s: %s; expected a ROM, a folder with vmi.abi, image.abi and "
		"reasons.abi, or a version as 3.0\n", name, strerror(errno));
	return 2;
}

void abi_close(struct abi_state *state)
{
	if (state->is_rom)
		rom_close(&state->rom);
	for (size_t i = 0; i < COUNT_OF(state->files); i++)
		stanza_free(&state->files[i]);
	for (size_t i = 0; i < COUNT_OF(state->wide_files); i++)
		stanza_free(&state->wide_files[i]);
}

void abi_compare(const struct abi_state *a, const struct abi_state *b, struct differences *list)
{
	struct contract contract;
	if (a->is_rom && b->is_rom) {
		rom_compare(&a->rom, &b->rom, list);
	} else if (a->is_rom) {
		contract_of(&contract, &b->model);
		rom_conform(&contract, &a->rom, true, list);
	} else if (b->is_rom) {
		contract_of(&contract, &a->model);
		rom_conform(&contract, &b->rom, false, list);
	} else {
		spec_compare(&a->model, &b->model, list);
		spec_compare_wide(&a->wide, &b->wide, list);
	}
}

const char *abi_verdict(const struct differences *list)
{
	return list->breaks ? "breaking" : list->count ? "compatible" : "same";
}
