// SPDX-License-Identifier: GPL-2.0-only
/* Callbacks for the loader, and the windows it looks through. */
#include "load.h"
#include "apic.h"
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "foreign.h"
#include "frames.h"
#include "harden.h"
#include "memory.h"
#include "paging.h"
#include "place.h"
#include "pv_ops.h"
#include "shadow.h"
#include "test.h"
#include "watchdog.h"
#include "wrong.h"

#define LOADER_INSTRUCTIONS 200000u /* from its entry to the last slot bound */
#define WINDOW_SIZE (VROM_WINDOW_END - VROM_WINDOW_BASE)

/* Page aligned, as the ROM's own steps are. */
static uint8_t window_copy[WINDOW_SIZE] __attribute__((aligned(4096)));
static struct vmi_binding bindings[SLOT_COUNT];
static struct vmi_load load;
static bool watched;      /* the watchdog ends a call that does not come back */
static bool apic_told;    /* the ROM took where the APIC is mapped */
static bool told_reloc;   /* said that the ROM's GetRelocationInfo is called */
static uint64_t load_start, load_end; /* the TSC around the last load; 0 without one */
static uint64_t init_end; /* the TSC when the last VMI_Init came back */

static bool read_window(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	const struct vmi_window *w = context;
	vmi_phys_t offset = from - w->base; /* a huge one if it lies below */

	if (offset > w->size || length > w->size - (uint32_t)offset)
		return false;
	memcpy(to, (const void *)((uintptr_t)w->virt + (uint32_t)offset), length);
	return true;
}

/*
 * Where no watchdog ends a call that does not come back, whoever stops the guest can say
 * which one it was: the last line of the console.
 */
static void tell_call(const char *name, vmi_virt_t entry)
{
	if (!watched)
		printf("calling %s at 0x%08lx\n", name, (unsigned long)entry);
}

/* The candidate whose VMI_Init this is: the loader has checked it. */
static const struct vmi_candidate *candidate_at(vmi_virt_t entry)
{
	vmi_virt_t offset = entry - load.window.virt;

	for (size_t i = load.candidate_count; i-- > 0;) {
		const struct vmi_candidate *c = &load.candidates[i];

		if (c->usable && offset - (c->base - load.window.base) < c->length)
			return c;
	}
	return NULL;
}

static enum vmi_call_status call_init(void *context, vmi_virt_t entry, struct vmi_registers *out)
{
	const struct vmi_window *w = context;
	const struct vmi_candidate *rom = candidate_at(entry);

	if (rom && w->virt == paging_window()) {
		vmi_phys_t state;
		uint32_t size;

		paging_set_rom((uint32_t)rom->base, rom->length);
		if (vmi_state_memory(&load, rom, &state, &size))
			paging_set_state((uint32_t)state, size);
	}
	told_reloc = false;
	tell_call("VMI_Init", entry);
	enum vmi_call_status status = foreign_call(entry, 0, out);

	init_end = cpu_has(CPU_TSC) ? raw_rdtsc() : 0;
	return status;
}

static enum vmi_call_status call_get_relocs(void *context, vmi_virt_t entry, const uint8_t *calls,
					    uint32_t count, struct vmi_registers *out,
					    uint32_t *asked)
{
	(void)context;
	if (!told_reloc)
		tell_call("GetRelocationInfo", entry);
	told_reloc = true;
	return foreign_calls(entry, calls, count, out, asked);
}

static enum vmi_call_status call_get_reloc(void *context, vmi_virt_t entry, uint32_t call,
					   struct vmi_registers *out)
{
	uint8_t number = (uint8_t)call;
	uint32_t asked;

	return call_get_relocs(context, entry, &number, 1, out, &asked);
}

static void print(void *context, const char *text)
{
	(void)context;
	console_put(text);
}

static struct vmi_platform platform = {
	.read = read_window, .init = call_init, .get_reloc = call_get_reloc,
	.get_relocs = call_get_relocs,
	.install = binding_install, .print = print,
};

/* Makes the slots of the calls in a list mandatory: a name that has none is a note. */
static void mark_mandatory(const char *names)
{
	while (names && *names) {
		size_t length = 0;
		unsigned rows = 0;

		while (names[length] && names[length] != ',')
			length++;
		int call = vmi_find_call(GUEST_ABI, names, length);

		for (size_t row = 0; call >= 0 && row < SLOT_COUNT; row++)
			if (binding_slots[row].call == call) {
				binding_slots[row].flags |= VMI_SLOT_MANDATORY;
				rows++;
			}
		if (!rows)
			printf("note mandatory= names no slot's call: %s\n", names);
		names += length + (names[length] == ',');
	}
}

/* Whatever a ROM did, a load leaves the processor as it was. Says so only if it did not. */
static void check_restored(const struct cpu_system *before, const struct cpu_system *after)
{
	if (!memcmp(before, after, sizeof(*before)))
		return;
	test_begin("load.restored");
	CHECK_EQ("CR0", after->cr0, before->cr0);
	CHECK_EQ("CR3", after->cr3, before->cr3);
	CHECK_EQ("CR4", after->cr4, before->cr4);
	CHECK_EQ("GDT", after->gdt.base, before->gdt.base);
	CHECK_EQ("IDT", after->idt.base, before->idt.base);
	CHECK(false, "a call into a ROM left the processor's system state changed");
	test_end();
}

