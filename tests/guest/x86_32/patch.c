// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patch sites: each holds what its slot is bound to, and does what the slot does; taking
 * the patches back restores every byte of the text, and patching again gives the same
 * text as before; bad sites are refused, each for its reason, with nothing written.
 */
#include "patch.h"
#include "cpu.h"
#include "frames.h"
#include "load.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "pv_ops.h"
#include "sites.h"
#include "smp.h"
#include "test.h"
#include "trap.h"

extern char text_start[], text_end[];

static uint32_t text_hash(void)
{
	uint32_t hash = 0x811c9dc5;

	for (const char *p = text_start; p < text_end; p++)
		hash = (hash ^ (uint8_t)*p) * 0x01000193;
	return hash;
}

/* Where the text first differs from the one before any patching; NULL: nowhere. */
static const char *first_difference(void)
{
	size_t size;
	const uint8_t *original = patch_original(&size);

	for (size_t i = 0; original && i < size; i++)
		if ((uint8_t)text_start[i] != original[i])
			return text_start + i;
	return NULL;
}

TEST(round_trip, "patch.round-trip")
{
	struct vmi_patch *patch = patch_state();
	uint32_t patched = text_hash(), changed = 0;
	size_t size;

	if (!patch_done())
		SKIP("patch=off");
	if (!patch_original(&size)) {
		test_error("the text of %u bytes was not kept", (unsigned)size);
		return;
	}
	for (uint32_t i = 0; i < patch->site_count; i++)
		changed += patch->results[i].patched;
	smp_hold();
	CHECK(changed, "no site is patched");
	CHECK(first_difference(), "the text is the original one, with %u sites patched", changed);
	for (unsigned i = 0; i < 2; i++) {
		CHECK_EQ("sites left alone by vmi_unpatch", vmi_unpatch(patch), 0);
		const char *at = first_difference();

		CHECK(!at, "the byte at %p is not restored", at);
		CHECK_EQ("sites skipped by vmi_patch", vmi_patch(patch), 0);
		CHECK_EQ("text after patching again", text_hash(), patched);
	}
	CHECK_EQ("sites skipped by a second vmi_patch", vmi_patch(patch), 0);
	CHECK_EQ("text after patching twice", text_hash(), patched);
	smp_release();
	test_note("%u sites, %u patched", patch->site_count, changed);
}

/* What stands at a site, decoded here and not by the loader. */
static void check_site(const struct vmi_patch_site *site, const struct vmi_patch_result *result)
{
	const struct vmi_load *load = load_result();
	const struct vmi_binding *binding = &load->bindings[site->row];
	const char *name = load->slots[site->row].name;
	const uint8_t *bytes = (const uint8_t *)(uintptr_t)site->address;
	int32_t displacement;
	uint32_t target;

	memcpy(&displacement, bytes + 1, 4);
	target = (uint32_t)site->address + 5 + (uint32_t)displacement;
	if (load->slots[site->row].call == VMI_SLOT_NO_CALL) { /* its text is not the loader's to know */
		CHECK(result->kind == VMI_PATCH_UNCHANGED, "%s: a site without a call of kind %d",
		      name, result->kind);
		return;
	}
	if (binding->kind == VMI_BIND_NATIVE) {
		CHECK(result->kind == VMI_PATCH_NATIVE, "%s: a native site of kind %d", name,
		      result->kind);
		CHECK(*bytes != 0xe8 && *bytes != 0xe9, "%s: a native site still calls", name);
	} else if (binding->kind == VMI_BIND_INLINE) {
		/* Prefixes before it or padding behind it: the twin's bytes stand in the site. */
		const uint8_t *twin = (const uint8_t *)(uintptr_t)load->slots[site->row].native;
		uint8_t at = 0, same = 0;

		while (at < site->length && bytes[at] == 0x3e && *twin != 0x3e)
			at++;
		while (at + same < site->length && bytes[at + same] == twin[same])
			same++;
		CHECK(result->kind == VMI_PATCH_INLINE, "%s: an inline site of kind %d", name,
		      result->kind);
		CHECK(same && same + result->pad_bytes >= site->length,
		      "%s: %u bytes of the twin in a site of %u", name, same, site->length);
	} else if (binding->kind == VMI_BIND_ROM) {
		bool call = binding->type == VMI_RELOCATION_CALL_REL;

		CHECK_EQ(name, *bytes, call ? 0xe8 : 0xe9);
		CHECK(target == binding->address || target == binding->address + 4,
		      "%s: leads to 0x%08x, bound to 0x%08llx", name, target,
		      (unsigned long long)binding->address);
	}
}

