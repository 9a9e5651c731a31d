/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "pvrom.h"

#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/command.h" /* RUN_KERNEL */
#include "vmi_abi.h"     /* VROM_API_* */

#define DATA "../share/pvrom" /* as installed, from the executable's folder */

const char *pvrom_self;
const char pvrom_version[] = PVROM_VERSION;

/* Every subcommand, and what its exit statuses mean: the one table of them. 2 is alike for all. */
static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
	const char *good, *failed, *none; /* 0, 1, 3; failed and none: NULL where never */
} commands[] = {
	{ "run", pvrom_run, "boot the guest in QEMU, with or without ROMs",
	  "good", "a test failed", "crash or no verdict" },
	{ "matrix", pvrom_matrix, "boot a declared list of such runs in parallel",
	  "every run as expected", "a run was not", "interrupted" },
	{ "cpu", pvrom_cpu, "call every entry of a ROM in an emulated CPU",
	  "all as native text", "an entry is not", "the emulator failed" },
	{ "bind", pvrom_bind, "bind the guest's slots to ROMs without a machine",
	  "a ROM is in use", "a native boot", NULL },
	{ "census", pvrom_census, "compare the bindings of two runs or two ROMs",
	  "nothing changed", "something did", "a file has no census" },
	{ "inspect", pvrom_inspect, "show all there is in an option ROM, and who takes it",
	  "an image was found", "none was", NULL },
	{ "verify", pvrom_verify, "check a VMI ROM, point by point",
	  "no check failed", "a check failed", "no verdict" },
	{ "conform", pvrom_conform, "state which level of the ABI a ROM keeps, and every check",
	  "as demanded", "a check or level failed", "no verdict" },
	{ "trace", pvrom_trace, "decode what a trace build of a ROM logged",
	  "decoded", "something was lost", NULL },
	{ "mutate", pvrom_mutate, "make a variant of a ROM image",
	  "written", "cannot be changed so", NULL },
	{ "cover", pvrom_cover, "what an ABI can carry of each Linux kernel's pv_ops slots",
	  "shown", "the data or the ROM is wrong", NULL },
	{ "report", pvrom_report, "write what the last runs found as one HTML page",
	  "written", "a file of results is wrong", NULL },
	{ "abidiff", pvrom_abidiff, "judge what differs between two versions of the ABI, or ROMs",
	  "same or compatible", "something breaks", NULL },
	{ "bench-diff", pvrom_bench_diff, "compare two results of `make bench`",
	  "no figure is worse", "one is worse, or gone", "a file is no such result" },
	{ "addr2call", pvrom_addr2call, "name the call that an address in a ROM belongs to",
	  "every address named", "one is outside", NULL },
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))
#define STATUS_2 "usage or environment"
static const struct command *current;

static void list_commands(FILE *out)
{
	fprintf(out, "Usage: pvrom COMMAND [OPTIONS]\n\nCommands:\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fprintf(out,
		"  %-10s this list; `help COMMAND`: its options; `help exit`: what exit statuses "
		"mean\n\n"
		"`pvrom --version` shows the version. Exit status: 0 good, 1 the subject failed, 2 "
		"usage or\nenvironment, 3 crashed or no verdict.\n",
		"help");
}

static void list_statuses(void)
{
	static const char form[] = "%-10s %-22s %-21s %s\n";
	printf(form, "", "0", "1", "3");
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];
		printf(form, c->name, c->good, c->failed ? c->failed : "-", c->none ? c->none : "-");
	}
	printf("\n2 is " STATUS_2 " for every command.\n");
}

char *pvrom_help(int key, const char *text, void *input)
{
	char *line;
	(void)input;
	if (key != ARGP_KEY_HELP_EXTRA || !current)
		return (char *)text;
	int size = asprintf(&line, "Exit status: 0 %s%s%s, 2 " STATUS_2 "%s%s.", current->good,
			    current->failed ? ", 1 " : "", current->failed ? current->failed : "",
			    current->none ? ", 3 " : "", current->none ? current->none : "");
	return size < 0 ? NULL : line;
}

const char *pvrom_folder(void)
{
	static char folder[PATH_MAX];
	char here[PATH_MAX], path[PATH_MAX + sizeof(DATA "/" RUN_KERNEL)];
	ssize_t size = readlink("/proc/self/exe", folder, sizeof(folder) - 1);
	char *slash = size > 0 ? memrchr(folder, '/', (size_t)size) : NULL;
	if (!slash) {
		strcpy(folder, ".");
		return folder;
	}
	*slash = 0;
	snprintf(path, sizeof(path), "%s/%s", folder, RUN_KERNEL);
	if (access(path, F_OK)) {
		/* Where neither has them, what is sought next is named beside the executable. */
		snprintf(path, sizeof(path), "%s/%s", folder, DATA);
		if (realpath(path, here))
			strcpy(folder, here);
	}
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

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/* argv[0] becomes what the subcommand calls itself in its messages. */
static int run_command_of(const struct command *command, int argc, char **argv)
{
	char called[32];
	snprintf(called, sizeof(called), "pvrom %s", command->name);
	argv[0] = called;
	current = command;
	return delivered(command->run(argc, argv));
}

static int unknown(const char *name)
{
	if (*name)
		fprintf(stderr, "pvrom: error: unknown command `%s`\n\n", name);
	list_commands(stderr);
	return 2;
}

/* help [COMMAND|exit] */
static int help(int argc, char **argv)
{
	const char *topic = argc > 0 ? argv[0] : "";
	const struct command *command = find(topic);
	char *ask[] = { NULL, (char *)"--help", NULL };
	if (argc > 1) {
		fprintf(stderr, "pvrom: error: help: found `%s` too, expected one command\n", argv[1]);
		return 2;
	}
	if (command)
		return run_command_of(command, 2, ask);
	if (!strcmp(topic, "exit"))
		list_statuses();
	else if (*topic && strcmp(topic, "help"))
		return unknown(topic);
	else
		list_commands(stdout);
	return delivered(0);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	pvrom_self = argc ? argv[0] : "pvrom";
	argp_err_exit_status = 2;
	if (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h"))
		return help(argc - 2, argv + 2);
	if (!strcmp(name, "--version") || !strcmp(name, "-V")) {
		printf("pvrom %s, VMI %u.%u\n", pvrom_version, VROM_API_MAJOR, VROM_API_MINOR);
		return delivered(0);
	}
	const struct command *command = find(name);
	return command ? run_command_of(command, argc - 1, argv + 1) : unknown(name);
}
