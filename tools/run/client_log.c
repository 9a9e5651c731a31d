/* SPDX-License-Identifier: GPL-2.0-only */
#include "client_log.h"

#include <string.h>

enum verdict client_log_verdict(const char *log, struct text *why)
{
	static const char found[] = "VMI: Found ", boots[] = "Booting paravirtualized kernel on ";
	const char *rom = strstr(log, found), *on = strstr(log, boots);
	if (!*log) {
		text_addf(why, "the system said nothing on its serial console: boot it with "
			       "console=ttyS0, see docs/linux.md");
		return VERDICT_NONE;
	}
	if (on)
		on += strlen(boots);
	bool vmi = on && !strncmp(on, "vmi", 3) && strchr("\n\r ", on[3]);
	if (!rom)
		text_addf(why, "no line `%s...`: the kernel found no ROM, or has no CONFIG_VMI",
			  found);
	else
		text_addf(why, "%.*s", (int)strcspn(rom, "\r\n"), rom);
	if (!on)
		text_addf(why, "; no line `%s...`: is the console's log level too low?", boots);
	else
		text_addf(why, "; it boots on %.*s", (int)strcspn(on, "\r\n"), on);
	if (rom && on && !vmi)
		text_addf(why, ", expected vmi: the ROM is not in use");
	return rom && vmi ? VERDICT_GOOD : VERDICT_FAILED;
}
