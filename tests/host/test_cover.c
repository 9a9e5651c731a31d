/* SPDX-License-Identifier: GPL-2.0-only */
/* `pvrom cover`: the published figures come out of the data, minimum sets are minimal. */
#include "shell.h"

#include "cover/cover.h"

#define DATA "spec/pvops/pvops.tsv"

static struct pvops data;
static struct cover_abi abi;

static int open_data(void **state)
{
	(void)state;
	return pvops_read(&data, DATA) || cover_abi_read(&abi, "3.0");
}

static int close_data(void **state)
{
	(void)state;
	pvops_free(&data);
	return 0;
}

static struct cover_kernel count_kernel(size_t kernel)
{
	struct cover_kernel sum = { 0 };
	for (size_t i = 0; i < data.row_count; i++) {
		struct cover_slot slot = cover_slot(&data.rows[i], &abi);
		if (data.rows[i].kernel == kernel)
			cover_count(&sum, &slot);
	}
	return sum;
}

/* | slots | D | A | C | N | X | HV |, from `text` on. */
static void same_counts(const char *kernel, const char *text, const struct cover_counts *c)
{
	size_t n[7];
	assert_int_equal(sscanf(text, " %zu | %zu | %zu | %zu | %zu | %zu | %zu |", &n[0], &n[1], &n[2],
				&n[3], &n[4], &n[5], &n[6]), 7);
	print_message("%s: %zu slots\n", kernel, n[0]);
	assert_int_equal(c->slots, n[0]);
	for (int i = 0; i < PVOPS_CLASSES; i++)
		assert_int_equal(c->class[i], n[1 + i]);
	assert_int_equal(c->wanting, n[6]);
}

static void test_published_table(void **state)
{
	char line[4096], kernel[32];
	size_t rows = 0;
	bool table = false;
	(void)state;
	FILE *in = fopen("spec/pvops/summary.md", "r");
	assert_non_null(in);
	while (fgets(line, sizeof(line), in)) {
		if (!strncmp(line, "## ", 3))
			table = !strncmp(line, "## Counts", 9);
		if (!table || sscanf(line, "| %31s | %*u |", kernel) != 1 ||
		    pvops_kernel(&data, kernel) == data.kernel_count)
			continue;
		struct cover_kernel sum = count_kernel(pvops_kernel(&data, kernel));
		const char *at = line;
		for (int bars = 0; bars < 2; at++)
			bars += *at == '|';
		same_counts(kernel, at, &sum.all);
		for (int bars = 0; bars < 7; at++)
			bars += *at == '|';
		same_counts(kernel, at, &sum.i386);
		rows++;
	}
	fclose(in);
	assert_int_equal(rows, data.kernel_count);
	assert_int_equal(rows, 24);
}

/* Rows that a level asks for and these calls do not serve. */
static size_t unserved(size_t kernel, enum cover_level level, const struct cover_abi *set)
{
	size_t count = 0;
	for (size_t i = 0; i < data.row_count; i++) {
		const struct pvops_row *row = &data.rows[i];
		bool asked = level == COVER_SERVED ||
			     (level == COVER_DIRECT && row->class == PVOPS_DIRECT);
		if (row->kernel == kernel && asked && row->class != PVOPS_INEXPRESSIBLE)
			count += cover_slot(row, set).missing >= 0;
	}
	return count;
}

static void test_minimum_is_minimal(void **state)
{
	(void)state;
	for (size_t k = 0; k < data.kernel_count; k++)
		for (int level = 0; level < COVER_LEVELS; level++) {
			struct cover_minimum m;
			struct cover_abi set = { 0 };
			assert_int_equal(cover_minimum(&m, &data, k, &abi, level), 0);
			memcpy(set.call, m.call, sizeof(set.call));
			assert_true(m.call[VMI_CALL_IRET] && m.call[VMI_CALL_SYSEXIT]);
			assert_int_equal(unserved(k, level, &set), 0);
			for (int n = 0; n < VMI_CALLS; n++) {
				if (!set.call[n] || n == VMI_CALL_IRET || n == VMI_CALL_SYSEXIT)
					continue;
				set.call[n] = false;
				assert_true(unserved(k, level, &set) > 0);
				set.call[n] = true;
				assert_non_null(m.needs[n]);
			}
		}
}

