// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of call-site patching. The last test demands that every reason code of patch
 * sites was produced, and expected by name, in some test before it.
 */
#include "reasons.h"
#include "test_patch.h"

static void test_every_reason_was_produced(void **state)
{
	unsigned int missing = 0, sites = 0;

	(void)state;
	for (size_t i = 0; i < vmi_reason_count; i++) {
		if (!reason_of_sites(&vmi_reasons[i]))
			continue;
		sites++;
		if (site_reason_produced(vmi_reasons[i].number))
			continue;
		print_error("no test produces %s\n", vmi_reasons[i].name);
		missing++;
	}
	assert_in_range(sites, 10, 100);
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_reason_was_produced) };
	int failed = run_patch_kind_tests() + run_patch_native_tests() + run_patch_bad_tests() +
		     run_patch_overlap_tests() + run_patch_again_tests() +
		     run_patch_random_tests() + run_patch_report_tests() +
		     run_patch_trampoline_tests();

	failed += cmocka_run_group_tests_name("patch reasons", tests, NULL, NULL);
	return failed ? 1 : 0;
}
