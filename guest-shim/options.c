// SPDX-License-Identifier: GPL-2.0-only
/* The command line: copied with bounds, then cut into words. */
#include "options.h"
#include "window.h"
#include "console.h"
#include "memory.h"
#include "percpu.h"

#define LINE_SIZE 512
#define OPTIONS_OFFSET_MAX 0x1ffff /* in an image of up to 128 KiB */
#define INFO_MEMORY 0x1u /* bit of the flags: KiB above 1 MiB at 8 */
#define INFO_MEMORY_AT 8
#define INFO_MEMORY_MAX (0xbfffffffu >> 10) /* what lies below devices */
#define INFO_COMMAND_LINE 0x4u /* bit of the flags: the pointer at 16 is valid */
#define INFO_COMMAND_LINE_AT 16

static char line[LINE_SIZE];
static const struct options *current;

static void copy_line(uint32_t magic, uintptr_t info)
{
	uint32_t flags, address;

	if (magic != BOOT_MAGIC || !info) {
		printf("note no multiboot information: magic found 0x%08x, expected 0x%08x\n", magic,
		       BOOT_MAGIC);
		return;
	}
	memcpy(&flags, (const void *)info, sizeof(flags));
	memcpy(&address, (const void *)(info + INFO_COMMAND_LINE_AT), sizeof(address));
	if (!(flags & INFO_COMMAND_LINE) || !address)
		return;
	const char *from = (const char *)(uintptr_t)address;
	size_t i = 0;

	for (; i < LINE_SIZE - 1 && from[i]; i++)
		line[i] = from[i];
	if (i == LINE_SIZE - 1 && from[i])
		printf("note the command line was cut after %u characters\n", LINE_SIZE - 1);
}

static uint32_t ram_end(uint32_t magic, uintptr_t info)
{
	uint32_t flags, kib;

	if (magic != BOOT_MAGIC || !info)
		return 0;
	memcpy(&flags, (const void *)info, sizeof(flags));
	memcpy(&kib, (const void *)(info + INFO_MEMORY_AT), sizeof(kib));
	if (!(flags & INFO_MEMORY))
		return 0;
	return 0x100000 + (kib < INFO_MEMORY_MAX ? kib : INFO_MEMORY_MAX) * 1024;
}

/* Reads a decimal or 0x number up to `max`; *text moves behind it. */
static bool read_number(const char **text, uint32_t max, uint32_t *number)
{
	uint32_t base = starts_with(*text, "0x") ? 16 : 10;
	const char *p = base == 16 ? *text + 2 : *text;
	uint32_t value = 0;
	bool any = false;

	for (;; p++, any = true) {
		uint32_t digit = *p >= '0' && *p <= '9' ? (uint32_t)(*p - '0') :
				 *p >= 'a' && *p <= 'f' ? (uint32_t)(*p - 'a' + 10) : 16;

		if (digit >= base)
			break;
		if (value > (max - digit) / base)
			return false;
		value = value * base + digit;
	}
	*text = p;
	*number = value;
	return any;
}

static bool read_flip(const char *value, struct options *o)
{
	uint32_t bit;

	if (!read_number(&value, OPTIONS_OFFSET_MAX, &o->flip_offset) || *value++ != ':' ||
	    !read_number(&value, 7, &bit) || *value)
		return false;
	o->flip_bit = bit;
	o->flip = true;
	return true;
}

static bool read_set(const char *value, struct options *o)
{
	uint32_t byte;

	if (!read_number(&value, OPTIONS_OFFSET_MAX, &o->set_offset) || *value++ != ':' ||
	    !read_number(&value, UINT8_MAX, &byte) || *value)
		return false;
	o->set_byte = (uint8_t)byte;
	return o->set = true;
}

static bool read_version(const char **text, uint8_t *major, uint8_t *minor)
{
	uint32_t a, b;

	if (!read_number(text, UINT8_MAX, &a) || *(*text)++ != '.' ||
	    !read_number(text, UINT8_MAX, &b))
		return false;
	*major = (uint8_t)a;
	*minor = (uint8_t)b;
	return true;
}

static bool read_range(const char *value, struct options *o)
{
	struct vmi_version_range r;
	uint8_t major;

	if (!read_version(&value, &r.major, &r.minor_min) || *value++ != '-' ||
	    !read_version(&value, &major, &r.minor_max) || *value || major != r.major ||
	    r.minor_max < r.minor_min)
		return false;
	o->range = r;
	return true;
}

static bool read_place(const char *value, struct options *o)
{
	o->place_all = equal(value, "all");
	return o->place = o->place_all || (read_number(&value, UINT32_MAX, &o->place_at) && !*value);
}