TEST(sites, "patch.sites")
{
	const struct vmi_patch *patch = patch_state();

	if (!patch_done())
		SKIP("patch=off");
	CHECK(patch->site_count > 20, "only %u sites", patch->site_count);
	CHECK_EQ("sites skipped", patch->counts[VMI_PATCH_SKIPPED], 0);
	for (uint32_t i = 0; i < patch->site_count; i++)
		check_site(&patch->sites[i], &patch->results[i]);
}

static void check_irq_sites(void)
{
	uint32_t on, off;

	site_irq_enable();
	on = site_save_fl();
	CHECK_EQ("IF after irq_enable", raw_eflags() & EFLAGS_IF, EFLAGS_IF);
	site_irq_disable();
	off = site_save_fl();
	CHECK_EQ("IF after irq_disable", raw_eflags() & EFLAGS_IF, 0);
	CHECK_EQ("IF in save_fl", (on & EFLAGS_IF) | (off & EFLAGS_IF) << 1, EFLAGS_IF);
	site_restore_fl(on);
	CHECK_EQ("IF after restore_fl of on", raw_eflags() & EFLAGS_IF, EFLAGS_IF);
	site_restore_fl(off);
	CHECK_EQ("IF after restore_fl of off", raw_eflags() & EFLAGS_IF, 0);
}

static void check_cr_sites(void)
{
	uint32_t cr0 = raw_read_cr0();
	struct mm other = { 0 };

	site_write_cr0(cr0 | CR0_TS);
	CHECK_EQ("CR0 after write_cr0", raw_read_cr0(), cr0 | CR0_TS);
	CHECK_EQ("read_cr0", site_read_cr0(), cr0 | CR0_TS);
	site_clts();
	CHECK_EQ("CR0 after clts", raw_read_cr0(), cr0 & ~CR0_TS);
	raw_write_cr0(cr0);
	site_write_cr2(0x12345678);
	CHECK_EQ("CR2 after write_cr2", raw_read_cr2(), 0x12345678);
	CHECK_EQ("read_cr2", site_read_cr2(), 0x12345678);
	CHECK_EQ("read_cr3", site_read_cr3(), raw_read_cr3());
	if (tables_make(&other)) {
		site_write_cr3(other.root);
		CHECK_EQ("CR3 after write_cr3", raw_read_cr3(), other.root);
		raw_write_cr3(paging_root());
		tables_free(&other);
	} else {
		test_error("no frame is left for page tables");
	}
	if (!cpu_has_cr4())
		return;
	site_write_cr4(raw_read_cr4() ^ CR4_DE);
	CHECK_EQ("read_cr4", site_read_cr4(), raw_read_cr4());
	site_write_cr4(raw_read_cr4() ^ CR4_DE);
}

static void check_page_sites(void)
{
	uint64_t table[3] __attribute__((aligned(8))) = { 1, 2, 3 };
	uint32_t *words = (uint32_t *)table;

	site_set_pxe_long(0x8000000123456067, &table[1], VMI_PAGE_PT);
	site_update_pxe_long(&table[1], VMI_PAGE_PT);
	CHECK_EQ("entry after set_pxe_long", table[1], 0x8000000123456067);
	site_set_pxe_long(0, &table[1], VMI_PAGE_PT);
	CHECK_EQ("entry after set_pxe_long of 0", table[1], 0);
	site_set_pxe(0xabcde067, &words[2], VMI_PAGE_PT);
	site_update_pxe(&words[2], VMI_PAGE_PT);
	CHECK_EQ("entry after set_pxe", words[2], 0xabcde067);
	CHECK_EQ("entries around it", table[0] | table[2] << 8 | (uint64_t)words[3] << 32, 0x301);
	site_set_lazy_mode(VMI_LAZY_MMU);
	site_set_lazy_mode(0);
	site_flush_tlb_single(PAGING_TEST_BASE);
}

/* The sites of sites.h do what their names say, patched and not. */
TEST(effects, "patch.effects", VMI_CALL_EnableInterrupts, VMI_CALL_DisableInterrupts,
     VMI_CALL_GetInterruptMask, VMI_CALL_SetInterruptMask, VMI_CALL_SetCR0, VMI_CALL_GetCR0,
     VMI_CALL_SetCR2, VMI_CALL_GetCR2, VMI_CALL_SetCR3, VMI_CALL_GetCR3, VMI_CALL_SetCR4,
     VMI_CALL_GetCR4, VMI_CALL_CLTS, VMI_CALL_SetPxE, VMI_CALL_SetPxELong, VMI_CALL_UpdatePxE,
     VMI_CALL_UpdatePxELong, VMI_CALL_SetLazyMode, VMI_CALL_InvalPage)
{
	smp_hold();
	for (unsigned patched = 2; patched--;) {
		check_irq_sites();
		check_cr_sites();
		check_page_sites();
		site_io_delay();
		if (patched && patch_done())
			vmi_unpatch(patch_state());
	}
	if (patch_done())
		vmi_patch(patch_state());
	smp_release();
}

