// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the ROM finds the APIC: it is told nothing and looks through the page tables. Wherever
 * the guest maps it, it is found; where it is not mapped, or hidden behind entries that lead
 * nowhere, reads give 0, writes do nothing, and an LVTT alarm goes to the PIT. Nothing faults.
 * On a native boot the twins know the mapping, and there is nothing to find.
 */
#include "apic.h"
#include "cpu.h"
#include "frames.h"
#include "harden.h"
#include "irq.h"
#include "load.h"
#include "memory.h"
#include "mm.h"
#include "paging.h"
#include "probe.h"
#include "pv_ops.h"
#include "test.h"
#include "time.h"
#include "timing.h"
#include "trap.h"

#define APIC_ADDRESS 0xfee00000u
#define TPR 0x080u
#define OTHER_PAGE 2 /* device pages: 0 is the guest's own mapping of the APIC */
#define FAKE_PAGE 3
#define HIGH_LARGE 0xff800000u /* a directory entry that nothing else uses, above FIXED_BASE - 4 MiB */
#define VOID_IN_BOUND 0x30000000u
#define ABOVE_4G (1ull << 36)

static struct probe probe;

static void run(void *unused)
{
	(void)unused;
	probe_run(&probe);
}

/* A call that must come back, faultless. */
static uint32_t call(enum slot_id row, uint32_t eax, uint32_t edx)
{
	struct trap_info trap;

	probe_init(&probe, slot_entry[row]);
	probe.in[EAX] = eax;
	probe.in[EDX] = edx;
	if (!CHECK(!trap_guard(run, NULL, &trap), "%s: trap %u at 0x%08lx, cr2 0x%08lx",
		   vmi_calls[row == SLOT_apic_read ? 64 : 63].name, trap.regs.vector, (unsigned long)trap.regs.ip,
		   (unsigned long)trap.cr2))
		return 0xdead;
	return probe.out[EAX];
}

/* The APIC is found: its registers are the real ones. `at`: where this guest sees it. */
static void check_found(const char *what, uint32_t at)
{
	volatile uint32_t *tpr = (void *)(at + TPR);

	call(SLOT_apic_write, TPR, 0x50);
	CHECK(*tpr == 0x50, "%s: the task priority is not written", what);
	*tpr = 0x60;
	CHECK(call(SLOT_apic_read, TPR, 0) == 0x60, "%s: the task priority is not read", what);
	*tpr = 0;
}

/*
 * It is not found. `at`: where the guest still sees it, or 0. A hypervisor's own timers, and the registers
 * that it writes, need no mapping.
 */
static void check_lost(const char *what, uint32_t at)
{
	const bool told = !timing_by_apic();
	const uint32_t wiring = told ? VMI_ALARM_LVTT : 0;

	CHECK(call(SLOT_apic_read, 0x30, 0) == 0, "%s: the version reads as if found", what);
	call(SLOT_apic_write, TPR, 0x50);
	if (at)
		CHECK(*(volatile uint32_t *)(at + TPR) == (told ? 0x50 : 0), "%s: the task priority is 0x%x", what,
		      *(volatile uint32_t *)(at + TPR));
	call(SLOT_apic_write, TPR, 0);
	timing_start(wiring);
	vmi_ops.set_alarm(VMI_ALARM_LVTT, timing_now() + time_ticks(300), 0);
	timing_await(1, timing_now());
	CHECK(timing[0].count == 1, "%s: found %u interrupts of the %s, expected 1", what,
	      timing[0].count, told ? "timer" : "PIT");
	CHECK_EQ("cancel_alarm", vmi_ops.cancel_alarm(VMI_ALARM_LVTT), 0);
	timing_stop(wiring);
}

/* The guest's own mapping; value 0 takes it away. */
static void set_page(uint32_t at, uint64_t value)
{
	pte_set(&kernel_mm, at, pte_entry(&kernel_mm, at), value);
	pv_mmu_ops.flush_tlb_single(at);
}

