/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pvrom inspect on images made up for it: chains that end badly, structures that lead astray,
 * memory dumps, verdicts. What it must say of real ROMs is in test_inspect_packages.c.
 */
#include "shell.h"

#include "inspect/inspect.h"
#include "romfile/images.h"
#include "romfile/romfile.h"

#define PCIR_AT 0x1C
#define PNP_AT 0x40
#define STRING_AT 0x80

static uint8_t bytes[80 * VROM_BLOCK];

/* One image of `blocks` at `at`, with PCIR and $PnP; its sum is 0. */
static void make(size_t at, uint8_t blocks, bool last)
{
	struct vrom_any any = {
		.rom_signature = VROM_SIGNATURE, .rom_length = blocks,
		.rom_entry = { 0xE9, 0xFA, 0x00 }, /* jmp 0x100 */
		.pci_header_offs = PCIR_AT, .pnp_header_offs = PNP_AT,
	};
	struct vrom_pcir pcir = {
		.signature = VROM_PCIR_SIGNATURE, .vendor = 0x1234, .device = 0xABCD,
		.length = sizeof(pcir), .class = { 1, 2, 3 }, .image_length = blocks,
		.code_type = VROM_PCIR_CODE_PC_AT, .indicator = last ? VROM_PCIR_LAST_IMAGE : 0,
	};
	struct vrom_pnp pnp = {
		.signature = VROM_PNP_SIGNATURE, .revision = 1, .length = 2,
		.device_id = 0x010CD041, /* PNP0C01 */
		.manufacturer_offs = STRING_AT,
	};

	memset(bytes + at, 0, blocks * (size_t)VROM_BLOCK);
	memcpy(bytes + at, &any, sizeof(any));
	memcpy(bytes + at + PCIR_AT, &pcir, sizeof(pcir));
	memcpy(bytes + at + PNP_AT, &pnp, sizeof(pnp));
	strcpy((char *)bytes + at + STRING_AT, "some maker");
	bytes[at + 0x100] = 0xCB; /* retf */
	romfile_mend(&bytes[at + 6], bytes + at, blocks * (size_t)VROM_BLOCK);
}

static void make_efi(size_t at, uint16_t blocks)
{
	struct vrom_efi efi = {
		.rom_signature = VROM_SIGNATURE, .length = blocks, .signature = VROM_EFI_SIGNATURE,
		.subsystem = VROM_EFI_SUBSYSTEM_RUNTIME_DRIVER,
		.machine = VROM_EFI_MACHINE_AARCH64, .compression = VROM_EFI_COMPRESSION_UEFI,
		.image_offs = 0x38, .pci_header_offs = PCIR_AT,
	};
	struct vrom_pcir pcir = {
		.signature = VROM_PCIR_SIGNATURE, .length = sizeof(pcir), .image_length = blocks,
		.code_type = VROM_PCIR_CODE_EFI, .indicator = VROM_PCIR_LAST_IMAGE,
	};

	memset(bytes + at, 0, blocks * (size_t)VROM_BLOCK);
	memcpy(bytes + at, &efi, sizeof(efi));
	memcpy(bytes + at + PCIR_AT, &pcir, sizeof(pcir));
}

static struct vrom_pcir *pcir_at(size_t image)
{
	return (void *)(bytes + image + PCIR_AT);
}

/* The document of the first `size` bytes, as the text that people see: in shell_output. */
static void inspect(size_t size, const struct inspect_request *more)
{
	struct inspect_request request = more ? *more : (struct inspect_request){ 0 };
	char error[256] = "";

	request.path = "made-up";
	request.bytes = bytes;
	request.size = size;
	cJSON *document = inspect_document(&request, error, sizeof(error));
	FILE *out = fmemopen(shell_output, sizeof(shell_output), "w");
	assert_non_null(out);
	if (document)
		inspect_print(document, out, false);
	else
		fprintf(out, "error: %s\n", error);
	fclose(out);
	cJSON_Delete(document);
}