/* Bytes for sites that are made up: calls of a twin, in the text. */
extern char bad_area[], native_clts[], native_disable_interrupts[];
asm(".pushsection .text\n\t.balign 16\nbad_area:\n\t"
    "call native_clts\n\tcall native_clts\n\tcall native_clts\n\tcall native_clts\n\t"
    "nop\n\tnop\n\tnop\n\tnop\n\tnop\n\t.popsection");

#define AREA ((uintptr_t)bad_area)
#define SITE(offset, row, length, kind) \
	{ AREA + (offset), row, length, kind, SITE_STANDARD }

TEST(bad, "patch.bad-sites")
{
	const struct vmi_patch_site sites[] = {
		SITE(0, SLOT_clts, 4, VMI_SITE_CALL),
		SITE(0, SLOT_clts, VMI_SITE_MAX + 1, VMI_SITE_CALL),
		SITE(5, SLOT_COUNT, 5, VMI_SITE_CALL),
		SITE(5, SLOT_irq_disable, 5, VMI_SITE_CALL),
		SITE(10, SLOT_clts, 6, VMI_SITE_CALL),
		SITE(15, SLOT_clts, 5, VMI_SITE_CALL),
		SITE(20, SLOT_clts, 5, VMI_SITE_CALL),
		{ (uintptr_t)text_end - 4, SLOT_clts, 5, VMI_SITE_CALL, SITE_STANDARD },
		{ (uintptr_t)text_start - 1, SLOT_clts, 5, VMI_SITE_CALL, SITE_STANDARD },
		{ (uintptr_t)-1, SLOT_clts, 5, VMI_SITE_CALL, SITE_STANDARD },
		SITE(0, SLOT_clts, 5, VMI_SITE_JUMP),
		SITE(5, SLOT_iret, 5, VMI_SITE_CALL),
		SITE(0, SLOT_clts, 5, 77),
	};
	static const enum vmi_reason reasons[] = {
		VMI_E_SITE_LENGTH, VMI_E_SITE_LENGTH, VMI_E_SITE_ROW, VMI_E_SITE_BYTES,
		VMI_E_SITE_OVERLAP, VMI_E_SITE_OVERLAP, VMI_E_SITE_BYTES, VMI_E_SITE_TEXT,
		VMI_E_SITE_TEXT, VMI_E_SITE_TEXT, VMI_E_SITE_KIND, VMI_E_SITE_KIND, VMI_E_SITE_KIND,
	};
	enum { COUNT = sizeof(sites) / sizeof(*sites) };
	uint32_t before = text_hash();

	if (!patch_done())
		SKIP("patch=off");
	_Static_assert(sizeof(reasons) / sizeof(*reasons) == COUNT, "one reason per site");
	for (unsigned i = 0; i < COUNT; i++) {
		/* One at a time, but for the two that overlap each other. */
		bool pair = reasons[i] == VMI_E_SITE_OVERLAP;
		static struct vmi_patch_result results[2];
		struct vmi_patch patch = {
			.load = load_result(), .text = patch_text(), .sites = &sites[i],
			.site_count = pair && reasons[i + 1] == reasons[i] ? 2 : 1,
			.results = results,
		};

		if (pair && patch.site_count == 1)
			continue; /* seen with the one before */
		memset(results, 0, sizeof(results));
		CHECK_EQ("sites skipped", vmi_patch(&patch), patch.site_count);
		for (unsigned k = 0; k < patch.site_count; k++)
			CHECK(results[k].reason == reasons[i + k], "site %u: found %s, expected %s", i + k,
			      vmi_reason_name(results[k].reason), vmi_reason_name(reasons[i + k]));
		CHECK_EQ("text after a bad site", text_hash(), before);
	}
	test_note("%u kinds", (unsigned)COUNT);
}

/* A site whose code does not let the call's registers change: skipped where the ROM serves it. */
TEST(clobbers, "patch.clobbers")
{
	static struct vmi_patch_result result;
	const struct vmi_patch_site site = { AREA, SLOT_clts, 5, VMI_SITE_CALL, VMI_REG_FLAGS };
	struct vmi_patch patch = {
		.load = load_result(), .text = patch_text(), .sites = &site, .site_count = 1,
		.results = &result,
	};
	uint32_t before = text_hash();

	if (load_result()->bindings[SLOT_clts].kind == VMI_BIND_NATIVE || !patch_done())
		SKIP("no ROM serves clts, or patch=off");
	CHECK_EQ("sites skipped", vmi_patch(&patch), 1);
	CHECK_EQ("reason", result.reason, VMI_E_SITE_CLOBBERS);
	CHECK_EQ("text after it", text_hash(), before);
}
