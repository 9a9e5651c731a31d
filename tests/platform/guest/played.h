/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the player share. They go past every ROM: raw leaves, MSRs, hypercalls. */
#ifndef PLAYED_H
#define PLAYED_H

#include <stdbool.h>
#include <stdint.h>

#include "../interface.h"
#include "cpu.h"
#include "test.h"

/* The first leaf of a platform, by its signature of 12 characters; `skip` of them are passed over. */
bool played_find(const char *signature, unsigned skip, uint32_t *leaf);
/* The same as a check: the test has failed if there is none. */
bool played_there(const char *signature, uint32_t *leaf);
#define KVM "KVMKVMKVM\0\0\0"
#define HYPERV "Microsoft Hv"
#define VMWARE "VMwareVMware"
#define OTHER "OtherOtherOt"
/* EAX to EDX of a leaf of a platform that is there; all 0 if it is not. */
void played_leaf(const char *signature, uint32_t n, uint32_t r[4]);

/* False: #GP. Any other trap fails the test. */
bool msr_read(uint32_t msr, uint64_t *value);
bool msr_write(uint32_t msr, uint64_t value);
/* As checks. */
void msr_set(uint32_t msr, uint64_t value);
uint64_t msr_get(uint32_t msr);
void msr_refused(uint32_t msr, uint64_t value);

/* Makes an exit, after which shared pages are up to date. */
void played_exit(void);
/* Lets about `us` microseconds pass. */
void played_wait(uint32_t us);

/* Pages to share, full of 0x5a, and where they lie. */
void *played_page(unsigned which);
uint64_t played_at(const void *page);

/* What a clock page says the time is now; its version must be even. */
uint64_t clock_now(const volatile void *clock_page);
uint64_t tsc_now(const volatile void *tsc_page); /* in units of 100 ns */
/* Nanoseconds by this guest's own measurement. */
uint64_t own_ns(uint64_t ticks);
/* Whether two measurements of a frequency agree as well as such do. */
void check_hz(const char *what, uint64_t found, uint64_t expected);
/*
 * A clock, in ns, with the TSC before and after it was read; and two such readings against each
 * other. A stall of the host while a clock is read makes the bounds wider, and no failure.
 */
struct stretch {
	uint64_t clock, before, after;
};
struct stretch stretch_read(uint64_t (*clock)(const volatile void *), const volatile void *of);
void stretch_check(const char *what, struct stretch from, struct stretch to);

/* VMMCALL as KVM's. */
long kvm_call(unsigned long number, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
/* Calls Hyper-V's page at `page`, which can be run. */
uint64_t hyperv_call(const void *page, uint64_t control, uint64_t input);
/* The same with its first 16 bytes of input in registers. */
uint64_t hyperv_call_fast(const void *page, uint32_t number, uint64_t first, uint64_t second);
/* A hypercall, or UD2, faults with #UD. */
bool call_faults(void);
bool ud_faults(void);

/* Takes interrupts of VECTOR_RESCHEDULE: how many came since interrupts_start(). */
void interrupts_start(void (*end)(void));
void interrupts_take(struct regs *unused); /* the handler, for more vectors */
uint32_t interrupts_count(void);
/* Lets interrupts in until `count` have come, at most for some seconds. */
bool interrupts_wait(uint32_t count);

#endif
