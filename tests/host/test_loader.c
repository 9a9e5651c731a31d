// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the loader. The last test demands that every reason code of
 * spec/reasons.abi was produced, and expected by name, in some test before it; those
 * of patch sites are test_patch's.
 */
#include "reasons.h"
#include "test_loader.h"

static void test_every_reason_was_produced(void **state)
{
	unsigned int missing = 0;

	(void)state;
	assert_in_range(vmi_reason_count, 40, 1000);
	for (size_t i = 0; i < vmi_reason_count; i++) {
		if (reason_of_sites(&vmi_reasons[i]) || reason_produced(vmi_reasons[i].number))
			continue;
		print_error("no test produces %s\n", vmi_reasons[i].name);
		missing++;
	}
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_reason_was_produced) };
	int failed = run_input_tests() + run_image_tests() + run_negotiate_tests() +
		     run_answer_tests() + run_damage_tests() + run_report_tests() +
		     run_rule_tests() + run_override_tests() + run_knockout_tests() +
		     run_directory_tests() + run_inline_tests() + run_wide_tests() + run_backend_tests();

	failed += cmocka_run_group_tests_name("loader reasons", tests, NULL, NULL);
	return failed ? 1 : 0;
}
