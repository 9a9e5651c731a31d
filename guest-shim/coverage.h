/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which calls the tests reached in the ROM, with covers=1:
 *
 *   answered N ...     the calls that the ROM in use answers with anything but NONE
 *   covers TEST N ...  the calls that TEST covers, was ok with, and that led into the ROM
 *
 * tests/coverage.sh makes the table from these lines.
 */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <stdbool.h>

#include "test.h"

/* Prints what the ROM answers, and lets coverage_test() print; without it nothing is. */
void coverage_start(void);
/* A test has asked the ROM for a call without a slot and calls its entry. */
void coverage_reached(int call);
/* To be called after each test that was ok. */
void coverage_test(const struct test *test);

#endif
