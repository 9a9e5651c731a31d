// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each slot costs, in instructions: bench=slots under -icount shift=0, where the TSC
 * counts them. Each form is written to the same place in the text and run there, by the
 * loader's own patching where it is a patched one. One line per slot, - where there is no
 * such form:
 *
 *   slot-cost SLOT NUMBER GROUP native=N indirect=N direct=N patched-native=N
 *             patched-empty=N pad-native=KIND:BYTES pad-empty=KIND:BYTES
 *
 * native: the instructions of spec/ inline. indirect: a call through a pointer. direct: a
 * site patched to the ROM's entry. patched-native, patched-empty: a site whose slot is
 * native or empty, padding included. A slot with a wrapper is counted without it.
 */
#include "bench.h"
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "load.h"
#include "memory.h"
#include "options.h"
#include "paging.h"
#include "pv_ops.h"
#include "patch.h"
#include "test.h"

/* A form of a slot while it is counted. */
static struct vmi_slot slots[SLOT_COUNT];
static struct vmi_binding bindings[SLOT_COUNT];
static struct vmi_load load;
static uintptr_t pointer; /* what the indirect form calls through */

#define OPCODE_CALL 0xe8
#define OPCODE_JUMP 0xe9

static uint8_t opcode(size_t row)
{
	return binding_is_flow(row) ? OPCODE_JUMP : OPCODE_CALL;
}

static int native_form(size_t row)
{
	int call = slots[row].call;
	uint16_t place[2];

	if (!vmi_calls[call].native)
		return BENCH_NONE;
	memcpy(place, vmi_native32 + 4 * call, sizeof(place));
	return bench_count(call, binding_is_flow(row), vmi_native32 + place[0], place[1]);
}

static int indirect_form(size_t row)
{
	uint8_t bytes[6] = { 0xff, binding_is_flow(row) ? 0x25 : 0x15 };
	uint32_t at = (uintptr_t)&pointer;

	pointer = slot_entry[row];
	memcpy(bytes + 2, &at, sizeof(at));
	return bench_count(slots[row].call, binding_is_flow(row), bytes, sizeof(bytes));
}

/*
 * As long as its native code, where that is wanted and fits, else as short as a site may
 * be: a branch needs no more.
 */
static uint8_t site_length(int call, enum vmi_bind_kind kind)
{
	uint16_t place[2];

	if (kind != VMI_BIND_NATIVE && kind != VMI_BIND_INLINE)
		return VMI_SITE_MIN;

	memcpy(place, vmi_native32 + 4 * call, sizeof(place));
	return place[1] > VMI_SITE_MIN && place[1] <= VMI_SITE_MAX ? (uint8_t)place[1] : VMI_SITE_MIN;
}

/* A site patched by the loader, with the row bound as told. */
static int patched_form(size_t row, enum vmi_bind_kind kind, enum vmi_patch_kind wanted,
			struct vmi_patch_result *result)
{
	const struct vmi_text *text = patch_text();
	uint8_t length = site_length(slots[row].call, kind), bytes[VMI_SITE_MAX];
	struct vmi_patch_site site = {
		bench_site(slots[row].call, binding_is_flow(row)), (uint16_t)row, length,
		binding_is_flow(row) ? VMI_SITE_JUMP : VMI_SITE_CALL, 0xffffffff,
	};
	struct vmi_patch patch = {
		.load = &load, .text = text, .sites = &site, .site_count = 1,
		.long_nops = cpu_family() >= 6, .results = result,
	};
	uint32_t displacement = (uint32_t)(slots[row].native - (site.address + VMI_SITE_MIN));

	memset(result, 0, sizeof(*result));
	bindings[row] = load_result()->bindings[row];
	if ((kind == VMI_BIND_ROM || kind == VMI_BIND_INLINE) && bindings[row].kind != kind)
		return BENCH_NONE;
	if (kind != VMI_BIND_ROM)
		bindings[row] = (struct vmi_binding){ .kind = kind };
	memset(bytes, 0x90, sizeof(bytes));
	bytes[0] = opcode(row);
	memcpy(bytes + 1, &displacement, sizeof(displacement));
	if (!text->write(text->context, site.address, bytes, length))
		return BENCH_NONE;
	vmi_patch(&patch);
	if (result->kind != wanted)
		return BENCH_NONE;
	text->read(text->context, site.address, bytes, length);
	/* Whatever the call is, an empty site is nothing but its padding. */
	return bench_count(kind == VMI_BIND_NOP ? VMI_SLOT_NO_CALL : slots[row].call,
			   binding_is_flow(row), bytes, length);
}

static void print_count(const char *name, int count)
{
	if (count == BENCH_NONE)
		printf(" %s=-", name);
	else
		printf(" %s=%d", name, count);
}

static void print_pad(const char *name, int count, const struct vmi_patch_result *result)
{
	static const char *const kinds[] = { "none", "prefix", "nop", "jump", "dead" };

	if (count == BENCH_NONE)
		printf(" %s=-", name);
	else
		printf(" %s=%s:%u", name, kinds[result->pad], result->pad_bytes);
}

