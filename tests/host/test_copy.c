// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plan of a copy: the state memory is named only by a ROM of 3.1 whose directory and config
 * block lie where they can, and no window is given for a place where no copy may lie.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "vmi_loader.h"

#define BASE 0xC3000u
#define LENGTH 0x1800u
#define CONFIG_AT 0x330u
#define STATE 0xE8380u
#define STATE_SIZE 0x8C0u
#define VIRT 0xFFE00000u

static uint8_t image[LENGTH];
static vmi_phys_t unreadable; /* reads that touch it fail */
static struct vmi_load load;
static struct vmi_copy_plan plan;

static bool read_image(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	(void)context;
	assert_true(from >= BASE && from - BASE <= LENGTH && length <= LENGTH - (from - BASE));
	if (unreadable >= from && unreadable < from + length)
		return false;
	memcpy(to, image + (from - BASE), length);
	return true;
}

static const struct vmi_platform platform = { .read = read_image };

static void write_image(uint16_t config_at, uint32_t state, uint16_t state_size)
{
	const struct vrom_directory d = { .config_offs = config_at, .state_size = state_size };
	const struct vrom_config config = { .state = state };

	memset(image, 0x55, sizeof(image));
	memcpy(image + VROM_DIRECTORY, &d, sizeof(d));
	memcpy(image + CONFIG_AT, &config, sizeof(config));
}

static int setup(void **state)
{
	(void)state;
	write_image(CONFIG_AT, STATE, STATE_SIZE);
	unreadable = 0;
	memset(&plan, 0xAA, sizeof(plan));
	memset(&load, 0, sizeof(load));
	load.platform = &platform;
	load.minor = VROM_DIRECTORY_MINOR;
	load.candidate_count = 1;
	load.candidates[0] = (struct vmi_candidate){
		.base = BASE, .length = LENGTH, .directory = { .used = true, .at = VROM_DIRECTORY },
	};
	return 0;
}

static void names_state(uint32_t state, uint32_t size)
{
	assert_true(vmi_copy_plan(&load, &plan));
	assert_int_equal(plan.image, BASE);
	assert_int_equal(plan.length, LENGTH);
	assert_int_equal(plan.state, state);
	assert_int_equal(plan.state_size, size);
}

static void plans(void **state)
{
	(void)state;
	names_state(STATE, STATE_SIZE);
}

static void no_rom(void **state)
{
	(void)state;
	load.chosen = -1;
	assert_false(vmi_copy_plan(&load, &plan));
	assert_int_equal(plan.length, 0);
	assert_int_equal(plan.state_size, 0);
}

static void no_directory(void **state)
{
	(void)state;
	load.candidates[0].directory.used = false;
	names_state(0, 0);
	load.candidates[0].directory.used = true;
	load.minor = 0;
	names_state(0, 0);
}

static void no_state(void **state)
{
	(void)state;
	write_image(CONFIG_AT, 0, STATE_SIZE);
	names_state(0, 0);
	write_image(CONFIG_AT, STATE, 0);
	names_state(0, 0);
}

static void damaged(void **state)
{
	static const uint16_t places[] = { LENGTH - VROM_CONFIG_LENGTH_MIN + 1, LENGTH, 0xFFFF };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		write_image(places[i], STATE, STATE_SIZE);
		names_state(0, 0);
	}
	write_image(CONFIG_AT, 0xFFFFF800u, STATE_SIZE); /* beyond 4 GiB */
	names_state(0, 0);
	write_image(CONFIG_AT, UINT32_MAX - STATE_SIZE + 1, STATE_SIZE); /* up to there */
	names_state(UINT32_MAX - STATE_SIZE + 1, STATE_SIZE);
	write_image(CONFIG_AT, STATE, STATE_SIZE);
	unreadable = BASE + CONFIG_AT;
	names_state(0, 0);
	unreadable = BASE + VROM_DIRECTORY;
	names_state(0, 0);
}

/* A config block of 3.0's length, as the last thing in the image. */
static void short_config(void **state)
{
	const struct vrom_config config = { .state = STATE };

	(void)state;
	write_image(LENGTH - VROM_CONFIG_LENGTH_MIN, 0, STATE_SIZE);
	memcpy(image + LENGTH - VROM_CONFIG_LENGTH_MIN, &config, VROM_CONFIG_LENGTH_MIN);
	names_state(STATE, STATE_SIZE);
}

static void windows(void **state)
{
	static const vmi_virt_t bad[] = {
		VIRT + 0x800,           /* off a page border */
		0xFFFFF000u,            /* its end is beyond 4 GiB */
		0x100000000ull, 0xFFFFFFFFFFFFF000ull,
		BASE, 0xC0000000u + BASE, 0xFFC00000u + BASE, /* a linear mapping */
		0x00400000u + BASE,
	};
	struct vmi_window w;

	(void)state;
	names_state(STATE, STATE_SIZE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(vmi_copy_window(&plan, bad[i], &w));
	assert_true(vmi_copy_window(&plan, VIRT, &w));
	assert_int_equal(w.base, BASE);
	assert_int_equal(w.size, LENGTH);
	assert_int_equal(w.virt, VIRT);
	assert_true(vmi_copy_window(&plan, 0xFFFFE000u, &w));
	assert_true(vmi_copy_window(&plan, 0, &w));
	load.long_mode = true;
	names_state(STATE, STATE_SIZE);
	assert_true(vmi_copy_window(&plan, 0xFFFFFFFFFF200000ull, &w));
	plan.length = 0x1200; /* not a whole number of steps */
	assert_true(vmi_copy_window(&plan, VIRT, &w));
	assert_int_equal(w.size, 0x1800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(plans, setup),
		cmocka_unit_test_setup(no_rom, setup),
		cmocka_unit_test_setup(no_directory, setup),
		cmocka_unit_test_setup(no_state, setup),
		cmocka_unit_test_setup(damaged, setup),
		cmocka_unit_test_setup(short_config, setup),
		cmocka_unit_test_setup(windows, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
