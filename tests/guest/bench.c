// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each slot costs, in instructions: bench=slots under -icount shift=0, where the TSC
 * counts them. Each form is written to the same place in the text and run there, by the
 * loader's own patching where it is a patched one. One line per slot, - where there is no
 * such form:
 *
 *   slot-cost SLOT NUMBER GROUP native=N indirect=N direct=N patched-native=N
 *             patched-empty=N pad-native=KIND:BYTES pad-empty=KIND:BYTES inline=N
 *             pad-inline=KIND:BYTES trampoline=N
 *   slot-text SLOT NUMBER one|moved|more|none TEXT
 *
 * native: the instructions of spec/ inline. indirect: a call through a pointer. direct: a
 * site patched to the ROM's entry; trampoline: where that is out of its reach. patched-native,
 * patched-empty: a site whose slot is native or empty, padding included. inline: one with bytes of
 * the ROM. A slot with a wrapper is counted without it. TEXT is the native text on one line:
 * one instruction, more, or more in this width alone, for whose conventions registers are moved. A
 * call whose text is one instruction is held to more than others.
 */
#include "bench.h"
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "foreign.h"
#include "load.h"
#include "memory.h"
#include "options.h"
#include "paging.h"
#include "pv_ops.h"
#include "patch.h"
#include "rom_place.h"
#include "test.h"

/* A form of a slot while it is counted. */
static struct vmi_slot slots[SLOT_COUNT];
static struct vmi_binding bindings[SLOT_COUNT];
static struct vmi_load load;
extern char trampolines[], trampolines_end[]; /* guest.ld */
static uintptr_t pointer; /* what the indirect form calls through */

#define OPCODE_CALL 0xe8
#define OPCODE_JUMP 0xe9

static uint8_t opcode(size_t row)
{
	return binding_is_flow(row) ? OPCODE_JUMP : OPCODE_CALL;
}

static const struct vmi_call_info *call_of(size_t row)
{
	return &GUEST_ABI->calls[slots[row].call];
}

/* Bytes of the native text; *at: where they are. */
static uint16_t native_text(int call, const uint8_t **at)
{
	uint16_t place[2];

	memcpy(place, GUEST_ABI->native + 4 * call, sizeof(place));
	*at = GUEST_ABI->native + place[0];
	return place[1];
}

static int native_form(size_t row)
{
	const uint8_t *code;
	uint16_t size;

	if (!call_of(row)->native)
		return BENCH_NONE;
	size = native_text(slots[row].call, &code);
	return bench_count(slots[row].call, binding_is_flow(row), code, size);
}

/*
 * The row as the ROM's entry serves it: a call whose bytes are copied was bound without being
 * asked for, but in long mode, where no older version leaves bytes out, it has to be.
 */
static struct vmi_binding by_entry(size_t row)
{
	struct vmi_binding binding = load_result()->bindings[row];
	struct vmi_registers answer;

	if (binding.kind == VMI_BIND_INLINE && load_result()->long_mode &&
	    foreign_call(rom_get_reloc(), (uint8_t)slots[row].call, &answer) == VMI_CALL_RETURNED &&
	    answer.edx == VMI_RELOCATION_CALL_REL && rom_contains(answer.eax)) {
		binding.kind = VMI_BIND_ROM;
		binding.type = VMI_RELOCATION_CALL_REL;
		binding.address = answer.eax;
	}
	return binding;
}

static int indirect_form(size_t row)
{
	struct vmi_binding binding = by_entry(row);
	uint8_t bytes[8];
	size_t size = bench_indirect(binding_is_flow(row), &pointer, bytes);

	pointer = binding.kind == VMI_BIND_ROM ? (uintptr_t)binding.address : slot_entry[row];
	return bench_count(slots[row].call, binding_is_flow(row), bytes, size);
}

/*
 * As long as its native code, where that is wanted and fits, else as short as a site may
 * be: a branch needs no more.
 */
static uint8_t site_length(int call, enum vmi_bind_kind kind)
{
	const uint8_t *code;
	uint16_t size;

	if (kind != VMI_BIND_NATIVE && kind != VMI_BIND_INLINE)
		return VMI_SITE_MIN;
	size = native_text(call, &code);
	return size > VMI_SITE_MIN && size <= VMI_SITE_MAX ? (uint8_t)size : VMI_SITE_MIN;
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
		.trampolines = (uintptr_t)trampolines,
		.trampoline_bytes = (uint32_t)(trampolines_end - trampolines),
		.long_mode = load.long_mode, .long_nops = cpu_family() >= 6, .results = result,
	};
	uint32_t displacement = (uint32_t)(slots[row].native - (site.address + VMI_SITE_MIN));

	memset(result, 0, sizeof(*result));
	bindings[row] = kind == VMI_BIND_ROM ? by_entry(row) : load_result()->bindings[row];
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

