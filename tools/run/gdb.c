/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "gdb.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_WAIT_MS 30000
#define TICK_US 20000

/* The linked file beside a ROM, if there is one. */
static void add_elf(struct text *script, const char *rom)
{
	struct text elf = { 0 };
	const char *dot = strrchr(rom, '.');
	size_t stem = dot && !strchr(dot, '/') ? (size_t)(dot - rom) : strlen(rom);
	text_addf(&elf, "%.*s.elf", (int)stem, rom);
	if (!access(text_string(&elf), R_OK))
		text_addf(script, "vmi file %s\n", text_string(&elf));
	text_free(&elf);
}

/*
 * The guest's symbols. One of 64 bits is started as a file of 32, which has none: the file that it was made
 * of lies beside it.
 */
static void add_guest(struct text *script, const char *kernel)
{
	struct text wide = { 0 };
	text_addf(&wide, "%s64", kernel);
	const char *dot = strrchr(kernel, '.');
	bool there = dot && !strcmp(dot, ".elf") && !access(text_string(&wide), R_OK);
	text_addf(script, "file %s\n", there ? text_string(&wide) : kernel);
	text_free(&wide);
}

static void write_commands(const struct gdb *gdb, const struct run_spec *spec, const char *scripts,
			   struct text *script)
{
	/* No guess of an operating system: it would forbid 16-bit code. No caches: POST writes code. */
	text_addf(script, "set confirm off\nset pagination off\nset osabi none\n"
			  "set stack-cache off\nset code-cache off\n");
	if (!spec->own) /* a bzImage has no symbols */
		add_guest(script, spec->kernel);
	if (run_is_wide(spec)) /* whatever the file says; and breakpoints above 4 GiB in any mode */
		text_addf(script, "set architecture i386:x86-64\nset remoteaddresssize 64\n");
	text_addf(script, "source %s/pvrom.py\n", scripts);
	for (size_t i = 0; i < spec->roms.count; i++)
		add_elf(script, spec->roms.list[i]);
	for (size_t i = 0; i < spec->pci.count; i++)
		add_elf(script, spec->pci.list[i]);
	text_addf(script, "target remote %s\n", text_string(&gdb->socket));
}

int gdb_prepare(struct gdb *gdb, struct run_spec *spec, const char *scripts, struct text *why)
{
	char folder[] = "/tmp/pvrom-gdb-XXXXXX";
	struct text script = { 0 }, python = { 0 };
	*gdb = (struct gdb){ 0 };
	text_addf(&python, "%s/pvrom.py", scripts);
	bool there = !access(text_string(&python), R_OK);
	if (!there)
		text_addf(why, "%s: cannot read it: run make", text_string(&python));
	text_free(&python);
	if (!there)
		return -1;
	if (!mkdtemp(folder)) {
		text_addf(why, "%s: cannot make the folder: %s", folder, strerror(errno));
		return -1;
	}
	text_addf(&gdb->folder, "%s", folder);
	text_addf(&gdb->socket, "%s/socket", folder);
	text_addf(&gdb->script, "%s/script", folder);
	write_commands(gdb, spec, scripts, &script);
	FILE *out = fopen(text_string(&gdb->script), "w");
	bool good = out && fwrite(script.bytes, 1, script.size, out) == script.size;
	if (out)
		good = !fclose(out) && good;
	text_free(&script);
	if (!good) {
		text_addf(why, "%s: cannot write it: %s", text_string(&gdb->script), strerror(errno));
		return -1;
	}
	words_add(&spec->extra, "-S");
	words_add(&spec->extra, "-gdb");
	words_addf(&spec->extra, "unix:%s,server=on,wait=off", text_string(&gdb->socket));
	return 0;
}

int gdb_start(struct gdb *gdb, struct text *why)
{
	signal(SIGINT, SIG_IGN);
	fflush(stdout);
	gdb->pid = fork();
	if (gdb->pid < 0) {
		gdb->pid = 0;
		text_addf(why, "cannot start gdb: %s", strerror(errno));
		return -1;
	}
	if (gdb->pid)
		return 0;
	signal(SIGINT, SIG_DFL);
	for (int ms = 0; ms < SOCKET_WAIT_MS && access(text_string(&gdb->socket), F_OK);
	     ms += TICK_US / 1000)
		usleep(TICK_US);
	execlp("gdb", "gdb", "-q", "-x", text_string(&gdb->script), (char *)NULL);
	fprintf(stderr, "pvrom: error: cannot start gdb: %s; apt-get install gdb\n", strerror(errno));
	_exit(2);
}

void gdb_end(struct gdb *gdb)
{
	int status;
	if (gdb->pid)
		while (waitpid(gdb->pid, &status, 0) < 0 && errno == EINTR)
			;
	if (gdb->folder.size) {
		unlink(text_string(&gdb->socket));
		unlink(text_string(&gdb->script));
		rmdir(text_string(&gdb->folder));
	}
	text_free(&gdb->folder);
	text_free(&gdb->socket);
	text_free(&gdb->script);
}
