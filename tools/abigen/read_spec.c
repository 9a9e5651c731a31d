/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a whole state of spec/. */
#include "model.h"

#include <limits.h>

int read_spec_file(struct model *m, struct stanza_file *file, const char *path,
		   int (*read)(struct model *, const struct stanza_file *))
{
	int result = stanza_read(file, path);
	if (result == STANZA_UNREADABLE)
		return SPEC_UNREADABLE;
	return result || (read && read(m, file)) ? SPEC_WRONG : 0;
}

int read_spec(struct model *m, struct stanza_file files[3], const char *const paths[3])
{
	int result = read_spec_file(m, &files[0], paths[0], read_vmi);
	if (!result)
		result = read_spec_file(m, &files[1], paths[1], read_image);
	return result ? result : read_spec_file(m, &files[2], paths[2], read_reasons);
}

int read_spec_folder(struct model *m, struct stanza_file files[3], const char *folder)
{
	static const char *const names[] = { "vmi.abi", "image.abi", "reasons.abi" };
	const char *paths[3];
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[PATH_MAX];
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		paths[i] = keep(path);
	}
	return read_spec(m, files, paths);
}
