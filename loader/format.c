// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbers as text. No 64-bit division: a guest need not have one. */
#include "internal.h"

void vmi_print(const struct vmi_load *load, const char *text)
{
	load->platform->print(load->platform->context, text);
}

void vmi_print_decimal(const struct vmi_load *load, uint32_t number)
{
	char text[11]; /* 4294967295 and NUL */
	char *at = text + sizeof(text) - 1;

	*at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	vmi_print(load, at);
}

void vmi_print_version(const struct vmi_load *load, uint8_t major, uint8_t minor)
{
	vmi_print_decimal(load, major);
	vmi_print(load, ".");
	vmi_print_decimal(load, minor);
}

void vmi_print_text(const struct vmi_load *load, const char *text, size_t length)
{
	char shown[VMI_TEXT_MAX + 4];
	size_t i;

	for (i = 0; i < length && i < VMI_TEXT_MAX; i++)
		shown[i] = text[i] > ' ' && text[i] <= '~' ? text[i] : '?';
	for (size_t dots = 0; i < length && dots < 3; dots++)
		shown[i + dots] = '.';
	shown[i < length ? i + 3 : i] = '\0';
	vmi_print(load, shown);
}

/* With 0x, at least `digits` (1 to 16) of them. */
void vmi_print_hex(const struct vmi_load *load, uint64_t number, unsigned int digits)
{
	char text[2 + 16 + 1];
	char *at = text + sizeof(text) - 1, *most = at - digits;

	*at = '\0';
	while (at > most || number) {
		*--at = "0123456789abcdef"[number & 0xF];
		number >>= 4;
	}
	*--at = 'x';
	*--at = '0';
	vmi_print(load, at);
}
