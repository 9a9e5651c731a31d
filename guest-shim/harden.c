// SPDX-License-Identifier: GPL-2.0-only
/* The ROM is copied, told, sealed, mapped as text, bound; then the original is unmapped. */
#include "harden.h"
#include "apic.h"
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "frames.h"
#include "image_place.h"
#include "load.h"
#include "memory.h"
#include "paging.h"
#include "pv_ops.h"
#include "rights.h"
#include "test.h"
#include "trap.h"

#define COPY_AT (FIXED_BASE + FIXED_COPY_PAGE * PAGE_SIZE)
#define STATE_AT (FIXED_BASE + FIXED_STATE_PAGE * PAGE_SIZE)

/* What the length byte can say, in whole pages. */
static uint8_t copy[(UINT8_MAX + 1) * VROM_BLOCK] __attribute__((aligned(4096)));
static struct vmi_copy_plan plan;
static struct vmi_window window;
static bool done, told;

bool harden_read(const char *name, enum harden *how)
{
	*how = equal(name, "1") ? HARDEN_TOLD : equal(name, "untold") ? HARDEN_UNTOLD : HARDEN_NONE;
	return *how != HARDEN_NONE;
}

bool harden_done(void)
{
	return done;
}

bool harden_was_told(void)
{
	return told;
}

static uint32_t pages(void)
{
	return (window.size + PAGE_SIZE - 1) / PAGE_SIZE;
}

static struct rights_of copy_rights(void)
{
	return rights_of(image_physical((uintptr_t)copy), pages() * PAGE_SIZE);
}

static bool tell(uint32_t kind, uint64_t physical, uintptr_t at, uint32_t size)
{
	uint32_t refused = vmi_ops.set_mapping(kind, physical, at, size);

	if (refused)
		printf("note harden: SetMapping of kind %u refused: %u\n", kind, refused);
	return !refused;
}

static uintptr_t state_at(void)
{
	return STATE_AT + (uint32_t)plan.state % PAGE_SIZE;
}

/* The state memory gets a place of its own, so that the copy cannot live on the linear mapping. */
static bool map_state(void)
{
	uint32_t start = (uint32_t)plan.state & ~(PAGE_SIZE - 1);
	uint32_t end = (uint32_t)plan.state + plan.state_size;

	if (!plan.state_size) {
		printf("note harden: the ROM names no state memory\n");
		return false;
	}
	if (plan.state + plan.state_size > frames_end()) {
		printf("note harden: state memory at 0x%08x, found %u bytes, expected below 0x%08x\n",
		       (uint32_t)plan.state, plan.state_size, frames_end());
		return false;
	}
	for (uint32_t a = start, i = 0; a < end; a += PAGE_SIZE, i++)
		paging_map_fixed(FIXED_STATE_PAGE + i, a, false);
	return true;
}

/* By calls of the original: the last ones. */
static bool tell_original(void)
{
	return map_state() &&
	       tell(VMI_MAPPING_STATE, plan.state, state_at(), plan.state_size) &&
	       tell(VMI_MAPPING_COPY, image_physical((uintptr_t)copy), (uintptr_t)copy, plan.length);
}

static void seal_and_bind(void)
{
	struct rights_of before = copy_rights(), after;
	enum vmi_reason reason;

	if (paging.nx)
		CHECK_EQ("mappings that can be run while it is written", before.runnable, 0);
	paging_seal(copy, window.size);
	CHECK_EQ("mappings that can be written once it is sealed", copy_rights().writable, 0);
	for (uint32_t i = 0; i < pages(); i++)
		paging_map_fixed(FIXED_COPY_PAGE + i, image_physical((uintptr_t)copy) + i * PAGE_SIZE, true);
	after = copy_rights();
	CHECK_EQ("mappings that can be written while it can be run", after.writable, 0);
	CHECK_EQ("mappings of the copy", after.mapped, before.mapped + pages());
	reason = load_through(&window);
	CHECK(reason == VMI_OK, "the copy is refused: %s", vmi_reason_name(reason));
	paging_set_rom(0, 0);
	paging_hide((uint32_t)plan.image, plan.length);
	done = reason == VMI_OK;
}

void harden(bool tell_it)
{
	const struct vmi_load *load = load_result();

	if (load->window.virt != paging_window() || !vmi_copy_plan(load, &plan)) {
		printf("note harden= needs a ROM that is used in its window\n");
		return;
	}
	test_begin("harden.bound");
	if (CHECK(vmi_copy_window(&plan, COPY_AT, &window), "no copy may lie at 0x%08lx",
		  (unsigned long)COPY_AT)) {
		memcpy(copy, linear((uint32_t)plan.image), plan.length);
		told = tell_it && tell_original();
		binding_native();
		seal_and_bind();
	}
	test_end();
	if (done)
		printf("note harden copy 0x%08lx of 0x%08x length=%u %s\n",
		       (unsigned long)COPY_AT, (uint32_t)plan.image,
		       plan.length, told ? "told" :
		       "untold # without SetMapping a copy has no calls of groups apic and timer");
}

void harden_tell(void)
{
	if (!done || !told)
		return;
	tell(VMI_MAPPING_STATE, plan.state, state_at(), plan.state_size);
	if (apic_present() && !apic_x2())
		tell(VMI_MAPPING_APIC, vmi_ops.rdmsr(MSR_APIC_BASE) & ~0xfffull, FIXED_APIC, PAGE_SIZE);
}

static void touch(void *at)
{
	(void)*(volatile uint8_t *)at;
}

static void check_original(void)
{
	uintptr_t start = (uintptr_t)linear((uint32_t)plan.image);
	unsigned bound = 0;
	struct trap_info trap;

	CHECK_EQ("mappings of the original", rights_of((uint32_t)plan.image, plan.length).mapped, 0);
	for (uint32_t offset = 0; offset < plan.length; offset += PAGE_SIZE)
		CHECK(trap_guard(touch, (void *)(start + offset), &trap) &&
		      trap.regs.vector == TRAP_PF && trap.cr2 == start + offset,
		      "the original can be read at 0x%08lx", (unsigned long)(start + offset));
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		CHECK(slot_entry[row] - start >= plan.length, "%s leads to the original",
		      binding_slots[row].name);
		if (load_result()->bindings[row].kind == VMI_BIND_ROM)
			bound += CHECK(slot_entry[row] - COPY_AT < plan.length, "%s leads to 0x%08lx",
				       binding_slots[row].name, (unsigned long)slot_entry[row]);
	}
	CHECK(bound, "no slot leads to the copy");
	test_note("%u slots lead to the copy, none to the original", bound);
}

static void check_copy(void)
{
	struct rights_of r = copy_rights();
	uint8_t sum = 0;

	CHECK_EQ("writable mappings of the copy", r.writable, 0);
	CHECK_EQ("mappings of the copy", r.mapped, 3 * pages());
	if (paging.nx)
		CHECK_EQ("runnable mappings of the copy", r.runnable, pages());
	for (uint32_t i = 0; i < plan.length; i++)
		sum += ((const uint8_t *)COPY_AT)[i];
	CHECK_EQ("sum of the copy", sum, 0);
	test_note("%u pages, %u mappings%s", pages(), r.mapped,
		  paging.nx ? "" : "; without NX, only that none is writable is checked");
}

void harden_check(void)
{
	if (!done)
		return;
	test_begin("harden.original");
	check_original();
	test_end();
	test_begin("harden.copy");
	check_copy();
	test_end();
}
