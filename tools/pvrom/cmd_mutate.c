/* SPDX-License-Identifier: GPL-2.0-only */
/* pvrom mutate: a variant of a ROM image. */
#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mutate/mutate.h"
#include "pvrom.h"
#include "stanza/stanza.h" /* stanza_number */

struct options {
	struct mutate mutate;
	const char *in, *out, *init, *answer;
};

enum {
	KEY_API = 0x100, KEY_DROP, KEY_RELOC, KEY_LICENSE, KEY_VENDOR, KEY_SIZE, KEY_TRUNCATE,
	KEY_BYTES, KEY_FLIP, KEY_NO_PNP, KEY_NO_PCIR, KEY_BAD_CHECKSUM, KEY_KEEP_CHECKSUM, KEY_INIT, KEY_ANSWER,
	KEY_SIGN_DIRECTORY, KEY_CAPABILITY, KEY_DROP64,
};

static void add(struct options *o, uint32_t call, uint32_t type, struct argp_state *state)
{
	if (o->mutate.overrides == MUTATE_OVERRIDES)
		argp_error(state, "found more than %d overridden calls", MUTATE_OVERRIDES);
	o->mutate.override[o->mutate.overrides++] = (struct mutate_override){ call, type };
}

/* Overrides a call by name or number, or a group's calls. Result: false if there is none. */
static bool override(struct options *o, const char *word, uint32_t type, struct argp_state *state)
{
	unsigned long long number;
	bool found = false;

	if (stanza_number(word, UINT32_MAX - 1, &number)) {
		add(o, (uint32_t)number, type, state);
		return true;
	}
	for (unsigned int n = 0; n < VMI_CALLS; n++) {
		if (vmi_calls[n].reserved ||
		    (strcasecmp(word, vmi_calls[n].name) &&
		     strcasecmp(word, vmi_groups[vmi_calls[n].group].name)))
			continue;
		add(o, n, type, state);
		found = true;
	}
	return found;
}

static void drop(struct options *o, char *list, struct argp_state *state)
{
	for (char *word; (word = strsep(&list, ","));)
		if (!override(o, word, VMI_RELOCATION_NONE, state))
			argp_error(state,
				   "--drop: found `%s`, expected calls or groups, as SetCR3,timer",
				   word);
}

/* The same of the 64-bit ABI: its entry in the table goes. */
static void drop64(struct options *o, char *list, struct argp_state *state)
{
	for (char *word; (word = strsep(&list, ","));) {
		unsigned long long number = VMI64_CALLS;
		bool found = stanza_number(word, VMI64_CALLS - 1, &number);

		for (unsigned int n = 0; n < VMI64_CALLS; n++) {
			const struct vmi_call_info *call = &vmi64_calls[n];

			if (n != number && (call->reserved || (strcasecmp(word, call->name) &&
							       strcasecmp(word, vmi64_groups[call->group].name))))
				continue;
			o->mutate.drop64[n] = o->mutate.any_drop64 = found = true;
		}
		if (!found)
			argp_error(state, "--drop64: found `%s`, expected calls or groups of ABI %d.%d, as "
				   "SwapGS,vcpu", word, VMI64_MAJOR, VMI64_MINOR);
	}
}

static void reloc(struct options *o, char *arg, struct argp_state *state)
{
	char *equals = strchr(arg, '=');
	unsigned long long type;

	if (equals) {
		*equals = 0;
		for (unsigned int i = 0; i < VMI_RELOCATIONS; i++)
			if (!strcmp(equals + 1, vmi_relocation_names[i]) &&
			    override(o, arg, i, state))
				return;
		if (stanza_number(equals + 1, UINT32_MAX, &type) &&
		    override(o, arg, (uint32_t)type, state))
			return;
		*equals = '=';
	}
	argp_error(state,
		   "--reloc: found `%s`, expected CALL=TYPE, as RDTSC=nop: TYPE is none, call, jump, "
		   "nop or a number",
		   arg);
}

/* CALL:FIELD=VALUE. */
static void capability(struct options *o, char *arg, struct argp_state *state)
{
#define FIELD(name) { #name, offsetof(struct vrom_capability, name), \
	sizeof(((struct vrom_capability *)0)->name) }
	static const struct {
		const char *name;
		uint8_t offset, size;
	} fields[] = {
		FIELD(entry_offs), FIELD(inline_offs), FIELD(inline_length), FIELD(inline_clobbers),
		FIELD(kinds), FIELD(detail),
	};
