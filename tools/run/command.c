/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "command.h"
#include "guest_width.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vmi_abi.h"

#define TEXT_OF(word) #word
#define TEXT(macro) TEXT_OF(macro)
/*
 * QEMU keeps so many characters of the name genroms/FILE; two files that agree in them are an
 * error.
 */
#define FW_CFG_NAME_MAX 55

const char *const run_machines[] = { "pc", "q35", "isapc", "microvm", NULL };
const char *const run_accels[] = { "tcg", "kvm", NULL };
const char *const run_vgas[] = { "none", "std", NULL };
const char *const run_firmwares[] = { "seabios", "ovmf", NULL };
const char *const run_tpms[] = { "1.2", "2.0", NULL };
const char *const run_orders[] = { "name", "first", "last", NULL };

int run_allowed(const char *const list[], const char *word)
{
	while (*list && strcmp(*list, word))
		list++;
	return *list != NULL;
}

void run_set(char **to, const char *value)
{
	struct text copy = { 0 };
	text_addf(&copy, "%s", value);
	free(*to);
	*to = copy.bytes;
}

void run_spec_start(struct run_spec *spec, const char *kernel)
{
	*spec = (struct run_spec){ .smp = 1, .timeout = RUN_TIMEOUT };
	run_set(&spec->machine, run_machines[0]);
	run_set(&spec->accel, run_accels[0]);
	run_set(&spec->vga, run_vgas[0]);
	run_set(&spec->firmware, run_firmwares[0]);
	run_set(&spec->order, run_orders[0]);
	run_set(&spec->kernel, kernel);
}

void run_spec_free(struct run_spec *spec)
{
	free(spec->machine);
	free(spec->accel);
	free(spec->vga);
	free(spec->firmware);
	free(spec->order);
	free(spec->initrd);
	free(spec->module);
	free(spec->under);
	free(spec->tpm);
	free(spec->disk);
	free(spec->append);
	free(spec->trace);
	free(spec->exec_log);
	free(spec->kernel);
	words_free(&spec->roms);
	words_free(&spec->pci);
	words_free(&spec->extra);
	*spec = (struct run_spec){ 0 };
}