static void test_chain(void **state)
{
	(void)state;
	make(0, 3, false);
	make_efi(3 * VROM_BLOCK, 2);
	inspect(5 * VROM_BLOCK, NULL);
	shell_has("made-up: 2560 bytes, 2 images\n");
	shell_has("\nimage 0 at 0x0000: option ROM, 1536 bytes\n");
	shell_has("\nimage 1 at 0x0600: EFI image, 1024 bytes\n");
	shell_has("0x0003  rom_entry         e9fa");
	shell_has("jmp 0x0100  (16-bit code");
	shell_has("0x0020  vendor            0x1234 ");
	shell_has("0x0029  class             010203              0x030201  (class code)");
	shell_has("0x004a  device_id         0x010cd041          PNP0C01  (EISA id; 0 = none)");
	shell_has("0x004e  manufacturer_offs 0x0080              \"some maker\"  (offset");
	shell_has("0x0008  subsystem         0x000c              RUNTIME_DRIVER ");
	shell_has("0x000a  machine           0xaa64              AARCH64 ");
	shell_has("0x000c  compression       0x0001              UEFI ");
	shell_has("0x0016  image_offs        0x0038 ");
	shell_has("\nend: PCIR says that it is the last image\n");
	shell_has("SeaBIOS             accepted  1536 bytes, sum 0, $PnP at 0x0040: initialised during");
	shell_has("SeaBIOS             refused   code type 3");
	shell_has("PCI firmware rules  accepted  PCIR at 0x001c, 1024 bytes, code type 3,");
	((struct vrom_efi *)(bytes + 3 * VROM_BLOCK))->image_offs = 1024;
	inspect(5 * VROM_BLOCK, NULL);
	shell_has("PCI firmware rules  refused   vrom_efi.image_offs: found 0x0400, expected 0x001a to "
		  "0x03ff");
}

static void test_chain_ends_badly(void **state)
{
	(void)state;
	make(0, 1, false);
	pcir_at(0)->image_length = 0; /* it would lead to itself */
	inspect(VROM_BLOCK, NULL);
	shell_has("1 image\n");
	shell_has("end: offset 0x2c vrom_pcir.image_length: found 0, expected 1 or more");
	shell_has("PCI firmware rules  refused   vrom_pcir.image_length: found 0");

	make(0, 1, false);
	inspect(VROM_BLOCK, NULL); /* the next one is where the file ends */
	shell_has("end: offset 0x31 vrom_pcir.indicator: found another image announced at 0x200, "
		  "expected it inside the file's 0x200 bytes");
	shell_has("PCI firmware rules  refused   offset 0x31 vrom_pcir.indicator");

	make(0, 1, false);
	memset(bytes + VROM_BLOCK, 0x77, VROM_BLOCK);
	inspect(2 * VROM_BLOCK, NULL);
	shell_has("end: offset 0x200: found 77 77, expected 55 aa: no image there");

	for (size_t i = 0; i < 70; i++)
		make(i * VROM_BLOCK, 1, false);
	inspect(70 * VROM_BLOCK, NULL);
	shell_has(", 64 images\n");
	shell_has("end: found more than 64 images: the rest, from 0x8000 on, is not looked at");
}

static void test_astray(void **state)
{
	struct vrom_any *any = (void *)bytes;
	struct vrom_pnp *pnp = (void *)(bytes + PNP_AT);

	(void)state;
	make(0, 1, true);
	any->pci_header_offs = 0x1F0; /* 24 bytes do not fit */
	any->pnp_header_offs = 0x101;
	inspect(VROM_BLOCK, NULL);
	shell_has("\nno PCIR: 0x01f0 leads out of the file\n");
	shell_has("\nno $PnP: 0x0101 leads to no such signature\n");
	shell_has("PCI firmware rules  refused   pci_header_offs: 0x01f0 leads out of the file");

	make(0, 1, true);
	pnp->next = PNP_AT; /* a loop */
	pnp->manufacturer_offs = 0x300;
	inspect(VROM_BLOCK, NULL);
	shell_has("leads to no string inside the image");
	shell_has("trouble: next: a chain of more than 16 headers; the rest is not shown");

	make(0, 1, true);
	pcir_at(0)->revision = 3;
	pcir_at(0)->length = 28;
	pcir_at(0)->vpd = 0x44; /* of PCIR: the list is at 0x60 */
	bytes[0x60] = 0x34, bytes[0x61] = 0x12, bytes[0x62] = 0x78, bytes[0x63] = 0x56;
	inspect(VROM_BLOCK, NULL);
	shell_has("  device list: 1234 5678\n");
	shell_has("vrom_pcir_more at 0x0034");
	memset(bytes + 0x60, 1, VROM_BLOCK - 0x60);
	inspect(VROM_BLOCK, NULL);
	shell_has("trouble: the device list leaves the image");

	make(0, 2, true);
	inspect(VROM_BLOCK + 7, NULL);
	shell_has("its header says 1024 bytes, the file has 519 from here on");
	shell_has("vrom_pcir.image_length: found 1024 bytes, expected at most the 519");
	inspect(5, NULL);
	shell_has("trouble: the file ends inside this structure");
}