static void set_directory(uint32_t at, uint64_t value)
{
	uint32_t *pmd = pmd_entry(&kernel_mm, at);

	pmd[0] = (uint32_t)value;
	if (paging.pae)
		pmd[1] = (uint32_t)(value >> 32);
	raw_write_cr3(raw_read_cr3());
	pv_mmu_ops.flush_tlb_single(at);
}

static bool usable(void)
{
	if (!apic_present() || !time_usable() || apic_x2()) {
		test_skip("no APIC or no TSC, or an x2APIC, which is mapped nowhere");
		return false;
	}
	pv_irq_disable();
	if (harden_done()) { /* what it is told: mapping.told */
		check_found("the mapping that the copy was told of", FIXED_APIC);
		test_note("a copy of the ROM does not look");
		return false;
	}
	if (load_result()->bindings[SLOT_apic_read].kind != VMI_BIND_ROM) {
		check_found("the guest's mapping", FIXED_APIC); /* the twin knows of no other */
		test_note("no ROM serves the APIC calls: the twin alone");
		return false;
	}
	if (load_result()->bindings[SLOT_set_alarm].kind != VMI_BIND_ROM) {
		test_skip("alarms are native and need the guest's own mapping");
		return false;
	}
	return true;
}

#define DEVICE (PTE_PRESENT | PTE_WRITE | PTE_UNCACHED)

TEST(pages, "mapping.pages", VMI_CALL_APICRead, VMI_CALL_APICWrite, VMI_CALL_SetAlarm)
{
	uint32_t other = FIXED_BASE + OTHER_PAGE * PAGE_SIZE, fake = FIXED_BASE + FAKE_PAGE * PAGE_SIZE;
	uint64_t own;

	if (!usable())
		return;
	own = entry_read(pte_entry(&kernel_mm, FIXED_APIC));
	check_found("the guest's mapping", FIXED_APIC);
	set_page(FIXED_APIC, 0);
	check_lost("no mapping", 0);
	set_page(other, APIC_ADDRESS | DEVICE);
	check_found("another page", other);
	set_page(other, APIC_ADDRESS | PTE_PRESENT);
	check_lost("a read-only page", other);
	set_page(other, APIC_ADDRESS | PTE_WRITE);
	check_lost("an entry that is not present", 0);
	if (paging.pae) {
		set_page(fake, (APIC_ADDRESS | DEVICE) + ABOVE_4G);
		check_lost("an entry above 4 GiB", 0);
		set_page(other, APIC_ADDRESS | DEVICE);
		check_found("another page beside one above 4 GiB", other);
		set_page(fake, 0);
	}
	/* A mapping that is kept does not outlive its entry. */
	set_page(other, APIC_ADDRESS | DEVICE);
	check_found("another page again", other);
	set_page(fake, APIC_ADDRESS | DEVICE);
	set_page(other, 0);
	check_found("moved while it was kept", fake);
	set_page(fake, 0);
	set_page(other, 0);
	set_page(FIXED_APIC, own);
	check_found("the guest's mapping again", FIXED_APIC);
}

TEST(large, "mapping.large-pages", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	uint32_t span = pmd_span(), base = APIC_ADDRESS & ~(span - 1);
	uint64_t own;

	if (!usable())
		return;
	own = entry_read(pte_entry(&kernel_mm, FIXED_APIC));
	set_page(FIXED_APIC, 0);
	set_directory(HIGH_LARGE, base | DEVICE | PTE_LARGE);
	if (paging.large) {
		check_found("a large page", HIGH_LARGE + (APIC_ADDRESS - base));
		set_directory(HIGH_LARGE, base | PTE_PRESENT | PTE_LARGE);
		check_lost("a large read-only page", 0);
		if (!paging.pae) { /* bits 13 to 20 are address bits above 4 GiB */
			set_directory(HIGH_LARGE, base | DEVICE | PTE_LARGE | 1u << 13);
			check_lost("a large page above 4 GiB", 0);
		}
		set_directory(HIGH_LARGE, 0);
		check_lost("a large page taken away", 0);
	}
	set_directory(HIGH_LARGE, 0);
	set_page(FIXED_APIC, own);
	check_found("the guest's mapping again", FIXED_APIC);
}

