/* SPDX-License-Identifier: GPL-2.0-only */
/* The stress case's program for user mode. */
#ifndef STRESS_USER_H
#define STRESS_USER_H

#include <stdint.h>

/* Position-independent text, from stress_text to stress_text_end; it starts at its first byte. */
extern const char stress_text[], stress_text_end[];

#define STRESS_SYSENTER 0x80000000u /* or'ed to the rounds: system calls by SYSENTER */

/* FNV-1a over 32-bit words: what the kernel uses to put the workers' hashes together, too. */
#define STRESS_START 0x811c9dc5u
static inline __attribute__((always_inline)) uint32_t stress_mix(uint32_t hash, uint32_t value)
{
	return (hash ^ value) * 0x01000193u ^ hash >> 15;
}

#endif