static void test_verdicts(void **state)
{
	(void)state;
	make(0, 1, true);
	bytes[0x1F0]++;
	inspect(VROM_BLOCK, NULL);
	shell_has("SeaBIOS             refused   checksum: the 512 bytes by the length byte sum to 0x01");
	shell_has("VirtualBox          refused   checksum");
	shell_has("PCI firmware rules  refused   checksum");
	make(0, 1, true);
	bytes[2] = 0;
	inspect(VROM_BLOCK, NULL);
	shell_has("SeaBIOS             refused   length byte: found 0");
	make(0, 1, true);
	((struct vrom_any *)bytes)->pnp_header_offs = 0;
	romfile_mend(&bytes[6], bytes, VROM_BLOCK);
	pcir_at(0)->class[2] = 2;
	romfile_mend(&bytes[6], bytes, VROM_BLOCK);
	inspect(VROM_BLOCK, NULL);
	shell_has("SeaBIOS             accepted  512 bytes, sum 0, no $PnP: initialised late");
	pcir_at(0)->code_type = 9;
	romfile_mend(&bytes[6], bytes, VROM_BLOCK);
	inspect(VROM_BLOCK, NULL);
	shell_has("other image");
	shell_has("PCI firmware rules  refused   vrom_pcir.code_type: found 9, expected 0 to 3");
	pcir_at(0)->code_type = VROM_PCIR_CODE_EFI;
	inspect(VROM_BLOCK, NULL);
	shell_has("found no EFI signature 0x0ef1");
	/* 56 KiB and no byte more. */
	assert_int_equal(shell("cp @/rom/full.rom @/tests/inspect.bin && "
			       "truncate -s 57344 @/tests/inspect.bin && ^ inspect @/tests/inspect.bin"),
			 0);
	shell_has("VirtualBox          accepted  57344 of at most 57344 bytes");
	assert_int_equal(shell("truncate -s 57345 @/tests/inspect.bin && "
			       "^ inspect @/tests/inspect.bin; rm @/tests/inspect.bin"), 0);
	shell_has("VirtualBox          refused   size of the file: found 57345, expected at most 57344");
}

static void test_dump(void **state)
{
	struct inspect_request dump = { .dump = true, .base = 0xBFE00 };

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	make(0x200, 1, true);  /* at 0xC0000 */
	make(0x600, 1, true);  /* between two steps */
	make(0x1200, 2, false); /* at 0xC1000; in memory nothing follows by a chain */
	inspect(0x2000, &dump);
	shell_has("made-up: 8192 bytes of memory from 0x000bfe00 on, 2 images\n");
	shell_has("image 0 at 0x0200, address 0x000c0000: option ROM, 512 bytes");
	shell_has("image 1 at 0x1200, address 0x000c1000: option ROM, 1024 bytes");
	shell_has("end: every step of 2048 bytes was looked at");
	dump.base = 0xC0000;
	inspect(0x2000, &dump);
	shell_has(", 0 images\n");
	/* The window as it is in memory: the historic client does not look at all of it. */
	assert_int_equal(shell("cat @/rom/min.rom > @/tests/inspect.bin; truncate -s 128K @/tests/inspect.bin; "
			       "cat @/rom/min.rom >> @/tests/inspect.bin; ^ inspect --base 0xC0000 @/tests/inspect.bin"),
			 0);
	shell_has("address 0x000c0000: VMI ROM 3.2");
	shell_has("address 0x000e0000: VMI ROM 3.2");
	shell_has("Linux VMI client    refused   address: found 0xe0000, expected 0xc0000 to 0xdffff");
	assert_int_equal(shell("^ inspect --base 0xC0001 @/tests/inspect.bin; "
			       "s=$?; rm @/tests/inspect.bin; exit $s"), 1);
	shell_has("found no 55 AA on any step of 2048 bytes");
}