#undef FIELD
	char *colon = strchr(arg, ':'), *equals = colon ? strchr(colon, '=') : NULL;
	unsigned long long value = 0, call = VMI_CALLS;

	if (equals) {
		*colon = *equals = 0;
		for (unsigned int n = 0; n < VMI_CALLS; n++)
			if (!vmi_calls[n].reserved && !strcasecmp(arg, vmi_calls[n].name))
				call = n;
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && call < VMI_CALLS; i++)
			if (!strcmp(colon + 1, fields[i].name) &&
			    stanza_number(equals + 1, (1u << 8 * fields[i].size) - 1, &value) &&
			    o->mutate.capabilities < MUTATE_CAPABILITIES) {
				o->mutate.capability[o->mutate.capabilities++] =
					(struct mutate_capability){ (uint32_t)call, fields[i].offset,
								    fields[i].size, (uint16_t)value };
				return;
			}
		*colon = ':';
		*equals = '=';
	}
	argp_error(state, "--capability: found `%s`, expected CALL:FIELD=VALUE up to %d times, as "
		   "SetCR3:inline_length=2: a field of vrom_capability and what fits into it",
		   arg, MUTATE_CAPABILITIES);
}

/* `text` as two numbers with `middle` between them; hexadecimal without 0x if `base` is 16. */
static bool pair(const char *text, char middle, int base, unsigned long max1, unsigned long max2,
		 unsigned long value[2])
{
	const char digits[] = "0123456789abcdefABCDEF";
	const unsigned long max[2] = { max1, max2 };
	char *end;

	for (int i = 0; i < 2; i++) {
		if (!*text || !memchr(digits, *text, sizeof(digits) - 1))
			return false;
		errno = 0;
		value[i] = strtoul(text, &end, base);
		if (errno || value[i] > max[i] || *end != (i ? 0 : middle))
			return false;
		text = end + 1;
	}
	return true;
}

static void flip(struct options *o, const char *arg, struct argp_state *state)
{
	unsigned long value[2];

	if (!pair(arg, ':', 0, ROMFILE_MAX - 1, 7, value))
		argp_error(state, "--flip: found `%s`, expected OFFSET:BIT, as 0x18:3", arg);
	if (o->mutate.flips == MUTATE_FLIPS)
		argp_error(state, "--flip: found more than %d", MUTATE_FLIPS);
	o->mutate.flip[o->mutate.flips++] =
		(struct mutate_flip){ (uint32_t)value[0], (uint32_t)value[1] };
}

/* OFFSET:HEX, two digits a byte. */
static void bytes(struct options *o, const char *arg, struct argp_state *state)
{
	const char *colon = strchr(arg, ':'), *digit = colon ? colon + 1 : "";
	struct mutate_patch patch = { 0 };
	char number[16] = "", pair[3] = "";
	unsigned long long offset;
	bool good = colon && (size_t)(colon - arg) < sizeof(number) && *digit;

	if (good)
		memcpy(number, arg, (size_t)(colon - arg));
	good = good && stanza_number(number, ROMFILE_MAX - 1, &offset);
	for (; good && *digit; digit += 2) {
		good = patch.size < MUTATE_PATCH_SIZE && isxdigit((unsigned char)digit[0]) &&
		       isxdigit((unsigned char)digit[1]);
		if (!good)
			break;
		memcpy(pair, digit, 2);
		patch.bytes[patch.size++] = (uint8_t)strtoul(pair, NULL, 16);
	}
	if (!good)
		argp_error(state, "--bytes: found `%s`, expected OFFSET:HEX of 1 to %d bytes, as "
			   "0x16:ff3f", arg, MUTATE_PATCH_SIZE);
	if (o->mutate.patches == MUTATE_PATCHES)
		argp_error(state, "--bytes: found more than %d", MUTATE_PATCHES);
	patch.offset = (uint32_t)offset;
	o->mutate.patch[o->mutate.patches++] = patch;
}

