// SPDX-License-Identifier: GPL-2.0-only
/* Matrix stanzas of run lists: the cells that they become, and each mistake with its line. */
#include "test_run_scratch.h"

#include "run/rules.h"
#include "run/runlist.h"

#define OK "    rule 17\n    expect-bound 33\n"

static int try(struct run_list *list, const char *text)
{
	return run_list_read(list, scratch_text("axes.cfg", text), "out");
}

static struct run_list read_good(const char *text)
{
	struct run_list list;
	assert_int_equal(try(&list, text), 0);
	return list;
}

/* The names, in order, joined by blanks. */
static void names_are(const struct run_list *list, const char *expected)
{
	struct text names = { 0 };
	for (size_t i = 0; i < list->count; i++)
		text_addf(&names, "%s%s", i ? " " : "", list->cells[i].name);
	assert_string_equal(text_string(&names), expected);
	text_free(&names);
}

static const struct run_cell *cell(const struct run_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->cells[i].name, name))
			return &list->cells[i];
	fail_msg("no cell %s", name);
	return NULL;
}

static void makes_cells(void **state)
{
	struct run_list list = read_good(
		"defaults\n    expect-skipped a\n"
		"run one\n    expect-bound 33\n"
		"matrix m\n"
		"    axis rom full min none\n    axis machine pc q35\n    axis smp 1 2\n"
		"    except machine=q35 smp=2\n    except rom=none machine!=pc\n"
		"    rule 17 negotiation.18\n    when smp=2 rule 1\n"
		"    when rom!=none rom rom/{rom}.rom\n"
		"    append x={smp}\n    when rom=full|min append y={rom}{machine} {\"a\"}\n"
		"    timeout 9\n    when smp=2 timeout 8\n    when smp=2 rom=min timeout 7\n"
		"    qemu -a\n    when smp=2 qemu -b\n"
		"    when rom=full expect-bound 0-3\n    when rom!=none expect-bound 33\n"
		"    when rom=none expect-bound none\n    when rom=none expect-reason VMI_E_NO_ROM\n"
		"    when smp=2 expect-skipped default b\n");
	(void)state;
	names_are(&list, "one m/full/pc/smp1 m/full/pc/smp2 m/full/q35/smp1 m/min/pc/smp1 "
			 "m/min/pc/smp2 m/min/q35/smp1 m/none/pc/smp1 m/none/pc/smp2");
	const struct run_cell *c = cell(&list, "m/min/pc/smp2");
	assert_string_equal(c->spec.machine, "pc");
	assert_int_equal(c->spec.smp, 2);
	assert_int_equal(c->spec.roms.count, 1);
	assert_string_equal(c->spec.roms.list[0], "out/rom/min.rom");
	assert_string_equal(c->spec.append, "x=2 y=minpc {\"a\"}");
	assert_int_equal(c->spec.timeout, 7);
	assert_int_equal(c->spec.extra.count, 2);
	assert_int_equal(c->expect.bound_count, 1);
	assert_int_equal(c->expect.skips.count, 2);
	assert_int_equal(c->rules.count, 3);
	assert_string_equal(c->rules.list[0], "negotiation.17");
	assert_string_equal(c->rules.list[1], "negotiation.18");
	assert_string_equal(c->rules.list[2], "negotiation.1");
	assert_int_equal(c->line, 5);
	c = cell(&list, "m/full/pc/smp1");
	assert_int_equal(c->expect.bound_count, 5);
	assert_int_equal(c->spec.timeout, 9);
	assert_int_equal(c->spec.extra.count, 1);
	assert_int_equal(c->expect.skips.count, 1);
	assert_int_equal(cell(&list, "m/full/pc/smp2")->spec.timeout, 8);
	c = cell(&list, "m/none/pc/smp2");
	assert_int_equal(c->spec.roms.count, 0);
	assert_string_equal(c->spec.append, "x=2");
	assert_int_equal(c->expect.reasons.count, 1);
	assert_string_equal(cell(&list, "m/full/q35/smp1")->spec.machine, "q35");
	run_list_free(&list);
}

static void counts_numbers(void **state)
{
	struct run_list list = read_good("matrix m\n    axis drop 3..5 none 7 0x9..0xa 5..x\n" OK
					 "    when drop=4..5|7 append d{drop}\n");
	(void)state;
	names_are(&list, "m/drop3 m/drop4 m/drop5 m/none m/drop7 m/drop9 m/drop10 m/5..x");
	assert_null(list.cells[0].spec.append);
	assert_string_equal(list.cells[1].spec.append, "d4");
	assert_string_equal(list.cells[4].spec.append, "d7");
	run_list_free(&list);
}