static void test_vmi(void **state)
{
	(void)state;
	assert_int_equal(shell("^ inspect @/rom/full.rom"), 0);
	shell_has("VMI ROM 3.2, 18432 bytes\n  sum     0x00\n");
	shell_has("license_offs");
	shell_has("capability_count  0x005f ");
	shell_has("release's NUL-terminated name");
	shell_has("\"GPL v2\"  (offset of a NUL-terminated licence string)");
	shell_has("\"full\"  (offset of the profile's NUL-terminated name)");
	shell_has("tsc_hz            0x0000000000000000  frequency of the TSC");
	shell_has("seen in the emulator: VMI_Init answers 0x0, GetRelocationInfo by group\n"
		  "  cpu         2 none 20 call\n");
	shell_has("  flow        2 jump\n");
	shell_has("  smp         1 none\n");
	shell_has("Linux VMI client    accepted  ");
	shell_has("our loader          accepted  of a guest's slots ");
	/* What it answers is seen: the config block still says `full`. */
	assert_int_equal(shell("@/pvrom mutate --drop SetCR3,irq @/rom/full.rom @/tests/inspect.rom && "
			       "^ inspect @/tests/inspect.rom"), 0);
	shell_has("\"full\"");
	shell_has("  cpu         3 none 19 call\n");
	shell_has("  irq         6 none\n");
	assert_int_equal(shell("@/pvrom mutate --drop IRET @/rom/full.rom @/tests/inspect.rom && "
			       "^ inspect @/tests/inspect.rom; rm @/tests/inspect.rom"), 0);
	shell_has("Linux VMI client    refused   IRET, SYSEXIT: found types 0x0 and 0x2");
	shell_has("our loader          accepted  of a guest's slots 95 use it");
	assert_int_equal(shell("^ inspect @/rom/empty.rom"), 0);
	shell_has("Linux VMI client    refused   VMI_Init: found 0x1, expected 0");
	assert_int_equal(shell("^ inspect @/tests/hostile/answer_outside.rom"), 0);
	shell_has("; outside: 0x000c");
	assert_int_equal(shell("^ inspect @/tests/hostile/answer_hang.rom"), 0);
	shell_has("did not return: ran away");
	shell_has("our loader          refused   VMI_E_CALL_TIME");
	assert_int_equal(shell("^ inspect @/tests/hostile/init_hang.rom"), 0);
	shell_has("seen in the emulator: VMI_Init answers did not return: ran away");
}

static void test_json(void **state)
{
	(void)state;
	assert_int_equal(shell("^ inspect --json @/rom/full.rom"), 0);
	cJSON *document = cJSON_Parse(shell_output);
	assert_non_null(document);
	const cJSON *image = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "images"), 0);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(image, "kind")), "VMI ROM");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(image, "structures")), 7); /* with vrom_abi and its directory */
	/* VMI_Init, GetRelocationInfo, and each call's number, reserved or not. */
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(image, "entries")), VMI_CALLS + 2);
	const cJSON *entry = cJSON_GetArrayItem(cJSON_GetObjectItem(image, "entries"),
						VROM_SLOT_CALL0 + VMI_CALL_SetCR3);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(entry, "name")), "SetCR3");
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(entry, "answer")), "call");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(image, "verdicts")), 5);
	/* Both hashes are sha256sum's. */
	char hash[65] = "";
	strcpy(hash, cJSON_GetStringValue(cJSON_GetObjectItem(document, "sha256")));
	cJSON_Delete(document);
	assert_int_equal(shell("sha256sum < @/rom/full.rom"), 0);
	shell_output[64] = 0;
	assert_string_equal(shell_output, hash);
}

static void test_disasm(void **state)
{
	(void)state;
	assert_int_equal(shell("^ inspect --disasm setcr3 @/rom/full.rom"), 0);
	shell_has("32-bit code\n");
	shell_has("f30f1efb              endbr32\n");
	shell_has("mov cr3, eax\n");
	assert_int_equal(shell("^ inspect --disasm VMI_Init @/rom/full.rom"), 0);
	assert_int_equal(shell("^ inspect --disasm GetRelocationInfo @/rom/full.rom"), 0);
	shell_has("ret\n");
	assert_int_equal(shell("^ inspect --disasm post @/rom/full.rom"), 0);
	shell_has("16-bit code\n");
	shell_has("retf\n");
	assert_int_equal(shell("^ inspect --json --disasm post @/rom/full.rom"), 0);
	shell_has("\"text\":\t\"retf\"");
	assert_int_equal(shell("^ inspect --disasm SetCR3 @/rom/min.rom"), 2);
	shell_has("GetRelocationInfo gives no entry for SetCR3");
	assert_int_equal(shell("^ inspect --disasm nothing @/rom/full.rom"), 2);
	shell_has("found `nothing`, expected a call");
	make(0, 1, true);
	inspect(VROM_BLOCK, &(struct inspect_request){ .disasm = "post" });
	shell_has("post at 0x0100, 16-bit code\n  0x0100  cb                    retf\n");
	inspect(VROM_BLOCK, &(struct inspect_request){ .disasm = "SetCR3" });
	shell_has("found `SetCR3`, expected `post`: it is no VMI ROM");
	inspect(0x100, &(struct inspect_request){ .disasm = "post" });
	shell_has("post at 0x0003"); /* where the jump stands: its target is missing */
}

