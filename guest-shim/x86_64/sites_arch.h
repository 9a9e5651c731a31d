/* SPDX-License-Identifier: GPL-2.0-only */
/* What sites.h needs of the width: where an argument lies, and the registers of a call. */
#ifndef SITES_ARCH_H
#define SITES_ARCH_H

#define SITE_ADDRESS ".quad 771b" /* vmi_patch_site.address */
#define SITE_STANDARD (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX | VMI_REG_ESI | VMI_REG_EDI | \
		       VMI_REG_R8 | VMI_REG_R9 | VMI_REG_R10 | VMI_REG_R11 | VMI_REG_FLAGS)
#define SITE_ARGUMENT "D"
/* All that a call may change; without the argument's register; without the result's. */
#define SITE_ANY "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"
#define SITE_BUT_ARGUMENT "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11"
#define SITE_BUT_RESULT "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"

#endif
