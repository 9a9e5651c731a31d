// SPDX-License-Identifier: GPL-2.0-only
/*
 * pvrom addr2call: every entry that the ROM answers is named as what it is, with symbols and
 * without; tables, header, POST; and .elf files that are not what they should be.
 */
#define _GNU_SOURCE
#include "shell.h"

#include <stdbool.h>
#include <unistd.h>

#include "vmi_abi.h"

#define ADDR "^ addr2call --base 0xc0000 "
#define ROM "--rom @/rom/full.rom "
#define AWAY "T=$(mktemp -d) && trap 'rm -rf $T' EXIT && cp @/rom/full.rom $T/a.rom && "

static void says(const char *command, int status, const char *text)
{
	int found = shell(command);
	if (found != status)
		fail_msg("%s: status %d, expected %d:\n%s", command, found, status, shell_output);
	shell_has(text);
}

/* The addresses that the loader gets, by `pvrom bind`: an independent way to the same. */
static unsigned entries(char *list, size_t size, unsigned number[VMI_CALLS])
{
	unsigned count = 0;
	bool seen[VMI_CALLS] = { false };
	*list = 0;
	assert_int_equal(shell("^ bind @/rom/full.rom --append vmi=max:3.0"), 0);
	for (char *line = shell_output; line && *line; line = strchr(line, '\n')) {
		unsigned n, address;
		line += *line == '\n';
		if (sscanf(line, "bind %*s %u %*s rom %x ", &n, &address) != 2 || n >= VMI_CALLS ||
		    seen[n])
			continue;
		seen[n] = true;
		snprintf(list + strlen(list), size - strlen(list), "%#x ", address);
		number[count++] = n;
	}
	assert_true(count > 50);
	return count;
}

static void names_entries(const char *command, const char *form)
{
	char list[1600], text[200];
	unsigned number[VMI_CALLS], count = entries(list, sizeof(list), number);
	assert_int_equal(shell_more(command, list), 0);
	for (unsigned i = 0; i < count; i++) {
		snprintf(text, sizeof(text), form, number[i], vmi_calls[number[i]].name);
		shell_has(text);
	}
}

/* The loader's addresses are physical here; the second base is not. */
static void names_by_symbols(void **state)
{
	(void)state;
	names_entries(ADDR ROM, ": call %u %s, vmi_");
	assert_null(strstr(shell_output, "note"));
	names_entries("^ addr2call --base 0xc00c0000 " ROM, ": call %u %s, vmi_");
}

static void names_by_answers(void **state)
{
	(void)state;
	names_entries(AWAY ADDR "--rom $T/a.rom ", ": call %u %s, entry+0x0 or code behind it\n");
	shell_has("/a.elf: cannot open: No such file");
	shell_has("note: entries are those that the ROM answers");
	says(AWAY ADDR "--rom $T/a.rom 0xc0000 0xc0118 0xc0394", 0, "0x000c0118: jump slot 19+0x0: call 17 "
	     "SetCR3\n0x000c0394: before the first entry, image offset 0x394\n");
}

