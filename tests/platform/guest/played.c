// SPDX-License-Identifier: GPL-2.0-only
#include "played.h"
#include "image_place.h"
#include "layout.h"
#include "math64.h"
#include "measure.h"
#include "memory.h"
#include "spinlock.h"
#include "trap.h"

enum { PAGES = 4, BYTES = 4096, PLATFORMS_MAX = 8, FILL = 0x5a, STEP_NS = 10000 };
#define PATIENCE_NS 2000000000ull

struct access {
	uint32_t msr;
	uint64_t value;
};

static uint8_t pages[PAGES][BYTES] __attribute__((aligned(4096)));
static volatile uint32_t came;
static void (*end_interrupt)(void);

bool played_find(const char *signature, unsigned skip, uint32_t *leaf)
{
	uint32_t r[4];

	for (*leaf = LEAVES; *leaf < LEAVES + PLATFORMS_MAX * LEAVES_STEP; *leaf += LEAVES_STEP) {
		raw_cpuid(*leaf, 0, r);
		if (!memcmp(r + 1, signature, 12) && !skip--)
			return true;
	}
	return false;
}

bool played_there(const char *signature, uint32_t *leaf)
{
	return CHECK(played_find(signature, 0, leaf), "no leaf has the signature %s", signature);
}

void played_leaf(const char *signature, uint32_t n, uint32_t r[4])
{
	uint32_t leaf;

	memset(r, 0, 16);
	if (played_there(signature, &leaf))
		raw_cpuid(leaf + n, 0, r);
}

static void do_read(void *argument)
{
	struct access *a = argument;

	a->value = raw_read_msr(a->msr);
}

static void do_write(void *argument)
{
	const struct access *a = argument;

	raw_write_msr(a->msr, a->value);
}

static bool try(void (*run)(void *), struct access *a)
{
	struct trap_info trap = { 0 };

	if (!trap_guard(run, a, &trap))
		return true;
	CHECK_EQ("vector of the fault", trap.regs.vector, TRAP_GP);
	CHECK_EQ("error code of the fault", trap.regs.error, 0);
	return false;
}

bool msr_read(uint32_t msr, uint64_t *value)
{
	struct access a = { msr, 0 };
	bool good = try(do_read, &a);

	*value = a.value;
	return good;
}

bool msr_write(uint32_t msr, uint64_t value)
{
	struct access a = { msr, value };

	return try(do_write, &a);
}

void msr_set(uint32_t msr, uint64_t value)
{
	CHECK(msr_write(msr, value), "MSR 0x%08x does not take 0x%llx", msr, (unsigned long long)value);
}

uint64_t msr_get(uint32_t msr)
{
	uint64_t value;

	CHECK(msr_read(msr, &value), "MSR 0x%08x cannot be read", msr);
	return value;
}

void msr_refused(uint32_t msr, uint64_t value)
{
	CHECK(!msr_write(msr, value), "MSR 0x%08x takes 0x%llx", msr, (unsigned long long)value);
}

void played_exit(void)
{
	uint32_t r[4];

	raw_cpuid(0, 0, r);
}

void played_wait(uint32_t us)
{
	uint64_t from = raw_rdtsc(), ns = us * 1000ull;

	while (own_ns(raw_rdtsc() - from) < ns)
		cpu_relax();
}

void *played_page(unsigned which)
{
	return memset(pages[which], FILL, BYTES);
}

uint64_t played_at(const void *page)
{
	return image_physical((uintptr_t)page);
}

uint64_t clock_now(const volatile void *clock_page)
{
	const volatile struct clock_page *p = clock_page;
	uint64_t ticks = raw_rdtsc() - p->tsc;

	CHECK(!(p->version & 1), "the version of the clock page is odd: %u", p->version);
	return p->ns + scale64(p->shift < 0 ? ticks >> -p->shift : ticks << p->shift, p->mul);
}

