// SPDX-License-Identifier: GPL-2.0-only
/*
 * abigen compare: the sample spec is frozen, one edit is made to a copy, and the difference
 * must be said, or, where the contract leaves the matter free, must not be.
 */
#include "shell.h"

struct edit {
	const char *name, *file, *sed;
	int status;
	const char *says; /* part of what abigen writes */
};

static const char fine[] = ": 0 changes that break it, 0 additions";
static const char added[] = ": 0 changes that break it, 1 additions";

static const struct edit edits[] = {
	{ "unchanged", "vmi.abi", "s/^# A small/# Small/", 0, fine },
	{ "summary", "vmi.abi", "s/Does not return, and is/Is/", 0, fine },
	{ "native", "vmi.abi", "s/native32 iretd/native32 iret/", 0, fine },
	{ "entry", "vmi.abi", "s/^call 3 Leave leave/call 3 Leave left/", 0, fine },
	{ "abi-name", "vmi.abi", "s/^abi vmi/abi vmj/", 1, "abi: name: found `vmj`, expected `vmi`" },
	{ "abi-older", "vmi.abi", "s/^abi vmi 9.1/abi vmi 8.9/; s/since    9../since    8.0/", 1,
	  "abi: version: found `8.9`, expected `9.1`" },
	{ "abi-newer", "vmi.abi", "s/^abi vmi 9.1/abi vmi 9.2/", 0, added },
	{ "relocation-name", "vmi.abi", "s/^relocation 2 JUMP_REL/relocation 2 LEAP/", 1,
	  "relocation 2 JUMP_REL: name: found `LEAP`" },
	{ "relocation-word", "vmi.abi", "s/ jump$/ leap/", 1,
	  "relocation 2 JUMP_REL: word: found `leap`" },
	{ "relocation-gone", "vmi.abi", "/^relocation 3/,+2d; s/none call nop/none call/", 1,
	  "relocation 3 NOP: found `nothing`" },
	{ "relocation-new", "vmi.abi", "/^clobbers all/i relocation 4 X\\n    word x\\n    summary X", 1,
	  "what is new needs a newer version" },
	{ "relocation-newer", "vmi.abi",
	  "s/^abi vmi 9.1/abi vmi 9.2/; /^clobbers all/i relocation 4 X\\n    word x\\n    summary X", 0,
	  "new: relocation 4: X" },
	{ "group-binds", "vmi.abi", "/^group atomic_flat/,+1s/atomic$/each/", 1,
	  "group atomic_flat: binds: found `each`, expected `atomic`" },
	{ "group-segments", "vmi.abi", "/^group each_any/,+2s/segments any/segments flat/", 1,
	  "group each_any: segments: found `flat`, expected `any`" },
	{ "group-gone", "vmi.abi", "s/atomic_flat/other/", 1, "group atomic_flat: found `nothing`" },
	{ "flag-value", "vmi.abi", "s/bit 0x01 LOW/bit 0x02 LOW/", 1,
	  "flags VMI_SAMPLE: bit LOW: found `0x2`, expected `0x1`" },
	{ "flag-gone", "vmi.abi", "/bit 0x8000/d", 1, "bit TOP: found `nothing`" },
	{ "flag-new", "vmi.abi", "/bit 0x01/a\\    bit 2 MORE m", 1, "bit MORE: found `0x2`" },
	{ "flag-newer", "vmi.abi", "s/^abi vmi 9.1/abi vmi 9.2/; /bit 0x01/a\\    bit 2 MORE m", 0,
	  "new: flags VMI_SAMPLE: bit MORE: 0x2" },
	{ "call-gone", "vmi.abi", "/^# Registers that are not/,$d", 1,
	  "call 5 Probe: found `nothing`" },
	{ "call-retired", "vmi.abi",
	  "/^call 3/,/^$/{/^call\\|since\\|summary\\|^$/!d; s/^call 3 Leave leave/reserved 3 Leave/}", 1,
	  "call 3 Leave: kind: found `reserved`, expected `call`" },
	{ "call-name", "vmi.abi", "s/Leave/Left/", 1, "call 3 Leave: name: found `Left`" },
	{ "call-numbers", "vmi.abi", "s/^call 3 /call 6 /; s/^call 4 /call 3 /; s/^call 6 /call 4 /", 1,
	  "call 3 Leave: name: found `Stop`" },
	{ "reserved-reused", "vmi.abi", "s/^reserved 2 Gone/reserved 2 Back/", 1,
	  "reserved 2 Gone: name: found `Back`" },
	{ "call-since", "vmi.abi", "/^call 3/,+1s/9.1/9.0/", 1, "call 3 Leave: since: found `9.0`" },
	{ "call-group", "vmi.abi", "/^call 3/,+2s/each_any/each_flat/", 1,
	  "call 3 Leave: group: found `each_flat`" },
	{ "call-proto", "vmi.abi", "s/ptr b, u8 c/ptr b, u16 c/", 1, "call 1 AddMany: proto: found" },
	{ "call-answers", "vmi.abi", "s/none call nop/none call/", 1,
	  "call 5 Probe: answers: found `none call`, expected `none call nop`" },
	{ "call-in32", "vmi.abi", "s/in32     ebx=leaf/in32     edi=leaf/", 1,
	  "call 5 Probe: in32: found `edi=leaf`, expected `ebx=leaf`" },
	{ "call-stack", "vmi.abi", "s/.esp+4.=d .esp+12.\\.\\[esp+8\\]=e/[esp+12]=d [esp+8].[esp+4]=e/", 1,
	  "call 1 AddMany: in32: found `eax=a edx=b ecx=c [esp+12]=d [esp+8].[esp+4]=e`" },
	{ "call-out32", "vmi.abi", "s/esi=first/ebp=first/", 1,
	  "call 5 Probe: out32: found `ebp=first edi=second`" },
	{ "call-returns", "vmi.abi", "/^call 4/,/^call 5/s/noreturn/-/", 1,
	  "call 4 Stop: out32: found `-`, expected `noreturn`" },
	{ "clobber-list", "vmi.abi", "s/registers eax ecx edx flags/registers eax ecx flags/", 1,
	  "call 1 AddMany: clobber32: found `eax ecx flags`, expected `eax ecx edx flags`" },
	{ "call-in64", "vmi.abi", "s/rdi=value rsi=index/rdi=value rdx=index/", 1,
	  "call 0 SetWide: in64: found `rdi=value rdx=index`" },
	{ "call-no-64", "vmi.abi", "/^    [a-z]*64 /d", 1, "call 0 SetWide: in64: found `nothing`" },
	{ "call-new", "vmi.abi", "$a reserved 6 New\\n    since 9.1\\n    summary X", 1,
	  "call 6 New: found `since 9.1`" },
	{ "call-newer", "vmi.abi",
	  "s/^abi vmi 9.1/abi vmi 9.2/; $a reserved 6 New\\n    since 9.2\\n    summary X", 0,
	  "new: call 6 New: since 9.2" },
	{ "call-since-old", "vmi.abi",
	  "s/^abi vmi 9.1/abi vmi 9.2/; $a reserved 6 New\\n    since 9.1\\n    summary X", 1,
	  "call 6 New: found `since 9.1`" },
	{ "constant", "image.abi", "s/0xAA55 SIGNATURE/0xAA56 SIGNATURE/", 1,
	  "constants VROM: SIGNATURE: found `0xaa56`, expected `0xaa55`" },
	{ "constant-gone", "image.abi", "/0xAA55 SIGNATURE/d", 1, "SIGNATURE: found `nothing`" },
	{ "constant-private", "image.abi", "s/0x123456789 WIDE/1 WIDE/", 0, fine },
	{ "constant-made-private", "image.abi", "s/private WIDE/private all/; s/0xAA55 S/0xAA56 S/", 1,
	  "SIGNATURE: found `0xaa56`" },
	{ "string", "image.abi", "s/several words/a few words/", 1, "string VMI_PRODUCT: found" },
	{ "string-gone", "image.abi", "/^string/d", 1, "string VMI_PRODUCT: found `nothing`" },
	{ "struct-gone", "image.abi", "s/vrom_sample/vrom_other/", 1,
	  "struct vrom_sample: found `nothing`" },
	{ "struct-size", "image.abi", "s/vrom_sample 0x20/vrom_sample 0x18/; /u64 rest/d; /private rest/d",
	  1, "struct vrom_sample: size: found `24`, expected `32`" },
	{ "field-type", "image.abi", "s/u32.2. pair/u64 pair/", 1,
	  "struct vrom_sample.pair: found `0x08 u64`, expected `0x08 u32[2]`" },
	{ "field-name", "image.abi", "s/u64 wide/u64 narrow/", 1,
	  "struct vrom_sample.wide: found `nothing`" },
	{ "field-private", "image.abi", "s/u64 rest/u64 more/; s/private rest/private more/", 1,
	  "struct vrom_sample.more: found `0x18 u64`, expected `nothing`" },
	{ "reason-name", "reasons.abi", "s/E_SAMPLE/E_OTHER/", 1,
	  "reason 7: found `E_OTHER`, expected `E_SAMPLE`" },
	{ "reason-number", "reasons.abi", "s/^reason 7/reason 6/", 1, "reason 7: found `nothing`" },
	{ "reason-text", "reasons.abi", "s/Another one/One more/", 0, fine },
	{ "reason-new", "reasons.abi", "$a reason 9 E_NEW\\n    scope rom\\n    cause c\\n    remedy r", 0,
	  "new: reason 9: E_NEW" },
};
#define EDITS (sizeof(edits) / sizeof(edits[0]))

