// SPDX-License-Identifier: GPL-2.0-only
/*
 * What became of each ROM, from logs and memory as firmware and guests leave them, and from
 * such as they must not be believed.
 */
#define _GNU_SOURCE
#include "test_run_scratch.h"

#include "romfile/romfile.h"
#include "run/why.h"

#define BLOCKS 4
#define SIZE (BLOCKS * VROM_BLOCK)
#define SCAN "Scan for option roms\n"
#define ENTRY(name) "Searching bootorder for: /rom@genroms/" name "\n"
#define OWN_ENTRIES ENTRY("multiboot_dma.bin") ENTRY("kvmvapic.bin")

static uint8_t window[MEMORY_WINDOW];
static struct run_spec spec;
static struct why_list list;

/* A ROM whose bytes come from `seed`, with PCIR ids of the device that --pci has. */
static void image(uint8_t *rom, unsigned seed, bool pnp)
{
	struct vrom_header *h = (void *)rom;
	for (size_t i = 0; i < SIZE; i++)
		rom[i] = (uint8_t)(i * 7 * seed + seed);
	h->rom_signature = VROM_SIGNATURE;
	h->rom_length = BLOCKS;
	h->pci_header_offs = 0x100;
	h->pnp_header_offs = pnp ? 0x140 : 0;
	memcpy(rom + 0x100, "PCIR", 4);
	((struct vrom_pcir *)(rom + 0x100))->vendor = RUN_PCI_VENDOR;
	((struct vrom_pcir *)(rom + 0x100))->device = RUN_PCI_DEVICE;
	memcpy(rom + 0x140, "$PnP", 4);
	romfile_mend(&h->rom_pad0, rom, SIZE);
}

static void add_image(const char *name, const uint8_t *rom, size_t size)
{
	words_add(&spec.roms, scratch_file(name, rom, size, 0600));
}

static void add(const char *name, unsigned seed, bool pnp)
{
	uint8_t rom[SIZE];
	image(rom, seed, pnp);
	add_image(name, rom, SIZE);
}

/* The image as it stands in memory, with one byte of its own POST's. */
static void place(unsigned address, unsigned seed, bool pnp)
{
	uint8_t *at = window + (address - VROM_WINDOW_BASE);
	image(at, seed, pnp);
	at[0x200]++;
	romfile_mend(&((struct vrom_header *)at)->rom_pad0, at, SIZE);
}

static int begin(void **state)
{
	(void)state;
	memset(window, 0, sizeof(window));
	run_spec_start(&spec, "kernel");
	return 0;
}

static int end(void **state)
{
	(void)state;
	why_free(&list);
	run_spec_free(&spec);
	return 0;
}

static void explain(const char *log, const char *serial, bool memory)
{
	struct firmware f = { 0 };
	char copy[4096], *rest = copy, *line;
	snprintf(copy, sizeof(copy), "%s", log);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			firmware_line(&f, line);
	why_explain(&spec, &f, serial, memory ? window : NULL, &list);
	firmware_free(&f);
}

static const struct why *of(const char *name)
{
	for (size_t i = 0; i < list.count; i++)
		if (strstr(list.roms[i].path, name))
			return &list.roms[i];
	fail_msg("no ROM %s", name);
	return NULL;
}

static void says(const char *name, enum why_fate fate, unsigned address, const char *text)
{
	const struct why *w = of(name);
	if (w->fate != fate || w->address != address)
		fail_msg("%s: found %s at 0x%x, expected %s at 0x%x", name, why_fate_names[w->fate],
			 w->address, why_fate_names[fate], address);
	assert_contains(text_string(&w->text), text);
}

