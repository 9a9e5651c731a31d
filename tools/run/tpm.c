/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "tpm.h"

#include <dirent.h>
#include <errno.h>
#include <sha1.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "romfile/romfile.h"
#include "vmi_abi.h"

#define SOCKET_WAIT_MS 10000
#define TICK_US 20000
#define LENGTH_AT 2 /* in an option ROM: its length in blocks */

/* A guest's line, and the word in it. */
static const char event[] = "tpm event ", mark[] = " rom-sha1=";

int tpm_open(struct run_tpm *tpm, const struct run_spec *spec, struct text *why)
{
	const char *base = getenv("TMPDIR");
	*tpm = (struct run_tpm){ 0 };
	if (!spec->tpm)
		return 0;
	text_addf(&tpm->folder, "%s/pvrom-tpm-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(tpm->folder.bytes)) {
		text_addf(why, "%s: cannot make the folder: %s", text_string(&tpm->folder), strerror(errno));
		text_free(&tpm->folder);
		return -1;
	}
	text_addf(&tpm->socket, "%s/socket", text_string(&tpm->folder));
	struct words command = { 0 };
	words_add(&command, "swtpm");
	words_add(&command, "socket");
	if (strcmp(spec->tpm, run_tpms[0]))
		words_add(&command, "--tpm2");
	words_add(&command, "--tpmstate");
	words_addf(&command, "dir=%s", text_string(&tpm->folder));
	words_add(&command, "--ctrl");
	words_addf(&command, "type=unixio,path=%s", text_string(&tpm->socket));
	words_add(&command, "--terminate"); /* when QEMU has gone */
	int error;
	tpm->process = process_begin(command.list, &error);
	words_free(&command);
	if (!tpm->process) {
		text_addf(why, "cannot start swtpm: %s; apt-get install swtpm", strerror(error));
		return -1;
	}
	for (int ms = 0; access(text_string(&tpm->socket), F_OK); ms += TICK_US / 1000) {
		if (process_ended(tpm->process) || ms >= SOCKET_WAIT_MS || process_interrupted()) {
			text_addf(why, "swtpm made no socket at %s: try the command by hand",
				  text_string(&tpm->socket));
			return -1;
		}
		usleep(TICK_US);
	}
	return 0;
}

void tpm_close(struct run_tpm *tpm)
{
	if (tpm->process)
		process_finish(tpm->process);
	DIR *folder = tpm->folder.size ? opendir(text_string(&tpm->folder)) : NULL;
	for (struct dirent *e; folder && (e = readdir(folder));)
		unlinkat(dirfd(folder), e->d_name, 0); /* not . and .. */
	if (folder)
		closedir(folder);
	if (tpm->folder.size)
		rmdir(text_string(&tpm->folder));
	text_free(&tpm->folder);
	text_free(&tpm->socket);
	*tpm = (struct run_tpm){ 0 };
}

/* What the firmware measures: the image by its length byte. */
static void digest_of(const struct romfile *rom, char digest[SHA1_DIGEST_STRING_LENGTH])
{
	size_t size = rom->size > LENGTH_AT ? (size_t)rom->bytes[LENGTH_AT] * VROM_BLOCK : 0;
	SHA1Data(rom->bytes, size && size < rom->size ? size : rom->size, digest);
}

/* The digests of ROMs in the guest's lines, in their order. */
static void read_events(const char *serial, struct words *measured)
{
	for (const char *line = serial; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *at = strncmp(line, event, strlen(event)) ? NULL : strstr(line, mark);
		if (!at || at > line + strcspn(line, "\n"))
			continue;
		at += strlen(mark);
		words_addf(measured, "%.*s", (int)strspn(at, "0123456789abcdef"), at);
	}
}

bool tpm_explain(const struct run_spec *spec, const char *serial, struct words *lines,
		 struct text *why)
{
	struct words measured = { 0 };
	bool good = true;
	if (!spec->tpm)
		return true;
	read_events(serial, &measured);
	for (size_t i = 0; i < spec->roms.count; i++) {
		struct romfile rom;
		struct romfile_error error;
		char digest[SHA1_DIGEST_STRING_LENGTH] = "";
		struct text line = { 0 };
		bool found = false;
		if (!romfile_read(&rom, spec->roms.list[i], &error)) {
			digest_of(&rom, digest);
			romfile_free(&rom);
		}
		for (size_t n = 0; n < measured.count; n++)
			found |= !strcmp(measured.list[n], digest);
		if (found) {
			text_addf(&line, "%s: measured as %s: matches", spec->roms.list[i], digest);
		} else {
			text_addf(&line, "%s: is %s: differs from what was measured:", spec->roms.list[i],
				  *digest ? digest : "gone");
			for (size_t n = 0; n < measured.count; n++)
				text_addf(&line, " %s", measured.list[n]);
			if (!measured.count)
				text_addf(&line, " nothing, or the guest says nothing of it");
			text_addf(why, "%s%s", good ? "the TPM's log: " : "; ", text_string(&line));
			good = false;
		}
		words_add(lines, text_string(&line));
		text_free(&line);
	}
	words_free(&measured);
	return good;
}
