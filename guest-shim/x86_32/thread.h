/* SPDX-License-Identifier: GPL-2.0-only */
/* FS and GS of a process: on i386 they are saved with its other registers. */
#ifndef THREAD_H
#define THREAD_H

#include "arch.h"

static inline void thread_save(struct thread *thread)
{
	(void)thread;
}

static inline void thread_load(const struct thread *thread)
{
	(void)thread;
}

#endif