/* A row that is counted, in all its forms. */
struct row_cost {
	int native, indirect, direct, trampoline, patched, empty, copied;
	struct vmi_patch_result to_rom, to_native, to_empty, to_bytes;
};

/* Whether a native text is one instruction. */
static bool single_text(const char *text)
{
	bool any = text && *text;

	while (any && *text && *text != '\n')
		text++;
	return any && !*text;
}

static bool single(size_t row)
{
	return single_text(call_of(row)->native);
}

static const char *text_kind(size_t row)
{
	const struct vmi_abi *other = vmi_abi_of(!load_result()->long_mode);
	int call = slots[row].call;

	if (single(row))
		return "one";
	if (!call_of(row)->native || !*call_of(row)->native)
		return "none";
	return call < other->call_count && single_text(other->calls[call].native) ? "moved" : "more";
}

/* What a call of the ROM's entry costs beside its code: CALL and RET; JMP and ENDBR64, too. */
#define EXTRA_DIRECT 2
#define EXTRA_TRAMPOLINE 4

static void check_extra(size_t row, int native, int found, int extra)
{
	uint8_t group = call_of(row)->group;

	if (native == BENCH_NONE || found == BENCH_NONE || binding_is_flow(row))
		return;
	/* A ROM may be quicker than the native text: DR numbers are sorted out in fewer steps. */
	if (group == VMI_GROUP_cpu || group == VMI_GROUP_irq)
		CHECK(found - native <= extra, "%s: %d native, %d called", slots[row].name, native, found);
	if (single(row))
		CHECK(found - native == extra, "%s: one instruction, %d called", slots[row].name, found);
}

/* The limits of docs/slots-table.md. */
static void check_limits(size_t row, const struct row_cost *c)
{
	const char *name = slots[row].name;

	if (c->native != BENCH_NONE && c->patched != BENCH_NONE) {
		int extra = c->patched - c->native;

		CHECK(extra == c->to_native.pad_instructions, "%s: %d native, %d patched to native", name,
		      c->native, c->patched);
		CHECK(extra <= 1 && (c->to_native.pad != VMI_PAD_PREFIX || !extra),
		      "%s: %d instructions of padding", name, extra);
	}
	if (c->native != BENCH_NONE && c->copied != BENCH_NONE)
		CHECK(c->copied - c->native == c->to_bytes.pad_instructions, "%s: %d native, %d copied", name,
		      c->native, c->copied);
	CHECK(c->native == BENCH_NONE || !single(row) || c->native == 1, "%s: one instruction, %d counted",
	      name, c->native);
	check_extra(row, c->native, c->direct, EXTRA_DIRECT);
	check_extra(row, c->native, c->trampoline, EXTRA_TRAMPOLINE);
	CHECK(c->empty == BENCH_NONE || c->empty <= 1, "%s: %d instructions at an empty site", name, c->empty);
}

static void print_row(size_t row, const struct row_cost *c)
{
	printf("slot-cost %s %d %s", slots[row].name, slots[row].call,
	       GUEST_ABI->groups[call_of(row)->group].name);
	print_count("native", c->native);
	print_count("indirect", c->indirect);
	print_count("direct", c->direct);
	print_count("patched-native", c->patched);
	print_count("patched-empty", c->empty);
	print_pad("pad-native", c->patched, &c->to_native);
	print_pad("pad-empty", c->empty, &c->to_empty);
	print_count("inline", c->copied);
	print_pad("pad-inline", c->copied, &c->to_bytes);
	print_count("trampoline", c->trampoline);
	printf("\nslot-text %s %d %s ", slots[row].name, slots[row].call, text_kind(row));
	for (const char *text = call_of(row)->native; text && *text; text++)
		printf(*text == '\n' ? "; " : "%c", *text);
	printf("\n");
}

static void bench_row(size_t row)
{
	struct row_cost c;
	enum vmi_patch_kind branch = VMI_PATCH_CALL;
	int called;

	if (load_result()->bindings[row].type == VMI_RELOCATION_JUMP_REL)
		branch = VMI_PATCH_JUMP;
	c.native = native_form(row);
	c.indirect = indirect_form(row);
	called = patched_form(row, VMI_BIND_ROM, branch, &c.to_rom);
	c.direct = c.to_rom.trampoline ? BENCH_NONE : called;
	c.trampoline = c.to_rom.trampoline ? called : BENCH_NONE;
	c.patched = patched_form(row, VMI_BIND_NATIVE, VMI_PATCH_NATIVE, &c.to_native);
	c.empty = patched_form(row, VMI_BIND_NOP, VMI_PATCH_EMPTY, &c.to_empty);
	c.copied = patched_form(row, VMI_BIND_INLINE, VMI_PATCH_INLINE, &c.to_bytes);
	print_row(row, &c);
	check_limits(row, &c);
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
