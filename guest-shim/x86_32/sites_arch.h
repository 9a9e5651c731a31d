/* SPDX-License-Identifier: GPL-2.0-only */
/* What sites.h needs of the width: where an argument lies, and the registers of a call. */
#ifndef SITES_ARCH_H
#define SITES_ARCH_H

#define SITE_ADDRESS ".long 771b, 0" /* vmi_patch_site.address */
#define SITE_STANDARD (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX | VMI_REG_FLAGS)
#define SITE_ARGUMENT "a"
/* All that a call may change; without the argument's register; without the result's. */
#define SITE_ANY "eax", "ecx", "edx"
#define SITE_BUT_ARGUMENT "ecx", "edx"
#define SITE_BUT_RESULT "ecx", "edx"

#endif
