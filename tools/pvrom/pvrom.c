/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "pvrom.h"

#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *pvrom_self;

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "run", pvrom_run, "boot the guest in QEMU, with or without ROMs" },
	{ "matrix", pvrom_matrix, "boot a declared list of such runs in parallel" },
	{ "cpu", pvrom_cpu, "call every entry of a ROM in an emulated CPU" },
	{ "bind", pvrom_bind, "bind the guest's slots to ROMs without a machine" },
	{ "census", pvrom_census, "compare the bindings of two runs or two ROMs" },
	{ "inspect", pvrom_inspect, "show all there is in an option ROM, and who takes it" },
	{ "verify", pvrom_verify, "check a VMI ROM, point by point" },
	{ "mutate", pvrom_mutate, "make a variant of a ROM image" },
	{ "cover", pvrom_cover, "what an ABI can carry of each Linux kernel's pv_ops slots" },
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void list_commands(FILE *out)
{
	fprintf(out, "Usage: pvrom COMMAND [OPTIONS]\n\nCommands:\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fprintf(out, "  %-8s %s\n\n", "help", "this list");
	fprintf(out,
		"`pvrom COMMAND --help` shows a command's options; `pvrom --version` the version.\n"
		"Exit status: 0 good, 1 the subject failed, 2 usage or environment, 3 crashed or "
		"no verdict.\n");
}

const char *pvrom_folder(void)
{
	static char folder[PATH_MAX];
	char here[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	char *slash = size > 0 ? memrchr(folder, '/', (size_t)size) : NULL;
	if (!slash) {
		strcpy(folder, ".");
		return folder;
	}
	*slash = 0;
	size_t length = getcwd(here, sizeof(here)) ? strlen(here) : 0;
	if (length > 1 && !strncmp(folder, here, length) && folder[length] == '/')
		return folder + length + 1;
	return length && !strcmp(folder, here) ? "." : folder;
}

/* A verdict that nobody could read is none. Result: `status`, or 2 where it was lost. */
static int delivered(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "pvrom: error: cannot write to the standard output: the verdict is lost\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	pvrom_self = argc ? argv[0] : "pvrom";
	argp_err_exit_status = 2;
	if (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h")) {
		list_commands(stdout);
		return 0;
	}
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		puts("pvrom " PVROM_VERSION);
		return 0;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(name, commands[i].name))
			continue;
		char called[32];
		snprintf(called, sizeof(called), "pvrom %s", name);
		argv[1] = called;
		return delivered(commands[i].run(argc - 1, argv + 1));
	}
	if (*name)
		fprintf(stderr, "pvrom: error: unknown command `%s`\n\n", name);
	list_commands(stderr);
	return 2;
}