static void test_levels(void **state)
{
	(void)state;
	struct cover_minimum m;
	size_t old = pvops_kernel(&data, "2.6.32.9"), late = pvops_kernel(&data, "6.12");
	assert_int_equal(cover_minimum(&m, &data, old, &abi, COVER_EXPRESSIBLE), 0);
	assert_true(m.reached);
	assert_int_equal(m.count, 2);
	assert_int_equal(cover_minimum(&m, &data, late, &abi, COVER_EXPRESSIBLE), 0);
	assert_false(m.reached);
	assert_int_equal(m.blocked, 3);
	/* 39 serves 2-level and PAE slots, so 38 is in no smallest set. */
	assert_int_equal(cover_minimum(&m, &data, old, &abi, COVER_SERVED), 0);
	assert_true(m.call[VMI_CALL_SetPxELong] && !m.call[VMI_CALL_SetPxE]);
}

static void test_roms(void **state)
{
	(void)state;
	assert_int_equal(shell("^ cover --abi @/rom/min.rom --kernel 2.6.32.9 --tsv"), 0);
	shell_has("2.6.32.9\tpv_cpu_ops\tiret\tdirect\t33 IRET\t-\tany\t-\n");
	shell_has("2.6.32.9\tpv_mmu_ops\twrite_cr3\tnative\t17 SetCR3\t17 SetCR3\tany\t-\n");
	assert_int_equal(shell("^ cover --abi @/rom/empty.rom"), 1);
	shell_has("the loader does not use it: VMI_E_INIT");
	assert_int_equal(shell("^ cover --abi empty --json | tail -c 2000"), 0);
	shell_has("\"since\":\"6.1\"");
	assert_int_equal(shell("^ cover --abi 3.0 --kernel all"), 0);
	shell_has("2.6.32.9       104   29   38    6   31    0    8     94   29   35    6   24    0    4");
	assert_int_equal(shell("^ cover --check"), 0);
	shell_has("2269 slots of 24 kernels, 272 bindings");
}

/* Our own guest: each of its slots, from slots.h; what a ROM does not have is in no set. */
static void test_guest(void **state)
{
	(void)state;
	assert_int_equal(shell("^ cover --kernel guest --tsv"), 0);
	shell_has("guest\tpv_cpu_ops\tiret\tdirect\t33 IRET\t-\tany\t-\n");
	shell_has("guest\tpv_mmu_ops\tlazy_mode.enter\tadapt\t73 SetLazyMode\t-\tany\t-\n");
	shell_has("guest\tpv_irq_ops\thalt\tnative\t86 HaltOnly\t86 HaltOnly\tany\t-\n");
	assert_int_equal(shell("test $(^ cover --kernel guest --tsv | grep -c ^guest) -eq "
			       "$(grep -cE '^\t(FLOW|DIRECT|WRAP|NATIVE)\\(' guest-shim/slots.h)"), 0);
	assert_int_equal(shell("^ cover --kernel guest --minimum expressible"), 0);
	shell_has("33 IRET -\n34 SYSEXIT -\n");
	assert_int_equal(shell("^ cover --kernel guest --minimum served"), 0);
	shell_has("62 SetInitialAPState pv_apic_ops.startup_ipi_hook\n");
	assert_int_equal(shell("^ cover --abi @/rom/full.rom --kernel guest --minimum served | "
			       "grep SetInitialAPState"), 1);
	assert_int_equal(shell("^ cover --kernel guest --minimum all"), 2);
	shell_has("expected expressible served direct");
	assert_int_equal(shell("^ cover --minimum served"), 2);
}

