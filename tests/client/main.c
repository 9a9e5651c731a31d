// SPDX-License-Identifier: GPL-2.0-only
/* A boot as the historic client's: paging, discovery, activation, patching, life. */
#include "check.h"
#include "console.h"
#include "cpu.h"
#include "entry.h"
#include "hypervisor.h"
#include "irq.h"
#include "memory.h"
#include "mm.h"
#include "proc.h"
#include "raw.h"
#include "rom.h"
#include "smp.h"

#define MULTIBOOT_LOADED 0x2badb002u
#define MULTIBOOT_MEMORY 1u
#define MULTIBOOT_COMMAND_LINE 4u
#define NATIVE_TOP 0xfffff000u

struct multiboot_info {
	uint32_t flags, mem_lower, mem_upper, boot_device, command_line;
};

static char command_line[256];
static uint32_t memory_end;

static void read_boot_info(uint32_t magic, uint32_t at)
{
	const struct multiboot_info *info = virt(at);

	if (magic != MULTIBOOT_LOADED || !(info->flags & MULTIBOOT_MEMORY))
		check_abort("boot", "not loaded by a multiboot loader that tells of memory");
	memory_end = 0x100000 + (info->mem_upper & ~3u) * 1024;
	if (memory_end > BOOT_LARGE_PAGES << 22)
		memory_end = BOOT_LARGE_PAGES << 22;
	if (info->flags & MULTIBOOT_COMMAND_LINE)
		snprintf(command_line, sizeof(command_line), "%s",
			 (const char *)virt(info->command_line));
}

/* Is `word` among the command line's words? */
static bool option(const char *word)
{
	const char *at = command_line;

	while (*at) {
		if (starts_with(at, word) && (at[strlen(word)] == ' ' || !at[strlen(word)]))
			return true;
		while (*at && *at != ' ')
			at++;
		while (*at == ' ')
			at++;
	}
	return false;
}

/* The number behind `word`, 0 without it. */
static uint32_t option_number(const char *word)
{
	uint32_t number = 0;

	for (const char *at = command_line; *at; at++) {
		if ((at != command_line && at[-1] != ' ') || !starts_with(at, word))
			continue;
		for (at += strlen(word); *at >= '0' && *at <= '9'; at++)
			number = number * 10 + (uint32_t)(*at - '0');
		break;
	}
	return number;
}

/* Finds, accepts and activates a ROM. Result: why there is none in use. */
static enum vmi_reason activate(const struct vrom_header *found)
{
	enum vmi_reason why = found ? rom_accept(found, true) : VMI_E_NO_ROM;

	if (why != VMI_OK)
		return why;
	/* Paging is on, interrupts are off. */
	if (((uint32_t (*)(void))(uint32_t)found->vmi_init)()) {
		printf("VMI: ROM failed to initialize\n");
		return VMI_E_INIT;
	}
	rom = found;
	return VMI_OK;
}

static void boot(const struct vrom_header *found)
{
	enum vmi_reason why = activate(found);
	bool alive = !rom || bind_slots();

	fixmap_init(rom ? rom_fixmap_top(rom) : NATIVE_TOP);
	bind_census(why);
	printf("note paging %s%s, %u processors\n", pae ? "PAE" : "2-level", nx ? " with NX" : "",
	       smp_count());
	if (rom)
		check("bind.mandatory", alive,
		      "IRET or SYSEXIT is not provided after VMI_Init returned 0");
	if (!alive)
		check_end();
	check("boot.interrupts_off", !(raw_eflags() & EFLAGS_IF),
	      "activation has turned interrupts on");
	test_march("march.bound");
	if (rom)
		patch_sites(sites_start, sites_end);
	cpu_tables(0);
	idt_fill();
	if (pv_set_linear_mapping)
		pv_set_linear_mapping(0, PAGE_OFFSET, memory_pages(), 0);
	irq_init();
	clock_init();
	irq_enable();
	check("clock.first_ticks", wait_ticks(3), "no tick comes");
	fixmap_map_apic();
	clock_to_lvtt();
}

static void test_all(const struct vrom_header *found)
{
	test_discover(found);
	test_refused(found);
	test_copies(found);
	test_answers();
	test_march("march.patched");
	test_clock(option_number("seconds="));
	test_irq_ops();
	test_cpu_ops();
	test_descriptor_ops();
	test_mmu_ops();
	test_processes();
	test_signals();
	test_smp();
	test_module();
}

void client_main(uint32_t magic, uint32_t info)
{
	const struct vrom_header *found;
	uint32_t r[4], signature[4];

	console_init();
	irq_silence();
	raw_cpuid(r, 1, 0);
	features = r[3];
	raw_cpuid(signature, CPUID_HYPERVISOR, 0);
	hypervisor_note(r, signature);
	cpu_tables(0);
	idt_fill();
	read_boot_info(magic, info);
	frames_init(memory_end);
	paging_init(memory_end, option("pae=1"));
	this_cpu()->space = &kernel_space;
	sysenter_return = user_address(vsyscall_return);
	slow_machine = option("slow=1");
	if (option("pae=1") && !pae)
		check_abort("boot.pae", "this processor has no PAE");
	found = rom_find(VROM_WINDOW_BASE + PAGE_OFFSET, VROM_CLIENT_WINDOW_END + PAGE_OFFSET);
	boot(found);
	test_all(found);
	check_end();
}