/* A foreign ROM's event comes first; only memory tells that it is none of the files'. */
static void memory_names_files(void **state)
{
	(void)state;
	add("b.rom", 2, true);
	add("a.rom", 3, true);
	place(0xc3000, 2, true);
	place(0xc4000, 3, true);
	explain(SCAN "Running option rom at c000:0003\nRunning option rom at c100:0003\n"
		     "Running option rom at c300:0003\n"
		     "Running option rom at c400:0003\n" OWN_ENTRIES,
		"census 1\nvrom 0x000c3000 used 3.0 x\nvrom 0x000c4000 refused - x\n"
		"note shadow read-only\n", true);
	says("b.rom", WHY_POST, 0xc3000, "initialised at POST at 0xc3000; in use by the guest; not "
	     "overwritten: at the end its 2048 bytes sum to 0, 2 of them written by its POST; "
	     "shadow read-only");
	says("a.rom", WHY_POST, 0xc4000, "; not used by the guest, see its vrom line; not over");
	assert_int_equal(of("b.rom")->shadow, WHY_SHADOW_READ_ONLY);
	assert_int_equal(of("a.rom")->shadow, WHY_SHADOW_UNKNOWN);
	assert_int_equal(of("b.rom")->sources,
			 WHY_BY_FILE | WHY_BY_LOG | WHY_BY_GUEST | WHY_BY_MEMORY);
	assert_null(strstr(text_string(&of("b.rom")->text), "said from the file"));
}

static void each_shadow_its_own(void **state)
{
	(void)state;
	add("b.rom", 2, true);
	add("a.rom", 3, true);
	/* multiboot_dma.bin comes before both. */
	explain(SCAN "Running option rom at c000:0003\nRunning option rom at c200:0003\n"
		     "Running option rom at c400:0003\n",
		"census 1\nvrom 0x000c2000 refused -\nvrom 0x000c4000 used 3.0\n"
		"note shadow 0x000c2000 partly writable: 1 of 2 pages\nnote shadow 0x000c4000 read-only\n", false);
	assert_int_equal(of("a.rom")->shadow, WHY_SHADOW_READ_ONLY);
	assert_int_equal(of("b.rom")->shadow, WHY_SHADOW_PARTLY);
	says("b.rom", WHY_POST, 0xc2000, "not used");
	says("a.rom", WHY_POST, 0xc4000, "in use");
	assert_int_equal(list.count, 2);
}

static void overwritten_or_not(void **state)
{
	(void)state;
	add("a.rom", 2, true);
	place(0xc3000, 2, true);
	static const char log[] = SCAN "Running option rom at c000:0003\n"
				       "Running option rom at c300:0003\n";
	window[0x3000 + 0x300] ^= 1;
	explain(log, "", true);
	says("a.rom", WHY_POST, 0xc3000, "0xc3000; overwritten, or written by its POST without a new "
	     "checksum: at the end its 2048 bytes sum to 0x");
	assert_int_equal(of("a.rom")->memory, WHY_CHANGED);
	why_free(&list);
	window[0x3000] = 'x';
	explain(log, "census 1\nvrom 0x000c0000 used 3.0\n", true);
	says("a.rom", WHY_POST, 0xc3000, "the guest found no ROM there: it was overwritten or removed "
	     "before it looked; overwritten later: no 55 AA");
	assert_int_equal(of("a.rom")->memory, WHY_GONE);
	why_free(&list);
	/* No RAM behind that part of the window: the guest saw what memory does not show. */
	memset(window, 0, sizeof(window));
	explain(log, "census 1\nvrom 0x000c3000 used 3.0\n", true);
	says("a.rom", WHY_POST, 0xc3000, "in use by the guest");
	assert_int_equal(of("a.rom")->memory, WHY_NOT_LOOKED);
}

static void late_by_order(void **state)
{
	(void)state;
	add("a.rom", 2, false);
	explain(SCAN "Running option rom at c000:0003\n" OWN_ENTRIES ENTRY("a.rom")
		"Running option rom at c080:0003\nRunning option rom at c300:0003\n", "", false);
	says("a.rom", WHY_LATE, 0xc3000,
	     "no $PnP header: started late, as a boot entry, at 0xc3000");
	assert_null(strstr(text_string(&of("a.rom")->text), "the guest"));
}