static void test_bad_files(void **state)
{
	(void)state;
	assert_int_equal(shell("^ inspect /nonexistent.rom"), 2);
	shell_has("/nonexistent.rom: cannot open the ROM file: No such file or directory; check");
	assert_int_equal(shell("^ inspect tests"), 2);
	shell_has("found a directory, expected a regular file");
	assert_int_equal(shell("rm -f @/tests/fifo; mkfifo @/tests/fifo; timeout 20 ^ inspect @/tests/fifo; "
			       "s=$?; rm @/tests/fifo; exit $s"), 2);
	shell_has("found a pipe, expected a regular file");
	/* Like a PCI device's rom file that is not enabled: it opens, but cannot be read. */
	assert_int_equal(shell("^ inspect /proc/self/mem"), 2);
	shell_has("cannot read: Input/output error; if this is the rom file of a PCI device in sysfs, "
		  "enable it first: as root, write 1 into it, and 0 afterwards");
	assert_int_equal(shell("truncate -s 0 @/tests/in.bin; ^ inspect @/tests/in.bin"), 2);
	shell_has("found 0 bytes, expected 1 to 16777216: the file is empty");
	/* Root reads anything, unless it gives that up. */
	assert_int_equal(shell("chmod 0 @/tests/in.bin; if [ $(id -u) = 0 ]; then "
			       "setpriv --bounding-set=-dac_override,-dac_read_search "
			       "^ inspect @/tests/in.bin; else ^ inspect @/tests/in.bin; fi; "
			       "s=$?; chmod 600 @/tests/in.bin; exit $s"), 2);
	shell_has("cannot open the ROM file: Permission denied; ask its owner for the right to read");
	assert_int_equal(shell("printf U > @/tests/in.bin; ^ inspect @/tests/in.bin"), 1);
	shell_has("offset 0x0: found 55 00, expected 55 aa: no image there, so this is no option ROM; "
		  "for a dump of memory give its address with --base");
	assert_int_equal(shell("printf '\\125\\252' > @/tests/in.bin; ^ inspect @/tests/in.bin"), 0);
	shell_has("length byte: found 0");
	assert_int_equal(shell("truncate -s 16M @/tests/in.bin; ^ inspect @/tests/in.bin"), 0);
	shell_has("16777216 bytes, 1 image");
	assert_int_equal(shell("^ inspect --base 0 @/tests/in.bin"), 0);
	assert_int_equal(shell("truncate -s 16777217 @/tests/in.bin; ^ inspect @/tests/in.bin; "
			       "s=$?; rm @/tests/in.bin; exit $s"), 2);
	shell_has("found 16777217 bytes, expected at most 16777216");
	assert_int_equal(shell("^ inspect"), 2);
	assert_int_equal(shell("^ inspect --base nowhere @/rom/full.rom"), 2);
	assert_int_equal(shell("^ inspect @/rom/full.rom @/rom/min.rom"), 2);
	assert_int_equal(shell("^ inspect @/rom/full.rom > /dev/full"), 2);
}

static void test_colour(void **state)
{
	(void)state;
	assert_int_equal(shell("^ inspect @/rom/min.rom"), 0);
	assert_null(strchr(shell_output, '\033'));
	assert_int_equal(shell("env -u NO_COLOR script -qec '^ inspect @/rom/min.rom' /dev/null"), 0);
	shell_has("\033[32maccepted");
	assert_int_equal(shell("NO_COLOR=1 script -qec '^ inspect @/rom/min.rom' /dev/null"), 0);
	shell_has("accepted");
	assert_null(strchr(shell_output, '\033'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),	 cmocka_unit_test(test_chain_ends_badly),
		cmocka_unit_test(test_astray),	 cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_dump),	 cmocka_unit_test(test_vmi),
		cmocka_unit_test(test_json),	 cmocka_unit_test(test_disasm),
		cmocka_unit_test(test_bad_files), cmocka_unit_test(test_colour),
	};

	return cmocka_run_group_tests_name("pvrom inspect", tests, NULL, NULL);
}
