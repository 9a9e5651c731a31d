/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What C cannot say in a program for user mode, x86-64. The program runs at any address, so
 * nothing here names one.
 */
#ifndef USER_ASM_H
#define USER_ASM_H

#include <stdint.h>

#include "syscall.h"

#define USER_REGPARM unused

static inline __attribute__((always_inline)) uint32_t by_int(uint32_t number, uint32_t a,
							     uint32_t b, uint32_t c)
{
	uint64_t result = number;

	asm volatile("int $0x80" : "+a"(result) : "b"((uint64_t)a), "S"((uint64_t)b), "D"((uint64_t)c)
		     : "memory", "cc");
	return (uint32_t)result;
}

static inline __attribute__((always_inline)) uint32_t by_fast(uint32_t number, uint32_t a,
							      uint32_t b, uint32_t c)
{
	uint64_t result = number;

	asm volatile("syscall" : "+a"(result) : "b"((uint64_t)a), "S"((uint64_t)b), "D"((uint64_t)c)
		     : "rcx", "r11", "memory", "cc");
	return (uint32_t)result;
}

/* Whether an access of user mode faults: a write of `value`, or a read. */
static inline __attribute__((always_inline)) uint32_t user_faults(uint32_t address, uint32_t write,
								  uint32_t value)
{
	uint64_t faulted = SYS_RECOVER;

	asm volatile("leaq 3f(%%rip), %%rbx\n\tint $0x80\n\t"
		     "testl %%edx, %%edx\n\tjz 2f\n\tmovl %%esi, (%%rcx)\n"
		     "2:\tmovl (%%rcx), %%esi\n\txorl %%eax, %%eax\n3:"
		     : "+a"(faulted), "+S"(value)
		     : "c"((uint64_t)address), "d"(write) : "rbx", "memory", "cc");
	return (uint32_t)faulted;
}

/* Where `function` is while the program runs: below 4 GiB. */
static inline __attribute__((always_inline)) uint32_t user_address(void (*function)(void))
{
	uint64_t address;

	asm volatile("leaq %P1(%%rip), %0" : "=r"(address) : "i"(function));
	return (uint32_t)address;
}

#endif
