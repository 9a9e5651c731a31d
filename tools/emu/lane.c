/* SPDX-License-Identifier: GPL-2.0-only */
/* The lane itself: load addresses, answers, and every entry beside its native text. */
#include "emu/lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/ask.h"
#include "emu/lane_internal.h"

struct lane {
	const struct lane_options *o;
	struct lane_report *report;
	const struct lane_abi *abi;
	struct emu *rom, *native;
	uint64_t base;			     /* of this load */
	uint8_t *image;			     /* as POST leaves it there */
	uint32_t config;		     /* offset of its vrom_config, 0 = a foreign one */
	uint64_t state;			     /* where it sees the page at EMU_STATE */
	struct lane_answer first[LANE_CALLS]; /* what the first load answered */
	struct lane_case c;
	struct emu_result rom_result, native_result;
};

static void locate(struct lane *l, struct lane_finding *finding, bool was_good)
{
	size_t used = strlen(finding->text);

	if (was_good && finding->kind != LANE_GOOD)
		snprintf(finding->text + used, sizeof(finding->text) - used, "; loaded at %#llx",
			 (unsigned long long)l->base);
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

	if (good && lane_ask_init(l->rom, l->base, l->o, &answer, &report->init)) {
		if (!load)
			report->init_answer = answer;
		else if (answer != report->init_answer)
			lane_find(&report->init, LANE_POSITION, "answer: found %#x, expected %#x",
				  answer, report->init_answer);
	}
	locate(l, &report->init, good);

	for (unsigned int n = 0; n < l->abi->calls; n++)
		ask_call(l, load, n);
	good = report->answers.kind == LANE_GOOD;
	for (size_t i = 0; i < ASK_BEYOND + 4 && good; i++) {
		uint32_t number = i < 2		 ? l->abi->calls + (uint32_t)i :
				  i < ASK_BEYOND ? ask_beyond[i] :
						   random32(&r) | l->abi->calls << 1;
		struct lane_answer none;

		if (number < l->abi->calls)
			continue; /* a call of the other ABI is beyond this one */

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

static void run_native(struct lane *l)
{
	memcpy(emu_ram(l->native), l->c.ram, EMU_RAM_SIZE);
	emu_run(l->native, &l->c.native, LANE_LIMIT, &l->native_result);
}

/* The counter runs on: the entry's value lies between two that native code reads. */
static void check_tsc(struct lane *l, struct lane_finding *finding)
{
	uint64_t before = lane_pair(&l->native_result), found = lane_pair(&l->rom_result);
	const char *where = l->abi->width == 64 ? "rax" : "edx:eax";

	run_native(l);
	if (found < before || found > lane_pair(&l->native_result))
		lane_find(finding, LANE_RESULT, "%s: found %#llx, expected %#llx to %#llx", where,
			  (unsigned long long)found, (unsigned long long)before,
			  (unsigned long long)lane_pair(&l->native_result));
}

static void place_case(struct lane *l, unsigned int n)
{
	l->c.image = l->base;
	l->c.image_size = (uint32_t)l->o->size;
	l->c.start.eip = l->c.native.eip = l->base + l->first[n].offset;
	if (l->abi->width == 64 && l->base + l->o->size > EMU_ONE_TO_ONE) {
		l->c.start.setup.cr0 &= ~(uint64_t)EMU_CR0_PG;
		l->c.native.setup.cr0 = l->c.start.setup.cr0;
		if (n == VMI_CALL_SetCR0)
			*lane_argument(&l->c, 0) &= ~(uint64_t)EMU_CR0_PG;
		l->c.native.gpr[EMU_EDI] = l->c.start.gpr[EMU_EDI];
	}
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
	uint32_t config = l->config;
	bool patch = config && n == VMI_CALL_Shutdown;
	uint8_t *image = malloc(l->o->size);

	if (!image)
		return -1;
	memcpy(image, l->image, l->o->size);
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
		result = emu_load(l->rom, l->base, l->image, l->o->size);
	}
	free(image);
	return result;
}

/* What a counter reads now; the case's other registers stay. */
static uint64_t counter(struct lane *l, uint32_t number)
{
	*lane_argument(&l->c, 0) = number;
	memcpy(emu_ram(l->rom), l->c.ram, EMU_RAM_SIZE);
	emu_run(l->rom, &l->c.start, LANE_LIMIT, &l->rom_result);
	return lane_pair(&l->rom_result);
}

/* A clock beside the native RDTSC: it changes nothing else, and its result is known. */
static void run_clock(struct lane *l, unsigned int n, struct emu_random *r,
		      struct lane_finding *finding)
{
	const uint32_t updated_at = EMU_STATE + offsetof(struct vmi_state, wallclock_updated);
	const struct emu_write told = { l->state + offsetof(struct vmi_state, wallclock_updated), 1, 0 };
	struct emu_result *native = &l->native_result;
	struct lane_case *c = &l->c;
	struct vrom_config config;

	c->updated = (uint8_t)random_below(r, 2);
	c->ram[updated_at - EMU_RAM] = c->updated;
	if (n == VMI_CALL_GetCycleCounter && !random_once_in(r, 4))
		*lane_argument(c, 0) = random_below(r, 4);
	run_native(l);
	uint64_t before = lane_pair(native);
	memcpy(emu_ram(l->rom), c->ram, EMU_RAM_SIZE);
	emu_run(l->rom, &c->start, LANE_LIMIT, &l->rom_result);
	run_native(l);
	if (n == VMI_CALL_WallclockUpdated && l->config) { /* it alone writes: told once */
		native->write[native->writes++ % EMU_LOG] = told;
		native->read[native->reads++ % EMU_LOG] = told;
		emu_ram(l->native)[updated_at - EMU_RAM] = 0;
	}
	if (!lane_compare(c, &l->rom_result, emu_ram(l->rom), native, emu_ram(l->native), finding))
		return;
	if (l->config)
		memcpy(&config, l->image + l->config, sizeof(config));
	if (!lane_check_clock(c, l->config ? &config : NULL, &l->rom_result, before,
			      lane_pair(native), finding) ||
	    n != VMI_CALL_GetCycleCounter)
		return;
	uint64_t real = counter(l, 0), available = counter(l, 1), stolen = counter(l, 2);
	lane_check_sum(real, available, stolen, counter(l, 0), finding);
}

/* One that natively nobody serves, beside the text that fits to what it says that it did. */
static void run_told(struct lane *l, unsigned int n, struct lane_finding *finding)
{
	struct emu_result *native = &l->native_result;
	struct lane_case *c = &l->c;

	memcpy(emu_ram(l->rom), c->ram, EMU_RAM_SIZE);
	emu_run(l->rom, &c->start, LANE_LIMIT, &l->rom_result);
	if (lane_load_native(l->native, lane_beside(c, &l->rom_result), l->base + l->first[n].offset)) {
		lane_find(finding, LANE_BROKEN, "Unicorn cannot map the native text");
		return;
	}
	run_native(l);
	lane_tell_reads(c, native);
	if (lane_compare(c, &l->rom_result, emu_ram(l->rom), native, emu_ram(l->native), finding) &&
	    l->rom_result.end == EMU_LANDED)
		lane_check_told(c, &l->rom_result, native, finding);
}

static void run_case(struct lane *l, unsigned int n, struct lane_finding *finding)
{
	struct lane_case *c = &l->c;
	struct emu_result *native = NULL;

	if (lane_has_native(l->abi, n)) {
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
	if (n == VMI_CALL_GetCapability)
		lane_check_capability(l->image, l->o->size, l->abi->width,
				      (uint32_t)lane_argument_value(c, 0),
				      &l->rom_result, finding);
	if (n == VMI_CALL_RDTSC && native && native->end == EMU_LANDED)
		check_tsc(l, finding);
	/* Faulted: it has no result. After a return to user code the fault is that code's. */
	if (l->rom_result.end == EMU_LANDED || (l->rom_result.state.value[EMU_CS] & 3) == 3)
		lane_check_stated(c, &l->rom_result, finding);
}

static void run_call(struct lane *l, uint32_t load, uint32_t loads, unsigned int n)
{
	struct lane_call *call = &l->report->call[n];
	bool jump = call->answer == VMI_RELOCATION_JUMP_REL;

	if (!jump && call->answer != VMI_RELOCATION_CALL_REL)
		return;
	bool clock = lane_is_clock(n);
	unsigned int beside = clock ? VMI_CALL_RDTSC : n;

	if (lane_has_native(l->abi, beside) &&
	    lane_load_native(l->native, beside, l->base + l->first[n].offset)) {
		lane_find(&call->finding, LANE_BROKEN, "Unicorn cannot map the native text");
		return;
	}
	for (uint32_t round = load; round < l->o->rounds && call->finding.kind == LANE_GOOD;
	     round += loads) {
		if (l->abi->call[n].noreturn && !lane_has_native(l->abi, n) && round >= loads)
			break; /* it ends the machine: once for each load address */
		struct emu_random r = random_from(l->o->seed, n, round);

		lane_make_case(&l->c, l->abi, n, jump, &r);
		if (n == VMI_CALL_GetCapability && !random_once_in(&r, 4))
			*lane_argument(&l->c, 0) = random_below(&r, l->abi->calls + 4);
		place_case(l, n);
		if (clock)
			run_clock(l, n, &r, &call->finding);
		else if (lane_is_told(n))
			run_told(l, n, &call->finding);
		else if (!l->abi->call[n].noreturn || lane_has_native(l->abi, n))
			run_case(l, n, &call->finding);
		else if (run_power(l, n, load % 2, &r, &call->finding))
			lane_find(&call->finding, LANE_BROKEN, "Unicorn cannot map the image");
		call->cases++;
		if (call->finding.kind != LANE_GOOD) {
			char place[64];
			size_t used = strlen(call->finding.text);

			snprintf(place, sizeof(place), "; round %u, loaded at %#llx", round,
				 (unsigned long long)l->base);
			if (used > sizeof(call->finding.text) - sizeof(place))
				used = sizeof(call->finding.text) - sizeof(place);
			strcpy(call->finding.text + used, place);
		}
	}
}

/* Loads the image as POST leaves it at l->base. Result: 0, or -1 where it cannot be mapped. */
static int load_posted(struct lane *l, uint32_t load)
{
	struct emu_random r = random_from(l->o->seed, VMI_CALLS + 2, load);
	struct emu_start start;

	emu_start_plain(l->abi->width, &start);
	start.eip = l->base;
	if (lane_load_native(l->native, VMI_CALL_RDTSC, l->base))
		return -1;
	emu_ram_template(l->abi->width, emu_ram(l->native));
	emu_poke(emu_ram(l->native), l->abi->width, start.gpr[EMU_ESP], EMU_LANDING);
	emu_run(l->native, &start, LANE_LIMIT, &l->native_result);
	struct emu_clock clock = lane_random_clock(lane_pair(&l->native_result), &r);
	memcpy(l->image, l->o->image, l->o->size);
	l->config = emu_post(l->image, l->o->size, l->base, &clock);
	l->state = emu_state_place(l->base);
	uint8_t *flags = &l->image[l->config + offsetof(struct vrom_config, flags)];
	bool trace = l->config && *flags & VROM_CONFIG_TRACE;
	/*
	 * What a trace build logs is no effect; without memory of its own it changes nothing
	 * else. Its APIC and timer calls are not answered then.
	 */
	if (trace)
		*flags &= (uint8_t)~(VROM_CONFIG_TIME | VROM_CONFIG_LINEAR);
	emu_ignore_port(l->rom, trace ? VMI_TRACE_PORT : 0);
	if (emu_map_state(l->rom, 0) || emu_load(l->rom, l->base, l->image, l->o->size))
		return -1;
	return l->state == EMU_STATE ? 0 : emu_map_state(l->rom, l->state);
}

int lane_run(const struct lane_options *o, struct lane_report *report, char *error,
	     size_t error_size)
{
	struct lane *l = calloc(1, sizeof(*l));
	uint32_t loads = o->rounds < LANE_LOADS ? o->rounds : LANE_LOADS;
	int result = -1;

	if (!l || !(l->image = malloc(o->size))) {
		snprintf(error, error_size, "out of memory");
		free(l);
		return -1;
	}
	l->o = o;
	l->report = report;
	l->abi = lane_abi(o->width);
	if (!(l->rom = emu_open(o->width, error, error_size)) ||
	    !(l->native = emu_open(o->width, error, error_size)))
		goto out;
	for (uint32_t load = 0; load < loads; load++) {
		l->base = lane_load_address(o, load);
		if (load_posted(l, load)) {
			snprintf(error, error_size, "Unicorn cannot map the image at %#llx",
				 (unsigned long long)l->base);
			goto out;
		}
		ask(l, load);
		for (unsigned int n = 0; n < l->abi->calls; n++)
			if (report->call[n].chosen)
				run_call(l, load, loads, n);
	}
	check_init(report);
	result = 0;
out:
	emu_close(l->rom);
	emu_close(l->native);
	free(l->image);
	free(l);
	return result;
}