/* The line that is named must be the instruction. */
static void names_the_line(void **state)
{
	char file[128], text[256], list[1600];
	unsigned number[VMI_CALLS], count = entries(list, sizeof(list), number), line = 0, address = 0;
	char *rest = list;
	(void)state;
	for (unsigned i = 0; i < count; i++) {
		char *word = strsep(&rest, " ");
		if (!strcmp(vmi_calls[number[i]].name, "SetCR3"))
			address = (unsigned)strtoul(word, NULL, 0);
	}
	snprintf(text, sizeof(text), "%#x", address + 4); /* behind ENDBR */
	assert_int_equal(shell_more(ADDR ROM, text), 0);
	char *at = strstr(shell_output, "vmi_set_cr3+0x4, ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "vmi_set_cr3+0x4, %127[^:]:%u", file, &line), 2);
	FILE *in = fopen(file, "r");
	if (!in)
		fail_msg("%s: expected a file below the top of the source", file);
	while (line-- && fgets(text, sizeof(text), in))
		;
	fclose(in);
	if (!strstr(text, "cr3, eax"))
		fail_msg("%s: found %s, expected a line that sets CR3", file, text);
}

static void names_the_rest(void **state)
{
	(void)state;
	says(ADDR ROM "0xc0004 0xc0080 0xc008a 0xc011d 0xc0218", 0,
	     "0x000c0004: header+0x4\n0x000c0080: jump slot 0+0x0: VMI_Init\n"
	     "0x000c008a: jump slot 1+0x2: GetRelocationInfo\n"
	     "0x000c011d: jump slot 19+0x5: call 17 SetCR3\n"
	     "0x000c0218: jump slot 51+0x0: call 49, which is reserved\n");
	says("eval $(nm @/rom/full.elf | awk '$3 !~ /[.]/ { print $3 \"=0x\" $1 }' | grep -E "
	     "-w 'rom_pcir|rom_pnp|rom_config|vmi_init|vmi_get_reloc|post_entry'); "
	     ADDR ROM "$((0xc0000 + rom_pcir)) $((0xc0001 + rom_pnp)) $((0xc0000 + rom_config)) "
	     "$((0xc0000 + vmi_init)) $((0xc0006 + vmi_get_reloc)) $((0xc0010 + post_entry))",
	     0, ": PCIR structure, rom_pcir+0x0, rom/header.asm:");
	shell_has(": $PnP structure, rom_pnp+0x1, ");
	shell_has(": config block, rom_config+0x0, ");
	shell_has(": VMI_Init, vmi_init+0x0, ");
	shell_has(": GetRelocationInfo, vmi_get_reloc+0x6, ");
	shell_has(": post_entry+0x10, POST, gone after it ran, rom/post.asm:");
	/* Without --rom: the build's own. */
	says("@/pvrom addr2call --base 0xc0000 0xc0118", 0, "call 17 SetCR3");
}

static void refuses(void **state)
{
	(void)state;
	says("^ addr2call 0xc0118", 2, "found no --base, expected the address of the ROM's first byte");
	says("^ addr2call --base 0xc0000", 2, "found no address");
	says(ADDR ROM "12x", 2, "ADDRESS: found `12x`, expected a number");
	says(ADDR ROM "0x100000000", 2, "expected a number below 2^32");
	says("^ addr2call --base 0xc0001 0xc0118", 2, "expected a multiple of 0x800");
	says("^ addr2call --base x 0xc0118", 2, "--base: found `x`");
	says(ADDR ROM "0xc0118 0xbffff 0xc0120", 1, "0x000bffff: outside ");
	shell_has("0x000c0118: jump");
	shell_has("0x000c0120: jump");
	shell_has("expected 0x000c0000 to 0x000c47ff; check --base\n");
	says(ADDR ROM "0xc4800", 1, "outside");
	says(ADDR ROM "0xffffffff", 1, "outside");
	says("^ addr2call --base 0xfffff800 " ROM "0xffffffff 0", 1, "0x00000000: outside");
	says(ADDR "--rom /none.rom 0xc0118", 2, "/none.rom: cannot open");
	says(ADDR "--rom @/rom/full.map 0xc0118", 2, "full.map: offset 0x00 rom_signature: found");
	says(AWAY "cp @/rom/empty.rom $T/a.rom && " ADDR "--rom $T/a.rom 0xc0118", 2,
	     "a.rom: GetRelocationInfo answers no entry for any call");
}

/* An .elf that cannot be used is said, and the answers take its place. */
static void distrusts_elf(void **state)
{
	static const struct {
		const char *make, *says;
	} wrong[] = {
		{ "cp @/rom/min.elf $T/a.elf", "bytes that are not those of " },
		{ "cp @/rom/full.rom $T/a.elf", "a.elf: no ELF file" },
		{ "cp @/pvrom $T/a.elf", "found no section .resident" },
		{ ": > $T/a.elf", "a.elf: no ELF file" },
		{ "mkdir $T/a.elf", "a.elf: no ELF file" },
		{ "mkfifo $T/a.elf", "a.elf: no ELF file" },
		{ "head -c 20000 @/rom/full.elf > $T/a.elf", "a.elf: " },
		{ "objcopy -R .resident -R .post @/rom/full.elf $T/a.elf", "a.elf: " },
		{ "strip -s -o $T/a.elf @/rom/full.elf", "found no symbols" },
	};
	char command[600];
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(command, sizeof(command),
			 AWAY "{ %s; } 2> /dev/null; timeout 20 " ADDR "--rom $T/a.rom 0xc0118",
			 wrong[i].make);
		says(command, 0, wrong[i].says);
		shell_has("jump slot 19+0x0: call 17 SetCR3");
	}
	says(AWAY "strip -g -o $T/a.elf @/rom/full.elf && " ADDR "--rom $T/a.rom 0xc0c00", 0, "+0x");
	assert_null(strstr(shell_output, ".asm"));
}

/* Bytes of the .elf changed at random places: an answer or a refusal, never a crash. */
static void survives_damage(void **state)
{
	(void)state;
	says(AWAY "n=1; while [ $n -lt 15 ]; do cp @/rom/full.elf $T/a.elf; "
	     "for at in $((n * 997 % 39000)) $((n * 31 % 52)) $((13100 + n * 211 % 7000)); do "
	     "printf '\\377\\377' | dd of=$T/a.elf bs=1 seek=$at conv=notrunc status=none; "
	     ADDR "--rom $T/a.rom 0xc0c00 0xc1a60 > $T/out 2>&1 || { cat $T/out; echo status $?; exit 1; }; "
	     "done; n=$((n + 1)); done; echo all", 0, "all\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_by_symbols), cmocka_unit_test(names_by_answers),
		cmocka_unit_test(names_the_line),   cmocka_unit_test(names_the_rest),
		cmocka_unit_test(refuses),          cmocka_unit_test(distrusts_elf),
		cmocka_unit_test(survives_damage),
	};
	return cmocka_run_group_tests_name("addr2call", tests, NULL, NULL);
}
