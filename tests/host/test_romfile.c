// SPDX-License-Identifier: GPL-2.0-only
/* ROM files: what is refused and why, and signing. */
#include "test_run_scratch.h"

#include "romfile/romfile.h"
#include "romsign/sign.h"

enum { BLOCKS = 4, SIZE = BLOCKS * 512, PCIR = 0x100, PNP = 0x120, CONFIG = 0x140, RESIDENT = 3 };

/*
 * A linked image as romsign gets it, in a buffer of exactly its size so that ASan sees a step
 * outside.
 */
static struct romfile image(void)
{
	struct romfile rom = { .path = strdup("image"), .bytes = calloc(1, SIZE), .size = SIZE };
	*(struct vrom_header *)rom.bytes = (struct vrom_header){
		.rom_signature = VROM_SIGNATURE,
		.rom_length = BLOCKS,
		.vrom_signature = VROM_VMI_SIGNATURE,
		.pci_header_offs = PCIR,
		.pnp_header_offs = PNP,
	};
	*(struct vrom_pcir *)(rom.bytes + PCIR) = (struct vrom_pcir){
		.signature = VROM_PCIR_SIGNATURE,
		.length = sizeof(struct vrom_pcir),
		.image_length = BLOCKS,
	};
	*(struct vrom_pnp *)(rom.bytes + PNP) =
		(struct vrom_pnp){ .signature = VROM_PNP_SIGNATURE, .length = 2, .checksum = 77 };
	*(struct vrom_config *)(rom.bytes + CONFIG) = (struct vrom_config){
		.signature = VROM_CONFIG_SIGNATURE, .length = sizeof(struct vrom_config),
		.version = VROM_CONFIG_VERSION, .image_blocks = BLOCKS, .resident_blocks = RESIDENT,
	};
	return rom;
}

static struct vrom_header *header(struct romfile *rom)
{
	return (void *)rom->bytes;
}

static struct vrom_pnp *pnp(struct romfile *rom)
{
	return (void *)(rom->bytes + PNP);
}

static struct vrom_config *config(struct romfile *rom)
{
	return (void *)(rom->bytes + CONFIG);
}

static void signs(void **state)
{
	struct romfile rom = image();
	struct romfile_error error;
	struct sign_sizes sizes;
	(void)state;
	assert_int_equal(sign_image(&rom, RESIDENT * 512, &sizes, &error), 0);
	assert_int_equal(sizes.resident, RESIDENT * 512);
	assert_int_equal(sizes.file, SIZE);
	assert_int_equal(romfile_sum(rom.bytes, SIZE), 0);
	assert_int_equal(romfile_sum(pnp(&rom), 32), 0);
	assert_int_not_equal(header(&rom)->rom_pad0,
			     0); /* the sum was mended where the header says */
	/* Signing again changes nothing. */
	uint8_t before[SIZE];
	memcpy(before, rom.bytes, SIZE);
	assert_int_equal(sign_image(&rom, RESIDENT * 512, &sizes, &error), 0);
	assert_memory_equal(before, rom.bytes, SIZE);
	romfile_free(&rom);
}

/* Expects that signing refuses `rom` with `text`, and leaves it alone. Frees it. */
static void refused(struct romfile *rom, size_t resident_max, const char *text)
{
	struct romfile_error error = { "" };
	struct sign_sizes sizes;
	uint8_t before[SIZE];
	memcpy(before, rom->bytes, rom->size);
	assert_int_equal(sign_image(rom, resident_max, &sizes, &error), -1);
	assert_contains(error.text, text);
	assert_memory_equal(before, rom->bytes, rom->size);
	romfile_free(rom);
}

static void refuses_bad_headers(void **state)
{
	struct romfile rom;
	(void)state;
	rom = image();
	header(&rom)->rom_signature = 0xAA56;
	refused(&rom, SIZE, "rom_signature: found 0xaa56, expected 0xaa55");
	rom = image();
	header(&rom)->vrom_signature = 0;
	refused(&rom, SIZE, "vrom_signature: found 0x00000000");
	rom = image();
	header(&rom)->rom_length = 0;
	refused(&rom, SIZE, "rom_length: found 0 blocks");
	rom = image();
	header(&rom)->rom_length = BLOCKS + 1;
	refused(&rom, SIZE, "rom_length: found 5 blocks");
	rom = image();
	header(&rom)->rom_length = BLOCKS - 1;
	refused(&rom, SIZE, "expected the file's 2048 bytes");
	rom = image();
	rom.size = sizeof(struct vrom_header) - 1;
	rom.bytes = realloc(rom.bytes, rom.size);
	refused(&rom, SIZE, "too short for a VMI ROM header");
}

