/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pvrom inspect and verify on every ROM of Debian's qemu-system-data, seabios and ipxe-qemu
 * (ipxe itself has none): an answer to each, and what is known of some of them from elsewhere:
 * PCI ids from the devices they are for, names from their makers, EFI images from what the efi-
 * in a name says.
 */
#define _GNU_SOURCE
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/inspect.h"
#include "romfile/images.h"
#include "romfile/romfile.h"
#include "verify/verify.h"

static const char *const patterns[] = {
	"/usr/share/qemu/*.bin",     "/usr/share/qemu/*.rom", "/usr/share/seabios/*.bin",
	"/usr/lib/ipxe/qemu/*.rom", "/usr/lib/ipxe/*.rom",
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define QEMU "/usr/share/qemu/"
#define SEABIOS "/usr/share/seabios/"
#define IPXE "/usr/lib/ipxe/"

static const struct fact {
	const char *path;
	int images;
	unsigned int vendor, device; /* 0: no PCIR */
	const char *product;         /* by $PnP; NULL: none */
} facts[] = {
	{ IPXE "qemu/efi-e1000.rom", 2, 0x8086, 0x100E, "iPXE" },
	{ IPXE "qemu/efi-virtio.rom", 2, 0x1AF4, 0x1041, "iPXE" }, /* 1.0, not 0x1000 */
	{ IPXE "qemu/efi-vmxnet3.rom", 2, 0x15AD, 0x07B0, "iPXE" },
	{ IPXE "qemu/pxe-e1000e.rom", 1, 0x8086, 0x10D3, "iPXE" },
	{ IPXE "qemu/pxe-pcnet.rom", 1, 0x1022, 0x2000, "iPXE" },
	{ IPXE "qemu/pxe-rtl8139.rom", 1, 0x10EC, 0x8139, "iPXE" },
	{ IPXE "rtl8139.rom", 1, 0x10EC, 0x8139, "iPXE" },
	{ SEABIOS "vgabios-cirrus.bin", 1, 0x1013, 0x00B8, NULL },
	{ SEABIOS "vgabios-stdvga.bin", 1, 0x1234, 0x1111, NULL },
	{ SEABIOS "vgabios-virtio.bin", 1, 0x1AF4, 0x1050, NULL },
	{ SEABIOS "vgabios-vmware.bin", 1, 0x15AD, 0x0405, NULL },
	{ SEABIOS "vgabios-qxl.bin", 1, 0x1B36, 0x0100, NULL },
	{ SEABIOS "vgabios-isavga.bin", 1, 0, 0, NULL },
	{ SEABIOS "vgabios-ramfb.bin", 1, 0, 0, NULL },
	{ SEABIOS "bios-256k.bin", 0, 0, 0, NULL },
	{ QEMU "linuxboot.bin", 1, 0, 0, "Linux loader" },
	{ QEMU "linuxboot_dma.bin", 1, 0, 0, "Linux loader DMA" },
	{ QEMU "multiboot.bin", 1, 0, 0, "multiboot loader" },
	{ QEMU "kvmvapic.bin", 1, 0, 0, NULL }, /* code stands where others have their pointers */
	{ QEMU "sgabios.bin", 1, 0, 0, NULL },  /* its `$PoO` is meant to be no $PnP */
	{ QEMU "qboot.rom", 0, 0, 0, NULL },    /* a firmware, whatever its name says */
};

static struct romfile rom;

static cJSON *read_and_inspect(const char *path)
{
	struct romfile_error refused;
	char error[256];

	if (romfile_read_max(&rom, path, ROMFILE_DUMP_MAX, &refused))
		fail_msg("%s", refused.text);
	struct inspect_request request = { .path = path, .bytes = rom.bytes, .size = rom.size,
					   .emulate = true };
	cJSON *document = inspect_document(&request, error, sizeof(error));
	if (!document)
		fail_msg("%s: %s", path, error);
	return document;
}

/* The field of the first structure of that name in an image, or NULL. */
static const cJSON *field(const cJSON *image, const char *structure, const char *name)
{
	const cJSON *s, *f;

	cJSON_ArrayForEach(s, cJSON_GetObjectItem(image, "structures")) {
		if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(s, "name")), structure))
			continue;
		cJSON_ArrayForEach(f, cJSON_GetObjectItem(s, "fields"))
			if (!strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(f, "name")), name))
				return f;
	}
	return NULL;
}

static unsigned int value(const cJSON *f)
{
	return f ? (unsigned int)cJSON_GetObjectItem(f, "value")->valuedouble : 0;
}

static const char *note(const cJSON *f)
{
	const char *text = f ? cJSON_GetStringValue(cJSON_GetObjectItem(f, "note")) : NULL;

	return text ? text : "";
}

static const cJSON *image_of(const cJSON *document, int index)
{
	return cJSON_GetArrayItem(cJSON_GetObjectItem(document, "images"), index);
}

