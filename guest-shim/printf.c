// SPDX-License-Identifier: GPL-2.0-only
/* A small printf. */
#include <stdint.h>

#include "console.h"
#include "memory.h"

struct sink {
	char *to;
	size_t left; /* including the end */
};

static void put(struct sink *s, char c)
{
	if (s->left > 1) {
		*s->to++ = c;
		s->left--;
	}
}

/* Divides by 10 in 16-bit steps, since there is no 64-bit division without libgcc. */
static unsigned divide_by_10(uint64_t *value)
{
	uint32_t rest = 0;
	uint64_t quotient = 0;

	for (int shift = 48; shift >= 0; shift -= 16) {
		uint32_t part = rest << 16 | (uint32_t)(*value >> shift & 0xffff);

		quotient = quotient << 16 | part / 10;
		rest = part % 10;
	}
	*value = quotient;
	return rest;
}

static void put_number(struct sink *s, uint64_t value, bool hex, bool minus, int width, char pad)
{
	char digits[24];
	int n = 0;

	do {
		unsigned d = hex ? (unsigned)value & 15 : divide_by_10(&value);

		if (hex)
			value >>= 4;
		digits[n++] = "0123456789abcdef"[d];
	} while (value);
	if (minus && pad == '0')
		put(s, '-');
	for (int i = n + minus; i < width; i++)
		put(s, pad);
	if (minus && pad != '0')
		put(s, '-');
	while (n)
		put(s, digits[--n]);
}

static uint64_t next_number(va_list *arguments, int longs, bool is_signed)
{
	if (longs >= 2)
		return va_arg(*arguments, uint64_t);
	if (longs == 1)
		return is_signed ? (uint64_t)va_arg(*arguments, long) : va_arg(*arguments, unsigned long);
	return is_signed ? (uint64_t)va_arg(*arguments, int) : va_arg(*arguments, unsigned);
}

static const char *put_field(struct sink *s, const char *f, va_list *arguments)
{
	char pad = ' ';
	int width = 0, longs = 0;

	if (*f == '0')
		pad = *f++;
	for (; *f >= '0' && *f <= '9'; f++)
		width = width * 10 + *f - '0';
	for (; *f == 'l'; f++)
		longs++;
	switch (*f) {
	case 's': {
		const char *text = va_arg(*arguments, const char *);

		for (text = text ? text : "(null)"; *text; text++, width--)
			put(s, *text);
		for (; width > 0; width--)
			put(s, ' ');
		break;
	}
	case 'c':
		put(s, (char)va_arg(*arguments, int));
		break;
	case 'd': {
		int64_t value = (int64_t)next_number(arguments, longs, true);

		put_number(s, value < 0 ? -(uint64_t)value : (uint64_t)value, false, value < 0, width, pad);
		break;
	}
	case 'u':
	case 'x':
		put_number(s, next_number(arguments, longs, false), *f == 'x', false, width, pad);
		break;
	case 'p':
		put_number(s, (uintptr_t)va_arg(*arguments, void *), true, false, width, pad);
		break;
	case '\0':
		return f - 1;
	default:
		put(s, *f);
	}
	return f;
}

void vsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
	struct sink s = { buffer, size };
	va_list copy;

	if (!size)
		return;
	va_copy(copy, arguments);
	for (; *format; format++) {
		if (*format == '%')
			format = put_field(&s, format + 1, &copy);
		else
			put(&s, *format);
	}
	va_end(copy);
	*s.to = '\0';
}

void snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(buffer, size, format, arguments);
	va_end(arguments);
}

void printf(const char *format, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	console_put(line);
}
