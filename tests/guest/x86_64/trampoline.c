// SPDX-License-Identifier: GPL-2.0-only
/*
 * A site that is bound to code out of its reach gets there by a trampoline in the kernel's text,
 * and back to its twin afterwards. The code lies where no displacement of 32 bits leads.
 */
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "frames.h"
#include "kernel_map.h"
#include "load.h"
#include "memory.h"
#include "patch.h"
#include "pv_ops.h"
#include "test.h"
#include "vmi_patch.h"

#define FAR 0xffffd00000000000ul /* in the kernel's half, 48 TiB below its text */
#define ANSWER 0x12345678u

extern char trampolines[], trampolines_end[];
extern const char far_site[];
static struct vmi_load load;
static struct vmi_binding bindings[SLOT_COUNT];

/* The site; its record is the test's own, so nobody else patches it. */
__attribute__((noinline)) static uint64_t run_site(void)
{
	uint64_t value;

	asm volatile(".globl far_site\nfar_site:\n\tcall native_get_cr2"
		     : "=a"(value) : : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory",
		       "cc");
	return value;
}

/* mov eax, ANSWER; ret */
static bool map_code(uint32_t frame)
{
	uint8_t *code = linear(frame);
	uint32_t answer = ANSWER;

	code[0] = 0xb8;
	memcpy(&code[1], &answer, sizeof(answer));
	code[5] = 0xc3;
	return paging_map(FAR, paging_entry(frame, PTE_TEXT));
}

TEST(far, "patch.trampoline", VMI_CALL_GetCR2)
{
	struct vmi_patch_site site = {
		.address = (uintptr_t)far_site, .row = SLOT_read_cr2, .length = 5, .kind = VMI_SITE_CALL,
		.clobbers = 0x10fc7,
	};
	static struct vmi_patch_result result;
	struct vmi_patch patch = {
		.load = &load, .text = patch_text(), .sites = &site, .site_count = 1, .long_mode = true,
		.trampolines = (uintptr_t)trampolines,
		.trampoline_bytes = (uint32_t)(trampolines_end - trampolines), .results = &result,
	};
	uint32_t frame = frame_alloc();

	if (!frame || !map_code(frame)) {
		test_error("no frame is left");
		return;
	}
	load = *load_result();
	load.chosen = -1;
	load.bindings = bindings;
	memset(&result, 0, sizeof(result));
	memcpy(bindings, load_result()->bindings, sizeof(bindings));
	bindings[SLOT_read_cr2] = (struct vmi_binding){
		.kind = VMI_BIND_ROM, .type = VMI_RELOCATION_CALL_REL, .address = FAR,
	};
	raw_write_cr2(0x55);
	CHECK_EQ("the site with its twin", run_site(), 0x55);
	CHECK_EQ("sites skipped", vmi_patch(&patch), 0);
	CHECK_EQ("the site by its trampoline", run_site(), ANSWER);
	CHECK(result.trampoline >= (uintptr_t)trampolines &&
	      result.trampoline < (uintptr_t)trampolines_end, "the trampoline is at 0x%llx",
	      (unsigned long long)result.trampoline);
	CHECK_EQ("sites by a trampoline", patch.via_trampoline, 1);
	test_note("at 0x%llx", (unsigned long long)result.trampoline);
	CHECK_EQ("sites left alone", vmi_unpatch(&patch), 0);
	CHECK_EQ("the site with its twin again", run_site(), 0x55);
	paging_map(FAR, 0);
	pv_mmu_ops.flush_tlb_single(FAR);
	frame_put(frame);
}