static void test_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(facts); i++) {
		const struct fact *fact = &facts[i];
		cJSON *document = read_and_inspect(fact->path);
		const cJSON *first = image_of(document, 0);
		char product[64] = "";

		print_message("# %s\n", fact->path);
		assert_int_equal(inspect_images(document), fact->images);
		assert_int_equal(value(field(first, "vrom_pcir", "vendor")), fact->vendor);
		assert_int_equal(value(field(first, "vrom_pcir", "device")), fact->device);
		if (fact->product)
			snprintf(product, sizeof(product), "\"%s\"", fact->product);
		assert_string_equal(note(field(first, "vrom_pnp", "product_offs")), product);
		cJSON_Delete(document);
		romfile_free(&rom);
	}
}

/* Each efi-*.rom: a BIOS's image, then an x86-64 driver as long as the rest of the file. */
static void check_efi(const char *path, const cJSON *document)
{
	const cJSON *legacy = image_of(document, 0), *efi = image_of(document, 1);
	size_t offset = (size_t)cJSON_GetObjectItem(efi, "offset")->valuedouble;

	print_message("# %s\n", path);
	assert_int_equal(inspect_images(document), 2);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(legacy, "kind")),
			    "option ROM");
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(efi, "kind")), "EFI image");
	assert_string_equal(note(field(efi, "vrom_efi", "machine")), "X64");
	assert_string_equal(note(field(efi, "vrom_efi", "subsystem")), "BOOT_DRIVER");
	assert_int_equal(offset, rom.bytes[2] * VROM_BLOCK);
	assert_int_equal(cJSON_GetObjectItem(efi, "stated_length")->valuedouble, rom.size - offset);
	assert_int_equal(offset + value(field(efi, "vrom_efi", "length")) * VROM_BLOCK, rom.size);
	/* What is said to be there is there: uncompressed, a DOS stub's `MZ`. */
	if (!strcmp(note(field(efi, "vrom_efi", "compression")), "NONE"))
		assert_memory_equal(rom.bytes + offset +
				    value(field(efi, "vrom_efi", "image_offs")), "MZ", 2);
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(document, "complete")));
}

/* All of them run on SeaBIOS, each as it is meant to. */
static void check_verdicts(const char *path, const cJSON *document)
{
	const cJSON *verdict;

	cJSON_ArrayForEach(verdict, cJSON_GetObjectItem(image_of(document, 0), "verdicts")) {
		const char *who = cJSON_GetStringValue(cJSON_GetObjectItem(verdict, "consumer"));
		bool accepted = cJSON_IsTrue(cJSON_GetObjectItem(verdict, "accepted"));
		const char *rule = cJSON_GetStringValue(cJSON_GetObjectItem(verdict, "rule"));

		if (!strcmp(who, "SeaBIOS") && !accepted)
			fail_msg("%s: SeaBIOS: found refused, expected accepted: %s", path, rule);
		if ((!strcmp(who, "our loader") || !strcmp(who, "Linux VMI client")) && accepted)
			fail_msg("%s: %s: found accepted, expected refused", path, who);
		if (!strcmp(who, "VirtualBox"))
			assert_int_equal(accepted, rom.size <= 56 * 1024);
	}
}

static void check_verify(void)
{
	static struct verify_report report;
	struct verify_request request = { .bytes = rom.bytes, .size = rom.size, .emulate = true,
					  .seed = 1, .rounds = 1 };

	assert_int_equal(verify_run(&request, &report), 0);
	assert_int_equal(report.check[VERIFY_signature].result, VERIFY_FAILED); /* no "cVmi" */
	for (unsigned int n = VERIFY_signature + 1; n <= VERIFY_CHECKS; n++)
		assert_int_equal(report.check[n].result, VERIFY_SKIPPED);
}

static void test_all(void **state)
{
	glob_t found = { 0 };
	unsigned int roms = 0, efi = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(patterns); i++)
		if (glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &found))
			fail_msg("%s: no such files; run tools/deps.sh", patterns[i]);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		cJSON *document = read_and_inspect(path);
		bool is_rom = rom.size > 2 && rom.bytes[0] == 0x55 && rom.bytes[1] == 0xAA;

		if ((inspect_images(document) > 0) != is_rom)
			fail_msg("%s: found %d images", path, inspect_images(document));
		if (is_rom) {
			check_verdicts(path, document);
			roms++;
		}
		if (strstr(path, "/efi-")) {
			check_efi(path, document);
			efi++;
		}
		check_verify();
		cJSON_Delete(document);
		romfile_free(&rom);
	}
	globfree(&found);
	print_message("# %u ROMs, %u of them with EFI\n", roms, efi);
	assert_true(roms >= 38);
	assert_true(efi >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests_name("inspect: packages", tests, NULL, NULL);
}
