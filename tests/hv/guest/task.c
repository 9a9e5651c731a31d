// SPDX-License-Identifier: GPL-2.0-only
/*
 * A change of tasks loads CR3 without an exit under QEMU, so tables of the guest's own choice are
 * walked until the next one; with PAE, which is on under the fixture whatever the guest uses. They
 * lead to the guest's memory and to the tables that the fixture lets the processor walk, never to
 * anything else of it. Those may hold anything afterwards: the fixture goes on.
 */
#include "fixture.h"
#include "options.h"
#include "trap.h"

#define RIGHTS (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED | PTE_DIRTY)
#define RAM (HV_FRAMES * PAGE_SIZE)
#define LARGE (1u << 21)
#define WINDOW 0x20000000u /* no process is there */
#define AREA_END 0x0c000000u /* of what is tried */
#define WORDS (LARGE / 4)

static uint64_t top[4] __attribute__((aligned(32)));
static uint64_t directory[512] __attribute__((aligned(4096)));
static uint8_t stack[2][4096];
static struct tss first, second; /* SEL_TEST_TSS, SEL_TEST */
static volatile uint32_t seen, got; /* the first word there; how far a task came */
static uint32_t back;               /* the CR3 that the fixture had set */
enum { NOTHING, READ, WRITTEN };

/* Ends with the exit that shows the fixture what CR3 is. Should it go on, that is no #GP. */
static void leave(void)
{
	uint32_t r[4];

	raw_cpuid(0, 0, r);
	asm volatile("ud2");
}

static void look(void)
{
	seen = *(volatile uint32_t *)WINDOW;
	got = READ;
	leave();
}

static void scribble(void)
{
	volatile uint32_t *p = (volatile uint32_t *)WINDOW;

	seen = *p;
	got = READ;
	for (uint32_t i = 0, random = seen; i < WORDS; i++) {
		random = random * 1664525u + 1013904223u;
		p[i] = random | PTE_PRESENT;
	}
	got = WRITTEN;
	leave();
}

static void jump_test(void *unused)
{
	(void)unused;
	asm volatile("ljmp %0, $0" : : "i"(SEL_TEST_TSS) : "memory");
}

static void task_init(struct tss *tss, unsigned selector, void (*run)(void), uint32_t cr3)
{
	*tss = (struct tss){
		.cr3 = cr3, .eip = (uint32_t)run, .eflags = EFLAGS_FIXED,
		.cs = SEL_KERNEL_CODE, .ss = SEL_KERNEL_DATA, .ds = SEL_KERNEL_DATA,
		.es = SEL_KERNEL_DATA, .fs = SEL_KERNEL_DATA, .gs = SEL_KERNEL_DATA,
		.esp = (uint32_t)stack[selector == SEL_TEST_TSS] + sizeof(*stack),
		.esp0 = main_tss.esp0, .ss0 = SEL_KERNEL_DATA, .io_map = sizeof(*tss),
	};
	gdt[selector / 8] = segment_descriptor((uintptr_t)tss, sizeof(*tss) - 1, SEG_TSS);
}

/* Runs `run` as a task with tables of its own, where `physical` can be seen. It ends with #GP. */
static void change_task(uint32_t physical, void (*run)(void))
{
	struct trap_info trap = { 0 };

	directory[WINDOW / LARGE] = physical | RIGHTS | PTE_LARGE;
	task_init(&first, SEL_TEST_TSS, run, (uint32_t)top);
	got = NOTHING;
	CHECK(trap_guard(jump_test, NULL, &trap), "the change of tasks came back");
	CHECK_EQ("vector", trap.regs.vector, TRAP_GP);
	raw_load_tr(SEL_TSS);
	gdt[SEL_TEST_TSS / 8] = gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
	asm volatile("clts");
	raw_write_cr3(raw_read_cr3()); /* for a fixture that let it through */
}

static bool begin(void)
{
	for (uint32_t at = 0; at < RAM; at += LARGE)
		directory[at / LARGE] = at | RIGHTS | PTE_LARGE;
	top[0] = (uint32_t)directory | PTE_PRESENT;
	return fixture_there();
}

