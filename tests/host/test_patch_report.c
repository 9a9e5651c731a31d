// SPDX-License-Identifier: GPL-2.0-only
/* The lines of the report, to the letter. */
#include "test_patch.h"

static void add_some(struct bench *b)
{
	struct fixture *f = b->f;

	f->slots[0] = (struct vmi_slot){ "pv_mmu_ops.write_cr3", VMI_CALL_SetCR3, 0, 0xC0200000 };
	f->slots[1] = (struct vmi_slot){ "pv_cpu_ops.iret", VMI_CALL_IRET, 0, 0xC0200010 };
	f->slots[2] = (struct vmi_slot){ "pv_irq_ops.irq_disable", VMI_CALL_DisableInterrupts, 0,
					 0xC0200020 };
	f->slots[3] = (struct vmi_slot){ "pv_mmu_ops.pte_update", VMI_CALL_UpdatePxE, 0,
					 0xC0200030 };
	f->slots[4] = (struct vmi_slot){ "pv_irq_ops.init_IRQ", VMI_SLOT_NO_CALL, 0, 0xC0200040 };
	f->load.slot_count = 5;
	bench_answer(b, VMI_CALL_DisableInterrupts, VMI_RELOCATION_NONE);
	bench_answer(b, VMI_CALL_UpdatePxE, VMI_RELOCATION_NOP);
	expect_load(f, VMI_OK);
	bench_add_at(b, TEXT + 0x100, 0, 8);
	bench_add_at(b, TEXT + 0x110, 1, 6);
	bench_add_at(b, TEXT + 0x120, 2, 5);
	bench_add_at(b, TEXT + 0x130, 3, 12);
	bench_add_at(b, TEXT + 0x140, 4, 5);
	b->sites[bench_add_at(b, TEXT + 0x150, 2, 5)].row = 5;
	b->sites[bench_add_at(b, TEXT + 0x160, 0, 5)].clobbers = 0;
}

#define SUMMARY "patch 1 sites=7 call=1 jump=1 native=1 empty=1 unchanged=1 skipped=2 padding=2\n"
#define SKIPPED_ROW "site 0xc0100150 - - - skipped pad=none:0 why=VMI_E_SITE_ROW found=0x5" \
	" expected=0x4 # The site names a row that the binding table does not have." \
	" Correct the record of the site in the guest.\n"
#define SKIPPED_CLOBBERS "site 0xc0100160 pv_mmu_ops.write_cr3 17 SetCR3 skipped pad=none:0" \
	" why=VMI_E_SITE_CLOBBERS found=0x0 expected=0x10007" \
	" # The code around the site lets fewer registers change than the call may change." \
	" Declare more clobbers at the site.\n"

static void report(struct bench *b, bool verbose)
{
	b->f->text_length = 0;
	b->f->text[0] = '\0';
	vmi_patch_report(&b->patch, verbose);
}

static void test_report(void **state)
{
	struct bench *b = *state;

	add_some(b);
	assert_int_equal(bench_patch(b), 2);
	report(b, false);
	assert_string_equal(b->f->text, SUMMARY SKIPPED_ROW SKIPPED_CLOBBERS);
}

static void test_report_of_every_site(void **state)
{
	struct bench *b = *state;

	add_some(b);
	bench_patch(b);
	report(b, true);
	assert_string_equal(b->f->text, SUMMARY
		"site 0xc0100100 pv_mmu_ops.write_cr3 17 SetCR3 call pad=nop:3 why=ok\n"
		"site 0xc0100110 pv_cpu_ops.iret 33 IRET jump pad=dead:1 why=ok\n"
		"site 0xc0100120 pv_irq_ops.irq_disable 30 DisableInterrupts native pad=prefix:4"
		" why=VMI_E_CALL_NONE\n"
		"site 0xc0100130 pv_mmu_ops.pte_update 40 UpdatePxE empty pad=jump:12 why=ok\n"
		"site 0xc0100140 pv_irq_ops.init_IRQ - - unchanged pad=none:0 why=VMI_E_NO_CALL\n"
		SKIPPED_ROW SKIPPED_CLOBBERS);
}

static void test_report_after_unpatch(void **state)
{
	struct bench *b = *state;

	add_some(b);
	b->patch.site_count = 2;
	bench_patch(b);
	bench_unpatch(b);
	report(b, true);
	assert_string_equal(b->f->text,
		"patch 1 sites=2 call=0 jump=0 native=0 empty=0 unchanged=2 skipped=0 padding=0\n"
		"site 0xc0100100 pv_mmu_ops.write_cr3 17 SetCR3 unchanged pad=none:0 why=ok\n"
		"site 0xc0100110 pv_cpu_ops.iret 33 IRET unchanged pad=none:0 why=ok\n");
}

int run_patch_report_tests(void)
{
	const struct CMUnitTest tests[] = {
		PATCH_TEST(test_report),
		PATCH_TEST(test_report_of_every_site),
		PATCH_TEST(test_report_after_unpatch),
	};

	return cmocka_run_group_tests_name("patch report", tests, NULL, NULL);
}
