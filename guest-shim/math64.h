/* SPDX-License-Identifier: GPL-2.0-only */
/* 64-bit arithmetic for clocks; the compiler's own division is in a library that is not here. */
#ifndef MATH64_H
#define MATH64_H

#include <stddef.h>
#include <stdint.h>

/* value / divisor; *rest = what is left, unless NULL. divisor is not 0. */
static inline uint64_t divide64(uint64_t value, uint32_t divisor, uint32_t *rest)
{
	uint32_t high = (uint32_t)(value >> 32), low = (uint32_t)value, left = 0;

	asm("divl %2" : "+a"(high), "+d"(left) : "r"(divisor) : "cc");
	asm("divl %2" : "+a"(low), "+d"(left) : "r"(divisor) : "cc");
	if (rest)
		*rest = left;
	return (uint64_t)high << 32 | low;
}

/* value * factor / 2^32, without what overflows. */
static inline uint64_t scale64(uint64_t value, uint64_t factor)
{
	uint32_t vl = (uint32_t)value, fl = (uint32_t)factor;

	return (((uint64_t)vl * fl) >> 32) + (value >> 32) * fl + vl * (factor >> 32) +
	       (((value >> 32) * (factor >> 32)) << 32);
}

/* numerator / denominator as a factor for scale64(), rounded up; denominator is not 0. */
static inline uint64_t factor64(uint32_t numerator, uint64_t denominator)
{
	uint32_t rest, low;
	uint64_t high;

	while (denominator >> 32) {
		denominator >>= 1;
		numerator >>= 1;
	}
	high = divide64(numerator, (uint32_t)denominator, &rest);
	low = (uint32_t)divide64((uint64_t)rest << 32, (uint32_t)denominator, NULL);
	return (high << 32 | low) + 1;
}

#endif
