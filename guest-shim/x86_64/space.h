/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own address space, with 4 levels of tables or 5:
 *
 *   USER_BASE-USER_END  processes
 *   LINEAR_BASE         all RAM and the option-ROM window, from physical address 0; nothing
 *                       there can be run
 *   KERNEL_BASE         the kernel image, page by page: text RX, constants R, data RW, and
 *                       pages for user mode
 *   PAGING_TEST_BASE    4 MiB that tests map as they choose
 *   FIXED_BASE          devices
 *
 * The option-ROM window lies once more wherever the command line says (window.h), from which
 * the ROM is run, and its state memory at the same distance. No page is both writable and executable.
 */
#ifndef SPACE_H
#define SPACE_H

#define USER_BASE 0x01000000ul
#define USER_END 0xc0000000ul
#define LINEAR_BASE 0xffff888000000000ul
#define PAGING_TEST_BASE 0xffffffffa0000000ul
#define FIXED_BASE 0xffffffffff800000ul
#define ROM_FINDS_APIC 0 /* it has to be told */

#endif
