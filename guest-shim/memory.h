/* SPDX-License-Identifier: GPL-2.0-only */
/* The string functions that GCC and the loader expect, and a few more. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *a, const void *b, size_t length);
/* Whole pages of 4096 bytes, 4-byte aligned. */
void page_clear(void *page);
void page_copy(void *to, const void *from);
size_t strlen(const char *text);
bool starts_with(const char *text, const char *prefix);
bool equal(const char *a, const char *b);

#endif