/* QEMU reads a comma as the end of a value, unless it is doubled. */
static void add_value(struct words *command, const char *prefix, const char *value)
{
	struct text doubled = { 0 };
	text_addf(&doubled, "%s", prefix);
	for (; *value; value++)
		text_add(&doubled, *value == ',' ? ",," : value, *value == ',' ? 2 : 1);
	words_add(command, text_string(&doubled));
	text_free(&doubled);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Would QEMU give this ROM the name of an earlier one, or of one of its own? */
static bool name_taken(const struct words *roms, size_t which)
{
	static const char *const qemus[] = { "kvmvapic.bin", "linuxboot.bin", "linuxboot_dma.bin",
					     "multiboot.bin", "multiboot_dma.bin" };
	const size_t room = FW_CFG_NAME_MAX - strlen("genroms/");
	const char *name = base_name(roms->list[which]);
	for (size_t i = 0; i < sizeof(qemus) / sizeof(qemus[0]); i++)
		if (!strcmp(name, qemus[i]))
			return true;
	for (size_t i = 0; i < which; i++)
		if (!strncmp(name, base_name(roms->list[i]), room))
			return true;
	return false;
}

void run_rom_name(const struct run_spec *spec, size_t which, struct text *name)
{
	/* Reverse alphabetical: before and behind multiboot_dma.bin, kvmvapic.bin. */
	if (!strcmp(spec->order, "first"))
		text_addf(name, "z%03zu.rom", 999 - which % 1000);
	else if (!strcmp(spec->order, "last"))
		text_addf(name, "a%03zu.rom", 999 - which % 1000);
	else if (name_taken(&spec->roms, which))
		text_addf(name, "rom-%zu.rom", which + 1);
	else
		text_addf(name, "%s", base_name(spec->roms.list[which]));
}

static void add_rom(struct words *command, const struct run_spec *spec, size_t which)
{
	const char *path = spec->roms.list[which];
	if (!strcmp(spec->order, run_orders[0]) && !name_taken(&spec->roms, which)) {
		words_add(command, "-option-rom");
		add_value(command, "", path);
		return;
	}
	/* -option-rom by hand, under a name of its own. */
	struct text prefix = { 0 }, name = { 0 };
	run_rom_name(spec, which, &name);
	text_addf(&prefix, "name=genroms/%s,file=", text_string(&name));
	words_add(command, "-fw_cfg");
	add_value(command, text_string(&prefix), path);
	text_free(&prefix);
	text_free(&name);
}

/* QEMU seeks these from its own data folder, as Debian's packages lie beside it. */
static const char *bios(const struct run_spec *spec)
{
	if (!strcmp(spec->firmware, "ovmf"))
		return "../ovmf/OVMF.fd";
	/* Debian's QEMU starts a microvm with qboot, which knows no option ROMs. */
	return strcmp(spec->machine, "microvm") ? NULL : "../seabios/bios-microvm.bin";
}

/* The log from inside the ROM has a port of its own; the one from outside is QEMU's. */
static void add_traces(struct words *c, const struct run_spec *spec)
{
	if (spec->trace) {
		words_add(c, "-chardev");
		add_value(c, "file,id=trace,path=", spec->trace);
		words_add(c, "-device");
		words_addf(c, "isa-debugcon,iobase=0x%x,chardev=trace", VMI_TRACE_PORT);
	}
	if (spec->exec_log) {
		/* Where the guest calls a ROM: at its linear mapping of the window. */
		words_add(c, "-d");
		words_add(c, "exec,nochain");
		words_add(c, "-dfilter");
		unsigned long long base = run_guest_width(spec->kernel) == 64 ? RUN_LINEAR_BASE64 :
										RUN_LINEAR_BASE;
		words_addf(c, "0x%llx+0x%x", base + VROM_WINDOW_BASE,
			   VROM_WINDOW_END - VROM_WINDOW_BASE);
		words_add(c, "-D");
		words_add(c, spec->exec_log);
	}
}

static const char *binary_of(const struct run_spec *spec)
{
	const char *binary = getenv("PVROM_QEMU");
	if (binary && *binary)
		return binary;
	/* Debian's OVMF is 64-bit code; a kernel of a user's own starts in 32 bits. */
	bool wide = !strcmp(spec->firmware, "ovmf") || run_guest_width(spec->kernel) == 64;
	return wide ? RUN_QEMU64 : "qemu-system-i386";
}

bool run_is_wide(const struct run_spec *spec)
{
	return strstr(binary_of(spec), "x86_64");
}

void run_command(const struct run_spec *spec, const char *firmware_path, const char *memory_path,
		 struct words *c)
{
	static const char *const fixed[] = { "-display",   "none",
					     "-no-reboot", "-nodefaults",
					     "-net",       "none",
					     "-m",         TEXT(RUN_MEMORY_MB),
					     "-serial",    "stdio",
					     "-device",    "isa-debug-exit,iobase=0xf4,iosize=4" };
	words_add(c, binary_of(spec));
	words_add(c, "-machine");
	words_add(c, spec->machine);
	/* QEMU falls back to none: without KVM it ends with a message. */
	if (strcmp(spec->accel, run_accels[0])) {
		words_add(c, "-accel");
		words_add(c, spec->accel);
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		words_add(c, fixed[i]);
	words_add(c, "-global");
	words_addf(c, "isa-debugcon.iobase=0x%x", VROM_DEBUG_PORT);
	if (memory_path) {
		words_add(c, "-machine");
		words_add(c, "memory-backend=ram");
		words_add(c, "-object");
		words_addf(c, "memory-backend-file,id=ram,share=on,size=%uM,mem-path=%s",
			   RUN_MEMORY_MB, memory_path);
	}
	words_add(c, "-debugcon");
	add_value(c, "file:", firmware_path);
	add_traces(c, spec);
	words_add(c, "-vga");
	words_add(c, spec->vga);
	if (spec->smp > 1) {
		/* Sockets: what an old kernel counts as processors. */
		words_add(c, "-smp");
		words_addf(c, "%u,sockets=%u,cores=1,threads=1", spec->smp, spec->smp);
	}
	for (size_t i = 0; i < spec->roms.count; i++)
		add_rom(c, spec, i);
	for (size_t i = 0; i < spec->pci.count; i++) {
		words_add(c, "-device");
		add_value(c, "pci-testdev,romfile=", spec->pci.list[i]);
	}
	if (bios(spec)) {
		words_add(c, "-bios");
		words_add(c, bios(spec));
	}
	words_add(c, "-kernel");
	/* Not an option list: commas stay single. */
	words_add(c, spec->under ? spec->under : spec->kernel);
	if (spec->append) {
		words_add(c, "-append");
		words_add(c, spec->append);
	}
	if (spec->initrd) {
		words_add(c, "-initrd");
		words_add(c, spec->initrd);
	}
	if (spec->module || spec->under) {
		/* A multiboot module: commas separate several, so they are doubled. */
		words_add(c, "-initrd");
		add_value(c, "", spec->under ? spec->kernel : spec->module);
	}
	if (spec->disk) {
		words_add(c, "-snapshot");
		words_add(c, "-drive");
		add_value(c, "if=ide,format=raw,file=", spec->disk);
	}
	if (spec->tpm) {
		words_add(c, "-chardev");
		add_value(c, "socket,id=tpm,path=", spec->tpm_socket ? spec->tpm_socket : "swtpm.socket");
		words_add(c, "-tpmdev");
		words_add(c, "emulator,id=tpm,chardev=tpm");
		words_add(c, "-device");
		words_add(c, "tpm-tis,tpmdev=tpm");
	}
	static const char *const exact[] = { "-icount", "shift=0,sleep=off",
					     "-rtc",	"base=2020-01-01,clock=vm",
					     "-seed",	"1",
					     "-cpu",	"max,-rdrand,-rdseed" };
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]) && spec->exact; i++)
		words_add(c, exact[i]);
	for (size_t i = 0; i < spec->extra.count; i++)
		words_add(c, spec->extra.list[i]);
}

