/* SPDX-License-Identifier: GPL-2.0-only */
/* The serial console: COM1, polled. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void console_init(void);
void console_put(const char *text);
/* Waits until everything has left the port. */
void console_flush(void);

/*
 * A small printf: %s %c %d %u %x %p %%, `l` and `ll` before d, u and x, a width with or
 * without leading zero. No floating point, no `*`.
 */
void printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same into `buffer`, which it never overruns and always ends. */
void vsnprintf(char *buffer, size_t size, const char *format, va_list arguments);
void snprintf(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
