/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own address space, in either format:
 *
 *   KERNEL image        where it was loaded, page by page: text RX, constants R, data RW
 *   PAGING_TEST_BASE    4 MiB that tests map as they choose
 *   USER_BASE-USER_END  processes
 *   LINEAR_BASE         all RAM and the option-ROM window, from physical address 0; of the
 *                       window, only the ROM in use can be run
 *   FIXED_BASE          devices
 *
 * No page is both writable and executable where the processor can tell (PAE with NX).
 */
#ifndef SPACE_H
#define SPACE_H

#define PAGING_TEST_BASE 0x00800000u
#define USER_BASE 0x01000000u
#define USER_END 0xc0000000u
#define LINEAR_BASE 0xc0000000u
#define FIXED_BASE 0xffc00000u
#define ROM_FINDS_APIC 1 /* in the page tables */

#endif
