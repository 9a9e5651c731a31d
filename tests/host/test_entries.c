/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The speed rule of single-instruction calls, without running anything: in our own
 * ROM an entry of the groups cpu and irq is ENDBR32, the bytes of its native text,
 * RET. So it has no branch and no memory access that the native text has not. SetDR
 * and GetDR choose by number and are left out; so are texts with a branch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "romfile/romfile.h"
#include "vmi_abi.h"

#define JMP_REL32 0xE9
#define JMP_SIZE 5
#define RET 0xC3

static const uint8_t endbr32[] = { 0xF3, 0x0F, 0x1E, 0xFB };

static uint16_t half(unsigned int index)
{
	return (uint16_t)(vmi_native32[2 * index] | vmi_native32[2 * index + 1] << 8);
}

static bool must_equal(const struct vmi_call_info *call)
{
	return !call->reserved && call->native && !strstr(call->native, "\nj") &&
	       (call->group == VMI_GROUP_cpu || call->group == VMI_GROUP_irq) &&
	       call->number != VMI_CALL_SetDR && call->number != VMI_CALL_GetDR;
}

/* Where the call's jump slot leads: an offset, with room for `size` bytes behind it. */
static size_t entry_of(const struct romfile *rom, unsigned int number, size_t size)
{
	size_t slot = VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + number) * VROM_SLOT_SIZE;
	int32_t distance;

	assert_true(slot + VROM_SLOT_SIZE <= rom->size);
	assert_int_equal(rom->bytes[slot], JMP_REL32);
	memcpy(&distance, rom->bytes + slot + 1, sizeof(distance));
	size_t entry = slot + JMP_SIZE + (size_t)(int64_t)distance;
	assert_true(entry < rom->size && size <= rom->size - entry);
	return entry;
}

static void test_entries_are_the_native_text(void **state)
{
	const char *path = getenv("PVROM_TEST_ROM");
	struct romfile_error error;
	struct romfile rom;
	unsigned int compared = 0;
	(void)state;

	assert_non_null(path);
	assert_int_equal(romfile_read(&rom, path, &error), 0);
	for (unsigned int n = 0; n < VMI_CALLS; n++) {
		uint8_t expected[96];
		uint16_t length = half(2 * n + 1);

		if (!must_equal(&vmi_calls[n]))
			continue;
		assert_true(length + sizeof(endbr32) + 1 <= sizeof(expected));
		memcpy(expected, endbr32, sizeof(endbr32));
		memcpy(expected + sizeof(endbr32), vmi_native32 + half(2 * n), length);
		expected[sizeof(endbr32) + length] = RET;
		size_t entry = entry_of(&rom, n, sizeof(endbr32) + length + 1u);
		if (memcmp(rom.bytes + entry, expected, sizeof(endbr32) + length + 1u))
			fail_msg("%s at offset 0x%zx is not ENDBR32, its native text, RET",
				 vmi_calls[n].name, entry);
		compared++;
	}
	assert_true(compared >= 20);
	romfile_free(&rom);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_are_the_native_text),
	};
	return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