/* One load through a window, of a ROM no newer than `max`. */
static enum vmi_reason load_through_max(const struct vmi_window *window, struct vmi_version max)
{
	const struct vmi_window copy = *window; /* it may be the last load's */

	memset(&load, 0, sizeof(load));
	load.window = copy;
	load.range = options_get()->range;
	vmi_overrides_parse(&load.overrides, GUEST_ABI, options_get()->words,
			    options_get()->words_length);
	if (max.given)
		load.overrides.max = max;
	mark_mandatory(options_get()->mandatory);
	load.long_mode = sizeof(uintptr_t) == 8;
	load.slots = binding_slots;
	load.slot_count = SLOT_COUNT;
	load.bindings = bindings;
	platform.context = &load.window;
	load.platform = &platform;
	wrong_load(options_get()->wrong, &load);
	bool tsc = cpu_has(CPU_TSC);
	struct cpu_system before, after;

	cpu_system_read(&before);
	watched = !options_get()->watchdog_off && watchdog_open();
	load_start = tsc ? raw_rdtsc() : 0;
	enum vmi_reason reason = vmi_load(&load);

	load_end = tsc ? raw_rdtsc() : 0;
	watchdog_close();
	cpu_system_read(&after);
	check_restored(&before, &after);
	return reason;
}

enum vmi_reason load_through(const struct vmi_window *window)
{
	return load_through_max(window, (struct vmi_version){ .given = false });
}

/* One load through the real window, or through the copy as it stands. */
static enum vmi_reason run_load_max(bool copy, struct vmi_version max)
{
	const struct vmi_window window = {
		.base = VROM_WINDOW_BASE, .size = WINDOW_SIZE,
		.virt = copy ? (uintptr_t)window_copy : paging_window(),
	};

	paging_set_executable(window_copy, WINDOW_SIZE, copy);
	return load_through_max(&window, max);
}

static enum vmi_reason run_load(bool copy)
{
	return run_load_max(copy, (struct vmi_version){ .given = false });
}

/* Slots that an earlier load bound to the copy leave it first. */
static void copy_window(void)
{
	binding_native();
	paging_set_executable(window_copy, WINDOW_SIZE, false);
	memcpy(window_copy, linear(VROM_WINDOW_BASE), WINDOW_SIZE);
}

/* Finds the image by a load through an undamaged copy. */
static bool find_image(const char *test, uint32_t *offset, uint32_t *length)
{
	copy_window();
	if (run_load(true) == VMI_OK) {
		*offset = (uint32_t)(load.candidates[load.chosen].base - VROM_WINDOW_BASE);
		*length = load.candidates[load.chosen].length;
		return true;
	}
	test_begin(test);
	test_error("there is no usable ROM to damage: %s", vmi_reason_name(load.reason));
	test_end();
	return false;
}

/* The rows that are not on their native twins. */
static unsigned bound_rows(void)
{
	unsigned bound = 0;

	for (size_t row = 0; row < SLOT_COUNT; row++)
		bound += bindings[row].kind != VMI_BIND_NATIVE ||
			 slot_entry[row] != binding_slots[row].native;
	return bound;
}

/* Why the ROM at `base` was refused: with its 55AA damaged it is no candidate at all. */
static enum vmi_reason reason_at(vmi_phys_t base)
{
	for (size_t i = 0; i < load.candidate_count; i++)
		if (load.candidates[i].base == base)
			return load.candidates[i].reason;
	return load.reason;
}

/* Where the damage number `i` of `count` goes: into the length byte, then all over the image. */
static uint32_t flip_offset(unsigned i, unsigned count, uint32_t length)
{
	if (!i)
		return offsetof(struct vrom_header, rom_length);
	return (i - 1) * length / (count - 1); /* at most 4096 * 128 KiB: no overflow */
}

/*
 * `count` loads, each from a copy with one wrong bit: all must end native, with a reason.
 * How many did is the last verdict, so that none can go missing unseen.
 */
static void run_flips(unsigned count)
{
	uint32_t image, length;
	unsigned refused = 0;

	if (!find_image("flips", &image, &length))
		return;
	for (unsigned i = 0; i < count; i++) {
		uint32_t offset = flip_offset(i, count, length);
		char name[32];

		copy_window();
		window_copy[image + offset] ^= (uint8_t)(1u << i % 8);
		snprintf(name, sizeof(name), "flip.0x%04x.%u", offset, i % 8);
		test_begin(name);
		refused += CHECK(run_load(true) != VMI_OK && load.chosen < 0,
				 "a damaged ROM is in use") &&
			   CHECK_EQ("rows that are not native", bound_rows(), 0);
		test_note("%s", vmi_reason_name(reason_at(VROM_WINDOW_BASE + image)));
		test_end();
	}
	test_begin("flips.count");
	CHECK_EQ("damaged ROMs that were refused", refused, count);
	test_note("%u", refused);
	test_end();
}