uint64_t tsc_now(const volatile void *tsc_page)
{
	const volatile struct tsc_page *p = tsc_page;
	uint64_t tsc = raw_rdtsc(), scale = p->scale, middle = (tsc >> 32) * (uint32_t)scale +
		((uint64_t)(uint32_t)tsc * (uint32_t)scale >> 32);
	uint64_t more = (uint32_t)middle + (uint64_t)(uint32_t)tsc * (scale >> 32);

	return (tsc >> 32) * (scale >> 32) + (middle >> 32) + (more >> 32) + (uint64_t)p->offset;
}

uint64_t own_ns(uint64_t ticks)
{
	return scale64(ticks, clocks.ns_per_tick);
}

/* Two measurements differ by some error; a busy host makes it worse. */
static void check_range(const char *what, uint64_t found, uint64_t low, uint64_t high)
{
	CHECK(found >= low - (low >> 8) && found <= high + (high >> 8), "%s: found %llu, expected %llu to %llu",
	      what, (unsigned long long)found, (unsigned long long)low, (unsigned long long)high);
}

void check_hz(const char *what, uint64_t found, uint64_t expected)
{
	check_range(what, found, expected, expected);
}

struct stretch stretch_read(uint64_t (*clock)(const volatile void *), const volatile void *of)
{
	struct stretch s = { .before = raw_rdtsc() };

	s.clock = clock(of);
	s.after = raw_rdtsc();
	return s;
}

void stretch_check(const char *what, struct stretch from, struct stretch to)
{
	check_range(what, to.clock - from.clock, own_ns(to.before - from.after), own_ns(to.after - from.before));
}

long kvm_call(unsigned long number, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	asm volatile("vmmcall" : "+a"(number) : "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
	return (long)number;
}

static void do_call(void *unused)
{
	(void)unused;
	kvm_call(KVM_CALL_YIELD, 0, 0, 0, 0);
}

static void do_ud(void *unused)
{
	(void)unused;
	asm volatile("ud2");
}

static bool faults(void (*run)(void *))
{
	struct trap_info trap = { 0 };

	return trap_guard(run, NULL, &trap) && trap.regs.vector == TRAP_UD;
}

bool call_faults(void)
{
	return faults(do_call);
}

bool ud_faults(void)
{
	return faults(do_ud);
}

void interrupts_take(struct regs *unused)
{
	(void)unused;
	came++;
	end_interrupt();
}

void interrupts_start(void (*end)(void))
{
	came = 0;
	end_interrupt = end;
	trap_set_handler(VECTOR_RESCHEDULE, interrupts_take);
}

uint32_t interrupts_count(void)
{
	return came;
}

bool interrupts_wait(uint32_t count)
{
	uint64_t last = raw_rdtsc(), waited = 0;

	raw_sti();
	while (came < count && waited < PATIENCE_NS) {
		uint64_t now = raw_rdtsc(), step = own_ns(now - last);

		/* A host that takes the processor away makes one long step. */
		waited += step < STEP_NS ? step : STEP_NS;
		last = now;
		cpu_relax();
	}
	raw_cli();
	return came >= count;
}

static uint64_t call(const void *page, uint64_t control, uint64_t input, uint64_t second)
{
#ifdef __x86_64__
	register uint64_t r8 asm("r8") = second;
	uint64_t status;

	asm volatile("call *%4" : "=a"(status), "+c"(control), "+d"(input), "+r"(r8) : "r"(page)
		     : "memory", "cc", "r9", "r10", "r11");
	return status;
#else
	uint32_t low = (uint32_t)input, high = (uint32_t)(input >> 32);

	asm volatile("call *%3" : "+A"(control), "+c"(low), "+b"(high)
		     : "m"(page), "S"((uint32_t)second), "D"((uint32_t)(second >> 32)) : "memory", "cc");
	return control;
#endif
}

uint64_t hyperv_call(const void *page, uint64_t control, uint64_t input)
{
	return call(page, control, input, 0);
}

uint64_t hyperv_call_fast(const void *page, uint32_t number, uint64_t first, uint64_t second)
{
	return call(page, number | HV_CALL_FAST, first, second);
}
