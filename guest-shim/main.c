// SPDX-License-Identifier: GPL-2.0-only
/* The guest: set up, load, report, test, end. */
#include "arch.h"
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "exit.h"
#include "irq.h"
#include "load.h"
#include "test.h"

void guest_main(uint32_t magic, uintptr_t info);

/* Raises an exception that nothing expects, to show that the dump works. */
static void crash(unsigned vector)
{
	if (vector == 8)
		cpu_double_fault();
	if (vector == 6)
		asm volatile("ud2");
}

/* Called by boot.asm with the registers that the multiboot loader left. */
void guest_main(uint32_t magic, uintptr_t info)
{
	static struct options options;

	console_init();
	printf("note pvrom guest " ARCH_NAME "\n");
	binding_native();
	cpu_tables_init();
	cpu_init();
	irq_init();
	options_read(&options, magic, info);
	if (options.crash)
		crash(options.crash);
	load_and_report(&options);
	test_run_all(options.test);
	guest_exit(test_summary() ? GUEST_EXIT_GOOD : GUEST_EXIT_FAILED);
}
