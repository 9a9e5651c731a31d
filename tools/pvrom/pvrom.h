/* SPDX-License-Identifier: GPL-2.0-only */
/* Subcommands of pvrom, a file each: they get their own argv and return the exit status. */
#ifndef PVROM_H
#define PVROM_H

int pvrom_run(int argc, char **argv);
int pvrom_matrix(int argc, char **argv);
int pvrom_matrix_merge(int argc, char **argv); /* behind `matrix merge` */
int pvrom_cpu(int argc, char **argv);
int pvrom_bind(int argc, char **argv);
int pvrom_census(int argc, char **argv);
int pvrom_inspect(int argc, char **argv);
int pvrom_verify(int argc, char **argv);
int pvrom_conform(int argc, char **argv);
int pvrom_trace(int argc, char **argv);
int pvrom_mutate(int argc, char **argv);
int pvrom_cover(int argc, char **argv);
int pvrom_report(int argc, char **argv);
int pvrom_abidiff(int argc, char **argv);
int pvrom_bench_diff(int argc, char **argv);
int pvrom_addr2call(int argc, char **argv);

/* How pvrom was called (its argv[0]), and its release. */
extern const char *pvrom_self;
extern const char pvrom_version[];

/*
 * The folder of the guests, ROMs and run lists: beside this executable, where the build puts
 * everything, or where `make install` does (../share/pvrom). As seen from the current folder
 * if it is below that. Result: a string that stays.
 */
const char *pvrom_folder(void);

/*
 * The help_filter of every subcommand's argp: adds its exit statuses, which stand in
 * pvrom.c's table alone.
 */
char *pvrom_help(int key, const char *text, void *input);

#endif