/* An axis that is a field, too, sets it, but for a field that the stanza has itself. */
static void sets_fields(void **state)
{
	struct run_list list = read_good("matrix m\n    axis append pae=0 pae=1\n"
					 "    axis vga std none\n    axis rom a b\n"
					 "    when vga=std rom {rom}.rom\n" OK
					 "    expect-native 1-3 7 VMI_E_GROUP\n"
					 "    when append=pae=1 expect-native 8 VMI_E_CALL_NONE\n"
					 "    expect-bound 7\n");
	(void)state;
	names_are(&list, "m/pae=0/std/a m/pae=0/std/b m/pae=0/none/a m/pae=0/none/b "
			 "m/pae=1/std/a m/pae=1/std/b m/pae=1/none/a m/pae=1/none/b");
	const struct run_cell *c = &list.cells[5];
	assert_string_equal(c->spec.append, "pae=1");
	assert_string_equal(c->spec.vga, "std");
	assert_string_equal(c->spec.roms.list[0], "out/b.rom");
	assert_int_equal(list.cells[2].spec.roms.count, 0);
	assert_int_equal(c->expect.bound_count, 1);
	assert_true(c->expect.bound[33] && !c->expect.bound[7]);
	assert_string_equal(c->expect.native[2], "VMI_E_GROUP");
	assert_string_equal(c->expect.native[8], "VMI_E_CALL_NONE");
	assert_null(list.cells[0].expect.native[8]);
	run_list_free(&list);
}

static void refuses_mistakes(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "matrix\n    axis smp 1\n" OK, ":1: error: found 0 words after matrix" },
		{ "matrix m n\n    axis smp 1\n" OK, ":1: error: found 2 words after matrix" },
		{ "matrix m\n" OK, ":1: error: matrix `m` has no axis" },
		{ "matrix m\n    axis\n" OK, ":2: error: axis ``: expected a name" },
		{ "matrix m\n    axis 9 1\n" OK, ":2: error: axis `9 1`: expected a name" },
		{ "matrix m\n    axis a=b 1\n" OK, ":2: error: axis `a=b 1`: expected a name" },
		{ "matrix m\n    axis smp\n" OK, ":2: error: axis `smp` has no value" },
		{ "matrix m\n    axis smp 1 2 1\n" OK, ":2: error: axis `smp` has the value `1`" },
		{ "matrix m\n    axis smp 1..3 2\n" OK, "axis `smp` has the value `2` twice" },
		{ "matrix m\n    axis smp 1 a|b\n" OK, ":2: error: axis `smp`: a value `a|b`" },
		{ "matrix m\n    axis smp {x}\n" OK, ":2: error: axis `smp`: a value `{x}`" },
		{ "matrix m\n    axis smp 3..2\n" OK, ":2: error: range `3..2`" },
		{ "matrix m\n    axis smp 1..99999999\n" OK, ":2: error: range `1..99999999`" },
		{ "matrix m\n    axis smp 1\n    axis smp 2\n" OK,
		  ":3: error: axis `smp` stands in line 2" },
		{ "matrix m\n    axis pea 0 1\n" OK, ":2: error: axis `pea` changes nothing" },
		{ "matrix m\n    axis smp 1\n    axis pea 0 1\n    except pea=1\n" OK,
		  ":3: error: axis `pea` changes nothing" },
		{ "matrix m\n    axis smp 1\n    append {spm}\n" OK,
		  ":3: error: {spm}: no axis of that name" },
		{ "matrix m\n    append {smp}\n    axis smp 1\n" OK, ":2: error: {smp}: no axis" },
		{ "matrix m\n    axis smp 1\n    when spm=1 timeout 3\n" OK,
		  ":3: error: condition `spm=1`: no axis" },
		{ "matrix m\n    axis smp 1\n    when smp=2 timeout 3\n" OK,
		  ":3: error: axis `smp` has no value `2`" },
		{ "matrix m\n    axis smp 1\n    when smp= timeout 3\n" OK,
		  ":3: error: axis `smp` has no value ``" },
		{ "matrix m\n    axis smp 1\n    when smp!=1 timeout 3\n" OK,
		  ":3: error: this applies to no cell" },
		{ "matrix m\n    axis smp 1\n    when timeout 3\n" OK,
		  ":3: error: expected a condition" },
		{ "matrix m\n    axis smp 1\n    when\n" OK, ":3: error: expected a condition" },
		{ "matrix m\n    axis smp 1\n    when smp=1\n" OK,
		  ":3: error: when `smp=1`: expected a field" },
		{ "matrix m\n    axis smp 1\n    when smp=1 speed 3\n" OK,
		  ":3: error: unknown field `speed`" },
		{ "matrix m\n    axis smp 1\n    when smp=1 timeout\n" OK,
		  ":3: error: field `timeout` has no value" },
		{ "matrix m\n    axis smp 1\n    when smp=1 axis x y\n" OK, "unknown field `axis`" },
		{ "matrix m\n    axis smp 1\n    except\n" OK, ":3: error: expected a condition" },
		{ "matrix m\n    axis smp 1\n    except smp=1 timeout 3\n" OK,
		  ":3: error: except `smp=1 timeout 3`: expected conditions alone" },
		{ "matrix m\n    axis smp 1 2\n    except smp!=1|2\n" OK,
		  ":3: error: this leaves no further cell out" },
		{ "matrix m\n    axis smp 1\n    except smp=1\n" OK, ":1: error: every cell is left out" },
		{ "matrix m\n    axis smp 0 1\n" OK, ":2: error: smp `0`: expected 1 to 255" },
		{ "matrix m\n    axis vga std\n    timeout 3\n    timeout 4\n" OK,
		  ":4: error: field `timeout` stands in line 3" },
		{ "matrix m\n    axis smp 1\n" OK "matrix m\n    axis smp 2 1\n" OK,
		  ":5: error: run `m/smp1` stands in line 1 already" },
		{ "matrix m\n    axis smp 1\n" OK "run m/smp1\n" OK,
		  ":5: error: run `m/smp1` stands in line 1 already" },
		{ "matrix m\n    axis smp 1\n    expect-bound 33\n",
		  ":1: error: cell `m/smp1` has no rule" },
		{ "matrix m\n    axis smp 1 2\n    when smp=1 rule 1\n    expect-bound 33\n",
		  ":1: error: cell `m/smp2` has no rule" },
		{ "run a\n    rule 99\n    expect-bound 33\n", ":2: error: rule `99`: expected num" },
		{ "run a\n    rule 1 2 1\n    expect-bound 33\n", ":2: error: rule `1 2 1`" },
		{ "run a\n    rule nothing.1\n    expect-bound 33\n", ":2: error: rule `nothing.1`" },
		{ "run a\n    expect-bound 33\n    expect-native 1\n", ":3: error: expect-native `1`" },
		{ "run a\n    expect-bound 33\n    expect-native 1 ok\n", ":3: error: expect-native" },
		{ "run a\n    expect-bound 33\n    expect-native 49 VMI_E_GROUP\n", ":3: error: expec" },
		{ "run a\n    expect-bound 33\n    expect-native VMI_E_GROUP\n", ":3: error: expect-n" },
		{ "run a\n    expect-bound 33\n    expect-native 1 VMI_E_GROUP\n"
		  "    expect-native 1 VMI_E_INIT\n", ":4: error: expect-native `1 VMI_E_INIT`" },
		{ "run a\n    expect-status failed\n    expect-native 1 VMI_E_GROUP\n",
		  ":1: error: run `a` has expect-native without expect-bound" },
		{ "run a\n    expect-bound 33\n    expect-native 33 VMI_E_GROUP\n",
		  ":1: error: run `a` expects no bound call" },
	};
	struct run_list list;
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *path = scratch_text("axes.cfg", bad[i].text);
		capture_stderr();
		int result = run_list_read(&list, path, "out");
		const char *error = captured();
		run_list_free(&list);
		if (result != -1 || !strstr(error, bad[i].error))
			fail_msg("result %d, found: %s\nexpected: %s\nin:\n%s", result, error,
				 bad[i].error, bad[i].text);
	}
}