static void test_edit(void **state)
{
	const struct edit *e = *state;
	char command[1024];

	setenv("EDIT", e->sed, 1); /* shell() has marks of its own */
	snprintf(command, sizeof(command),
		 "d=@/asan/compare.d; rm -rf $d; mkdir -p $d && cp tests/abigen/sample/*.abi $d && "
		 "sed -i \"$EDIT\" $d/%s || exit 9; cmp -s $d/%s tests/abigen/sample/%s && exit 8; "
		 "ASAN_OPTIONS=detect_leaks=0 @/asan/abigen compare tests/abigen/sample $d", e->file,
		 e->file, e->file);
	/* `unchanged` and the like edit, too: exit 8 says that the expression fits nothing. */
	int status = shell(command);
	if (status != e->status)
		fail_msg("found status %d, expected %d:\n%.2000s", status, e->status, shell_output);
	shell_has(e->says);
}

static void test_unreadable(void **state)
{
	(void)state;
	assert_int_equal(shell("ASAN_OPTIONS=detect_leaks=0 @/asan/abigen compare tests/abigen/sample "
			       "tests/abigen/none"), 2);
	shell_has("tests/abigen/none/vmi.abi: error: cannot open");
}

/* The specification against itself, and against the sample, which has little in common. */
static void test_spec(void **state)
{
	(void)state;
	assert_int_equal(shell("ASAN_OPTIONS=detect_leaks=0 @/asan/abigen compare spec spec"), 0);
	shell_has(fine);
	assert_int_equal(shell("ASAN_OPTIONS=detect_leaks=0 @/asan/abigen compare spec "
			       "tests/abigen/sample"), 1);
}

int main(void)
{
	static struct CMUnitTest tests[EDITS + 2];

	for (size_t i = 0; i < EDITS; i++)
		tests[i] = (struct CMUnitTest){ edits[i].name, test_edit, NULL, NULL,
						(void *)&edits[i] };
	tests[EDITS] = (struct CMUnitTest)cmocka_unit_test(test_unreadable);
	tests[EDITS + 1] = (struct CMUnitTest)cmocka_unit_test(test_spec);
	return _cmocka_run_group_tests("compare", tests, EDITS + 2, NULL, NULL);
}
