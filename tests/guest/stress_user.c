// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stress case in user mode. It is copied to the pages of a process, so nothing here may
 * need an absolute address: no data, no tables. Whatever it reads back goes into a hash
 * that depends on its seed alone, not on who runs when or where.
 */
#include "stress_user.h"
#include "syscall.h"
#include "user_asm.h" /* by_int(), by_fast(), user_faults(), user_address() */

#define TEXT __attribute__((section(".stress"), noinline, USER_REGPARM))
#define PAGE 4096u
#define WORDS 1024u
#define DATA 0x10000000u   /* pages are mapped here */
#define OTHER 0x50000000u  /* moved here */
#define SHARED 0x90000000u /* for the thread */
#define TLS (SYS_STACK_TOP - SYS_STACK_PAGES * PAGE) /* 64 bytes for each worker */

struct worker {
	uint32_t random, hash, sysenter, tls;
};

extern __attribute__((noreturn, USER_REGPARM)) void stress_start(uint32_t seed, uint32_t id,
							       uint32_t rounds);

TEXT static uint32_t call3(const struct worker *w, uint32_t number, uint32_t a, uint32_t b,
			   uint32_t c)
{
	return w->sysenter ? by_fast(number, a, b, c) : by_int(number, a, b, c);
}

TEXT static uint32_t call1(const struct worker *w, uint32_t number, uint32_t a)
{
	return call3(w, number, a, 0, 0);
}

TEXT static uint32_t random(struct worker *w)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 17;
	w->random ^= w->random << 5;
	return w->random;
}

TEXT static void mix(struct worker *w, uint32_t value)
{
	w->hash = stress_mix(w->hash, value);
}

/* A value that must be as expected; the address of the check's caller says which. */
TEXT static void expect(struct worker *w, uint32_t value, uint32_t expected)
{
	mix(w, value);
	if (value != expected)
		by_int(SYS_WRONG, (uint32_t)(uintptr_t)__builtin_return_address(0), value, expected);
}

/* What word `i` of a page filled with `seed` holds. */
static inline __attribute__((always_inline)) uint32_t word(uint32_t seed, uint32_t i)
{
	return (seed + i) * 0x9e3779b1u;
}

TEXT static void fill(uint32_t start, uint32_t pages, uint32_t seed)
{
	volatile uint32_t *p = (volatile uint32_t *)(uintptr_t)start;

	for (uint32_t i = 0; i < pages * WORDS; i++)
		p[i] = word(seed, i);
}

/* Reads every byte back. */
TEXT static void check(struct worker *w, uint32_t start, uint32_t pages, uint32_t seed)
{
	const volatile uint32_t *p = (const volatile uint32_t *)(uintptr_t)start;
	uint32_t hash = w->hash;

	for (uint32_t i = 0; i < pages * WORDS; i++) {
		uint32_t value = p[i];

		hash = stress_mix(hash, value);
		if (value != word(seed, i))
			by_int(SYS_WRONG, (uint32_t)(uintptr_t)(p + i), value, word(seed, i));
	}
	w->hash = hash;
}

/* Whether the access faults: a write of `value`, or a read. */
TEXT static uint32_t faults(uint32_t address, uint32_t write, uint32_t value)
{
	uint32_t faulted = user_faults(address, write, value);

	by_int(SYS_RECOVER, 0, 0, 0);
	return faulted;
}

/* The segments that belong to this process lead to its own page. */
TEXT static void set_segments(struct worker *w, uint32_t value)
{
	call1(w, SYS_TLS, w->tls);
	asm volatile("movl %0, %%gs" : : "r"(SYS_TLS_SELECTOR));
	asm volatile("movl %0, %%fs" : : "r"(SYS_LDT_SELECTOR));
	*(volatile uint32_t *)(uintptr_t)w->tls = value;
	*(volatile uint32_t *)(uintptr_t)(w->tls + 4) = ~value;
}

TEXT static void check_segments(struct worker *w)
{
	uint32_t first, second;

	asm volatile("movl %%gs:0, %0" : "=r"(first) : : "memory");
	asm volatile("movl %%fs:4, %0" : "=r"(second) : : "memory");
	mix(w, first);
	expect(w, second, ~first);
	expect(w, first, *(volatile uint32_t *)(uintptr_t)w->tls);
}

/* Shared by two threads: words of page 0 are the talk, page 1 is replaced under way. */
#define STAGE ((volatile uint32_t *)(uintptr_t)SHARED)

__attribute__((section(".stress"), noreturn, used)) static void thread(void)
{
	const volatile uint32_t *page = (const volatile uint32_t *)(uintptr_t)(SHARED + PAGE);

	STAGE[1] = page[5];
	STAGE[0] = 1;
	while (STAGE[0] != 2) {
		asm volatile("pause" : : "r"(page[5]));
		by_int(SYS_YIELD, 0, 0, 0);
	}
	STAGE[2] = page[5];
	by_int(SYS_EXIT, page[6], 0, 0);
	__builtin_unreachable();
}

