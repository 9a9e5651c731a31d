/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spin locks, taken with interrupts off. While one is waited for, requests of other
 * processors to flush the TLB are served: who holds the lock may wait for that.
 */
#ifndef SPINLOCK_H
#define SPINLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct spinlock {
	uint32_t taken;
};

/* Serves requests to this processor; shootdown.c. */
void shootdown_serve(void);

static inline void cpu_relax(void)
{
	asm volatile("pause" : : : "memory");
}

static inline bool spin_trylock(struct spinlock *lock)
{
	uint32_t taken = 1;

	asm volatile("xchg %0, %1" : "+r"(taken), "+m"(lock->taken) : : "memory");
	return !taken;
}

static inline void spin_lock(struct spinlock *lock)
{
	while (!spin_trylock(lock)) {
		shootdown_serve();
		cpu_relax();
	}
}

static inline void spin_unlock(struct spinlock *lock)
{
	asm volatile("movl $0, %0" : "=m"(lock->taken) : : "memory");
}

#endif
