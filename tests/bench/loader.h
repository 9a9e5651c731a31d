/* SPDX-License-Identifier: GPL-2.0-only */
/* What tests/bench/loader.sh counts. */
#ifndef BENCH_LOADER_H
#define BENCH_LOADER_H

#include <stddef.h>
#include <stdint.h>

#include "vmi_loader.h"

/* The 8-bit sum of `size` bytes: the work that nobody who checks a ROM gets around. */
uint8_t bench_sum(const uint8_t *bytes, size_t size);
/* vmi_load(). Result: whether a ROM is in use. */
bool bench_load(struct vmi_load *load);

#endif
