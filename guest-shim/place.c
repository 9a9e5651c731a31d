// SPDX-License-Identifier: GPL-2.0-only
#include "place.h"
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "load.h"
#include "memory.h"
#include "module.h"
#include "paging.h"
#include "pv_ops.h"
#include "test.h"
#include "trap.h"
#include "user.h"

static uint32_t placed_at, placed_size;

/* The last step of the window at which the module fits; false if there is no module. */
static bool last_step(uint32_t *address)
{
	uint32_t size;

	if (!module_get(&size))
		return false;
	*address = (VROM_WINDOW_END - size) & ~(VROM_WINDOW_STEP - 1u);
	return true;
}

/* Takes away the image placed before and writes the module. False after a test error. */
static bool place_write(uint32_t address)
{
	uint32_t size, last;
	const uint8_t *module = module_get(&size);
	void *to = linear(address);

	if (!last_step(&last)) {
		test_error("no ROM came along to be placed: give one with --module");
		return false;
	}
	if (address < VROM_WINDOW_BASE || address > last || address % VROM_WINDOW_STEP) {
		test_error("place 0x%x: expected a multiple of 0x%x from 0x%x to 0x%x", address,
			   VROM_WINDOW_STEP, VROM_WINDOW_BASE, last);
		return false;
	}
	paging_set_rom(0, 0);
	memset(linear(placed_at), 0, placed_size);
	placed_size = 0;
	memcpy(to, module, size);
	if (memcmp(to, module, size)) {
		test_error("the window is not writable at 0x%x: use isapc or microvm", address);
		return false;
	}
	placed_at = address;
	placed_size = size;
	printf("note placed 0x%08x\n", address);
	return true;
}

static bool find_config(const struct vmi_candidate *rom, struct vrom_config *config)
{
	for (uint32_t at = 0; at + sizeof(*config) <= rom->length; at += 16) {
		memcpy(config, linear((uint32_t)rom->base + at), sizeof(*config));
		if (config->signature == VROM_CONFIG_SIGNATURE)
			return true;
	}
	return false;
}

/* Through the slots, whoever serves them: plain calls, and a way to user mode and back. */
static void check_calls(void)
{
	uint32_t eax = 0, ebx, ecx = 0, edx, raw[4];
	struct user_context user;
	struct trap_info trap;

	pv_cpu_ops.cpuid(&eax, &ebx, &ecx, &edx);
	raw_cpuid(0, 0, raw);
	CHECK_EQ("EBX of CPUID", ebx, raw[1]);
	CHECK_EQ("CR3", pv_mmu_ops.read_cr3(), paging_root());
	CHECK(pv_cpu_ops.read_cr0() & CR0_PG, "CR0 says that paging is off");
	user_context_init(&user, user_return);
	user_run(&user, &trap);
	CHECK_EQ("vector of the way back from user mode", trap.regs.vector, VECTOR_USER);
}

static void place_check(uint32_t address)
{
	const struct vmi_load *load = load_result();
	const struct vmi_abi *abi = vmi_abi_of(load->long_mode);
	const struct vmi_candidate *rom;
	struct vrom_config config;
	unsigned bound = 0;

	if (!CHECK(load->chosen >= 0, "no ROM is in use: %s", vmi_reason_name(load->reason)))
		return;
	rom = &load->candidates[load->chosen];
	CHECK_EQ("address of the ROM in use", rom->base, address);
	if (CHECK(find_config(rom, &config), "the image has no config block"))
		CHECK_EQ("flags of its config block", config.flags, 0);
	for (int call = 0; call < abi->call_count; call++) {
		const struct vmi_binding *answer = &load->answers[call];

		bound += answer->kind == VMI_BIND_ROM || load->inlines[call].kind == VMI_BIND_INLINE;
		if (answer->kind == VMI_BIND_ROM)
			CHECK(answer->address - (uintptr_t)linear(address) < rom->length,
			      "call %d is answered outside the image: 0x%llx", call,
			      (unsigned long long)answer->address);
		if (!abi->calls[call].reserved && abi->calls[call].group == VMI_GROUP_timer)
			CHECK_EQ("reason of a timer call", answer->reason, VMI_E_CALL_NONE);
	}
	check_calls();
	test_note("%u calls bound", bound);
}

static bool place(const char *name, uint32_t address)
{
	bool written;

	test_begin(name);
	written = place_write(address);
	if (written) {
		load_window();
		place_check(address);
		binding_native();
	}
	test_end();
	return written;
}

void place_module(const struct options *options)
{
	uint32_t last, address = VROM_WINDOW_BASE;
	char name[24];
	bool written;

	if (!options->place_all || !last_step(&last)) {
		place("place", options->place_all ? address : options->place_at);
		return;
	}
	do {
		snprintf(name, sizeof(name), "place.0x%05x", address);
		written = place(name, address);
		address += VROM_WINDOW_STEP;
	} while (written && address <= last); /* what is read-only here is so elsewhere */
}