static bool read_unsigned(const char *value, uint32_t max, unsigned *to)
{
	uint32_t number;

	if (!read_number(&value, max, &number) || *value)
		return false;
	*to = number;
	return true;
}

static bool read_crash(const char *value, struct options *o)
{
	return read_unsigned(value, 15, &o->crash) &&
	       (o->crash == 6 || o->crash == 8 || o->crash >= 14);
}

static bool read_end(const char *value, struct options *o)
{
	o->end = equal(value, "shutdown") ? POWER_SHUTDOWN :
		 equal(value, "reboot") ? POWER_REBOOT_SOFT :
		 equal(value, "reboot-hard") ? POWER_REBOOT_HARD : POWER_NONE;
	return o->end != POWER_NONE;
}

static bool read_word(const char *word, struct options *o)
{
	unsigned number;

	if (equal(word, "apic=off"))
		return o->apic_off = true;
	if (equal(word, "watchdog=off"))
		return o->watchdog_off = true;
	if (equal(word, "x2apic=1"))
		return o->x2apic = true;
	if (equal(word, "window=copy"))
		return o->window_copy = true;
	if (equal(word, "window=empty"))
		return o->window_empty = true;
	if (starts_with(word, "window-at="))
		return window_choose(word + 10);
	if (starts_with(word, "harden="))
		return harden_read(word + 7, &o->harden);
	if (starts_with(word, "set="))
		return read_set(word + 4, o);
	if (starts_with(word, "place="))
		return read_place(word + 6, o);
	if (starts_with(word, "flip="))
		return read_flip(word + 5, o);
	if (starts_with(word, "flips="))
		return read_unsigned(word + 6, OPTIONS_FLIPS_MAX, &o->flips);
	if (starts_with(word, "loaded="))
		return read_unsigned(word + 7, OPTIONS_LOADED_MAX, &o->loaded);
	if (starts_with(word, "crash="))
		return read_crash(word + 6, o);
	if (starts_with(word, "pae="))
		return read_unsigned(word + 4, 1, &number) && ((o->pae = number), true);
	if (equal(word, "covers=1"))
		return o->covers = true;
	if (starts_with(word, "end="))
		return read_end(word + 4, o);
	if (equal(word, "patch=off"))
		return o->patch_off = true;
	if (equal(word, "icount=1"))
		return o->icount = true;
	if (equal(word, "bench=slots"))
		return o->bench = true;
	if (equal(word, "bench=marks"))
		return o->bench_marks = true;
	if (starts_with(word, "seed="))
		return read_unsigned(word + 5, 0xffffffff, &o->seed);
	if (starts_with(word, "rounds="))
		return read_unsigned(word + 7, OPTIONS_ROUNDS_MAX, &o->rounds) && o->rounds;
	if (starts_with(word, "smp="))
		return read_unsigned(word + 4, CPU_MAX, &o->smp) && o->smp;
	if (starts_with(word, "vmi="))
		return true; /* the loader's, which reports those that it does not follow */
	if (starts_with(word, "mandatory=")) {
		o->mandatory = word + 10;
		return true;
	}
	if (starts_with(word, "range="))
		return read_range(word + 6, o);
	if (starts_with(word, "wrong="))
		return wrong_read(word + 6, &o->wrong);
	if (starts_with(word, "test=")) {
		o->test = word + 5;
		return true;
	}
	return false;
}

void options_read(struct options *options, uint32_t magic, uintptr_t info)
{
	bool first = true; /* the kernel's own name, by the multiboot specification */
	char *p = line;

	memset(options, 0, sizeof(*options));
	options->seed = OPTIONS_SEED;
	options->rounds = OPTIONS_ROUNDS;
	if (sizeof(uintptr_t) == 8)
		options->range = (struct vmi_version_range){ VMI64_MAJOR, 0, VMI64_MINOR };
	else
		options->range = (struct vmi_version_range){ VROM_API_MAJOR, 0, VROM_API_MINOR };
	current = options;
	copy_line(magic, info);
	options->ram_end = ram_end(magic, info);
	options->words = line;
	options->words_length = (uint32_t)strlen(line);
	while (*p) {
		char *word = p;

		while (*p && *p != ' ')
			p++;
		if (*p)
			*p++ = '\0';
		if (!*word)
			continue;
		if (!first && !read_word(word, options))
			printf("note unknown command-line word %s\n", word);
		if (first) {
			options->words = p;
			options->words_length -= (uint32_t)(p - line);
		}
		first = false;
	}
}

const struct options *options_get(void)
{
	return current;
}