/* Where thread() is: nothing here may hold its address. */
TEXT static uint32_t thread_address(void)
{
	return user_address(thread);
}

/* The other thread sees the new page, wherever it runs, as soon as it is in place. */
TEXT static void run_thread(struct worker *w)
{
	uint32_t seed = random(w), number;

	expect(w, call3(w, SYS_MAP, SHARED, 4, 1), 1);
	fill(SHARED + PAGE, 1, seed);
	fill(SHARED + 2 * PAGE, 1, ~seed);
	STAGE[0] = 0;
	number = call3(w, SYS_THREAD, thread_address(), SHARED + 4 * PAGE - 16, 0);
	while (STAGE[0] != 1) {
		asm volatile("pause");
		call1(w, SYS_YIELD, 0);
	}
	expect(w, call3(w, SYS_MOVE, SHARED + 2 * PAGE, SHARED + PAGE, 1), 1);
	STAGE[0] = 2;
	mix(w, call1(w, SYS_WAIT, number));
	expect(w, STAGE[1], word(seed, 5));
	expect(w, STAGE[2], word(~seed, 5));
	expect(w, call3(w, SYS_UNMAP, SHARED, 4, 0), 1);
}

/* The child writes one half and the parent the other; neither sees what the other wrote. */
TEXT static void run_child(struct worker *w, uint32_t base, uint32_t pages, uint32_t seed)
{
	uint32_t half = pages / 2, other = random(w), number = call1(w, SYS_FORK, 0);

	if (!number) {
		w->hash = STRESS_START;
		check_segments(w);
		fill(base, half, other);
		check(w, base, half, other);
		check(w, base + half * PAGE, pages - half, seed + half * WORDS);
		expect(w, call3(w, SYS_PROTECT, base, pages, 0), 1); /* the parent keeps its right */
		expect(w, faults(base + PAGE, 1, 1), 1);
		call1(w, SYS_EXIT, w->hash);
	}
	fill(base + half * PAGE, pages - half, other);
	call1(w, SYS_YIELD, 0);
	check(w, base, half, seed);
	check(w, base + half * PAGE, pages - half, other);
	mix(w, call1(w, SYS_WAIT, number));
	fill(base + half * PAGE, pages - half, seed + half * WORDS);
}

TEXT static void run_round(struct worker *w)
{
	uint32_t pages = 24 + random(w) % 17, base = DATA + random(w) % 2048 * PAGE;
	uint32_t seed = random(w), some = random(w) % (pages - 4);

	expect(w, call3(w, SYS_MAP, base, pages, 1), 1);
	fill(base, pages, seed);
	expect(w, call3(w, SYS_PROTECT, base + some * PAGE, 4, 0), 1);
	expect(w, faults(base + (some + 1) * PAGE + 12, 1, 1), 1);
	expect(w, faults(base + (some + 1) * PAGE + 12, 0, 0), 0);
	check(w, base, pages, seed);
	expect(w, call3(w, SYS_PROTECT, base + some * PAGE, 4, 1), 1);
	run_child(w, base, pages, seed);
	fill(base + some * PAGE, 4, seed + some * WORDS);
	expect(w, call3(w, SYS_MOVE, base, OTHER, pages), 1);
	expect(w, faults(base, 0, 0), 1);
	check(w, OTHER, pages, seed);
	expect(w, call3(w, SYS_UNMAP, OTHER + PAGE, pages - 2, 0), 1);
	expect(w, faults(OTHER + PAGE, 1, 1), 1);
	check(w, OTHER, 1, seed);
	expect(w, call3(w, SYS_UNMAP, OTHER, pages, 0), 1);
	expect(w, faults(OTHER, 0, 0), 1);
	check_segments(w);
}

__attribute__((section(".stress.start"), noreturn, USER_REGPARM))
void stress_start(uint32_t seed, uint32_t id, uint32_t rounds)
{
	struct worker w = { .hash = STRESS_START, .sysenter = rounds & STRESS_SYSENTER,
			    .tls = TLS + id * 64 };

	w.random = seed ^ (id + 1) * 0x9e3779b1u;
	if (!w.random)
		w.random = 1;
	set_segments(&w, seed + id);
	expect(&w, call3(&w, SYS_MAP, 0xc0000000u, 1, 1), 0); /* the kernel's: refused */
	expect(&w, faults(0xc0100000u, 0, 0), 1);
	for (uint32_t i = 0; i < (rounds & ~STRESS_SYSENTER); i++) {
		run_round(&w);
		run_thread(&w);
	}
	call1(&w, SYS_EXIT, w.hash);
	__builtin_unreachable();
}
