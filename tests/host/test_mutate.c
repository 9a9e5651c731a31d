/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvrom mutate`: what the loader makes of each variant, by `pvrom bind`. */
#include "shell.h"

#define OUT "@/tests/mutate/out.rom"

/* Options, the status of the bind, and what its report says. */
static const struct {
	const char *options;
	int status;
	const char *line;
} variants[] = {
	{ "", 0, "used 3.2 length=12288 why=ok # GPL v2" },
	{ "--api 3.0", 0, "used 3.0 " },
	{ "--api 3.3", 0, "vmi rom 0x000c0000 3.2 " },
	{ "--api 4.0", 1, "why=VMI_E_API_MAJOR" },
	{ "--api 13.3", 1, "refused 13.3 length=12288 why=VMI_E_API_LINEAGE" },
	{ "--drop SetCR3", 0, "17 SetCR3 native - none why=VMI_E_CALL_NONE" },
	{ "--drop SetCR3,irq", 0, "29 EnableInterrupts native - none why=VMI_E_CALL_NONE" },
	{ "--drop SetCR3,irq", 0, "18 SetCR4 inline - none why=ok" },
	{ "--api 3.0 --drop SetCR3,irq", 0, "18 SetCR4 rom 0x" },
	{ "--reloc RDTSC=nop", 0, "27 RDTSC native - none why=VMI_E_RELOC_FORBIDDEN" },
	{ "--reloc 27=jump", 0, "27 RDTSC native - none why=VMI_E_RELOC_FORBIDDEN" },
	{ "--reloc RDTSC=none --reloc RDTSC=call", 0, "27 RDTSC native - none why=VMI_E_CALL_NONE" },
	{ "--reloc RDTSC=7", 0, "27 RDTSC native - none why=VMI_E_RELOC_TYPE found=0x7" },
	{ "--reloc RDTSC=0x101", 0, "27 RDTSC native - none why=VMI_E_CALL_NONE" },
	{ "--reloc RDTSC=0x101 --capability RDTSC:kinds=2", 1,
	  "why=VMI_E_CAPABILITY field=vrom_capability.detail" },
	{ "--api 3.0 --reloc RDTSC=0x101", 0, "27 RDTSC native - none why=VMI_E_RELOC_RESERVED" },
	{ "--reloc IRET=call", 0, "33 IRET rom 0x" },
	{ "--license GPL", 0, "why=ok # GPL\n" },
	{ "--license Proprietary", 1, "why=VMI_E_LICENSE field=" },
	{ "--vendor 1af4:1000", 0, "why=ok" },
	{ "--size 19456", 0, "used 3.2 length=19456" },
	{ "--size 512", 1, "why=VMI_E_LENGTH_SHORT" },
	{ "--truncate 15360", 0, "length=12288" },
	{ "--truncate 2048 --keep-checksum", 1, "why=VMI_E_CHECKSUM" },
	{ "--flip 8:0", 1, "why=VMI_E_NOT_VMI" },
	{ "--flip 0x11:3 --flip 0x10:0", 1, "why=VMI_E_VIRTUAL_TOP" },
	{ "--flip 0x20:0 --keep-checksum", 1, "why=VMI_E_CHECKSUM field=image.sum at=0x000c0000 found=0x1" },
	{ "--bytes 0x0e:01", 1, "why=VMI_E_JUMP_SLOTS field=vrom_header.jump_slots at=0x000c000e found=0x1" },
	{ "--bytes 12288:00 --size 19456 --bytes 0x16:ff4b --bytes 0x4bff:41", 1,
	  "why=VMI_E_LICENSE_STRING field=vrom_header.license_offs at=0x000c0016" },
	{ "--capability SetCR3:inline_length=2", 0,
	  "inline 17 SetCR3 refused why=VMI_E_INLINE_BYTES found=0x220f expected=0xd8220f" },
	{ "--capability setcr3:kinds=0", 0, "17 SetCR3 native - none why=VMI_E_CALL_NONE" },
	{ "--flip 0x28:0", 0, "directory 0x000c0000 refused why=VMI_E_DIRECTORY_CHECKSUM" },
	{ "--bytes 0x30:0000 --sign-directory", 0,
	  "why=VMI_E_DIRECTORY_RANGE field=vrom_directory.init_offs" },
	{ "--no-pnp", 0, "why=ok" },
	{ "--no-pcir", 1, "why=VMI_E_PCIR_OFFSET" },
	{ "--bad-checksum", 1, "why=VMI_E_CHECKSUM field=image.sum at=0x000c0000 found=0x1 expected=0x0" },
	{ "--init @/tests/hostile/init_error.bin", 1, "why=VMI_E_INIT field=" },
	{ "--answer @/tests/hostile/answer_type.bin", 1, "why=VMI_E_CAPABILITY" },
	{ "--api 3.0 --answer @/tests/hostile/answer_type.bin", 0, "IRET native - none why=VMI_E_RELOC_TYPE" },
	{ "--api 3.0 --answer @/tests/hostile/answer_type.bin --drop IRET", 0,
	  "IRET native - none why=VMI_E_CALL_NONE" },
	{ "--api 3.2 --license 'GPL' --drop irq --size 19456 --no-pnp", 0,
	  "used 3.2 length=19456 why=ok # GPL\n" },
};

static void test_variants(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		print_message("mutate %s\n", variants[i].options);
		assert_int_equal(shell_more("^ mutate @/rom/full.rom " OUT " ", variants[i].options),
				 0);
		assert_int_equal(shell("^ bind " OUT), variants[i].status);
		shell_has(variants[i].line);
	}
}

/* The image is as it was where nothing was asked for, and the ids stand where they belong. */
static void test_bytes(void **state)
{
	(void)state;
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " && cmp @/rom/full.rom " OUT), 0);
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --vendor 1af4:1000 && "
			       "LC_ALL=C grep -qaP 'PCIR\\xf4\\x1a\\x00\\x10' " OUT), 0);
}

/* Appended code stays when POST shrinks the image: every length says so. */
static void test_other_images(void **state)
{
	(void)state;
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --drop irq && "
			       "^ mutate " OUT " " OUT " --drop SetCR3 && ^ bind " OUT), 0);
	shell_has("29 EnableInterrupts native - none why=VMI_E_CALL_NONE");
	shell_has("17 SetCR3 native - none why=VMI_E_CALL_NONE");
	shell_has("18 SetCR4 inline ");
}

static void test_refused(void **state)
{
	(void)state;
	assert_int_equal(shell("^ mutate @/rom/full.rom"), 2);
	assert_int_equal(shell("^ mutate /nonexistent " OUT), 2);
	shell_has("/nonexistent");
	assert_int_equal(shell("^ mutate Makefile " OUT), 1);
	shell_has("rom_signature");
	assert_int_equal(shell("^ mutate @/rom/full.rom /nonexistent/out.rom"), 2);
	/* Nothing but a file is replaced, and through a link the file behind it. */
	assert_int_equal(shell("cd @/tests/mutate && rm -f fifo && mkfifo fifo"), 0);
	assert_int_equal(shell("^ mutate @/rom/full.rom @/tests/mutate/fifo"), 2);
	shell_has("fifo: found a pipe, expected a regular file or none");
	assert_int_equal(shell("test -p @/tests/mutate/fifo"), 0);
	assert_int_equal(shell("^ mutate @/rom/full.rom @/tests/mutate"), 2);
	assert_int_equal(shell("ln -sf out.rom @/tests/mutate/link && "
			       "^ mutate @/rom/full.rom @/tests/mutate/link --api 3.7 && "
			       "test -h @/tests/mutate/link && ^ bind " OUT), 0);
	shell_has("used 3.7 ");
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --size 1000"), 1);
	shell_has("multiple of 512");
	/* Two calls less in 64 bit, and the same in 32. */
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --drop64 SwapGS,17 && "
			       "^ verify --rounds 24 " OUT " && ^ inspect " OUT " | grep -c '1 image'"), 0);
	/* Eight bytes of each entry, none of them 0, and at most three sums. */
	assert_int_equal(shell("cmp -l @/rom/full.rom " OUT " | awk 'END { exit NR < 16 || NR > 19 }'"), 0);
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --drop64 SetPxE,SwapGs,nobody"), 2);
	shell_has("--drop64: found `SetPxE`");
	assert_int_equal(shell("^ mutate @/vmi-hv.rom " OUT " --drop64 vcpu"), 1);
	shell_has("found no table of ABI 4.0");
	/* Behind so much there is no place for code that the directory could name. */
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --size 66048 && ^ mutate " OUT " " OUT
			       " --drop irq"), 1);
	shell_has("found new code at 0x10210, expected at most 0xffff");
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --truncate 18999"), 1);
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --flip 18999:1"), 1);
	shell_has("0x4a37");
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --bytes 18431:0102"), 1);
	shell_has("0x47ff");
	assert_int_equal(shell("^ mutate @/rom/full.rom " OUT " --size 130560 --init Makefile"), 0);
	assert_int_equal(shell("^ mutate " OUT " " OUT " --drop irq"), 1);
	shell_has("no room");
	static const char *const usage[] = {
		"--api 3", "--api 3.256", "--drop Nothing", "--reloc RDTSC", "--reloc RDTSC=x",
		"--bytes 1", "--bytes 1:", "--bytes :00", "--bytes 1:0", "--bytes 1:0g",
		"--capability 3", "--capability SetCR3:kinds", "--capability SetCR3:kinds=256",
		"--capability SetCR3:kin=1", "--bytes 0x1ffffffff:00", "--bytes 0:000102030405060708090a0b0c0d0e0f10",
		"--vendor 1af4", "--size 0", "--flip 1", "--flip 1:8", "--init /nonexistent",
	};
	for (size_t i = 0; i < sizeof(usage) / sizeof(usage[0]); i++)
		assert_int_equal(shell_more("^ mutate @/rom/full.rom " OUT " ", usage[i]), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variants), cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_other_images), cmocka_unit_test(test_refused),
	};

	shell("mkdir -p @/tests/mutate");
	return cmocka_run_group_tests_name("pvrom mutate", tests, NULL, NULL);
}
