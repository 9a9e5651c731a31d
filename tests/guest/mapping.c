// SPDX-License-Identifier: GPL-2.0-only
/*
 * SetMapping: what is wrong is refused with its number and changes nothing; an APIC mapping is
 * used where nothing else would be found, and no longer once withdrawn; a copy of the image
 * learns where the state memory is mapped, and nothing else in it changes. Without a ROM, or
 * where it has no state memory, everything is refused.
 */
#include "apic.h"
#include "cpu.h"
#include "frames.h"
#include "harden.h"
#include "image_place.h"
#include "load.h"
#include "memory.h"
#include "paging.h"
#include "pv_ops.h"
#include "rom_place.h"
#include "test.h"
#include "timing.h"
#include "vmi64_abi.h"

#define APIC_ADDRESS 0xfee00000u
#define ABOVE_4G (1ull << 32)
#define TPR 0x080u
#define OTHER_PAGE 2 /* device pages: 0 is the guest's own mapping of the APIC */
#define OTHER (FIXED_BASE + OTHER_PAGE * PAGE_SIZE)

#define COPY_PHYSICAL image_physical((uintptr_t)copy)
#define TOP_PAGE (UINTPTR_MAX - PAGE_SIZE + 1)
#define WRAPS (UINTPTR_MAX > UINT32_MAX ? VMI_REFUSED_RANGE : VMI_REFUSED_SIZE)

static uint8_t copy[(UINT8_MAX + 1) * VROM_BLOCK] __attribute__((aligned(4096)));

/* The ROM's state memory, if the ROM can find it. */
static struct vmi_state *state(void)
{
	const struct vrom_config *config = timing_config();

	if (load_result()->bindings[SLOT_set_mapping].kind != VMI_BIND_ROM || !config ||
	    !(config->flags & VROM_CONFIG_TIME))
		return NULL;
	if (harden_done() ? !harden_was_told() : !timing_has_state())
		return NULL; /* a copy that nobody told */
	return linear(config->state);
}

/* How long the ROM says that it is; ours where it says nothing. */
static uint32_t state_size(void)
{
	const struct vmi_load *l = load_result();
	vmi_phys_t physical;
	uint32_t size;

	return l->chosen >= 0 && vmi_state_memory(l, &l->candidates[l->chosen], &physical, &size) ?
		       size : sizeof(struct vmi_state);
}

static void refused(const char *what, uint32_t kind, uint64_t physical, uintptr_t at, uintptr_t size,
		    uint32_t expected)
{
	uint32_t found = vmi_ops.set_mapping(kind, physical, at, size);

	if (!state())
		expected = VMI_REFUSED_STATE;
	CHECK(found == expected, "%s: found %u, expected %u", what, found, expected);
}

/* Addresses that are not canonical with the levels of tables in use, and ranges that leap over these. */
static void wide(void)
{
	const uintptr_t lower_end = (uintptr_t)1 << (paging.levels == 5 ? 56 : 47) % (8 * sizeof(uintptr_t));

	refused("APIC, not canonical", VMI_MAPPING_APIC, APIC_ADDRESS, lower_end, PAGE_SIZE,
		VMI_REFUSED_ADDRESS);
	refused("APIC, a sign alone", VMI_MAPPING_APIC, APIC_ADDRESS, ~(UINTPTR_MAX >> 1), PAGE_SIZE,
		VMI_REFUSED_ADDRESS);
	refused("state, below the upper half", VMI_MAPPING_STATE, 0x1000, -lower_end - PAGE_SIZE, PAGE_SIZE,
		VMI_REFUSED_ADDRESS);
	refused("state, out of the lower half", VMI_MAPPING_STATE, 0x1000, lower_end - PAGE_SIZE,
		PAGE_SIZE + 1, VMI_REFUSED_RANGE);
	refused("copy, over both halves", VMI_MAPPING_COPY, COPY_PHYSICAL, PAGE_SIZE,
		UINTPTR_MAX - PAGE_SIZE, VMI_REFUSED_RANGE);
	refused("APIC, size as if negative", VMI_MAPPING_APIC, APIC_ADDRESS, 0, UINTPTR_MAX,
		VMI_REFUSED_RANGE);
}

