/* SPDX-License-Identifier: GPL-2.0-only */
/* A seeded sequence of numbers (SplitMix64): the same on every host. */
#ifndef EMU_RANDOM_H
#define EMU_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct emu_random {
	uint64_t state;
};

static inline uint64_t random64(struct emu_random *r)
{
	uint64_t z = r->state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static inline uint32_t random32(struct emu_random *r)
{
	return (uint32_t)(random64(r) >> 32);
}

/* 0 to n - 1; n is small, so the bias does not matter. */
static inline uint32_t random_below(struct emu_random *r, uint32_t n)
{
	return (uint32_t)((uint64_t)random32(r) * n >> 32);
}

/* True once in n times. */
static inline bool random_once_in(struct emu_random *r, uint32_t n)
{
	return random_below(r, n) == 0;
}

/* A sequence of its own for each pair of numbers under one seed. */
static inline struct emu_random random_from(uint64_t seed, uint64_t a, uint64_t b)
{
	struct emu_random r = { seed ^ a * 0xD6E8FEB86659FD93u };

	r.state = random64(&r) + b;
	random64(&r);
	return r;
}

#endif
