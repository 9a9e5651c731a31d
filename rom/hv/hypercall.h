/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ROM's backend `hv` and the hypervisor of tests/hv/ agree on. The build turns each
 * `#define NAME NUMBER` into a `%define` for NASM. A measuring interface: no guest may rely on it.
 *
 * VMMCALL, ring 0 alone: EAX a call, ECX its argument; EAX comes back as HV_OK or HV_E_*. No
 * other register changes. Whatever the call, what is queued is done before.
 */
#ifndef HYPERCALL_H
#define HYPERCALL_H

/* CPUID leaf 0x40000000: EBX, ECX and EDX spell "pvromFixture". */
#define HV_LEAF 0x40000000
#define HV_SIGNATURE_EBX 0x6f727670
#define HV_SIGNATURE_ECX 0x7869466d
#define HV_SIGNATURE_EDX 0x65727574

#define HV_CALL_ENTER 1 /* ECX = physical address of the shared area: tables in use are adopted */
#define HV_CALL_FLUSH 2 /* do what is queued */
#define HV_CALL_CR3 3   /* ECX = new CR3 */
#define HV_CALL_LEAVE 4 /* back to trap and emulate; nothing is shared any more */

#define HV_OK 0
#define HV_E_CALL 1  /* no such call, or not entered */
#define HV_E_AREA 2  /* the shared area does not lie in the guest's RAM */
#define HV_E_COUNT 3 /* more entries than the queue has: none is done */
#define HV_E_OP 4    /* no such operation */
#define HV_E_TABLE 5 /* the page is no table that was announced, or is not in the guest's RAM */
#define HV_E_LEVEL 6 /* the table was announced as one of another level, or there is no such level */
#define HV_E_FRAME 7 /* an entry leads outside the guest's RAM and devices: it maps the sink page */
#define HV_E_USED 8  /* the table is the one in CR3 */
#define HV_E_ROOM 9  /* more tables than the hypervisor has room for */
#define HV_E_TASK 10 /* a change of tasks loaded CR3: the last one is loaded again, and #GP told */

/* The shared area, in memory of the guest. */
#define HV_COUNT 0       /* u32: entries in the queue; the hypervisor sets it to 0 */
#define HV_LAZY 4        /* u32: not 0 while updates may wait */
#define HV_CR3 8         /* u32: the guest's CR3, from the hypervisor */
#define HV_REFUSED 12    /* u32: entries that were refused, from the hypervisor */
#define HV_REASON 16     /* u32: HV_E_* of the last one */
#define HV_QUEUE 64      /* entries: u32 what, u32 operation << 8 | level */
#define HV_QUEUE_MAX 256
#define HV_LIVE 2112     /* one bit a frame: a table in use, of whose changes must be told */
#define HV_FRAMES 16384  /* the guest's RAM: 64 MiB from physical address 0 */
#define HV_AREA_SIZE 4160

#define HV_OP_UPDATE 0   /* what: physical address of the entry that changed */
#define HV_OP_ALLOCATE 1 /* what: number of a frame that becomes a table */
#define HV_OP_RELEASE 2  /* what: number of a frame that is no table any more */

/*
 * Where the hypervisor itself lies, so that tests can try to get there; its first word; how many
 * bytes a guest gets at that loads a CR3 of its own: tables that processors walk, and no more.
 */
#define HV_BASE 0x08000000
#define HV_WALKED 0x00800000
#define HV_SECRET 0x5ec2e7ed

#endif