TEST(void_tables, "mapping.tables-in-the-void", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	static const uint32_t nowhere[] = {
		VOID_IN_BOUND, 0x37fff000u, 0x38000000u, 0x3ffff000u, 0x7ffff000u, 0x80000000u,
		0xe0000000u, APIC_ADDRESS, 0xfffff000u,
	};
	uint64_t own;

	if (!usable())
		return;
	for (unsigned i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		set_directory(HIGH_LARGE, nowhere[i] | PTE_PRESENT | PTE_WRITE);
		check_found("a table in the void elsewhere", FIXED_APIC);
		own = entry_read(pte_entry(&kernel_mm, FIXED_APIC));
		set_page(FIXED_APIC, 0);
		check_lost("a table in the void", 0);
		set_page(FIXED_APIC, own);
	}
	if (paging.pae) {
		uint32_t table = frame_alloc();

		set_directory(HIGH_LARGE, table | PTE_PRESENT | PTE_WRITE | ABOVE_4G);
		check_found("a table above 4 GiB elsewhere", FIXED_APIC);
		frame_put(table);
	}
	set_directory(HIGH_LARGE, 0);
}

/* One more address space, and a page that is in one of both only. */
TEST(spaces, "mapping.address-spaces", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	struct mm *mm;

	if (!usable())
		return;
	check_found("the first address space", FIXED_APIC);
	mm = mm_create();
	if (!mm) {
		test_error("no memory for an address space");
		return;
	}
	mm_load(mm);
	check_found("a second address space", FIXED_APIC);
	mm_load(&kernel_mm);
	check_found("the first address space again", FIXED_APIC);
	mm_load(mm);
	check_found("the second address space again", FIXED_APIC);
	mm_load(&kernel_mm);
	mm_put(mm);
}

/*
 * A directory is replaced under the same CR3 by one that does not map the APIC: the old one
 * still says so, but nobody may look there again.
 */
TEST(directory, "mapping.directory-replaced", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	uint64_t *top, old, *copied;
	uint32_t copy;

	if (!usable())
		return;
	check_found("the first directory", FIXED_APIC);
	if (!paging.pae) {
		test_note("without PAE the directory is what CR3 names");
		return;
	}
	copy = frame_alloc();
	if (!copy) {
		test_error("no memory for a directory");
		return;
	}
	top = (uint64_t *)linear(paging_root()) + (FIXED_APIC >> 30);
	old = *top;
	copied = linear(copy);
	memcpy(copied, linear((uint32_t)old & ~(PAGE_SIZE - 1)), PAGE_SIZE);
	copied[FIXED_APIC >> 21 & 511] = 0;
	*top = copy | (old & (PAGE_SIZE - 1));
	raw_write_cr3(raw_read_cr3());
	pv_mmu_ops.flush_tlb_single(FIXED_APIC);
	check_lost("another directory", 0);
	*top = old;
	raw_write_cr3(raw_read_cr3());
	check_found("the first directory again", FIXED_APIC);
	frame_put(copy);
}

