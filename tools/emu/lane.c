/* SPDX-License-Identifier: GPL-2.0-only */
/* The lane itself: load addresses, answers, and every entry beside its native text. */
#include "emu/lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/lane_internal.h"

/* Where a guest may see the window, besides one to one. */
static const uint32_t offsets[] = { 0x40000000, 0x80000000, 0xB0000000, 0xC0000000 };

/* Numbers that are no call. */
static const uint32_t beyond[] = {
	VMI_CALLS, VMI_CALLS + 1, 79,	   80,	       127,	   128,	       255,	   256,
	257,	   0x101,	  0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFF00, 0xFFFFFFFF,
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct lane {
	const struct lane_options *o;
	struct lane_report *report;
	struct emu *rom, *native;
	uint32_t base;			     /* of this load */
	struct lane_answer first[VMI_CALLS]; /* what the first load answered */
	struct lane_case c;
	struct emu_result rom_result, native_result;
};

/* The first loads are at the borders, the rest anywhere in the window. */
static uint32_t load_address(const struct lane_options *o, uint32_t load)
{
	uint32_t room = VROM_WINDOW_END - VROM_WINDOW_BASE - (uint32_t)o->size;
	uint32_t steps = room / VROM_WINDOW_STEP + 1;
	struct emu_random r = random_from(o->seed, VMI_CALLS, load);

	switch (load) {
	case 0: return VROM_WINDOW_BASE;
	case 1: return VROM_WINDOW_BASE + VROM_WINDOW_STEP * (steps > 1);
	case 2: return VROM_WINDOW_BASE + (steps - 1) * VROM_WINDOW_STEP;
	case 3: return VROM_WINDOW_BASE + offsets[3];
	}
	uint32_t base = VROM_WINDOW_BASE + random_below(&r, steps) * VROM_WINDOW_STEP;
	return base + (load % 2 ? offsets[random_below(&r, COUNT(offsets))] : 0);
}

static void locate(struct lane *l, struct lane_finding *finding, bool was_good)
{
	size_t used = strlen(finding->text);

	if (was_good && finding->kind != LANE_GOOD)
		snprintf(finding->text + used, sizeof(finding->text) - used, "; loaded at %#x",
			 l->base);
}

static void ask_call(struct lane *l, uint32_t load, unsigned int n)
{
	struct lane_call *call = &l->report->call[n];
	struct lane_answer answer;
	bool good = call->finding.kind == LANE_GOOD;

	if (!good)
		return;
	if (!lane_ask(l->rom, l->base, l->o, n, &answer, &call->finding)) {
		call->answer = -1;
	} else if (!load) {
		l->first[n] = answer;
		call->answer = answer.type;
	} else if (answer.type != l->first[n].type || answer.offset != l->first[n].offset) {
		lane_find(&call->finding, LANE_POSITION,
			  "answer: found offset %#x type %u, expected %#x type %u", answer.offset,
			  answer.type, l->first[n].offset, l->first[n].type);
	}
	locate(l, &call->finding, good);
}

static void ask(struct lane *l, uint32_t load)
{
	struct lane_report *report = l->report;
	struct emu_random r = random_from(l->o->seed, VMI_CALLS + 1, load);
	bool good = report->init.kind == LANE_GOOD;
	uint32_t answer;

	if (good && lane_ask_init(l->rom, l->base, &answer, &report->init)) {
		if (!load)
			report->init_answer = answer;
		else if (answer != report->init_answer)
			lane_find(&report->init, LANE_POSITION, "answer: found %#x, expected %#x",
				  answer, report->init_answer);
	}
	locate(l, &report->init, good);

	for (unsigned int n = 0; n < VMI_CALLS; n++)
		ask_call(l, load, n);
	good = report->answers.kind == LANE_GOOD;
	for (size_t i = 0; i < COUNT(beyond) + 4 && good; i++) {
		uint32_t number = i < COUNT(beyond) ? beyond[i] : random32(&r) | VMI_CALLS << 1;
		struct lane_answer none;

		lane_ask(l->rom, l->base, l->o, number, &none, &report->answers);
		locate(l, &report->answers, good);
		good = report->answers.kind == LANE_GOOD;
	}
}

/* A ROM that keeps the guest native says so, and only one without IRET or SYSEXIT may. */
static void check_init(struct lane_report *report)
{
	int iret = report->call[VMI_CALL_IRET].answer,
	    sysexit = report->call[VMI_CALL_SYSEXIT].answer;
	bool known = iret >= 0 && sysexit >= 0;
	bool flow = iret != VMI_RELOCATION_NONE && sysexit != VMI_RELOCATION_NONE;

	if (known && report->init.kind == LANE_GOOD && (report->init_answer == VMI_INIT_OK) != flow)
		lane_find(&report->init, LANE_ANSWER,
			  "eax: found %#x, expected %s, since IRET and SYSEXIT are %s",
			  report->init_answer, flow ? "0" : "another value",
			  flow ? "answered" : "not both answered");
}

static uint64_t tsc(const struct emu_result *result)
{
	return (result->state.value[EMU_EDX] & 0xFFFFFFFF) << 32 | result->state.value[EMU_EAX];
}

static void run_native(struct lane *l)
{
	memcpy(emu_ram(l->native), l->c.ram, EMU_RAM_SIZE);
	emu_run(l->native, &l->c.native, LANE_LIMIT, &l->native_result);
}

/* The counter runs on: the entry's value lies between two that native code reads. */
static void check_tsc(struct lane *l, struct lane_finding *finding)
{
	uint64_t before = tsc(&l->native_result), found = tsc(&l->rom_result);

	run_native(l);
	if (found < before || found > tsc(&l->native_result))
		lane_find(finding, LANE_RESULT, "edx:eax: found %#llx, expected %#llx to %#llx",
			  (unsigned long long)found, (unsigned long long)before,
			  (unsigned long long)tsc(&l->native_result));
}

static void place_case(struct lane *l, unsigned int n)
{
	l->c.image = l->base;
	l->c.image_size = (uint32_t)l->o->size;
	l->c.start.eip = l->c.native.eip = l->base + l->first[n].offset;
}

static bool came_to_end(struct lane *l, struct lane_finding *finding)
{
	return lane_compare(&l->c, &l->rom_result, emu_ram(l->rom), NULL, NULL, finding);
}

/*
 * One way to the machine's end: of two calls one meets a keyboard controller that is
 * ready, or a power port. Afterwards the image is as before. Result: 0 or -1.
 */
static int run_power(struct lane *l, unsigned int n, bool device, struct emu_random *r,
		     struct lane_finding *finding)
{
	struct lane_case *c = &l->c;
	uint32_t config = lane_config(l->o->image, l->o->size);
	bool patch = config && n == VMI_CALL_Shutdown;
	uint8_t *image = malloc(l->o->size);

	if (!image)
		return -1;
	memcpy(image, l->o->image, l->o->size);
	c->own = config;
	c->power_port = device ? (uint16_t)(1 + random_below(r, 0xFFFF)) : 0;
	c->power_value = (uint16_t)random32(r);
	c->start.port_reads = device ? 0 : c->start.port_reads;
	if (patch)
		lane_set_power(image, config, c->power_port, c->power_value);
	int result = emu_load(l->rom, l->base, image, l->o->size);
	memcpy(emu_ram(l->rom), c->ram, EMU_RAM_SIZE);
	if (!result) {
		emu_run(l->rom, &c->start, LANE_POWER_LIMIT, &l->rom_result);
		/* Halted for ever: not even an NMI makes it go on. */
		if (came_to_end(l, finding) && l->rom_result.end == EMU_HALTED) {
			emu_resume(l->rom, LANE_LIMIT, &l->rom_result);
			came_to_end(l, finding);
		}
		result = emu_load(l->rom, l->base, l->o->image, l->o->size);
	}
	free(image);
	return result;
}

static void run_case(struct lane *l, unsigned int n, struct lane_finding *finding)
{
	struct lane_case *c = &l->c;
	struct emu_result *native = NULL;

	if (lane_has_native(n)) {
		native = &l->native_result;
		run_native(l);
	}
	memcpy(emu_ram(l->rom), c->ram, EMU_RAM_SIZE);
	emu_run(l->rom, &c->start, LANE_LIMIT, &l->rom_result);
	if (!lane_compare(c, &l->rom_result, emu_ram(l->rom), native, emu_ram(l->native), finding))
		return;
	if (native && native->end == EMU_HALTED) { /* as if an interrupt had come and gone */
		emu_resume(l->native, LANE_LIMIT, native);
		emu_resume(l->rom, LANE_LIMIT, &l->rom_result);
		lane_compare(c, &l->rom_result, emu_ram(l->rom), native, emu_ram(l->native),
			     finding);
	}
	if (n == VMI_CALL_RDTSC && native && native->end == EMU_LANDED)
		check_tsc(l, finding);
}

static void run_call(struct lane *l, uint32_t load, uint32_t loads, unsigned int n)
{
	struct lane_call *call = &l->report->call[n];
	bool jump = call->answer == VMI_RELOCATION_JUMP_REL;

	if (!jump && call->answer != VMI_RELOCATION_CALL_REL)
		return;
	if (lane_has_native(n) && lane_load_native(l->native, n, l->base + l->first[n].offset)) {
		lane_find(&call->finding, LANE_BROKEN, "Unicorn cannot map the native text");
		return;
	}
	for (uint32_t round = load; round < l->o->rounds && call->finding.kind == LANE_GOOD;
	     round += loads) {
		if (vmi_calls[n].noreturn && !lane_has_native(n) && round >= loads)
			break; /* it ends the machine: once for each load address */
		struct emu_random r = random_from(l->o->seed, n, round);

		lane_make_case(&l->c, &vmi_calls[n], jump, &r);
		place_case(l, n);
		if (!vmi_calls[n].noreturn || lane_has_native(n))
			run_case(l, n, &call->finding);
		else if (run_power(l, n, load % 2, &r, &call->finding))
			lane_find(&call->finding, LANE_BROKEN, "Unicorn cannot map the image");
		call->cases++;
		if (call->finding.kind != LANE_GOOD) {
			char place[48];
			size_t used = strlen(call->finding.text);

			snprintf(place, sizeof(place), "; round %u, loaded at %#x", round, l->base);
			if (used > sizeof(call->finding.text) - sizeof(place))
				used = sizeof(call->finding.text) - sizeof(place);
			strcpy(call->finding.text + used, place);
		}
	}
}

int lane_run(const struct lane_options *o, struct lane_report *report, char *error,
	     size_t error_size)
{
	struct lane *l = calloc(1, sizeof(*l));
	uint32_t loads = o->rounds < LANE_LOADS ? o->rounds : LANE_LOADS;
	int result = -1;

	if (!l) {
		snprintf(error, error_size, "out of memory");
		return -1;
	}
	l->o = o;
	l->report = report;
	if (!(l->rom = emu_open(error, error_size)) || !(l->native = emu_open(error, error_size)))
		goto out;
	for (uint32_t load = 0; load < loads; load++) {
		l->base = load_address(o, load);
		if (emu_load(l->rom, l->base, o->image, o->size)) {
			snprintf(error, error_size, "Unicorn cannot map the image at %#x", l->base);
			goto out;
		}
		ask(l, load);
		for (unsigned int n = 0; n < VMI_CALLS; n++)
			if (report->call[n].chosen)
				run_call(l, load, loads, n);
	}
	check_init(report);
	result = 0;
out:
	emu_close(l->rom);
	emu_close(l->native);
	free(l);
	return result;
}
