/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of patching share: the loader tests' machine with a guest's text
 * beside it. Whatever is patched, bench_patch() checks that nothing outside the sites
 * was written and that sites which are not patched hold their original bytes.
 */
#ifndef TEST_PATCH_H
#define TEST_PATCH_H

#include "test_loader.h"
#include "vmi_patch.h"

#define TEXT 0xC0100000u
#define TEXT_SIZE 0x10000u
#define MAX_SITES 4096
#define ALL_CLOBBERS (VMI_REG_EAX | VMI_REG_ECX | VMI_REG_EDX | VMI_REG_EBX | VMI_REG_FLAGS)
/* What SysV lets a callee change. */
#define ALL_CLOBBERS64 (ALL_CLOBBERS | VMI_REG_ESI | VMI_REG_EDI | VMI_REG_R8 | VMI_REG_R9 | \
			VMI_REG_R10 | VMI_REG_R11)
#define FILLER 0x90 /* what stands behind the call in a longer site */

struct bench {
	struct fixture *f;
	struct vmi_text text;
	struct vmi_patch patch;
	uint8_t bytes[TEXT_SIZE], original[TEXT_SIZE];
	struct vmi_patch_site sites[MAX_SITES];
	struct vmi_patch_result results[MAX_SITES];
	vmi_virt_t unreadable, unwritable; /* a read or write that touches it fails */
	vmi_virt_t dropped;                /* a write that touches it is lost without a word */
	unsigned int writes;
	vmi_virt_t wrapper;                /* what the callback answers */
	vmi_virt_t free;                   /* where the next site goes */
};

int bench_setup(void **state);
int bench_teardown(void **state);
#define PATCH_TEST(function) cmocka_unit_test_setup_teardown(function, bench_setup, bench_teardown)

/* The address of the twin of a row, and the bytes at an address of the text. */
vmi_virt_t bench_twin(const struct bench *b, size_t row);
uint8_t *bench_at(struct bench *b, vmi_virt_t address);
/* Records a site, as a guest emits it; its index. */
uint32_t bench_add(struct bench *b, size_t row, uint8_t length);
/* The same at an address of the test's choice; a call or jump, as the row's call needs. */
uint32_t bench_add_at(struct bench *b, vmi_virt_t address, size_t row, uint8_t length);
/* Removes all sites and restores the text. */
void bench_clear(struct bench *b);
/* Makes the ROM answer a call so; fixture_load() has to follow. */
void bench_answer(struct bench *b, int call, enum vmi_relocation type);

uint32_t bench_patch(struct bench *b);
void bench_unpatch(struct bench *b);
/* Expects exactly these bytes at a site: hex digits, blanks between. */
void expect_bytes(struct bench *b, uint32_t index, const char *hex);
/* Expects a branch and only padding of that kind and size behind it. */
void expect_branch(struct bench *b, uint32_t index, uint8_t opcode, vmi_virt_t target);
void expect_site(struct bench *b, uint32_t index, enum vmi_patch_kind kind, enum vmi_reason reason,
		 uint64_t found, uint64_t expected);
void expect_pad(struct bench *b, uint32_t index, enum vmi_pad_kind pad, uint8_t bytes,
		uint8_t instructions);
bool site_reason_produced(enum vmi_reason reason);

int run_patch_kind_tests(void);
int run_patch_native_tests(void);
int run_patch_bad_tests(void);
int run_patch_overlap_tests(void);
int run_patch_again_tests(void);
int run_patch_random_tests(void);
int run_patch_report_tests(void);
int run_patch_trampoline_tests(void);

#endif
