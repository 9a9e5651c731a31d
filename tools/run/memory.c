/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Do the further arguments lay memory out themselves? */
static bool own_memory(const struct words *extra)
{
	static const char *const words[] = { "-m", "--m", "-numa", "--numa" };
	for (size_t i = 0; i < extra->count; i++) {
		for (size_t n = 0; n < sizeof(words) / sizeof(words[0]); n++)
			if (!strcmp(extra->list[i], words[n]))
				return true;
		if (strstr(extra->list[i], "memory-backend"))
			return true;
	}
	return false;
}

void memory_open(struct run_memory *m, const struct run_spec *spec)
{
	*m = (struct run_memory){ .fd = -1 };
	if (own_memory(&spec->extra))
		return;
	m->fd = memfd_create("pvrom", MFD_CLOEXEC);
	if (m->fd < 0)
		return;
	/* QEMU opens it by this process's name for it, so that no descriptor is inherited. */
	snprintf(m->path, sizeof(m->path), "/proc/%ld/fd/%d", (long)getpid(), m->fd);
	if (ftruncate(m->fd, (off_t)RUN_MEMORY_MB << 20) || access(m->path, R_OK | W_OK))
		memory_close(m);
}

bool memory_window(const struct run_memory *m, uint8_t *to)
{
	return m->fd >= 0 && pread(m->fd, to, MEMORY_WINDOW, VROM_WINDOW_BASE) == MEMORY_WINDOW;
}

void memory_close(struct run_memory *m)
{
	if (m->fd >= 0)
		close(m->fd);
	*m = (struct run_memory){ .fd = -1 };
}