TEST(refusals, "mapping-told.refused", VMI_CALL_SetMapping)
{
	struct vmi_state *s = state(), before = { 0 };
	const struct vrom_config *config = timing_config();
	uint32_t physical = config ? config->state : 0x1000, size = state_size();
	uintptr_t at = s ? (uintptr_t)s : 0xc0001000u;
	uintptr_t start = (uintptr_t)copy, end;

	if (s)
		before = *s;
	refused("kind 0", 0, 0, 0, 0, VMI_REFUSED_KIND);
	refused("kind 4", 4, APIC_ADDRESS, OTHER, PAGE_SIZE, VMI_REFUSED_KIND);
	refused("kind 0x80000001", 0x80000001u, APIC_ADDRESS, OTHER, PAGE_SIZE, VMI_REFUSED_KIND);
	refused("kind -1", UINT32_MAX, APIC_ADDRESS, OTHER, PAGE_SIZE, VMI_REFUSED_KIND);
	refused("kind -1, withdrawn", UINT32_MAX, 0, 0, 0, VMI_REFUSED_KIND);

	refused("APIC, offsets differ", VMI_MAPPING_APIC, APIC_ADDRESS, OTHER + 4, PAGE_SIZE,
		VMI_REFUSED_ALIGN);
	refused("APIC, within a page", VMI_MAPPING_APIC, APIC_ADDRESS + 0x80, OTHER + 0x80, PAGE_SIZE,
		VMI_REFUSED_ALIGN);
	refused("APIC, above 4 GiB", VMI_MAPPING_APIC, ABOVE_4G + APIC_ADDRESS, OTHER, PAGE_SIZE,
		VMI_REFUSED_ALIGN);
	refused("APIC, a byte less than a page", VMI_MAPPING_APIC, APIC_ADDRESS, OTHER, PAGE_SIZE - 1,
		VMI_REFUSED_SIZE);
	refused("APIC, wraps", VMI_MAPPING_APIC, APIC_ADDRESS, TOP_PAGE, PAGE_SIZE + 1, WRAPS);
	refused("APIC, wraps altogether", VMI_MAPPING_APIC, APIC_ADDRESS, OTHER, UINTPTR_MAX, WRAPS);
	if (UINTPTR_MAX > UINT32_MAX)
		wide();
	refused("APIC, another page", VMI_MAPPING_APIC, APIC_ADDRESS + PAGE_SIZE, OTHER, PAGE_SIZE,
		VMI_REFUSED_CONTENT);
	refused("APIC, page 0", VMI_MAPPING_APIC, 0, OTHER, PAGE_SIZE, VMI_REFUSED_CONTENT);

	refused("state, a byte short", VMI_MAPPING_STATE, physical, at, size - 1, VMI_REFUSED_SIZE);
	refused("state, begins behind it", VMI_MAPPING_STATE, physical + 4, at + 4, size,
		VMI_REFUSED_SIZE);
	refused("state, ends before it", VMI_MAPPING_STATE, physical - PAGE_SIZE, at - PAGE_SIZE,
		PAGE_SIZE, VMI_REFUSED_SIZE);
	refused("state, wraps", VMI_MAPPING_STATE, physical, at, 0 - at + 1, WRAPS);
	refused("state, offsets differ", VMI_MAPPING_STATE, physical, at + 4, size, VMI_REFUSED_ALIGN);
	refused("state, above 4 GiB", VMI_MAPPING_STATE, ABOVE_4G + physical, at, size,
		VMI_REFUSED_ALIGN);
	memset(copy, 0, 2 * PAGE_SIZE);
	refused("state, something else", VMI_MAPPING_STATE, physical,
		(uintptr_t)copy + physical % PAGE_SIZE, size, VMI_REFUSED_CONTENT);

	if (!harden_done())
		refused("a copy before its state", VMI_MAPPING_COPY, COPY_PHYSICAL, (uintptr_t)copy,
			sizeof(copy), VMI_REFUSED_STATE);
	if (s && !harden_done())
		CHECK_EQ("state taken", vmi_ops.set_mapping(VMI_MAPPING_STATE, physical, at, size), 0);
	refused("a copy of something else", VMI_MAPPING_COPY, COPY_PHYSICAL, (uintptr_t)copy,
		sizeof(copy), VMI_REFUSED_CONTENT);
	if (rom_image(&start, &end))
		memcpy(copy, (const void *)start, end - start);
	refused("a copy that is cut", VMI_MAPPING_COPY, COPY_PHYSICAL, (uintptr_t)copy,
		end - start - 1, VMI_REFUSED_SIZE);
	refused("a copy, offsets differ", VMI_MAPPING_COPY, COPY_PHYSICAL + 8, (uintptr_t)copy,
		sizeof(copy) - 8, VMI_REFUSED_ALIGN);
	refused("the image itself as a copy", VMI_MAPPING_COPY, COPY_PHYSICAL + start % PAGE_SIZE,
		start, PAGE_SIZE * 8, VMI_REFUSED_CONTENT);
	copy[0x40] ^= 0x10;
	refused("a copy with one wrong bit", VMI_MAPPING_COPY, COPY_PHYSICAL, (uintptr_t)copy,
		sizeof(copy), VMI_REFUSED_CONTENT);
	if (!s) {
		test_note("no ROM, or one without state memory");
		return;
	}
	if (!harden_done())
		CHECK_EQ("state withdrawn", vmi_ops.set_mapping(VMI_MAPPING_STATE, 0, 0, 0), 0);
	CHECK_EQ("given_apic", s->given_apic, before.given_apic);
	CHECK_EQ("given_physical", s->given_physical, before.given_physical);
	CHECK_EQ("given_state", s->given_state, before.given_state);
}

