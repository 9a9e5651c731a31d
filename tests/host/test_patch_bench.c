// SPDX-License-Identifier: GPL-2.0-only
#include "test_patch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool produced[UINT16_MAX + 1];

bool site_reason_produced(enum vmi_reason reason)
{
	return produced[(uint16_t)reason];
}

static bool touches(vmi_virt_t address, vmi_virt_t from, uint32_t length)
{
	return address && address >= from && address - from < length;
}

static bool read_text(void *context, vmi_virt_t from, void *to, uint32_t length)
{
	struct bench *b = context;

	if (touches(b->unreadable, from, length))
		return false;
	memcpy(to, bench_at(b, from), length);
	bench_at(b, from + length - 1);
	return true;
}

static bool write_text(void *context, vmi_virt_t to, const void *bytes, uint32_t length)
{
	struct bench *b = context;

	b->writes++;
	bench_at(b, to + length - 1);
	if (touches(b->unwritable, to, length)) {
		/* As far as it got; the next write works, so that damage can be undone. */
		memcpy(bench_at(b, to), bytes, length / 2);
		b->unwritable = 0;
		return false;
	}
	if (!touches(b->dropped, to, length))
		memcpy(bench_at(b, to), bytes, length);
	return true;
}

static vmi_virt_t wrapper(void *context, size_t row)
{
	struct bench *b = context;

	assert_in_range(row, 0, b->f->load.slot_count - 1);
	assert_true(b->f->slots[row].flags & VMI_SLOT_WRAPPER);
	return b->wrapper;
}

int bench_setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	void *fixture = NULL;

	if (!b || fixture_setup(&fixture))
		return -1;
	b->f = fixture;
	for (size_t row = 0; row < b->f->load.slot_count; row++) {
		b->f->slots[row].native = TEXT + TEXT_SIZE + 16 * row;
		b->f->slots[row].flags = 0;
	}
	b->text = (struct vmi_text){ b, TEXT, TEXT + TEXT_SIZE, read_text, write_text, wrapper };
	b->patch = (struct vmi_patch){ .load = &b->f->load, .text = &b->text, .sites = b->sites,
				       .results = b->results, .long_nops = true };
	bench_clear(b);
	*state = b;
	return 0;
}

int bench_teardown(void **state)
{
	struct bench *b = *state;
	void *fixture = b->f;

	fixture_teardown(&fixture);
	free(b);
	return 0;
}

void bench_clear(struct bench *b)
{
	memset(b->sites, 0, sizeof(b->sites));
	memset(b->results, 0, sizeof(b->results));
	b->patch.site_count = 0;
	for (size_t i = 0; i < TEXT_SIZE; i++)
		b->bytes[i] = (uint8_t)(i * 7 + i / 256);
	memcpy(b->original, b->bytes, TEXT_SIZE);
	b->free = b->text.start + 16;
}

uint8_t *bench_at(struct bench *b, vmi_virt_t address)
{
	assert_in_range(address, b->text.start, b->text.start + TEXT_SIZE - 1);
	return b->bytes + (address - b->text.start);
}

vmi_virt_t bench_twin(const struct bench *b, size_t row)
{
	return b->f->slots[row].native;
}

void bench_answer(struct bench *b, int call, enum vmi_relocation type)
{
	b->f->scripts[0].answers[call].edx = type;
}

uint32_t bench_add_at(struct bench *b, vmi_virt_t address, size_t row, uint8_t length)
{
	uint32_t index = b->patch.site_count++;
	uint32_t displacement = (uint32_t)(bench_twin(b, row) - address - 5);
	int call = b->f->slots[row].call;
	bool jump = call >= 0 && call < VMI_CALLS &&
		    vmi_calls[call].answers & 1 << VMI_RELOCATION_JUMP_REL;

	assert_true(index < MAX_SITES);
	b->sites[index] = (struct vmi_patch_site){
		.address = address, .row = (uint16_t)row, .length = length,
		.kind = jump ? VMI_SITE_JUMP : VMI_SITE_CALL, 
		.clobbers = b->patch.long_mode ? ALL_CLOBBERS64 : ALL_CLOBBERS,
	};
	memset(bench_at(b, address), FILLER, length);
	bench_at(b, address + length - 1);
	*bench_at(b, address) = jump ? 0xE9 : 0xE8;
	memcpy(bench_at(b, address + 1), &displacement, 4);
	memcpy(b->original, b->bytes, TEXT_SIZE);
	return index;
}

