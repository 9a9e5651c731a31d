/* SPDX-License-Identifier: GPL-2.0-only */
/* Page frames: the RAM behind the kernel image, counted by reference. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#define PAGE_SIZE 4096u
#define PAGE_SHIFT 12
#define FRAMES_MAX 32768u /* 128 MiB: RAM above that is left alone */

/* Takes over the RAM from `start` (page aligned) to `end`, physical addresses. */
void frames_init(uint32_t start, uint32_t end);
/* Where RAM ends, as far as it is used. */
uint32_t frames_end(void);
/* A frame full of zeros with one reference, as a physical address; 0 = none is left. */
uint32_t frame_alloc(void);
/* A further reference to an allocated frame, and one less; the last one frees it. */
void frame_get(uint32_t frame);
void frame_put(uint32_t frame);
/* How many references there are: 0 = not allocated, or none of ours. */
unsigned frame_references(uint32_t frame);
uint32_t frames_free(void);

#endif