/* A copy gets the place of the state, and the sum that belongs to it. */
TEST(told, "mapping-told.copy", VMI_CALL_SetMapping)
{
	struct vmi_state *s = state();
	uintptr_t start, end;
	uint32_t differ = 0;
	uint8_t sum = 0;

	if (!s || harden_done()) {
		CHECK(vmi_ops.set_mapping(VMI_MAPPING_COPY, 0, 0, 1) != VMI_REFUSED_OK, "taken");
		test_note("%s", s ? "this is a copy: harden.bound" : "no state memory");
		return;
	}
	rom_image(&start, &end);
	memcpy(copy, (const void *)start, end - start);
	const struct vrom_directory *d = (const void *)(copy + VROM_DIRECTORY);
	const struct vrom_config *config = (const void *)(copy + d->config_offs);

	CHECK_EQ("state", vmi_ops.set_mapping(VMI_MAPPING_STATE, config->state, (uintptr_t)s,
					      d->state_size), 0);
	CHECK_EQ("copy", vmi_ops.set_mapping(VMI_MAPPING_COPY, COPY_PHYSICAL, (uintptr_t)copy,
					     (uint32_t)(end - start)), 0);
	/* Where a ROM of 3.1 had 32 bits of it, what is now the high half alone. */
	const bool narrow = sizeof(uintptr_t) == sizeof(uint32_t) &&
			    load_result()->candidates[load_result()->chosen].minor < 2;
	const uint8_t *field = (const uint8_t *)&config->state_linear + (narrow ? sizeof(uint32_t) : 0);
	uint64_t told = 0;

	memcpy(&told, field, narrow ? sizeof(uint32_t) : sizeof(told));
	CHECK_EQ("where the copy sees the state", told, (uintptr_t)s);
	CHECK_EQ("whether it looks in the linear mapping", config->flags & VROM_CONFIG_LINEAR, 0);
	for (uint32_t i = 0; i < end - start; i++) {
		sum += copy[i];
		differ += copy[i] != ((const uint8_t *)start)[i] && &copy[i] != &config->flags &&
			  (&copy[i] < field || &copy[i] >= field + sizeof(told));
	}
	CHECK_EQ("its sum", sum, 0);
	CHECK_EQ("bytes that differ but for the flags and the state's: the sum's", differ, 1);
	CHECK_EQ("withdrawn", vmi_ops.set_mapping(VMI_MAPPING_STATE, 0, 0, 0), 0);
	CHECK_EQ("a copy without a state", vmi_ops.set_mapping(VMI_MAPPING_COPY, COPY_PHYSICAL,
		 (uintptr_t)copy, (uintptr_t)(end - start)), VMI_REFUSED_STATE);
}

/* A hypervisor that counts for the APIC writes its registers, too, and needs no mapping of them. */
static void check_tpr(const char *what, bool found)
{
	const bool written = found || !timing_by_apic();

	apic_write(TPR, 0x60);
	CHECK(pv_apic_ops.apic_read(TPR) == (found ? 0x60 : 0), "%s: the task priority reads 0x%x",
	      what, pv_apic_ops.apic_read(TPR));
	pv_apic_ops.apic_write(TPR, 0x50);
	CHECK(apic_read(TPR) == (written ? 0x50 : 0x60), "%s: the task priority is 0x%x", what,
	      apic_read(TPR));
	apic_write(TPR, 0);
}

/* The search is made blind: no table lies below the bound that SetLinearMapping tells. */
TEST(apic, "mapping-told.apic", VMI_CALL_SetMapping, VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	const uint32_t kind = VMI_MAPPING_APIC;

	if (!state() || !apic_present() || apic_x2() ||
	    load_result()->bindings[SLOT_apic_read].kind != VMI_BIND_ROM) {
		CHECK(vmi_ops.set_mapping(kind, APIC_ADDRESS, OTHER, 1) != VMI_REFUSED_OK, "taken");
		test_note("no APIC that is mapped, or the twin serves it");
		return;
	}
	pv_irq_disable();
	vmi_ops.set_linear_mapping(0, LINEAR_BASE, 1, 0);
	CHECK_EQ("withdrawn, told or not", vmi_ops.set_mapping(kind, 0, 0, 0), 0);
	check_tpr("not told", false);
	paging_map_device(OTHER_PAGE, APIC_ADDRESS);
	check_tpr("mapped, but not told", false);
	CHECK_EQ("taken", vmi_ops.set_mapping(kind, APIC_ADDRESS, OTHER, PAGE_SIZE), 0);
	check_tpr("told", true);
	CHECK_EQ("refused", vmi_ops.set_mapping(kind, APIC_ADDRESS, OTHER, 1), VMI_REFUSED_SIZE);
	check_tpr("told, and a refusal after it", true);
	CHECK_EQ("told anew", vmi_ops.set_mapping(kind, APIC_ADDRESS, FIXED_APIC, 2 * PAGE_SIZE), 0);
	pte_set(&kernel_mm, OTHER, pte_entry(&kernel_mm, OTHER), 0);
	pv_mmu_ops.flush_tlb_single(OTHER);
	check_tpr("told anew, the old mapping gone", true);
	CHECK_EQ("withdrawn", vmi_ops.set_mapping(kind, APIC_ADDRESS, FIXED_APIC, 0), 0);
	check_tpr("withdrawn", false);
	load_tell();
	check_tpr("as before", true);
}