/* Reads and writes over all that can be reached. Result: how much that is. */
static uint32_t attack(void)
{
	uint32_t open = 0;

	change_task(HV_BASE, look);
	if (!CHECK(got == NOTHING, "the fixture can be read: 0x%08x", seen))
		return 0;
	for (uint32_t at = RAM; at < AREA_END; at += LARGE) {
		change_task(at, scribble);
		CHECK(got != READ, "0x%08x can be read, and not be written", at);
		open += got == NOTHING ? 0 : LARGE;
	}
	return open;
}

static void read_word(void *at)
{
	(void)*(volatile uint32_t *)at;
}

/* Nothing of what was written is believed: where the guest has no page, there is none. */
static void check_holes(void)
{
	for (uint32_t at = WINDOW, i = 0; i < 64; i++, at += LARGE) {
		struct trap_info trap = { 0 };

		CHECK(trap_guard(read_word, (void *)at, &trap), "0x%08x can be read", at);
		CHECK_EQ("vector", trap.regs.vector, TRAP_PF);
		CHECK_EQ("error code", trap.regs.error, 0);
	}
}

TEST(memory, "hv.task-memory")
{
	if (!begin())
		return;
	CHECK_EQ("bytes of tables, by trap", attack(), HV_WALKED);
	check_holes();
	if (!fixture_enter())
		return;
	CHECK_EQ("bytes of tables, entered", attack(), HV_WALKED);
	CHECK_EQ("the reason", *fixture_word(HV_REASON), HV_E_FRAME);
	check_holes();
	fixture_goes_on(0);
	change_task(0, look);
	CHECK_EQ("the reason for memory of its own", *fixture_word(HV_REASON), HV_E_TASK);
	fixture_goes_on(1);
	fixture_leave();
}

/* No table at all: the processor cannot finish the change. The fixture says so, and ends the run. */
TEST(nowhere, "hv.nowhere")
{
	const char *asked = options_get()->test;

	if (!asked || !equal(asked, "hv.nowhere")) /* nothing can follow it */
		SKIP("ends the run: see test=hv.nowhere");
	if (!begin())
		return;
	task_init(&first, SEL_TEST_TSS, look, HV_BASE);
	jump_test(NULL);
}

/* PAE's top entries have no rights; these lead to tables of the fixture. */
static bool is_top(const volatile uint64_t *page)
{
	for (unsigned i = 0; i < 4; i++)
		if (page[i] && ((page[i] & 0xfdf) != PTE_PRESENT || page[i] < HV_BASE || page[i] >= AREA_END))
			return false;
	return page[0];
}

/* Under tables of its own: makes the fixture's lead to the fixture, and goes back to them. */
static void go_back(void)
{
	for (uint32_t at = WINDOW; at < WINDOW + LARGE; at += PAGE_SIZE) {
		const volatile uint64_t *page = (const volatile uint64_t *)at;

		if (!is_top(page))
			continue;
		back = (uint32_t)directory[WINDOW / LARGE] / LARGE * LARGE + at - WINDOW;
		directory[WINDOW / LARGE + 1] = (page[0] & 0xffe00000u) | RIGHTS | PTE_LARGE;
		uint32_t shadow = WINDOW + LARGE + ((uint32_t)page[0] & (LARGE - PAGE_SIZE));

		((volatile uint64_t *)shadow)[WINDOW / LARGE] = HV_BASE | RIGHTS | PTE_LARGE;
		task_init(&second, SEL_TEST, look, back);
		asm volatile("ljmp %0, $0" : : "i"(SEL_TEST) : "memory");
	}
	leave();
}

/* There and back: CR3 is the fixture's when it looks again. */
TEST(back_again, "hv.task-back")
{
	if (!begin() || !fixture_enter())
		return;
	back = 0;
	for (uint32_t at = HV_BASE; at < AREA_END && !back; at += LARGE)
		change_task(at, go_back);
	CHECK(back, "no top table found");
	CHECK_EQ("the reason", *fixture_word(HV_REASON), HV_E_FRAME);
	CHECK(got == NOTHING, "the fixture can be read: 0x%08x", seen);
	fixture_goes_on(0);
	fixture_leave();
}