/* The byte at `offset` of the image in the copy; NULL, and an error, if it is not in there. */
static uint8_t *byte_of(const char *test, uint32_t image, uint32_t length, uint32_t offset)
{
	if (offset < length)
		return &window_copy[image + offset];
	test_begin(test);
	test_error("offset 0x%x lies outside the image of 0x%x bytes", offset, length);
	test_end();
	return NULL;
}

/* Makes the copy what the command line says. Result: whether it shall be used. */
static bool prepare_copy(const struct options *o)
{
	uint32_t image = 0, length = 0;
	uint8_t *byte;

	if ((o->flip || o->set) && !find_image(o->flip ? "flip" : "set", &image, &length))
		return false;
	copy_window();
	if (o->flip && (byte = byte_of("flip", image, length, o->flip_offset)))
		*byte ^= (uint8_t)(1u << o->flip_bit);
	if (o->set && (byte = byte_of("set", image, length, o->set_offset)))
		*byte = o->set_byte;
	if (o->window_empty)
		memset(window_copy, 0, WINDOW_SIZE);
	return o->window_copy || o->window_empty || o->flip || o->set;
}

/* Only under QEMU's -icount shift=0 does the TSC count instructions: icount=1 says so. */
static void check_instructions(bool counted)
{
	uint64_t used = load_end - load_start;

	if (cpu_has(CPU_TSC))
		printf("note loader-tsc %llu\n", (unsigned long long)used);
	else
		printf("note loader-tsc none: this processor has no TSC\n");
	if (!counted)
		return;
	test_begin("loader.instructions");
	CHECK(used && used <= LOADER_INSTRUCTIONS, "found %llu, expected at most %u",
	      (unsigned long long)used, LOADER_INSTRUCTIONS);
	test_note("%llu", (unsigned long long)used);
	test_end();
}

static unsigned served_slots(void)
{
	unsigned count = 0;

	for (size_t row = 0; row < SLOT_COUNT; row++)
		count += load.bindings[row].kind != VMI_BIND_NATIVE;
	return count;
}

/* Instructions to bind as one of 3.MINOR. */
static uint64_t binding_as(uint8_t minor)
{
	const struct vmi_version max = { true, VROM_API_MAJOR, minor };

	run_load_max(false, max);
	CHECK_EQ("the minor of the load", load.minor, minor);
	return load_end - init_end;
}

/*
 * From VMI_Init's return to the last slot bound: what the ROM's directory saves. The ROM is loaded
 * again, as one of 3.0, of 3.1, which has hardly more calls, and as it is, which leaves things as
 * they were; of that the cost of a slot is looked at, since it has more slots to bind.
 */
static void check_binding_instructions(void)
{
	uint64_t used = load_end - init_end, asked, with_directory;
	unsigned slots = served_slots(), slots_asked;

	if (load.chosen < 0 || load.minor < 2)
		return;
	test_begin("loader.binding-instructions");
	asked = binding_as(0);
	slots_asked = served_slots();
	with_directory = binding_as(1);
	run_load(false);
	CHECK(load.chosen >= 0 && load.minor >= 2, "the ROM is not in use any more");
	CHECK(with_directory && 3 * with_directory <= asked,
	      "found %llu as 3.1, expected at most a third of the %llu as 3.0",
	      (unsigned long long)with_directory, (unsigned long long)asked);
	CHECK(used && 3 * used * slots_asked <= asked * slots,
	      "found %llu for %u slots, expected at most a third of the %llu for %u as 3.0, by the slot",
	      (unsigned long long)used, slots, (unsigned long long)asked, slots_asked);
	test_note("%llu, as 3.1 %llu, as 3.0 %llu", (unsigned long long)used,
		  (unsigned long long)with_directory, (unsigned long long)asked);
	test_end();
}

enum vmi_reason load_window(void)
{
	return run_load(false);
}

void load_and_report(const struct options *options)
{
	if (options->place)
		place_module(options);
	if (options->flips)
		run_flips(options->flips);
	if (run_load(prepare_copy(options)) == VMI_OK && options->harden)
		harden(options->harden == HARDEN_TOLD);
	check_instructions(options->icount);
	if (options->icount)
		check_binding_instructions();
	vmi_report(&load);
	shadow_tell();
}

void load_tell(void)
{
	paging_tell();
	if (!ROM_FINDS_APIC && apic_present() && !apic_x2())
		apic_told = !vmi_ops.set_mapping(VMI_MAPPING_APIC, vmi_ops.rdmsr(MSR_APIC_BASE) & ~0xfffull,
						 FIXED_APIC, PAGE_SIZE);
	harden_tell();
}

bool load_knows_apic(void)
{
	return ROM_FINDS_APIC || apic_told || apic_x2() || bindings[SLOT_set_alarm].kind != VMI_BIND_ROM;
}

uint32_t load_update_flags(void)
{
	return load.update_flags;
}

const struct vmi_load *load_result(void)
{
	return &load;
}