static void refused(const char *text, const char *error)
{
	struct run_list list;
	capture_stderr();
	int result = try(&list, text);
	assert_contains(captured(), error);
	assert_int_equal(result, -1);
	run_list_free(&list);
}

static void is_bounded(void **state)
{
	struct text many = { 0 };
	(void)state;
	refused("matrix m\n    axis a 1..200\n    axis b 1..101\n    append {a}{b}\n" OK,
		":3: error: matrix `m` has more than 20000 combinations");
	text_addf(&many, "matrix m\n");
	for (int i = 0; i < 17; i++)
		text_addf(&many, "    axis a%d 1\n", i);
	refused(text_string(&many), ":18: error: found more than 16 axes");
	text_free(&many);
	/* A product that does not fit any number. */
	for (int i = 0; i < 16; i++)
		text_addf(&many, "%s    axis a%d 1..20000\n    append {a%d}\n",
			  i ? "" : "matrix m\n", i, i);
	refused(text_string(&many), ":4: error: matrix `m` has more than 20000 combinations");
	text_free(&many);
	refused("matrix m\n    axis smp 1..200\n    axis a 1..20000\n    append {a}\n" OK,
		":3: error: matrix `m` has more than 20000 combinations");
	refused("matrix m\n    axis a 1..15000\n    append {a}\n" OK
		"matrix n\n    axis a 1..15000\n    append {a}\n" OK,
		":6: error: the list has more than 20000 cells");
	struct run_list list = read_good("matrix m\n    axis a 1..20000\n    append {a}\n" OK);
	assert_int_equal(list.count, 20000);
	assert_string_equal(list.cells[19999].spec.append, "20000");
	run_list_free(&list);
}

static void knows_rules(void **state)
{
	(void)state;
	assert_string_equal(rule_find("5")->name, "negotiation.5");
	assert_ptr_equal(rule_find("5"), rule_find("negotiation.5"));
	assert_contains(rule_find("18")->text, "native code for the whole group");
	assert_null(rule_find("0"));
	assert_null(rule_find(""));
	assert_null(rule_find("negotiation"));
	assert_null(rule_find("negotiation."));
	assert_null(rule_find("rule"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_cells),
		cmocka_unit_test(counts_numbers),
		cmocka_unit_test(sets_fields),
		cmocka_unit_test(refuses_mistakes),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(knows_rules),
	};
	return cmocka_run_group_tests_name("axes", tests, scratch_make, scratch_remove);
}
