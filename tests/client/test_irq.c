// SPDX-License-Identifier: GPL-2.0-only
/* The interrupt operations, by slot and by patch site; late patching. */
#include "check.h"
#include "console.h"
#include "entry.h"
#include "irq.h"
#include "memory.h"
#include "raw.h"
#include "rom.h"

#define SPIN_MAX 1000000u

static bool interrupts(void)
{
	return raw_eflags() & EFLAGS_IF;
}

/* Does a tick wait before the spin ends? */
static bool tick_pending(void)
{
	bool pending = false;

	for (uint32_t i = 0; i < SPIN_MAX && !pending; i++)
		pending = irq_tick_pending();
	return pending;
}

/* Flags that every save and restore must carry. IOPL is set for the march, or 0 would pass. */
#define MARCH_FLAGS (EFLAGS_IF | EFLAGS_IOPL)

/* The registers at the end of a march; NULL or the name of one that is lost. */
static const char *lost(const struct march *seed, const struct march *m, uint32_t flags)
{
	/* The saves give the march EFLAGS to restore. */
	if ((m->eax ^ flags) & MARCH_FLAGS)
		return "eax";
	if (m->ecx != seed->ecx)
		return "ecx";
	if (m->edx != seed->edx)
		return "edx";
	if (m->ebx != seed->ebx)
		return "ebx";
	if (m->ebp != seed->ebp)
		return "ebp";
	if (m->esi != seed->esi)
		return "esi";
	if (m->edi != seed->edi)
		return "edi";
	if (m->esp_after != m->esp)
		return "esp";
	return (m->eflags ^ flags) & MARCH_FLAGS ? "flags" : NULL;
}

static const char *walk_lost(void (*sites)(struct march *))
{
	static uint32_t one; /* interrupts stay as they are, so this is no struct spinlock */
	static const struct march seed = {
		.eax = 0x11111111, .ecx = 0xecececec, .edx = 0xedededed, .ebx = 0xebebebeb,
		.ebp = 0xbebebebe, .esi = 0xe5e5e5e5, .edi = 0xd1d1d1d1,
	};
	struct march m = seed;
	uint32_t outer = raw_eflags(), flags = outer | EFLAGS_IOPL;

	while (__sync_lock_test_and_set(&one, 1))
		asm volatile("pause");
	raw_set_eflags(flags);
	sites(&m);
	raw_set_eflags(outer);
	__sync_lock_release(&one);
	return lost(&seed, &m, flags);
}

static void walk(const char *name, void (*sites)(struct march *))
{
	const char *bad = walk_lost(sites);

	check(name, !bad, "a patch site changed %s", bad ? bad : "");
}

const char *march_lost(void)
{
	return walk_lost(march);
}

void test_march(const char *name)
{
	walk(name, march);
}

static void test_flags(void)
{
	uint32_t old = irq_flags();

	pv_irq_ops.irq_disable();
	check("irq.disable", !interrupts(), "the interrupt flag is set");
	check("irq.save_off", !(irq_flags() & EFLAGS_IF), "found on, expected off");
	pv_irq_ops.irq_enable();
	check("irq.enable", interrupts(), "the interrupt flag is clear");
	check("irq.save_on", pv_irq_ops.save_fl() & EFLAGS_IF, "found off, expected on");
	irq_disable();
	check("irq.site_disable", !interrupts(), "the interrupt flag is set");
	irq_restore(old);
	check("irq.site_restore", interrupts(), "the interrupt flag is clear");
	pv_irq_ops.restore_fl(old & ~EFLAGS_IF);
	check("irq.restore_off", !interrupts(), "the interrupt flag is set");
	irq_enable();
	check("irq.site_enable", interrupts(), "the interrupt flag is clear");
	/* Not the flag alone: a client whose restore is native loads all of it. */
	raw_set_eflags(old | EFLAGS_IOPL);
	check_equal("irq.save_whole", irq_flags() & EFLAGS_IOPL, EFLAGS_IOPL);
	raw_set_eflags(old);
}

void test_irq_ops(void)
{
	uint32_t before, flags, halts = 0;
	bool pending;

	test_flags();
	flags = irq_save();
	before = ticks;
	pending = tick_pending();
	check("irq.held", pending && ticks == before,
	      "found %u ticks with interrupts off, %s pending", ticks - before,
	      pending ? "one" : "none");
	irq_restore(flags);
	check("irq.delivered", wait_ticks(1), "no tick came with interrupts on");
	for (int i = 0; i < 3; i++) {
		irq_disable();
		before = ticks;
		pv_irq_ops.safe_halt();
		halts += interrupts() && ticks != before;
		irq_enable();
	}
	check_equal("irq.safe_halt", halts, 3);
}

/* Long after boot: the second pass over all sites, and a module with sites of its own. */
void test_module(void)
{
	uint32_t flags, differ;

	walk("module.loaded", march_module);
	if (!rom) {
		check_skip("module.patched", "no ROM is in use");
		return;
	}
	flags = irq_save();
	differ = patch_compare(sites_start, sites_end);
	patch_sites(module_sites_start, module_sites_end);
	irq_restore(flags);
	check_equal("late.sites_differ", differ, 0);
	walk("module.patched", march_module);
	check("late.sites",
	      sites_end - sites_start >= SITES_SAVE + SITES_DISABLE + SITES_RESTORE + SITES_ENABLE,
	      "found only %u sites", (uint32_t)(sites_end - sites_start));
	check("late.questions", rom_questions >= 2u * (uint32_t)(sites_end - sites_start),
	      "found only %u questions", rom_questions);
	check_equal("late.contradictions", rom_contradictions, 0);
	printf("note %u sites, %u questions\n", (uint32_t)(sites_end - sites_start), rom_questions);
}
