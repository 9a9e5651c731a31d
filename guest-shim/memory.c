// SPDX-License-Identifier: GPL-2.0-only
/* Memory and strings. The loops that GCC might turn into calls of themselves are assembly. */
#include "memory.h"

void *memcpy(void *to, const void *from, size_t length)
{
	void *d = to;
	size_t words = length / 4;

	asm volatile("rep movsl" : "+D"(d), "+S"(from), "+c"(words) : : "memory");
	length %= 4;
	asm volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(length) : : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t length)
{
	if ((uintptr_t)to - (uintptr_t)from >= length)
		return memcpy(to, from, length);
	const uint8_t *s = (const uint8_t *)from + length - 1;
	uint8_t *d = (uint8_t *)to + length - 1;

	asm volatile("std; rep movsb; cld" : "+D"(d), "+S"(s), "+c"(length) : : "memory", "cc");
	return to;
}

void *memset(void *to, int value, size_t length)
{
	void *d = to;

	asm volatile("rep stosb" : "+D"(d), "+c"(length) : "a"(value) : "memory");
	return to;
}

void page_clear(void *page)
{
	size_t count = 1024;

	asm volatile("rep stosl" : "+D"(page), "+c"(count) : "a"(0) : "memory");
}

void page_copy(void *to, const void *from)
{
	size_t count = 1024;

	asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

int memcmp(const void *a, const void *b, size_t length)
{
	const uint8_t *p = a, *q = b;

	for (; length; length--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

size_t strlen(const char *text)
{
	const char *p = text;

	while (*p)
		p++;
	return (size_t)(p - text);
}

bool starts_with(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return false;
	return true;
}

bool equal(const char *a, const char *b)
{
	return strlen(a) == strlen(b) && starts_with(a, b);
}
