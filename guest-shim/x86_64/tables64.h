/* SPDX-License-Identifier: GPL-2.0-only */
/* What pgtable.c of x86-64 has beside mm.h. */
#ifndef TABLES64_H
#define TABLES64_H

#include "mm.h"

/* The directory entry of `address`; a missing table is made. NULL: no frame is left. */
void *pmd_make(struct mm *mm, uintptr_t address);

#endif
