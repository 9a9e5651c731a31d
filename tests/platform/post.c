// SPDX-License-Identifier: GPL-2.0-only
/*
 * POST of the ROMs once more. The firmware ran it on the bare machine, before there was a player, so
 * what it found there is no platform. Each ROM's file is written over what stayed of it, and its
 * entry called in real mode, as the firmware does: AX and ES:DI 0, interrupts as they are left by the
 * firmware, whose vectors and handlers are all there. Its memory manager is not, any more: the
 * player keeps the uppermost conventional memory and gives from that, as $PMM in the BIOS's area,
 * which is put back afterwards. So is what lay behind the resident part.
 *
 *   platform post at 0xADDRESS, BYTES of BYTES stay
 *   platform post gives 0xBYTES at 0xADDRESS
 */
#include "platform.h"
#include "post.h"
#include "console.h"
#include "memory.h"
#include "vmi_abi.h"

enum { ROM_MAX = 0x10000, SAME_PART = 4096, DIFFERENT = SAME_PART / 8, BLOCK = 512,
       BIOS_BASE = 0xe0000, BIOS_END = 0x100000, PARAGRAPH = 16, PMM_SIZE = 32, PMM_SUM = 6,
       KEPT = 0x4000, BASE_KIB = 0x413, KIB = 1024, ENTRY = 3 };
/* In real mode: the stack grows down from STUBS, where the player is called. */
enum { STUBS = 0x7000, STUB_DONE = STUBS, STUB_PMM = STUBS + 16, VMMCALL_SIZE = 3 };
enum { REAL_CODE = 0x9b, REAL_DATA = 0x93, REAL_LIMIT = 0xffff, REAL_VECTORS = 0x3ff };
enum { PMM_ALLOCATE = 0, PMM_CONVENTIONAL = 1, PMM_LARGEST = 0 };
enum { POST_IF = BIT(9) };

static uint8_t file[ROM_MAX], saved[ROM_MAX], bios[PMM_SIZE];
static bool running;
static uint32_t top, low; /* what is kept, and what of it is given already */

/* A physical address below 1 MiB, none of which is an object to the compiler. */
static uint8_t *at(uint32_t physical)
{
	asm("" : "+r"(physical));
	return (uint8_t *)physical;
}

/* PMM's one service that is there. Arguments: function, paragraphs, handle, flags. */
static uint32_t give(const uint8_t *stack)
{
	uint16_t function, flags;
	uint32_t paragraphs, bytes;

	memcpy(&function, stack, 2);
	memcpy(&paragraphs, stack + 2, 4);
	memcpy(&flags, stack + 10, 2);
	if (function != PMM_ALLOCATE)
		return 0;
	bytes = low - (top - KEPT);
	if (paragraphs == PMM_LARGEST)
		return bytes / PARAGRAPH;
	if (!(flags & PMM_CONVENTIONAL) || paragraphs > bytes / PARAGRAPH)
		return 0;
	low -= paragraphs * PARAGRAPH;
	printf("platform post gives 0x%x at 0x%08x\n", paragraphs * PARAGRAPH, low);
	return low;
}

bool post_call(void)
{
	uint32_t from = (uint32_t)vmcb.cs.base + (uint16_t)vmcb.rip, given;

	if (!running || (from != STUB_DONE && from != STUB_PMM))
		return false;
	if (from == STUB_DONE) {
		running = false;
		return true;
	}
	given = give(at((uint32_t)vmcb.ss.base + (uint16_t)vmcb.rsp + 4));
	vmcb.rax = (vmcb.rax & ~0xffffull) | (given & 0xffff);
	regs[EDX] = (regs[EDX] & ~0xffffull) | given >> 16;
	vmcb.rip += VMMCALL_SIZE;
	return true;
}

/* Other ROMs hook vectors, and have done it. */
static bool of_vmi(uint32_t size)
{
	struct vrom_header header;

	if (size < sizeof(header))
		return false;
	memcpy(&header, file, sizeof(header));
	return header.rom_signature == VROM_SIGNATURE && header.vrom_signature == VROM_VMI_SIGNATURE;
}

