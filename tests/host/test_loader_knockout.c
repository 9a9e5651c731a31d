// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls left out: each alone, every pair, and random subsets. What must be bound then is
 * predicted from the spec's groups alone (rules 14, 17, 18 and 19 of docs/negotiation.md).
 * PVROM_TEST_SEED changes the subsets.
 */
#include "test_loader.h"

#include <stdlib.h>
#include <string.h>

#define SUBSETS 10000

/* The calls of the guest's version that are not reserved. */
static int calls[VMI_CALLS];
static int call_count;

static void find_calls(const struct fixture *f)
{
	call_count = 0;
	for (int n = 0; n < VMI_CALLS; n++)
		if (fixture_knows(f, n))
			calls[call_count++] = n;
	assert_in_range(call_count, 60, VMI_CALLS - 1);
}

/* The lowest number of `group` that is left out, or -1. */
static int first_missing(const bool out[VMI_CALLS], int group)
{
	for (int n = 0; n < VMI_CALLS; n++)
		if (out[n] && vmi_calls[n].group == group)
			return n;
	return -1;
}

static void check_row(const struct fixture *f, size_t row, const bool out[VMI_CALLS])
{
	const struct vmi_binding *binding = &f->bindings[row];
	int call = f->slots[row].call, missing;
	enum vmi_reason expected = VMI_OK;

	if (call == VMI_SLOT_NO_CALL || !fixture_knows(f, call))
		return;
	missing = vmi_groups[vmi_calls[call].group].atomic ?
		  first_missing(out, vmi_calls[call].group) : -1;
	if (missing < 0 && vmi_groups[vmi_calls[call].group].needs >= 0)
		missing = first_missing(out, vmi_groups[vmi_calls[call].group].needs);
	if (out[call])
		expected = VMI_E_CALL_NONE;
	else if (missing >= 0)
		expected = VMI_E_GROUP;
	if (binding->reason != expected)
		fail_msg("call %d: found %s, expected %s", call, vmi_reason_name(binding->reason),
			 vmi_reason_name(expected));
	assert_int_equal(binding->kind, expected == VMI_OK ? VMI_BIND_ROM : VMI_BIND_NATIVE);
	if (expected == VMI_E_GROUP)
		assert_int_equal(binding->found, missing);
}

/* Loads a ROM that answers NONE for the calls in `out`. */
static void check_without(struct fixture *f, const bool out[VMI_CALLS])
{
	struct script good = f->scripts[0];
	bool mandatory = false;

	for (size_t row = 0; row < f->load.slot_count; row++)
		mandatory |= f->slots[row].call != VMI_SLOT_NO_CALL && out[f->slots[row].call] &&
			     f->slots[row].flags & VMI_SLOT_MANDATORY;
	for (int n = 0; n < VMI_CALLS; n++)
		if (out[n])
			f->scripts[0].answers[n] = (struct vmi_registers){ 0 };
	if (mandatory) {
		expect_load(f, VMI_E_MANDATORY);
		for (size_t row = 0; row < f->load.slot_count; row++)
			assert_int_equal(f->bindings[row].kind, VMI_BIND_NATIVE);
	} else {
		expect_load(f, VMI_OK);
		for (size_t row = 0; row < f->load.slot_count; row++)
			check_row(f, row, out);
		assert_int_equal(f->load.update_flags, first_missing(out, VMI_GROUP_lazy) < 0 ?
				 VMI_UPDATE_DEFER : 0);
	}
	f->scripts[0] = good;
}

static void make_small(struct fixture *f)
{
	find_calls(f);
	/* A small window makes many loads cheap. */
	f->load.window = (struct vmi_window){ ROM_A, ROM_IMAGE_SIZE,
					      WINDOW_VIRT + ROM_A - VROM_WINDOW_BASE };
}

static void test_every_pair(void **state)
{
	struct fixture *f = *state;

	make_small(f);
	for (int a = 0; a < call_count; a++)
		for (int b = a; b < call_count; b++) { /* b = a: one alone */
			bool out[VMI_CALLS] = { false };

			out[calls[a]] = out[calls[b]] = true;
			check_without(f, out);
		}
}

static void test_random_subsets(void **state)
{
	struct fixture *f = *state;
	const char *text = getenv("PVROM_TEST_SEED");
	unsigned int seed = text ? (unsigned int)strtoul(text, NULL, 0) : 20070107;
	unsigned int whole = 0;

	print_message("random knock-outs: PVROM_TEST_SEED=%u\n", seed);
	srandom(seed);
	make_small(f);
	/* What the guest must have would be missing nearly always. */
	for (size_t row = 0; row < f->load.slot_count; row++) {
		f->slots[row].flags &= (uint16_t)~VMI_SLOT_MANDATORY;
		f->slots[row].native = 0x1000 + 16 * row;
	}
	for (int i = 0; i < SUBSETS; i++) {
		bool out[VMI_CALLS] = { false };
		/* From a few calls left out to nearly all. */
		long share = 1 + random() % 16;
		bool any = false;

		for (int k = 0; k < call_count; k++)
			any |= out[calls[k]] = random() % 16 < share / 2 ||
					       (share < 2 && random() % 40 == 0);
		check_without(f, out);
		whole += !any;
	}
	assert_in_range(whole, 1, SUBSETS / 4);
}

int run_knockout_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_every_pair),
		LOADER_TEST(test_random_subsets),
	};

	return cmocka_run_group_tests_name("loader knock-outs", tests, NULL, NULL);
}