void run_command_line(const struct run_spec *spec, const char *firmware_path, struct text *line)
{
	struct words command = { 0 };
	run_command(spec, firmware_path, NULL, &command);
	for (size_t i = 0; i < command.count; i++) {
		text_addf(line, i ? " " : "");
		text_quote(line, command.list[i]);
	}
	words_free(&command);
}

static void option(struct text *line, const char *name, const char *value)
{
	text_addf(line, " --%s ", name);
	text_quote(line, value);
}

void run_repeat(const struct run_spec *spec, const char *self, struct text *line)
{
	text_quote(line, self);
	text_addf(line, " run");
	for (size_t i = 0; i < spec->roms.count; i++)
		option(line, "rom", spec->roms.list[i]);
	for (size_t i = 0; i < spec->pci.count; i++)
		option(line, "pci", spec->pci.list[i]);
	if (strcmp(spec->order, run_orders[0]))
		option(line, "order", spec->order);
	if (strcmp(spec->firmware, run_firmwares[0]))
		option(line, "firmware", spec->firmware);
	option(line, "machine", spec->machine);
	if (strcmp(spec->accel, run_accels[0]))
		option(line, "accel", spec->accel);
	option(line, "vga", spec->vga);
	text_addf(line, " --smp %u --timeout %u", spec->smp, spec->timeout);
	option(line, spec->own ? "bzimage" : "kernel", spec->kernel);
	if (spec->under)
		option(line, "under", spec->under);
	if (spec->initrd)
		option(line, "initrd", spec->initrd);
	if (spec->module)
		option(line, "module", spec->module);
	if (spec->disk)
		option(line, "disk", spec->disk);
	if (spec->tpm)
		text_addf(line, " --tpm=%s", spec->tpm);
	if (spec->append)
		option(line, "append", spec->append);
	if (spec->trace)
		option(line, "trace", spec->trace);
	if (spec->exec_log)
		option(line, "trace-exec", spec->exec_log);
	if (spec->exact)
		text_addf(line, " --repeat-exactly");
	if (spec->extra.count)
		text_addf(line, " --");
	for (size_t i = 0; i < spec->extra.count; i++) {
		text_addf(line, " ");
		text_quote(line, spec->extra.list[i]);
	}
}