/* The limits of docs/slots-table.md. */
static void check_limits(size_t row, int native, int direct, int patched, int empty,
			 const struct vmi_patch_result *result)
{
	const char *name = slots[row].name;
	uint8_t group = vmi_calls[slots[row].call].group;

	if (native != BENCH_NONE && patched != BENCH_NONE) {
		CHECK(patched - native == result->pad_instructions, "%s: %d native, %d patched to native",
		      name, native, patched);
		CHECK(patched - native <= 1 && (result->pad != VMI_PAD_PREFIX || patched == native),
		      "%s: %d instructions of padding", name, patched - native);
	}
	/* A ROM may be quicker than the native text: DR numbers are sorted out in fewer steps. */
	if ((group == VMI_GROUP_cpu || group == VMI_GROUP_irq) && native != BENCH_NONE &&
	    direct != BENCH_NONE)
		CHECK(direct - native <= 2, "%s: %d native, %d called directly", name, native, direct);
	CHECK(empty == BENCH_NONE || empty <= 1, "%s: %d instructions at an empty site", name, empty);
}

static void bench_row(size_t row)
{
	struct vmi_patch_result to_rom, to_native, to_empty, to_bytes;
	enum vmi_patch_kind branch = VMI_PATCH_CALL;
	int native, indirect, direct, patched, empty, copied;

	if (load_result()->bindings[row].type == VMI_RELOCATION_JUMP_REL)
		branch = VMI_PATCH_JUMP;
	native = native_form(row);
	indirect = indirect_form(row);
	direct = patched_form(row, VMI_BIND_ROM, branch, &to_rom);
	patched = patched_form(row, VMI_BIND_NATIVE, VMI_PATCH_NATIVE, &to_native);
	empty = patched_form(row, VMI_BIND_NOP, VMI_PATCH_EMPTY, &to_empty);
	copied = patched_form(row, VMI_BIND_INLINE, VMI_PATCH_INLINE, &to_bytes);
	printf("slot-cost %s %d %s", slots[row].name, slots[row].call,
	       vmi_groups[vmi_calls[slots[row].call].group].name);
	print_count("native", native);
	print_count("indirect", indirect);
	print_count("direct", direct);
	print_count("patched-native", patched);
	print_count("patched-empty", empty);
	print_pad("pad-native", patched, &to_native);
	print_pad("pad-empty", empty, &to_empty);
	print_count("inline", copied);
	print_pad("pad-inline", copied, &to_bytes);
	printf("\n");
	check_limits(row, native, direct, patched, empty, &to_native);
}

/* The slot as its sites have it, once between marks. */
static void mark_row(size_t row)
{
	const struct vmi_binding *b = &load_result()->bindings[row];
	int call = slots[row].call, count = BENCH_NONE;
	struct vmi_patch_result result;
	bool other = paging.pae ? call == VMI_CALL_SetPxE || call == VMI_CALL_UpdatePxE :
				  call == VMI_CALL_SetPxELong || call == VMI_CALL_UpdatePxELong;

	if (call == VMI_SLOT_NO_CALL || other) /* the other format of page tables */
		return;
	bench_mark(true);
	if (b->kind == VMI_BIND_INLINE)
		count = patched_form(row, b->kind, VMI_PATCH_INLINE, &result);
	else if (b->kind == VMI_BIND_NATIVE)
		count = patched_form(row, b->kind, VMI_PATCH_NATIVE, &result);
	else if (b->kind == VMI_BIND_ROM && b->type != VMI_RELOCATION_JUMP_REL)
		count = patched_form(row, b->kind, VMI_PATCH_CALL, &result);
	else if (b->kind == VMI_BIND_ROM)
		count = patched_form(row, b->kind, VMI_PATCH_JUMP, &result);
	if (count == BENCH_NONE)
		count = indirect_form(row);
	bench_mark(false);
	printf("slot-run %s %d", slots[row].name, call);
	print_count("instructions", count);
	printf("\n");
}

TEST(bench, "bench.slots")
{
	bool marks = options_get()->bench_marks;

	if (!options_get()->bench && !marks)
		SKIP("bench=slots or bench=marks asks for it");
	/* Between marks it is others who count. */
	if (!bench_start() && !marks) {
		test_error("the TSC does not count instructions: -icount shift=0,sleep=off");
		return;
	}
	load = *load_result();
	load.slots = slots;
	load.bindings = bindings;
	for (size_t row = 0; row < SLOT_COUNT; row++) {
		slots[row] = binding_slots[row];
		slots[row].flags = 0;
	}
	for (size_t row = 0; row < SLOT_COUNT; row++)
		if (slots[row].call != VMI_SLOT_NO_CALL && !marks)
			bench_row(row);
		else if (marks && slots[row].call != VMI_CALL_Leave)
			mark_row(row);
	if (marks) /* what comes after it is another ROM's */
		mark_row(SLOT_leave);
	bench_end();
	pte_remove(&kernel_mm, PAGING_TEST_BASE, paging_test_pte(0));
	pv_mmu_ops.flush_tlb_single(PAGING_TEST_BASE);
	CHECK(true, "lines were printed");
}
