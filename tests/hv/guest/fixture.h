/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the fixture share: its calls, and a shared area of their own. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../../rom/hv/hypercall.h"
#include "cpu.h"
#include "frames.h"
#include "memory.h"
#include "paging.h"
#include "test.h"
#include "vmi_abi.h"

/* CPUID says that the fixture is there. Every test begins with it: nothing here passes elsewhere. */
bool fixture_there(void);

uint32_t fixture_call(uint32_t call, uint32_t argument);

/*
 * Enters with a shared area of the test's own, so whatever ROM is bound has no part in it; and
 * leaves, after which changes of tables are trapped.
 */
bool fixture_enter(void);
void fixture_leave(void);
/* A word of that area. */
volatile uint32_t *fixture_word(uint32_t offset);
/* Puts one entry in the queue, hands it over; result: the reason for its refusal, HV_OK for none. */
uint32_t fixture_try(uint32_t what, uint32_t operation, uint32_t level);

/* A good update still works: test page 1 leads to frame 0 or 1 of two, as its entry says. Entered alone. */
void fixture_goes_on(unsigned frame);

/* Test page `page`: what stands in its entry, past all slots; the page itself. */
void fixture_entry(unsigned page, uint64_t value);
volatile uint32_t *fixture_page(unsigned page);
/* Physical address of that entry. */
uint32_t fixture_entry_at(unsigned page);

/* Tries to read and to write the fixture's memory through `page`, which was mapped there. */
void fixture_attack(volatile uint32_t *page);

#endif