/* Tables that the linear mapping leaves out, by what SetLinearMapping told of it. */
TEST(bound, "mapping.outside-the-linear-mapping", VMI_CALL_APICRead, VMI_CALL_SetLinearMapping)
{
	uint32_t table, root;

	if (!usable())
		return;
	table = (uint32_t)entry_read(pmd_entry(&kernel_mm, FIXED_APIC)) >> PAGE_SHIFT;
	root = paging_root() >> PAGE_SHIFT;
	for (uint32_t bound = 1; bound < frames_end() >> PAGE_SHIFT; bound += bound) {
		vmi_ops.set_linear_mapping(0, LINEAR_BASE, bound, 0);
		if (bound <= root || bound <= table || (paging.pae && bound <= kernel_mm.pmd[3] >> PAGE_SHIFT))
			CHECK_EQ("the version, tables outside", call(SLOT_apic_read, 0x30, 0), 0);
		else
			CHECK_EQ("the version, tables inside", call(SLOT_apic_read, 0x30, 0), apic_read(0x30));
	}
	/* What is no mapping of the ROM's own is not believed. */
	paging_tell();
	vmi_ops.set_linear_mapping(0, 0x12345000, 1, 0);
	vmi_ops.set_linear_mapping(0, 0, 1, 0);
	vmi_ops.set_linear_mapping(0, LINEAR_BASE, 1, 1);
	vmi_ops.set_linear_mapping(1, LINEAR_BASE, 1, 0);
	check_found("other linear mappings told", FIXED_APIC);
	vmi_ops.set_linear_mapping(0, LINEAR_BASE, 0xffffffff, 0);
	check_found("a linear mapping that is too long", FIXED_APIC);
	paging_tell();
}

/* The same registers with paging off: the kernel and the ROM lie where they are. */
TEST(paging_off, "mapping.paging-off", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	vmi_apic_read_fn *read;
	vmi_apic_write_fn *write;
	uint32_t cr0, version, priority;

	if (!usable())
		return;
	read = (vmi_apic_read_fn *)(slot_entry[SLOT_apic_read] - LINEAR_BASE);
	write = (vmi_apic_write_fn *)(slot_entry[SLOT_apic_write] - LINEAR_BASE);
	cr0 = raw_read_cr0();
	raw_write_cr0(cr0 & ~CR0_PG);
	version = read(0x30);
	write(TPR, 0x70);
	priority = *(volatile uint32_t *)(APIC_ADDRESS + TPR);
	*(volatile uint32_t *)(APIC_ADDRESS + TPR) = 0;
	raw_write_cr0(cr0);
	CHECK_EQ("the version with paging off", version, apic_read(0x30));
	CHECK_EQ("the task priority with paging off", priority, 0x70);
}

/* The APIC says by MSR that it is elsewhere: RAM, here, so that what is used there shows. */
TEST(moved, "mapping.moved-by-msr", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	uint32_t frame, *fake, at = FIXED_BASE + OTHER_PAGE * PAGE_SIZE;
	uint64_t base;

	if (!usable())
		return;
	frame = frame_alloc();
	fake = linear(frame);
	base = vmi_ops.rdmsr(MSR_APIC_BASE);
	vmi_ops.wrmsr((base & 0xfff) | frame, MSR_APIC_BASE);
	if (vmi_ops.rdmsr(MSR_APIC_BASE) != ((base & 0xfff) | frame)) {
		test_skip("this machine does not let the APIC be moved");
		return;
	}
	CHECK_EQ("the version where nothing is mapped", call(SLOT_apic_read, 0x30, 0), 0);
	fake[0x30 / 4] = 0x12345678;
	set_page(at, frame | DEVICE);
	CHECK_EQ("the version where it moved to", call(SLOT_apic_read, 0x30, 0), 0x12345678);
	call(SLOT_apic_write, TPR, 0x70);
	CHECK_EQ("the task priority where it moved to", fake[TPR / 4], 0x70);
	/* Bit 32: the lowest there is; one beyond the processor's address bits faults. */
	if (!pv_cpu_ops.write_msr(MSR_APIC_BASE, (base & 0xfff) | APIC_ADDRESS, 1) &&
	    vmi_ops.rdmsr(MSR_APIC_BASE) >> 32)
		CHECK_EQ("the version of an APIC above 4 GiB", call(SLOT_apic_read, 0x30, 0), 0);
	vmi_ops.wrmsr(base, MSR_APIC_BASE);
	set_page(at, 0);
	frame_put(frame);
	check_found("moved back", FIXED_APIC);
}
