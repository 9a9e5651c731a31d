/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What C cannot say in a program for user mode, i386. The program runs at any address, so
 * nothing here names one.
 */
#ifndef USER_ASM_H
#define USER_ASM_H

#include <stdint.h>

#include "syscall.h"

#define USER_REGPARM regparm(3)

static inline __attribute__((always_inline)) uint32_t by_int(uint32_t number, uint32_t a,
							     uint32_t b, uint32_t c)
{
	asm volatile("int $0x80" : "+a"(number) : "b"(a), "S"(b), "D"(c) : "memory", "cc");
	return number;
}

static inline __attribute__((always_inline)) uint32_t by_fast(uint32_t number, uint32_t a,
								  uint32_t b, uint32_t c)
{
	asm volatile("call 1f\n1:\tpopl %%edx\n\taddl $(2f - 1b), %%edx\n\tmovl %%esp, %%ecx\n\t"
		     "sysenter\n2:"
		     : "+a"(number) : "b"(a), "S"(b), "D"(c) : "ecx", "edx", "memory", "cc");
	return number;
}

/* Whether an access of user mode faults: a write of `value`, or a read. */
static inline __attribute__((always_inline)) uint32_t user_faults(uint32_t address, uint32_t write,
								  uint32_t value)
{
	uint32_t faulted;

	asm volatile("call 1f\n1:\tpopl %%ebx\n\taddl $(3f - 1b), %%ebx\n\tint $0x80\n\t"
		     "testl %%edx, %%edx\n\tjz 2f\n\tmovl %%esi, (%%ecx)\n"
		     "2:\tmovl (%%ecx), %%esi\n\txorl %%eax, %%eax\n3:"
		     : "=a"(faulted), "+S"(value)
		     : "0"(SYS_RECOVER), "c"(address), "d"(write) : "ebx", "memory", "cc");
	return faulted;
}

/* Where `function` is while the program runs. */
static inline __attribute__((always_inline)) uint32_t user_address(void (*function)(void))
{
	uint32_t address;

	asm volatile("call 1f\n1:\tpopl %0\n\taddl $(%c1 - 1b), %0" : "=r"(address) : "i"(function));
	return address;
}

#endif
