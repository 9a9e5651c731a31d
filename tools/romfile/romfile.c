/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "romfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(struct romfile_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(struct romfile_error *error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -1;
}

static const char *kind_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a directory";
	if (S_ISFIFO(mode))
		return "a pipe";
	return "a device or socket";
}

/* Reads at most `limit` bytes. Result: their number, or -1 with errno. */
static ssize_t read_up_to(int fd, uint8_t *to, size_t limit)
{
	size_t have = 0;
	while (have < limit) {
		ssize_t n = read(fd, to + have, limit - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

/* A PCI device's ROM in sysfs is a regular file that cannot be read until it is enabled. */
static const char *read_remedy(int why)
{
	return why == EIO || why == EINVAL ?
		       "; if this is the rom file of a PCI device in sysfs, enable it first: as root, "
		       "write 1 into it, and 0 afterwards" :
		       "";
}

static int read_open(struct romfile *rom, int fd, size_t max, struct romfile_error *error)
{
	struct stat st;
	if (fstat(fd, &st))
		return refuse(error, "%s: cannot look at the file: %s", rom->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(error, "%s: found %s, expected a regular file: name a ROM image",
			      rom->path, kind_of(st.st_mode));
	/*
	 * One byte more than allowed: the file may have grown since, and its stated size is no
	 * proof.
	 */
	rom->bytes = malloc(max + 1);
	if (!rom->bytes)
		return refuse(error, "%s: out of memory", rom->path);
	ssize_t size = read_up_to(fd, rom->bytes, max + 1);
	if (size < 0)
		return refuse(error, "%s: cannot read: %s%s", rom->path, strerror(errno),
			      read_remedy(errno));
	if (!size)
		return refuse(
			error,
			"%s: found 0 bytes, expected 1 to %zu: the file is empty; build it again",
			rom->path, max);
	if (size > (ssize_t)max)
		return refuse(error, "%s: found %lld bytes, expected at most %zu: too large for %s",
			      rom->path, (long long)(st.st_size > size ? st.st_size : size), max,
			      max > ROMFILE_MAX ? "a ROM or a dump; cut it" :
						  "an option ROM, whose length byte counts at most "
						  "255 blocks of 512");
	rom->size = (size_t)size;
	return 0;
}

int romfile_read(struct romfile *rom, const char *path, struct romfile_error *error)
{
	return romfile_read_max(rom, path, ROMFILE_MAX, error);
}

int romfile_read_max(struct romfile *rom, const char *path, size_t max, struct romfile_error *error)
{
	*rom = (struct romfile){ .path = strdup(path) };
	if (!rom->path)
		return refuse(error, "%s: out of memory", path);
	/* O_NONBLOCK: opening a pipe without a writer must not hang. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int result;
	if (fd < 0) {
		result = refuse(
			error,
			"%s: cannot open the ROM file: %s; %s", path, strerror(errno),
			errno == EACCES || errno == EPERM ?
				"ask its owner for the right to read it" :
				"check the name, or build it first");
	} else {
		result = read_open(rom, fd, max, error);
		close(fd);
	}
	if (result)
		romfile_free(rom);
	return result;
}

void romfile_free(struct romfile *rom)
{
	free(rom->path);
	free(rom->bytes);
	*rom = (struct romfile){ 0 };
}

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

int romfile_write(const struct romfile *rom, const char *path, struct romfile_error *error)
{
	char *temporary;
	struct stat st;
	/* The rename would put a file where a device was. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return refuse(error, "%s: found %s, expected a regular file or none: name a file to write",
			      path, kind_of(st.st_mode));
	/* Behind a symbolic link, what it leads to is written. */
	char *real = realpath(path, NULL);
	int length = asprintf(&temporary, "%s.XXXXXX", real ? real : path);
	if (length < 0) {
		free(real);
		return refuse(error, "%s: out of memory", path);
	}
	int result = -1;
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		refuse(error, "%s: cannot create a file beside it: %s", path, strerror(errno));
		goto free_name;
	}
	mode_t mask = umask(0);
	umask(mask);
	int failed = write_all(fd, rom->bytes, rom->size) || fchmod(fd, 0666 & ~mask);
	if (close(fd))
		failed = -1;
	if (!failed && !rename(temporary, real ? real : path)) {
		result = 0;
		goto free_name;
	}
	refuse(error, "%s: cannot write: %s", path, strerror(errno));
	unlink(temporary);
free_name:
	free(temporary);
	free(real);
	return result;
}

uint8_t romfile_sum(const void *bytes, size_t size)
{
	const uint8_t *p = bytes;
	uint8_t sum = 0;
	while (size--)
		sum = (uint8_t)(sum + *p++);
	return sum;
}

void romfile_mend(uint8_t *checksum, const void *bytes, size_t size)
{
	*checksum = (uint8_t)(*checksum - romfile_sum(bytes, size));
}

struct vrom_header *romfile_header(const struct romfile *rom, struct romfile_error *error)
{
	struct vrom_header *h = (void *)rom->bytes;
	if (rom->size < sizeof(*h)) {
		refuse(error,
		       "%s: found %zu bytes, expected at least %zu: too short for a VMI ROM header",
		       rom->path, rom->size, sizeof(*h));
		return NULL;
	}
	if (h->rom_signature != VROM_SIGNATURE) {
		refuse(error,
		       "%s: offset 0x%02zx rom_signature: found 0x%04x, expected 0x%04x: no option "
		       "ROM",
		       rom->path, offsetof(struct vrom_header, rom_signature), h->rom_signature,
		       VROM_SIGNATURE);
		return NULL;
	}
	if (h->vrom_signature != VROM_VMI_SIGNATURE) {
		refuse(error,
		       "%s: offset 0x%02zx vrom_signature: found 0x%08x, expected 0x%08x: no VMI "
		       "ROM",
		       rom->path, offsetof(struct vrom_header, vrom_signature),
		       (unsigned)h->vrom_signature, (unsigned)VROM_VMI_SIGNATURE);
		return NULL;
	}
	if (!h->rom_length || h->rom_length * (size_t)VROM_BLOCK > rom->size) {
		refuse(error,
		       "%s: offset 0x%02zx rom_length: found %u blocks of %d bytes, expected 1 to "
		       "%zu: the length must lie inside the file's %zu bytes",
		       rom->path, offsetof(struct vrom_header, rom_length), h->rom_length,
		       VROM_BLOCK, rom->size / VROM_BLOCK, rom->size);
		return NULL;
	}
	return h;
}

/*
 * The structure called `what` at `offset`, a value of header field `field` at
 * `field_offset`: all `size` bytes behind the header, inside the image.
 */
static void *structure(const struct romfile *rom, const struct vrom_header *h, const char *what,
		       const char *field, size_t field_offset, size_t offset, size_t size,
		       uint32_t signature, struct romfile_error *error)
{
	size_t length = h->rom_length * (size_t)VROM_BLOCK;
	if (!offset) {
		refuse(error,
		       "%s: offset 0x%02zx %s: found 0, expected where %s is: the ROM has none",
		       rom->path, field_offset, field, what);
		return NULL;
	}
	if (offset < sizeof(*h) || size > length || offset > length - size) {
		refuse(error,
		       "%s: offset 0x%02zx %s: found 0x%zx, expected 0x%zx to 0x%zx: %s leaves the "
		       "image",
		       rom->path, field_offset, field, offset, sizeof(*h), length - size, what);
		return NULL;
	}
	uint32_t found;
	memcpy(&found, rom->bytes + offset, sizeof(found));
	if (found != signature) {
		refuse(error,
		       "%s: offset 0x%zx: found 0x%08x, expected 0x%08x: no %s where %s points",
		       rom->path, offset, (unsigned)found, (unsigned)signature, what, field);
		return NULL;
	}
	return rom->bytes + offset;
}

struct vrom_pcir *romfile_pcir(const struct romfile *rom, struct romfile_error *error)
{
	struct vrom_header *h = romfile_header(rom, error);
	if (!h)
		return NULL;
	return structure(rom, h, "PCIR", "pci_header_offs",
			 offsetof(struct vrom_header, pci_header_offs), h->pci_header_offs,
			 sizeof(struct vrom_pcir), VROM_PCIR_SIGNATURE, error);
}

struct vrom_pnp *romfile_pnp(const struct romfile *rom, struct romfile_error *error)
{
	struct vrom_header *h = romfile_header(rom, error);
	if (!h)
		return NULL;
	struct vrom_pnp *pnp = structure(
		rom, h, "$PnP", "pnp_header_offs", offsetof(struct vrom_header, pnp_header_offs),
		h->pnp_header_offs, sizeof(*pnp), VROM_PNP_SIGNATURE, error);
	if (!pnp)
		return NULL;
	/* Its own length byte decides what is summed: that must lie inside the image too. */
	size_t room = h->rom_length * (size_t)VROM_BLOCK - h->pnp_header_offs;
	if (pnp->length * 16u < sizeof(*pnp) || pnp->length * 16u > room) {
		refuse(error,
		       "%s: offset 0x%zx $PnP length: found %u units of 16 bytes, expected %zu to "
		       "%zu",
		       rom->path, h->pnp_header_offs + offsetof(struct vrom_pnp, length),
		       pnp->length, sizeof(*pnp) / 16, room / 16);
		return NULL;
	}
	return pnp;
}

struct vrom_config *romfile_config(const struct romfile *rom, struct romfile_error *error)
{
	struct vrom_header *h = romfile_header(rom, error);
	if (!h)
		return NULL;
	size_t length = h->rom_length * (size_t)VROM_BLOCK;
	struct vrom_config *found = NULL;
	for (size_t at = 0; at + sizeof(*found) <= length; at += 16) {
		struct vrom_config *c = (void *)(rom->bytes + at);
		if (c->signature != VROM_CONFIG_SIGNATURE)
			continue;
		if (found) {
			refuse(error,
			       "%s: offset 0x%zx: found a second config block, expected one "
			       "(0x%zx)",
			       rom->path, at, (size_t)((uint8_t *)found - rom->bytes));
			return NULL;
		}
		found = c;
	}
	if (!found) {
		refuse(error,
		       "%s: found no config block, expected \"vCfg\" at a multiple of 16 bytes",
		       rom->path);
		return NULL;
	}
	size_t at = (size_t)((uint8_t *)found - rom->bytes);
	if (found->version != VROM_CONFIG_VERSION || found->length < VROM_CONFIG_LENGTH_MIN ||
	    found->length > length - at) {
		refuse(error,
		       "%s: offset 0x%zx config block: found version %u length %u, expected "
		       "version %d length %d to %zu",
		       rom->path, at, found->version, found->length, VROM_CONFIG_VERSION,
		       VROM_CONFIG_LENGTH_MIN, length - at);
		return NULL;
	}
	return found;
}