static void refuses_bad_structures(void **state)
{
	static const uint16_t outside[] = { 1, sizeof(struct vrom_header) - 1, SIZE - 23, SIZE,
					    0xFFFF };
	struct romfile rom;
	(void)state;
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		rom = image();
		header(&rom)->pci_header_offs = outside[i];
		refused(&rom, SIZE, "PCIR leaves the image");
		rom = image();
		header(&rom)->pnp_header_offs = outside[i];
		refused(&rom, SIZE, "$PnP leaves the image");
	}
	rom = image();
	header(&rom)->pnp_header_offs = 0;
	refused(&rom, SIZE, "the ROM has none");
	rom = image();
	header(&rom)->pci_header_offs = PCIR + 4;
	refused(&rom, SIZE, "no PCIR where pci_header_offs points");
	rom = image();
	pnp(&rom)->length = 1;
	refused(&rom, SIZE, "$PnP length: found 1 units");
	rom = image();
	pnp(&rom)->length = 255;
	refused(&rom, SIZE, "$PnP length: found 255 units");
	rom = image();
	((struct vrom_pcir *)(rom.bytes + PCIR))->image_length = BLOCKS + 1;
	refused(&rom, SIZE, "PCIR image_length: found 5 blocks");
	rom = image();
	config(&rom)->signature = 0;
	refused(&rom, SIZE, "found no config block");
	rom = image();
	memmove(rom.bytes + CONFIG + 8, rom.bytes + CONFIG, 32);
	config(&rom)->signature = 0;
	refused(&rom, SIZE, "found no config block");
	rom = image();
	memcpy(rom.bytes + 0x400, rom.bytes + CONFIG, 32);
	refused(&rom, SIZE, "0x400: found a second config block");
	rom = image();
	config(&rom)->version = 2;
	refused(&rom, SIZE, "found version 2");
	rom = image();
	config(&rom)->length = SIZE;
	refused(&rom, SIZE, "length 2048, expected version 1 length 88 to 1728");
	rom = image();
	config(&rom)->image_blocks = 1;
	refused(&rom, SIZE, "image_blocks: found 1");
	rom = image();
	config(&rom)->resident_blocks = 0;
	refused(&rom, SIZE, "resident_blocks: found 0");
	rom = image();
	config(&rom)->resident_blocks = BLOCKS + 1;
	refused(&rom, SIZE, "resident_blocks: found 5");
	rom = image();
	refused(&rom, RESIDENT * 512 - 1, "found 1536 bytes, expected at most 1535");
}

static void not_read(const char *path, const char *text)
{
	struct romfile rom;
	struct romfile_error error = { "" };
	assert_int_equal(romfile_read(&rom, path, &error), -1);
	assert_null(rom.bytes);
	assert_contains(error.text, path);
	assert_contains(error.text, text);
}

static void reads_with_bounds(void **state)
{
	static uint8_t bytes[ROMFILE_MAX + 1];
	struct romfile rom;
	struct romfile_error error;
	(void)state;
	bytes[ROMFILE_MAX - 1] = 9;
	assert_int_equal(romfile_read(&rom, scratch_file("max", bytes, ROMFILE_MAX, 0600), &error),
			 0);
	assert_int_equal(rom.size, ROMFILE_MAX);
	assert_int_equal(rom.bytes[ROMFILE_MAX - 1], 9);
	romfile_free(&rom);
	not_read(scratch_file("large", bytes, ROMFILE_MAX + 1, 0600),
		 "found 130561 bytes, expected at most 130560");
	not_read(scratch_file("empty", bytes, 0, 0600), "the file is empty");
	not_read(scratch_path("missing"), "No such file");
	not_read(scratch, "found a directory");
	not_read("/dev/zero", "found a device");
	assert_int_equal(mkfifo(scratch_path("pipe"), 0600), 0);
	not_read(scratch_path("pipe"), "found a pipe");
	if (geteuid()) /* root reads everything */
		not_read(scratch_file("secret", bytes, 1, 0000), "Permission denied");
	/*
	 * A file of one byte is no ROM, but a good file: injecting it is for the firmware to
	 * refuse.
	 */
	assert_int_equal(romfile_read(&rom, scratch_file("one", bytes, 1, 0600), &error), 0);
	assert_null(romfile_header(&rom, &error));
	romfile_free(&rom);
}

static void writes_whole_or_not(void **state)
{
	struct romfile rom = image(), again;
	struct romfile_error error = { "" };
	(void)state;
	assert_int_equal(romfile_write(&rom, scratch_path("out"), &error), 0);
	assert_int_equal(romfile_read(&again, scratch_path("out"), &error), 0);
	assert_int_equal(again.size, SIZE);
	assert_memory_equal(again.bytes, rom.bytes, SIZE);
	romfile_free(&again);
	assert_int_equal(romfile_write(&rom, scratch_path("no/such/folder"), &error), -1);
	assert_contains(error.text, "No such file");
	assert_int_equal(mkdir(scratch_path("folder"), 0700), 0);
	assert_int_equal(romfile_write(&rom, scratch_path("folder"), &error), -1);
	char command[600];
	snprintf(command, sizeof(command), "! ls %s | grep -q '^[a-z]*[.]'", scratch);
	assert_int_equal(system(command), 0); /* no temporary file stays */
	romfile_free(&rom);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs),
		cmocka_unit_test(refuses_bad_headers),
		cmocka_unit_test(refuses_bad_structures),
		cmocka_unit_test(reads_with_bounds),
		cmocka_unit_test(writes_whole_or_not),
	};
	return cmocka_run_group_tests_name("romfile", tests, scratch_make, scratch_remove);
}
