/* SPDX-License-Identifier: GPL-2.0-only */
#include "client_log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "command.h" /* run_set */

static const char found[] = "VMI: Found ", boots[] = "Booting paravirtualized kernel on ",
		  failed_init[] = "VMI ROM failed to initialize!";

/* Lines of the kernels 2.6.21 to 2.6.36 that say why a ROM is not, or not wholly, used. */
static const struct {
	const char *start, *meaning;
} problems[] = {
	{ "VMI: Found mismatched rom version ",
	  "not used: the kernel takes API major 3 only; see api_version_maj of the ROM" },
	{ "VMI: ROM does not contain PCI header", "not used: pci_header_offs is 0" },
	{ "VMI: ROM from unknown manufacturer",
	  "a warning only: PCIR does not name VMI's vendor and device" },
	{ "VMI: Non GPL license ",
	  "not used: the licence string must be exactly GPL or GPL v2; see pvrom mutate --license" },
	{ failed_init, "VMI_Init answered other than 0, so this is a native boot" },
	{ "VMI: Unknown relocation type ",
	  "GetRelocationInfo answered a type that the kernel does not know: that slot stays native" },
};

static const char *behind(const char *line, const char *start)
{
	size_t size = strlen(start);
	return strncmp(line, start, size) ? NULL : line + size;
}

/* Behind what printk may put before a message: <6>, [    0.000000]. */
static const char *message(const char *line)
{
	if (line[0] == '<' && isdigit((unsigned char)line[1])) {
		const char *end = line + 1 + strspn(line + 1, "0123456789");
		if (*end == '>')
			line = end + 1;
	}
	if (line[0] == '[') {
		const char *end = line + 1 + strspn(line + 1, " .0123456789");
		if (*end == ']')
			line = end + 1 + (end[1] == ' ');
	}
	return line;
}

/* The first such line counts: what user programs print comes later. */
static void first(char **to, const char *value)
{
	if (value && !*to)
		run_set(to, value);
}

static void problem(struct client_log *c, const char *text, const char *meaning)
{
	if (c->problems.count == CLIENT_PROBLEMS)
		c->dropped++;
	else
		words_addf(&c->problems, "%s (%s)", text, meaning);
}

static void read_message(struct client_log *c, const char *text)
{
	static const char *const oopses[] = { "Kernel panic", "Oops:", "BUG:", "kernel BUG at ",
					      "double fault", "Unable to handle kernel" };
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
		const char *rest = behind(text, problems[i].start);
		if (!rest)
			continue;
		if (problems[i].start != failed_init) {
			problem(c, text, problems[i].meaning);
			return;
		}
		/* The kernel ends that line with nothing: the next message follows in it. */
		problem(c, failed_init, problems[i].meaning);
		if (*rest)
			read_message(c, message(rest));
		return;
	}
	first(&c->kernel, behind(text, "Linux version "));
	first(&c->rom, behind(text, found));
	first(&c->platform, behind(text, boots));
	first(&c->top, behind(text, "Reserving virtual address space above "));
	if (behind(text, "vmi: registering clock event "))
		first(&c->clock_event, text);
	if (strstr(text, "clocksource") && strstr(text, "vmi-timer"))
		first(&c->clock_source, text);
	for (size_t i = 0; i < sizeof(oopses) / sizeof(oopses[0]); i++)
		if (behind(text, oopses[i]))
			first(&c->oops, text);
}

void client_log_read(struct client_log *c, const char *log)
{
	*c = (struct client_log){ 0 };
	while (*log) {
		size_t size = strcspn(log, "\n");
		struct text line = { 0 };
		text_add(&line, log, size);
		read_message(c, message(text_string(&line)));
		text_free(&line);
		log += size + (log[size] == '\n');
	}
}

void client_log_free(struct client_log *c)
{
	char *owned[] = { c->kernel,      c->rom, c->platform, c->clock_event,
			  c->clock_source, c->top, c->oops };
	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++)
		free(owned[i]);
	words_free(&c->problems);
	*c = (struct client_log){ 0 };
}

/* Late kernels add `[deprecated]`. */
static bool on_vmi(const struct client_log *c)
{
	const char *rest = c->platform ? behind(c->platform, "vmi") : NULL;
	return rest && (!*rest || *rest == ' ');
}

bool client_log_uses_rom(const struct client_log *c)
{
	return c->rom && on_vmi(c);
}

void client_log_census(const struct client_log *c, struct words *lines)
{
	if (c->kernel)
		words_addf(lines, "kernel: Linux %.*s", (int)strcspn(c->kernel, " "), c->kernel);
	words_addf(lines, "rom: %s", c->rom ? c->rom : "none found");
	for (size_t i = 0; i < c->problems.count; i++)
		words_addf(lines, "said: %s", c->problems.list[i]);
	if (c->dropped)
		words_addf(lines, "said: and %zu more lines of that kind", c->dropped);
	words_addf(lines, "boots on: %s", c->platform ? c->platform : "unknown: it does not say");
	if (!client_log_uses_rom(c))
		return;
	words_addf(lines, "timer: %s%s%s",
		   c->clock_event || c->clock_source ? "the ROM's:" : "the kernel's own",
		   c->clock_event ? " clock events" : "", c->clock_source ? " clock source" : "");
	/* The kernel prints this line also where virtual_top is 0, which keeps nothing. */
	bool top = c->top && !behind(c->top, "0x00000000");
	words_addf(lines, "address space kept by the ROM: %s%s", top ? "from " : "none",
		   top ? c->top : "");
	if (c->oops)
		words_addf(lines, "later: %s", c->oops);
}

enum verdict client_log_verdict(const struct client_log *c, const char *log, struct text *why)
{
	if (!*log) {
		text_addf(why, "the system said nothing on its serial console: boot it with "
			       "console=ttyS0, see docs/linux.md");
		return VERDICT_NONE;
	}
	if (c->rom)
		text_addf(why, "%s%s", found, c->rom);
	else if (c->problems.count)
		text_addf(why, "%s", c->problems.list[0]);
	else
		text_addf(why, "no line `%s...`: the kernel found no ROM, or has no CONFIG_VMI",
			  found);
	if (c->rom && c->problems.count && !on_vmi(c))
		text_addf(why, "; %s", c->problems.list[c->problems.count - 1]);
	if (!c->platform)
		text_addf(why, "; no line `%s...`: is the console's log level too low?", boots);
	else
		text_addf(why, "; it boots on %s", c->platform);
	if (c->rom && c->platform && !on_vmi(c))
		text_addf(why, ", expected vmi: the ROM is not in use");
	if (client_log_uses_rom(c) && c->oops)
		text_addf(why, "; later: %s", c->oops);
	return client_log_uses_rom(c) ? VERDICT_GOOD : VERDICT_FAILED;
}