static void test_bad_input(void **state)
{
	static const struct {
		const char *edit, *says;
		int status;
	} bad[] = {
		{ "2s/66 GetCycleFrequency/none/;2s/native/adapt/", ":2: error: vmi_calls: found `none`", 1 },
		{ "5s/66 GetCycleFrequency/66 GetCycleFrequenc/", ":5: error: vmi_calls: found `66 "
		  "GetCycleFrequenc", 1 },
		{ "5s/66 Get/49 Get/", ":5: error: vmi_calls: found `49 Get", 1 },
		{ "5s/66 Get/666 Get/", ":5: error: vmi_calls: found `666 Get", 1 },
		{ "5s/66 Get/6666 Get/", ":5: error: vmi_calls: found `6666 Get", 1 },
		{ "5s/+68/+/", ":5: error: vmi_calls: found ` SetAlarm", 1 },
		{ "5s/compose/adapt/", ":5: error: vmi_calls: found 3 terms", 1 },
		{ "5s/compose/fine/", ":5: error: class: found `fine`", 1 },
		{ "5s/\tany\t/\t32\t/", ":5: error: width: found `32`", 1 },
		{ "5s/\t/ /", ":5: error: found 10 columns, expected 11", 1 },
		{ "5p", ":6: error: slot paravirt_ops.time_init of 2.6.20-dev stands in line 5", 1 },
		{ "100s/2.6.2[1-9]/2.6.20-dev/", ":100: error: kernel: found `2.6.20-dev` again", 1 },
		{ "1s/note/text/", ":1: error: found other columns", 1 },
		{ "2,$d", ": error: found no row", 1 },
		{ "1,$d", ":1: error: found other columns", 1 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char command[512];
		print_message("%s\n", bad[i].edit);
		snprintf(command, sizeof(command), "mkdir -p @/tests; sed '%s' " DATA " >@/tests/cover.tsv; "
			 "^ cover --data @/tests/cover.tsv", bad[i].edit);
		assert_int_equal(shell(command), bad[i].status);
		shell_has(bad[i].says);
	}
	assert_int_equal(shell("^ cover --data nothing.tsv"), 2);
	shell_has("nothing.tsv: cannot read it: No such file");
	assert_int_equal(shell("^ cover --data /"), 2);
	assert_int_equal(shell("^ cover --kernel 9.9"), 2);
	shell_has("expected all or one of: 2.6.20-dev");
	assert_int_equal(shell("^ cover --abi 9.0"), 2);
	shell_has("no version that spec/ describes");
	assert_int_equal(shell("^ cover --json --tsv"), 2);
}

/*
 * What 3.0 cannot express, or what the hook's purpose lacks there, a call or flag of the 64-bit
 * ABI serves; and what it says to serve is there.
 */
static void test_nothing_left_over(void **state)
{
	struct pvops wide;
	struct cover_abi all;
	size_t asked = 0, left = 0;
	(void)state;
	assert_int_equal(cover_abi_read(&all, "4.0"), 0);
	assert_int_equal(pvops_read(&wide, DATA), 0);
	cover_widen(&wide, &all);
	assert_int_equal(wide.row_count, data.row_count);
	for (size_t i = 0; i < wide.row_count; i++) {
		const struct pvops_row *row = &wide.rows[i], *before = &data.rows[i];
		if (before->class != PVOPS_INEXPRESSIBLE && !before->wants)
			continue;
		asked++;
		if (row->class != PVOPS_INEXPRESSIBLE && !row->wants)
			continue;
		print_error("%s:%d: %s.%s of %s: nothing in spec/ serves it as %s\n", DATA,
			    row->line, row->structure, row->slot, wide.kernels[row->kernel], row->wants);
		left++;
	}
	assert_true(asked > 100); /* else the search itself is broken */
	for (size_t i = 0; i < VMI64_SERVICES; i++) {
		const struct vmi64_service *s = &vmi64_services[i];
		size_t k = 0;
		while (k < data.row_count && !cover_serves(s, &data.rows[k]))
			k++;
		if (k < data.row_count)
			continue;
		print_error("spec/: call %d serves %s, a slot that no kernel has\n", s->call,
			    s->slot);
		left++;
	}
	assert_int_equal(left, 0);
	pvops_free(&wide);
}

static void test_wide(void **state)
{
	(void)state;
	assert_int_equal(shell("^ cover --abi 4.0 --kernel 6.12 --tsv"), 0);
	shell_has("6.12\tpv_mmu_ops\tset_pgd\tadapt\t39 SetPxELong(VMI_PAGE_PML5)\t-\t64\t-\n");
	shell_has("6.12\tpv_lock_ops\tvcpu_is_preempted\tadapt\t87 GetVcpuState\t-\tany\t-\n");
	shell_has("6.12\tpv_cpu_ops\tread_msr\tadapt\t2 RDMSR\t-\t64\t-\n");
	assert_int_equal(shell("^ cover --abi 4.0 --kernel 6.12"), 0);
	shell_has("  expressible: 5 calls\n      33 IRET 34 SYSEXIT 39 SetPxELong 87 GetVcpuState 93 "
		  "SetPageVisibility\n");
	assert_int_equal(shell("^ cover --abi 4.0"), 0);
	shell_has("none is wanted");
	assert_int_equal(shell("^ cover --abi 4.0 --kernel 7.0 --json"), 0);
	shell_has("\"name\":\"SetPageVisibility\",\"there\":true");
	assert_int_equal(shell("^ cover --abi 4.1"), 2);
	shell_has("3.2, 4.0)");
}

/* Of 64-bit builds alone: not what others alone have, and no kernel without one. */
static void test_wide_builds(void **state)
{
	(void)state;
	assert_int_equal(shell("^ cover --abi 4.0"), 0);
	shell_has("Slots are those of 64-bit builds; 448 that others alone have are left out.\n");
	shell_has("\n2.6.24           0    0    0    0    0    0    0\n");
	shell_has("\n2.6.25          94   34   34    6   20    0    0\n");
	shell_has("\n6.12            85   20   42    6   17    0    0\n");
	/* Each row is one of 3.0, and what is left out stands there and is one of i386. */
	assert_int_equal(shell("^ cover --abi 4.0 --tsv | sed 1d | cut -f1-3 | sort > @/tests/cover64; "
			       "^ cover --tsv | sed 1d | cut -f1-3 | sort > @/tests/cover32; "
			       "comm -23 @/tests/cover64 @/tests/cover32 | wc -l; "
			       "comm -13 @/tests/cover64 @/tests/cover32 | wc -l; "
			       "grep -c '2.6.32.9.*set_pte_atomic' @/tests/cover64"), 1);
	assert_string_equal(shell_output, "0\n448\n0\n");
	assert_int_equal(shell("^ cover --abi 4.0 --kernel 2.6.32.9 --json"), 0);
	shell_has("\"left_out\":448");
	/* A condition counts as a whole word; data without a slot of 64 bits keep the rest. */
	assert_int_equal(shell("h=\"$(head -1 spec/pvops/pvops.tsv)\"; row() { printf "
			       "'k\\ts\\t%s\\tv (void)\\tc\\t%s\\tnative\\tnone\\tany\\t-\\t\\n' \"$1\" \"$2\"; }; "
			       "{ echo \"$h\"; row a ''; row b X86_32; row c 'X && HIGHPTE'; row d NO_X86_PAE; } > @/tests/cover.tsv; "
			       "^ cover --abi 4.0 --data @/tests/cover.tsv --kernel k --tsv | cut -f3"), 0);
	assert_string_equal(shell_output, "slot\na\nd\n");
}

/* What 3.2 added serves slots that 3.1 leaves; what 64 bit alone has serves none. */
static void test_newer_minor(void **state)
{
	(void)state;
	assert_int_equal(shell("^ cover --abi 3.1 --kernel 6.12 --tsv"), 0);
	shell_has("6.12\tpv_lock_ops\tvcpu_is_preempted\tinexpressible\tnone\t-\tany\tGetVcpuState\n");
	assert_int_equal(shell("^ cover --abi 3.2 --kernel 6.12 --tsv"), 0);
	shell_has("6.12\tpv_lock_ops\tvcpu_is_preempted\tadapt\t87 GetVcpuState\t-\tany\t-\n");
	shell_has("6.12\tpv_mmu_ops\tset_pgd\tinexpressible\tnone\t-\t64\t");
	assert_int_equal(shell("^ cover --abi 3.2 --kernel 3.0 --tsv | grep load_gs_index"), 0);
	shell_has("native\tnone\t-\t");
	/* A ROM that answers NONE there leaves it, too. */
	assert_int_equal(shell("^ cover --abi @/rom/min.rom --kernel 6.12 --tsv"), 0);
	shell_has("vcpu_is_preempted\tinexpressible\tnone\t-\tany\tGetVcpuState\n");
	assert_int_equal(shell("^ cover --abi @/rom/full.rom --kernel 6.12 --tsv"), 0);
	shell_has("vcpu_is_preempted\tadapt\t87 GetVcpuState\t-\tany\t-\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_table), cmocka_unit_test(test_minimum_is_minimal),
		cmocka_unit_test(test_levels),		cmocka_unit_test(test_roms),
		cmocka_unit_test(test_guest),		cmocka_unit_test(test_bad_input),
		cmocka_unit_test(test_nothing_left_over), cmocka_unit_test(test_wide), cmocka_unit_test(test_wide_builds),
		cmocka_unit_test(test_newer_minor),
	};
	return cmocka_run_group_tests(tests, open_data, close_data);
}
