/* SPDX-License-Identifier: GPL-2.0-only */
/* FS and GS of a process: the kernel leaves them loaded until another process runs. */
#ifndef THREAD_H
#define THREAD_H

#include "arch.h"

/* Notes what user mode had loaded last. */
void thread_save(struct thread *thread);
/* Loads it, and by it the bases, from tables that must be loaded before. */
void thread_load(const struct thread *thread);

#endif