static uint32_t size(const char *name, const char *arg, struct argp_state *state)
{
	unsigned long long n;

	if (!stanza_number(arg, ROMFILE_MAX, &n) || !n)
		argp_error(state, "%s: found `%s`, expected 1 to %u bytes", name, arg, ROMFILE_MAX);
	return (uint32_t)n;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	struct mutate *m = &o->mutate;
	unsigned long value[2];

	switch (key) {
	case KEY_API:
		if (!pair(arg, '.', 10, UINT8_MAX, UINT8_MAX, value))
			argp_error(state, "--api: found `%s`, expected MAJOR.MINOR, as 3.1", arg);
		m->set_api = true;
		m->major = (uint8_t)value[0];
		m->minor = (uint8_t)value[1];
		return 0;
	case KEY_VENDOR:
		if (!pair(arg, ':', 16, UINT16_MAX, UINT16_MAX, value))
			argp_error(state, "--vendor: found `%s`, expected VENDOR:DEVICE in hexadecimal, "
				   "as 1af4:1000", arg);
		m->set_vendor = true;
		m->vendor = (uint16_t)value[0];
		m->device = (uint16_t)value[1];
		return 0;
	case KEY_DROP: drop(o, arg, state); return 0;
	case KEY_DROP64: drop64(o, arg, state); return 0;
	case KEY_RELOC: reloc(o, arg, state); return 0;
	case KEY_BYTES: bytes(o, arg, state); return 0;
	case KEY_FLIP: flip(o, arg, state); return 0;
	case KEY_LICENSE: m->license = arg; return 0;
	case KEY_SIZE: m->size = size("--size", arg, state); return 0;
	case KEY_TRUNCATE: m->truncate = size("--truncate", arg, state); return 0;
	case KEY_NO_PNP: m->no_pnp = true; return 0;
	case KEY_NO_PCIR: m->no_pcir = true; return 0;
	case KEY_BAD_CHECKSUM: m->bad_checksum = true; return 0;
	case KEY_KEEP_CHECKSUM: m->keep_checksum = true; return 0;
	case KEY_SIGN_DIRECTORY: m->sign_directory = true; return 0;
	case KEY_CAPABILITY: capability(o, arg, state); return 0;
	case KEY_INIT: o->init = arg; return 0;
	case KEY_ANSWER: o->answer = arg; return 0;
	case ARGP_KEY_ARG:
		if (o->out)
			argp_error(state, "found a third file `%s`, expected IN and OUT", arg);
		*(o->in ? &o->out : &o->in) = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->out)
			argp_error(state, "expected two files, the ROM and what to write");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option table[] = {
	{ "api", KEY_API, "MAJOR.MINOR", 0, "another version in the header", 0 },
	{ "drop", KEY_DROP, "LIST", 0,
	  "answer NONE for these calls and groups, separated by commas", 0 },
	{ "drop64", KEY_DROP64, "LIST", 0, "the same in the table of the 64-bit ABI", 0 },
	{ "reloc", KEY_RELOC, "CALL=TYPE", 0,
	  "answer another relocation type: none, call, jump, nop or a number. The address "
	  "stays what the ROM answers", 0 },
	{ "capability", KEY_CAPABILITY, "CALL:FIELD=VALUE", 0,
	  "another value in the directory's entry of a call; may stand again", 0 },
	{ "license", KEY_LICENSE, "TEXT", 0, "another licence string", 0 },
	{ "vendor", KEY_VENDOR, "VENDOR:DEVICE", 0, "other PCI ids, hexadecimal", 0 },
	{ "size", KEY_SIZE, "BYTES", 0, "another length: of the file, and wherever it is noted", 0 },
	{ "truncate", KEY_TRUNCATE, "BYTES", 0, "cut the file, not the noted length", 0 },
	{ "bytes", KEY_BYTES, "OFFSET:HEX", 0, "put these bytes there; may stand again", 0 },
	{ "flip", KEY_FLIP, "OFFSET:BIT", 0, "flip a bit; may stand again", 0 },
	{ "no-pnp", KEY_NO_PNP, NULL, 0, "without $PnP", 0 },
	{ "no-pcir", KEY_NO_PCIR, NULL, 0, "without PCIR", 0 },
	{ "init", KEY_INIT, "FILE", 0, "other code for VMI_Init; see tools/mutate/mutate.h", 0 },
	{ "answer", KEY_ANSWER, "FILE", 0, "other code for GetRelocationInfo", 0 },
	{ "bad-checksum", KEY_BAD_CHECKSUM, NULL, 0, "make the checksum wrong", 0 },
	{ "sign-directory", KEY_SIGN_DIRECTORY, NULL, 0,
	  "mend the sums of the directory and its tables, too", 0 },
	{ "keep-checksum", KEY_KEEP_CHECKSUM, NULL, 0, "do not mend the checksum", 0 },
	{ 0 }
};
static const struct argp argp = {
	table, option, "IN OUT",
	"Makes a variant of a VMI ROM image and mends its checksum.\v"
	"Appended code needs the image whole: ROMs of ours then keep in memory what their POST "
	"would otherwise drop.",
	NULL, pvrom_help, NULL
};

/* Reads other code, if asked to. The bytes live until the program ends. */
static int read_code(const char *path, struct mutate_code *code, struct romfile_error *error)
{
	struct romfile file;

	if (!path)
		return 0;
	if (romfile_read(&file, path, error))
		return -1;
	free(file.path);
	*code = (struct mutate_code){ file.bytes, file.size };
	return 0;
}

int pvrom_mutate(int argc, char **argv)
{
	struct options o = { 0 };
	struct romfile rom = { 0 };
	struct romfile_error error;
	int status = 2;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (!romfile_read(&rom, o.in, &error) && !read_code(o.init, &o.mutate.init, &error) &&
	    !read_code(o.answer, &o.mutate.answer, &error)) {
		if (mutate_rom(&rom, &o.mutate, &error))
			status = 1;
		else if (!romfile_write(&rom, o.out, &error))
			status = 0;
	}
	if (status)
		fprintf(stderr, "pvrom: error: %s\n", error.text);
	romfile_free(&rom);
	free((void *)o.mutate.init.bytes);
	free((void *)o.mutate.answer.bytes);
	return status;
}
