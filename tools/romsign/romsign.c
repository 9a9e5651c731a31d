/* SPDX-License-Identifier: GPL-2.0-only */
/* romsign IN OUT: checks a linked ROM image, mends its sums, prints its sizes. */
#include <argp.h>
#include <stdio.h>

#include "sign.h"
#include "stanza/stanza.h" /* stanza_number */

struct options {
	size_t resident_max;
	const char *paths[2];
	unsigned path_count;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	unsigned long long number;
	switch (key) {
	case 'r':
		if (!stanza_number(arg, ROMFILE_MAX, &number) || !number)
			argp_error(state, "--resident-max %s: expected 1 to %u bytes", arg,
				   ROMFILE_MAX);
		o->resident_max = number;
		return 0;
	case ARGP_KEY_ARG:
		if (o->path_count == 2)
			argp_error(state, "unexpected argument: %s", arg);
		o->paths[o->path_count++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->path_count != 2)
			argp_error(state, "expected IN and OUT");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* A trace build has a limit of its own. An image without a config block is refused later. */
static size_t default_max(const struct romfile *rom)
{
	struct romfile_error error;
	const struct vrom_config *config = romfile_config(rom, &error);
	return config && config->flags & VROM_CONFIG_TRACE ? VROM_TRACE_RESIDENT_MAX :
							     VROM_RESIDENT_MAX;
}

int main(int argc, char **argv)
{
	static const struct argp_option table[] = {
		{ "resident-max", 'r', "BYTES", 0, "what may stay in memory after POST", 0 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = table,
		.parser = option,
		.args_doc = "IN OUT",
		.doc = "Checks the linked ROM image IN, mends its checksums, writes it to "
		       "OUT.\vExit status: 0 signed, 1 the image was refused, 2 usage or file "
		       "error.",
	};
	struct options o = { 0 };
	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, &o);

	struct romfile rom;
	struct romfile_error error = { "cannot write to the standard output" };
	struct sign_sizes sizes;
	int status = 2;
	if (romfile_read(&rom, o.paths[0], &error)) {
		fprintf(stderr, "romsign: error: %s\n", error.text);
		return 2;
	}
	if (!o.resident_max)
		o.resident_max = default_max(&rom);
	if (sign_image(&rom, o.resident_max, &sizes, &error)) {
		status = 1;
	} else if (!romfile_write(&rom, o.paths[1], &error)) {
		printf("resident %zu/%zu file %zu\n", sizes.resident, o.resident_max, sizes.file);
		status = fflush(stdout) ? 2 : 0;
	}
	if (status)
		fprintf(stderr, "romsign: error: %s\n", error.text);
	romfile_free(&rom);
	return status;
}
