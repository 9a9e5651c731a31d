/* SPDX-License-Identifier: GPL-2.0-only */
/* The two PICs, their interrupts, and the PIT's channel 0 on IRQ 0. */
#ifndef IRQ_H
#define IRQ_H

#include <stdbool.h>
#include <stdint.h>

#define IRQ_PIT 0

/* Moves the PICs to VECTOR_IRQ and up and masks every line. */
void irq_init(void);
/* `handler` runs with interrupts off and before the end of interrupt is sent; NULL = none. */
void irq_set_handler(unsigned line, void (*handler)(void));
void irq_unmask(unsigned line);
void irq_mask(unsigned line);
/* Whether the line waits at the PIC to be served. */
bool irq_pending(unsigned line);

/* Takes from the first PIC what waits there, as the processor would, and ends it unserved. */
void irq_take(void);

/* One interrupt after `count` PIT ticks (1 to 65536). */
void pit_one_shot(uint32_t count);
/* One interrupt every `count` ticks (2 to 65535). */
void pit_periodic(uint32_t count);
/* Waits for `count` ticks (1 to 65535) with interrupts off; the PIT is stopped before and after. */
void pit_wait(uint32_t count);
/* Stops channel 0 without an interrupt; what waits at the PIC stays there. */
void pit_disarm(void);
/* After pit_one_shot(): whether it still counts. */
bool pit_is_counting(void);
/* Masks the line, stops channel 0, and drops an interrupt that waits there. */
void pit_stop(void);

#endif
