/* SPDX-License-Identifier: GPL-2.0-only */
/* Who runs this machine, by what CPUID says. */
#ifndef HYPERVISOR_H
#define HYPERVISOR_H

#include <stdint.h>

#define CPUID_HYPERVISOR 0x40000000u /* the leaf with a hypervisor's signature */

/*
 * Prints `note hypervisor SIGNATURE`, or `none`. `features` and `signature`: EAX, EBX, ECX and
 * EDX of leaf 1 and of CPUID_HYPERVISOR.
 */
void hypervisor_note(const uint32_t features[4], const uint32_t signature[4]);

#endif
