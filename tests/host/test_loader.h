/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the loader's tests share: a machine of plain memory with scripted ROMs. The
 * loader's whole behaviour towards it is checked on every load (fixture_load()).
 */
#ifndef TEST_LOADER_H
#define TEST_LOADER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "rom_image.h"
#include "vmi_loader.h"

#define WINDOW_SIZE (VROM_WINDOW_END - VROM_WINDOW_BASE)
#define WINDOW_VIRT 0xC00C0000u
#define ROM_A 0xE0000u /* the ROM of most tests; a length byte of 255 leaves the window here */
#define ROM_B 0xE4000u
#define MAX_ROWS 96

/* How the ROM at `base` behaves when it is called. */
struct script {
	vmi_phys_t base;
	enum vmi_call_status init_status;
	uint32_t init_eax;
	int fault_call; /* the call for which GetRelocationInfo ends badly, or -1 */
	enum vmi_call_status fault_status; /* how */
	int change_call; /* the call whose second answer is another one, or -1 */
	struct vmi_registers answers[VMI_CALLS_MAX];
	unsigned int inits, asked[VMI_CALLS_MAX]; /* counted */
};

struct fixture {
	uint8_t memory[WINDOW_SIZE];
	vmi_phys_t unreadable, unreadable_end; /* reads that touch this fail; empty at first */
	struct script scripts[2];
	struct vmi_slot slots[MAX_ROWS];
	struct vmi_binding bindings[MAX_ROWS];
	struct vmi_platform platform;
	struct vmi_load load;
	uint32_t backends, allowed; /* what SetBackends answers, and what it was told last */
	uint32_t get_reloc; /* where the directory of the ROMs leads, of an undamaged one */
	size_t installed;
	char text[65536];
	size_t text_length;
};

/* cmocka setup and teardown: *state becomes a fixture with rom_image 3.0 at ROM_A. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* The bytes at a window address. */
uint8_t *fixture_at(struct fixture *f, vmi_phys_t address);
/* Builds an image at `base`, whose script answers every call from the image. */
void fixture_add_rom(struct fixture *f, struct script *script, vmi_phys_t base, uint8_t major,
		     uint8_t minor);
/*
 * Makes the guest one in long mode that knows 4.0, with a row for each call, and the ROM at
 * ROM_A one that has it. Result: the image.
 */
uint8_t *fixture_widen(struct fixture *f);
void fixture_remove_rom(struct fixture *f, struct script *script);
/* Makes the window `size` bytes from ROM_A on: a small one makes many loads cheap. */
void fixture_shrink(struct fixture *f, uint32_t size);
/* Puts the file that PVROM_TEST_ROM names at ROM_A, in a small window. Result: its size. */
uint32_t fixture_place_file(struct fixture *f);
/* Does the guest's newest version have this call? Not if it is reserved. */
bool fixture_knows(const struct fixture *f, int call);
/* The first row with this call. */
size_t fixture_row(const struct fixture *f, int call);

/*
 * Runs vmi_load() and checks what must hold for any input: no read or call outside
 * the ROMs, every row installed once and in order after the last call, every ROM
 * binding inside the image behind its table and of an allowed type, and a reason
 * for all that is not used.
 */
enum vmi_reason fixture_load(struct fixture *f);
/* Runs vmi_report() into f->text. */
void fixture_report(struct fixture *f);

/* These also note that a test has produced the reason. */
void expect_load(struct fixture *f, enum vmi_reason reason);
void expect_candidate(struct fixture *f, size_t index, enum vmi_reason reason, const char *field);
void expect_row(struct fixture *f, size_t row, enum vmi_reason reason, uint64_t found,
		uint64_t expected);
bool reason_produced(enum vmi_reason reason);
/* Notes the reason with this name, which must exist: a line of a report has shown it. */
void reason_note(const char *name);

#define LOADER_TEST(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int run_input_tests(void);
int run_image_tests(void);
int run_negotiate_tests(void);
int run_answer_tests(void);
int run_damage_tests(void);
int run_report_tests(void);
int run_rule_tests(void);
int run_override_tests(void);
int run_knockout_tests(void);
int run_directory_tests(void);
int run_inline_tests(void);
int run_wide_tests(void);
int run_backend_tests(void);

#endif
