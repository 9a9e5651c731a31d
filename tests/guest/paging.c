// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own mappings: the processor keeps code from being written and, with NX,
 * data from being run, whichever way leads to the page; no entry allows both; user mode
 * sees no kernel data; large and global pages are in use where the processor has them.
 */
#include "paging.h"
#include "cpu.h"
#include "frames.h"
#include "image_place.h"
#include "pv_ops.h"
#include "rights.h"
#include "rom_place.h"
#include "test.h"
#include "trap.h"
#include "user.h"

#define CR3_PAGE 0xfffff000u

extern char text_start[];
static const uint32_t constant = 0xc0457a47;
static uint8_t code[16] = { 0xc3 }; /* RET, in data */

static void write_back(void *address)
{
	volatile uint32_t *p = address;

	*p = *p;
}

static void call(void *address)
{
	((void (*)(void))address)();
}

/* Whether `access` to `address` is refused, with the error bits given. */
static void check_refused(const char *what, void (*access)(void *), void *address, uint32_t error)
{
	struct trap_info trap;

	if (!CHECK(trap_guard(access, address, &trap), "%s is not refused", what))
		return;
	CHECK_EQ(what, trap.regs.vector, TRAP_PF);
	CHECK_EQ(what, trap.cr2, (uintptr_t)address);
	CHECK_EQ(what, trap.regs.error, error);
}

#define PRESENT 1u /* error code of a page fault */
#define WRITE 2u
#define USER 4u
#define FETCH 16u

TEST(rights, "paging.rights")
{
	uintptr_t rom, end;

	CHECK(raw_read_cr0() & CR0_WP, "CR0.WP is off");
	check_refused("a write to text", write_back, text_start, PRESENT | WRITE);
	check_refused("a write to a constant", write_back, (void *)&constant, PRESENT | WRITE);
	if (rom_image(&rom, &end))
		check_refused("a write to the ROM in use", write_back, (void *)rom, PRESENT | WRITE);
	check_refused("a write to text by the linear mapping", write_back,
		      linear(image_physical((uintptr_t)text_start)), PRESENT | WRITE);
	if (!paging.nx)
		return;
	check_refused("running data", call, code, PRESENT | FETCH);
	check_refused("running a constant", call, (void *)&constant, PRESENT | FETCH);
	check_refused("running text by the linear mapping", call, linear(image_physical((uintptr_t)text_start)),
		      PRESENT | FETCH);
}

/* Kernel data is out of reach of user mode: a user program whose stack it is faults. */
TEST(user, "paging.user")
{
	struct user_context user;
	struct trap_info trap;

	user_context_init(&user, user_return);
	user.ip = (uintptr_t)code;
	user_run(&user, &trap);
	CHECK_EQ("vector of kernel data run in user mode", trap.regs.vector, TRAP_PF);
	CHECK_EQ("its error", trap.regs.error & ~FETCH, PRESENT | USER);
}

TEST(exclusive, "paging.write-xor-execute")
{
	rights_check();
}

/* What the note at boot says is what the processor does. */
TEST(features, "paging.features")
{
	uint32_t cr4 = cpu_has_cr4() ? raw_read_cr4() : 0;

	CHECK(raw_read_cr0() & CR0_PG, "paging is off");
	CHECK_EQ("CR3", raw_read_cr3() & CR3_PAGE, paging_root());
	CHECK_EQ("CR4.PAE", !!(cr4 & CR4_PAE), paging.pae);
	CHECK_EQ("CR4.PGE", !!(cr4 & CR4_PGE), paging.global);
	CHECK_EQ("large pages", paging.pae || cr4 & CR4_PSE, paging.large);
}

/* All frames that tables took come back. */
TEST(tables, "paging.tables-come-back")
{
	/* By levels: with two, three, ... of them; both pages have tables of their own. */
	static const uint8_t taken[] = { [2] = 1 + 2, [3] = 4 + 2, [4] = 4 + 2, [5] = 5 + 2 };
	uint32_t before = frames_free();
	struct mm mm = { 0 };

	if (!tables_make(&mm) || !pte_make(&mm, USER_BASE) || !pte_make(&mm, USER_END - PAGE_SIZE)) {
		test_error("no frame is left for page tables");
		return;
	}
	CHECK_EQ("frames taken", before - frames_free(), taken[paging.levels]);
	tables_free(&mm);
	CHECK_EQ("frames after tables_free", frames_free(), before);
}