uint32_t bench_add(struct bench *b, size_t row, uint8_t length)
{
	vmi_virt_t address = b->free;

	b->free += length + 3u;
	return bench_add_at(b, address, row, length);
}

static bool inside_a_site(const struct bench *b, vmi_virt_t address)
{
	for (uint32_t i = 0; i < b->patch.site_count; i++)
		if (b->results[i].patched && touches(address, b->sites[i].address,
						     b->sites[i].length))
			return true;
	return false;
}

static void check_counts(const struct bench *b)
{
	uint32_t counts[VMI_PATCH_KINDS] = { 0 }, padding = 0;

	for (uint32_t i = 0; i < b->patch.site_count; i++) {
		counts[b->results[i].kind]++;
		padding += b->results[i].pad_instructions;
	}
	assert_memory_equal(counts, b->patch.counts, sizeof(counts));
	assert_int_equal(padding, b->patch.pad_instructions);
}

uint32_t bench_patch(struct bench *b)
{
	uint32_t skipped = vmi_patch(&b->patch);

	assert_int_equal(skipped, b->patch.counts[VMI_PATCH_SKIPPED]);
	check_counts(b);
	for (uint32_t i = 0; i < b->patch.site_count; i++) {
		const struct vmi_patch_result *result = &b->results[i];

		if (result->kind == VMI_PATCH_SKIPPED)
			assert_int_not_equal(result->reason, VMI_OK);
		else if (result->kind == VMI_PATCH_UNCHANGED)
			assert_false(result->patched);
	}
	for (size_t i = 0; i < TEXT_SIZE; i++)
		if (b->bytes[i] != b->original[i] && !inside_a_site(b, b->text.start + i) &&
		    b->text.start + i - b->patch.trampolines >= b->patch.trampoline_bytes)
			fail_msg("the byte at %#zx was written", (size_t)b->text.start + i);
	return skipped;
}

void bench_unpatch(struct bench *b)
{
	assert_int_equal(vmi_unpatch(&b->patch), 0);
	check_counts(b);
	for (uint32_t i = 0; i < b->patch.site_count; i++)
		assert_false(b->results[i].patched);
	/* Trampolines stay. */
	assert_memory_equal(b->bytes, b->original, TEXT_SIZE - b->patch.trampoline_bytes);
}

void expect_bytes(struct bench *b, uint32_t index, const char *hex)
{
	const struct vmi_patch_site *site = &b->sites[index];
	char text[3 * VMI_SITE_MAX + 1] = "", wanted[sizeof(text)] = "";
	size_t length = 0;

	for (uint32_t i = 0; i < site->length; i++)
		sprintf(text + 2 * i, "%02X", *bench_at(b, site->address + i));
	for (; *hex; hex++)
		if (*hex != ' ')
			wanted[length++] = *hex;
	assert_string_equal(text, wanted);
}

void expect_branch(struct bench *b, uint32_t index, uint8_t opcode, vmi_virt_t target)
{
	vmi_virt_t address = b->sites[index].address;
	int32_t displacement;

	assert_int_equal(*bench_at(b, address), opcode);
	memcpy(&displacement, bench_at(b, address + 1), 4);
	address += 5 + (vmi_virt_t)displacement;
	assert_int_equal(b->patch.long_mode ? address : (uint32_t)address, target);
}

void expect_site(struct bench *b, uint32_t index, enum vmi_patch_kind kind, enum vmi_reason reason,
		 uint64_t found, uint64_t expected)
{
	const struct vmi_patch_result *result = &b->results[index];

	assert_string_equal(vmi_reason_name(result->reason), vmi_reason_name(reason));
	assert_int_equal(result->kind, kind);
	assert_int_equal(result->found, found);
	assert_int_equal(result->expected, expected);
	produced[(uint16_t)reason] = true;
}

void expect_pad(struct bench *b, uint32_t index, enum vmi_pad_kind pad, uint8_t bytes,
		uint8_t instructions)
{
	const struct vmi_patch_result *result = &b->results[index];

	assert_int_equal(result->pad, pad);
	assert_int_equal(result->pad_bytes, bytes);
	assert_int_equal(result->pad_instructions, instructions);
}