/* Where the firmware has put it: all but what POST noted is the same. 0: nowhere. */
static uint32_t find(uint32_t size)
{
	for (uint32_t place = VROM_WINDOW_BASE; place < VROM_WINDOW_END; place += VROM_WINDOW_STEP) {
		const uint8_t *rom = at(place);
		uint32_t different = 0;

		if (rom[0] != file[0] || rom[1] != file[1] || size > VROM_WINDOW_END - place)
			continue;
		for (uint32_t i = 0; i < SAME_PART && i < size; i++)
			different += rom[i] != file[i];
		if (different < DIFFERENT)
			return place;
	}
	return 0;
}

/* Where nothing lies, as far as can be seen. */
static uint8_t *put_pmm(void)
{
	static const uint8_t stub[] = { 0x0f, 0x01, 0xd9, 0xcb }; /* VMMCALL, RETF */
	uint8_t pmm[PMM_SIZE] = { '$', 'P', 'M', 'M', 1, PARAGRAPH, 0,
				  STUB_PMM % PARAGRAPH, 0, STUB_PMM / PARAGRAPH & 0xff, STUB_PMM / PARAGRAPH >> 8 };
	uint8_t *place = at(BIOS_BASE);
	unsigned zeros = 0;

	while (zeros < PMM_SIZE && place < at(BIOS_END))
		zeros = *place++ ? 0 : zeros || !((uint32_t)(place - 1) % PARAGRAPH) ? zeros + 1 : 0;
	if (zeros < PMM_SIZE)
		player_stop("no room for $PMM; bytes", PMM_SIZE);
	place -= PMM_SIZE;
	/* Version, length, and a byte that makes the sum 0. */
	for (unsigned i = 0; i < PARAGRAPH; i++)
		pmm[PMM_SUM] = (uint8_t)(pmm[PMM_SUM] - (i == PMM_SUM ? 0 : pmm[i]));
	memcpy(bios, place, PMM_SIZE);
	memcpy(place, pmm, PMM_SIZE);
	memcpy(at(STUB_PMM), stub, sizeof(stub));
	memcpy(at(STUB_DONE), stub, sizeof(stub));
	return place;
}

static struct segment real(uint32_t base, uint16_t attributes)
{
	return (struct segment){ (uint16_t)(base / PARAGRAPH), attributes, REAL_LIMIT, base };
}

/* As a far call from STUB_DONE. */
static void enter(uint32_t rom)
{
	const uint16_t back[2] = { STUB_DONE % PARAGRAPH, STUB_DONE / PARAGRAPH };

	vmcb.cs = real(rom, REAL_CODE);
	vmcb.ds = vmcb.es = vmcb.ss = real(0, REAL_DATA);
	vmcb.idtr = (struct segment){ .limit = REAL_VECTORS };
	vmcb.cr0 = 0x10;
	vmcb.rflags = 2 | POST_IF;
	vmcb.rip = ENTRY;
	vmcb.rsp = STUBS - sizeof(back);
	vmcb.rax = 0;
	memset(regs, 0, sizeof(regs));
	memcpy(at(STUBS - sizeof(back)), back, sizeof(back));
}

static void post_of(uint32_t size, bool long_mode)
{
	uint32_t place = find(size), stays;

	if (!place)
		return;
	memcpy(saved, at(place), size);
	memcpy(at(place), file, size);
	if (memcmp(at(place), file, size))
		player_stop("an option-ROM window that cannot be written", place);
	enter(place);
	for (running = true; running;)
		player_step(long_mode);
	stays = at(place)[2] * (uint32_t)BLOCK;
	if (stays < size)
		memcpy(at(place) + stays, saved + stays, size - stays);
	printf("platform post at 0x%08x, %u of %u bytes stay\n", place, stays, size);
}

uint32_t post_run(bool long_mode)
{
	uint8_t *pmm;
	uint16_t kib;
	uint32_t size;

	memcpy(&kib, at(BASE_KIB), sizeof(kib));
	top = low = kib * (uint32_t)KIB;
	if (top < BIOS_BASE / 4 || top > 0xa0000)
		player_stop("an odd amount of conventional memory; KiB", kib);
	window_open();
	pmm = put_pmm();
	for (unsigned i = 0; rom_file(i, file, sizeof(file), &size); i++)
		if (of_vmi(size))
			post_of(size, long_mode);
	memcpy(pmm, bios, PMM_SIZE);
	window_close();
	return low / KIB;
}