static void refusals(void **state)
{
	uint8_t rom[SIZE];
	(void)state;
	image(rom, 2, true);
	rom[0x300]++;
	add_image("sum.rom", rom, SIZE);
	image(rom, 3, true);
	rom[2] = 0;
	add_image("length.rom", rom, SIZE);
	image(rom, 4, true);
	rom[0]++;
	add_image("sign.rom", rom, SIZE);
	add("space.rom", 5, true);
	words_add(&spec.pci, scratch_file("pci.rom", rom, SIZE, 0600));
	image(rom, 6, true);
	rom[0x104]++;
	words_add(&spec.pci, scratch_file("ids.rom", rom, SIZE, 0600));
	words_add(&spec.roms, scratch_path("none.rom"));
	explain(SCAN "Found option rom with bad checksum: loc=0x000c8000 len=2048 sum=1\n"
		     "WARNING - Unable to allocate resource at deploy_romfile:179!\n"
		     "Running option rom at c000:0003\n", "", true);
	says("sum.rom", WHY_CHECKSUM, 0xc8000, "bad checksum, its 2048 bytes sum to 0x01, expected 0; "
	     "it was wiped from 0xc8000; build it again");
	says("space.rom", WHY_NO_SPACE, 0, "no space in the window for 2048 bytes");
	says("length.rom", WHY_LENGTH, 0, "the length byte at 0x02 is 0; sign it with romsign (said "
	     "from the file alone: the firmware's log is silent)");
	says("sign.rom", WHY_UNSIGNED, 0, "does not begin with 55 AA");
	says("pci.rom", WHY_UNSIGNED, 0, "does not begin with 55 AA");
	says("ids.rom", WHY_IDS, 0, "PCIR names 1b37:0005, the device is 1b36:0005");
	says("none.rom", WHY_UNREADABLE, 0, "cannot be read any more");
	why_free(&list);
	run_set(&spec.firmware, "ovmf");
	explain("", "", false);
	says("sum.rom", WHY_UEFI, 0, "ignored: OVMF is UEFI");
}

/* What the firmware left behind a file that is too short makes its sum wrong. */
static void length_beyond(void **state)
{
	uint8_t rom[SIZE];
	(void)state;
	image(rom, 2, true);
	memset(rom + SIZE / 2, 0, SIZE / 2);
	romfile_mend(&((struct vrom_header *)rom)->rom_pad0, rom, SIZE);
	add_image("a.rom", rom, SIZE / 2);
	explain(SCAN "Running option rom at c000:0003\n"
		     "Found option rom with bad checksum: loc=0x000c3000 len=2048 sum=7c\n", "", false);
	says("a.rom", WHY_CHECKSUM, 0xc3000, "sum to 0x7c, expected 0");
	assert_contains(text_string(&of("a.rom")->text),
			"; the length byte says 2048 bytes, the file has 1024: it was cut");
	why_free(&list);
	explain(SCAN "Running option rom at c000:0003\nRunning option rom at c300:0003\n", "", false);
	says("a.rom", WHY_POST, 0xc3000, "warning: the length byte says 2048 bytes, the file has 1024");
}

/* A ROM may print whatever it likes to the firmware's log, and the guest to its own. */
static void lies(void **state)
{
	char log[4096] = SCAN;
	(void)state;
	add("a.rom", 2, true);
	add("tiny.rom", 3, true);
	truncate(spec.roms.list[1], 1);
	for (int i = 0; i < 100; i++)
		strcat(log, "Running option rom at ffff:0003\n");
	explain(log, "vrom 0x000ffff0 used 3.0\nnote shadow 0x000ffff0 \nnote shadow maybe\n", true);
	says("a.rom", WHY_POST, 0xffff0, "initialised at POST at 0xffff0; in use");
	assert_int_equal(of("a.rom")->shadow, WHY_SHADOW_UNKNOWN);
	assert_int_equal(of("a.rom")->memory, WHY_NOT_LOOKED);
	why_free(&list);
	/* The last step of the window: an image that ends behind it. */
	window[MEMORY_WINDOW - 0x10] = 0x55;
	window[MEMORY_WINDOW - 0xf] = 0xaa;
	window[MEMORY_WINDOW - 0xe] = 0xff;
	explain(SCAN "Running option rom at c000:0003\nRunning option rom at efff:0003\n", "", true);
	says("a.rom", WHY_POST, 0xefff0, "overwritten, or written");
	why_free(&list);
	explain("Running option rom at c000:0003\nFound option rom with bad checksum: loc=zz\n", "", true);
	says("a.rom", WHY_UNSEEN, 0, "the firmware's log does not name it");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(memory_names_files), TEST(each_shadow_its_own), TEST(overwritten_or_not),
		TEST(late_by_order), TEST(refusals), TEST(length_beyond), TEST(lies),
	};
	return cmocka_run_group_tests_name("why", tests, scratch_make, scratch_remove);
}
