// SPDX-License-Identifier: GPL-2.0-only
/* The guest: set up, load, report, test, end. */
#include "apic.h"
#include "arch.h"
#include "binding.h"
#include "console.h"
#include "coverage.h"
#include "cpu.h"
#include "exit.h"
#include "frames.h"
#include "harden.h"
#include "image_place.h"
#include "irq.h"
#include "load.h"
#include "module.h"
#include "paging.h"
#include "patch.h"
#include "power.h"
#include "pv_ops.h"
#include "rights.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "tpm.h"
#include "wrong.h"

void guest_main(uint32_t magic, uintptr_t info);

/* Raises an exception that nothing expects, to show that the dump works. */
static void crash(unsigned vector)
{
	const struct descriptor entry = { 0x10, 0x20 };

	if (vector == 8)
		cpu_double_fault();
	if (vector == 6)
		asm volatile("ud2");
	/* In the ROM, if that serves the slot; the second has an argument on the stack. */
	if (vector == 14)
		pv_mmu_ops.set_pte(NULL, 0);
	if (vector == 15)
		pv_cpu_ops.write_ldt_entry(NULL, 0, &entry);
}

/* The guest cannot do without paging: its ROM window is mapped in the upper half alone. */
static void memory_init(const struct options *options)
{
	extern char image_end[];
	uint32_t end = image_physical((uintptr_t)image_end);

	if (options->ram_end <= end) {
		printf("note no RAM behind the image: found end 0x%08x, expected above 0x%08x\n",
		       options->ram_end, end);
		guest_exit(GUEST_EXIT_EXCEPTION);
	}
	frames_init(end, options->ram_end);
	if (!paging_init(options->pae))
		guest_exit(GUEST_EXIT_EXCEPTION);
}

/* Called by boot.asm with the registers that the multiboot loader left. */
void guest_main(uint32_t magic, uintptr_t info)
{
	static struct options options;
	bool good;

	console_init();
	printf("note pvrom guest " ARCH_NAME "\n");
	binding_native();
	cpu_tables_init();
	cpu_init();
	cpu_note_hypervisor();
	irq_init();
	power_init();
	options_read(&options, magic, info);
	tpm_report(options.ram_end);
	module_keep(magic, info, options.ram_end);
	memory_init(&options);
	time_init();
	if (options.crash == 6 || options.crash == 8)
		crash(options.crash);
	load_and_report(&options);
	load_tell();
	if (options.apic_off)
		apic_switch_off();
	if (options.x2apic)
		apic_switch_x2();
	time_bind();
	if (options.crash)
		crash(options.crash);
	patch_and_report(!options.patch_off);
	if (options.wrong == WRONG_SITES)
		wrong_sites();
	smp_start(options.smp);
	if (options.covers)
		coverage_start();
	test_run_all(options.test);
	test_begin("end.write-xor-execute");
	rights_check();
	test_end();
	harden_check();
	good = test_summary();
	if (good && options.end && power_before() == POWER_NONE) {
		vmi_ops.leave();
		power_end(options.end);
		good = false; /* it came back */
	}
	guest_exit(good ? GUEST_EXIT_GOOD : GUEST_EXIT_FAILED);
}
