// SPDX-License-Identifier: GPL-2.0-only
/* The width of a guest, by its ELF note: kernels are files from outside, and may say anything. */
#include "test_run_scratch.h"

#include <elf.h>

#include "run/command.h"
#include "run/guest_width.h"
#include "run/runlist.h"

struct kernel {
	Elf32_Ehdr h;
	Elf32_Phdr p[2];
	Elf32_Nhdr n;
	char owner[8];
	uint32_t width;
};

static struct kernel good(void)
{
	struct kernel k = {
		.h = { .e_phoff = offsetof(struct kernel, p), .e_phnum = 2,
		       .e_phentsize = sizeof(Elf32_Phdr) },
		.p = { { .p_type = PT_LOAD },
		       { .p_type = PT_NOTE, .p_offset = offsetof(struct kernel, n),
			 .p_filesz = sizeof(struct kernel) - offsetof(struct kernel, n) } },
		.n = { .n_namesz = sizeof(GUEST_NOTE_OWNER), .n_descsz = 4, .n_type = GUEST_NOTE_WIDTH },
		.owner = GUEST_NOTE_OWNER, .width = 64,
	};
	memcpy(k.h.e_ident, ELFMAG, SELFMAG);
	k.h.e_ident[EI_CLASS] = ELFCLASS32;
	return k;
}

static unsigned width_of(const struct kernel *k, size_t size)
{
	return run_guest_width(scratch_file("kernel", k, size, 0600));
}

static void reads_the_note(void **state)
{
	struct kernel k = good();
	(void)state;
	assert_int_equal(width_of(&k, sizeof(k)), 64);
	k.width = 32;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	k.width = 64;
	k.n.n_type++;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
}

static void believes_nothing(void **state)
{
	struct kernel k;
	(void)state;
	/* Cut anywhere, and every byte of the headers one at a time: 32 or 64, and no harm. */
	k = good();
	for (size_t size = 0; size < sizeof(k); size++)
		assert_int_equal(width_of(&k, size), 32);
	for (size_t i = 0; i < sizeof(k); i++)
		for (int value = 0; value < 256; value += 51) {
			k = good();
			((uint8_t *)&k)[i] = (uint8_t)value;
			unsigned width = width_of(&k, sizeof(k));
			assert_true(width == 32 || width == 64);
		}
	k = good(), k.h.e_phoff = 0xFFFFFFF0;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	k = good(), k.p[1].p_filesz = 0xFFFFFFFF;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	k = good(), k.p[1].p_offset = 0xFFFFFFFF;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	k = good(), k.n.n_namesz = 0xFFFFFFFD;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	k = good(), k.n.n_descsz = 0xFFFFFFFF;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	k = good(), k.width = 128;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	k = good(), k.h.e_ident[EI_CLASS] = ELFCLASS64;
	assert_int_equal(width_of(&k, sizeof(k)), 32);
	assert_int_equal(run_guest_width("/nonexistent"), 32);
	assert_int_equal(run_guest_width(scratch), 32); /* a folder */
}

static void chooses_the_machine(void **state)
{
	struct kernel k = good();
	struct run_spec spec;
	(void)state;
	unsetenv("PVROM_QEMU");
	for (int wide = 0; wide < 2; wide++) {
		struct words command = { 0 };
		k.width = wide ? 64 : 32;
		width_of(&k, sizeof(k));
		run_spec_start(&spec, scratch_path("kernel"));
		run_command(&spec, "/dev/null", NULL, &command);
		assert_string_equal(command.list[0], wide ? "qemu-system-x86_64" : "qemu-system-i386");
		assert_int_equal(run_is_wide(&spec), wide);
		words_free(&command);
		run_spec_free(&spec);
	}
}

static void run_lists_name_it(void **state)
{
	struct run_list list;
	(void)state;
	assert_int_equal(run_list_read(&list, scratch_text("list.cfg",
		"matrix m\n    axis width 32 64\n    rule 1\n    expect-bound 33\n"), "out"), 0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.cells[0].spec.kernel, "out/guest32.elf");
	assert_string_equal(list.cells[1].spec.kernel, "out/guest64.elf");
	run_list_free(&list);
	capture_stderr();
	assert_int_not_equal(run_list_read(&list, scratch_text("bad.cfg",
		"run r\n    width 16\n    expect-bound 33\n"), "out"), 0);
	assert_contains(captured(), "bad.cfg:2: error: width is `16`, expected 32 or 64");
	run_list_free(&list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_note),
		cmocka_unit_test(believes_nothing),
		cmocka_unit_test(chooses_the_machine),
		cmocka_unit_test(run_lists_name_it),
	};
	return cmocka_run_group_tests_name("guest width", tests, scratch_make, scratch_remove);
}
