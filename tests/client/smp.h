/* SPDX-License-Identifier: GPL-2.0-only */
/* Application processors. */
#ifndef SMP_H
#define SMP_H

#include <stdbool.h>
#include <stdint.h>

/* Processors that the machine has and that the client can use. */
uint32_t smp_count(void);
/* Wakes processor `number` by INIT and SIPI, if it sleeps. Result: true if it is up. */
bool smp_start(uint32_t number);
/* Has a started processor run job(), at the same time as the caller goes on. */
void smp_begin(uint32_t number, void (*job)(void));
/* Waits for the job, some seconds at most. Result: true if it has ended. */
bool smp_wait(uint32_t number);

#endif
