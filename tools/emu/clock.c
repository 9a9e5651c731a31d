/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls 66, 67, 70 and 71: they have no native text, but beside a TSC that is read before
 * and after them, and what POST noted, their results are known.
 */
#include <string.h>

#include "emu/lane_internal.h"

enum counter { COUNTER_REAL, COUNTER_AVAILABLE, COUNTER_STOLEN, COUNTERS };

bool lane_is_clock(unsigned int call)
{
	return call == VMI_CALL_GetCycleFrequency || call == VMI_CALL_GetCycleCounter ||
	       call == VMI_CALL_GetWallclockTime || call == VMI_CALL_WallclockUpdated;
}

struct emu_clock lane_random_clock(uint64_t now, struct emu_random *r)
{
	static const uint64_t year_2100_ns = 4102444800ull * 1000000000u;
	uint64_t passed = random64(r) >> (24 + random_below(r, 40)); /* below 2^40 */
	/* 100 MHz to 8 GHz, as odd as they come */
	struct emu_clock clock = {
		.tsc_hz = 100000000ull + random64(r) % 7900000000ull,
		.wallclock_ns = random64(r) % year_2100_ns,
		.wallclock_tsc = passed < now ? now - passed : 0,
	};

	return clock;
}

uint64_t lane_pair(const struct emu_result *result)
{
	if (result->state.width == 64)
		return result->state.value[EMU_EAX];
	return (result->state.value[EMU_EDX] & 0xFFFFFFFF) << 32 |
	       (result->state.value[EMU_EAX] & 0xFFFFFFFF);
}

static bool within(uint64_t found, uint64_t from, uint64_t to, struct lane_finding *finding)
{
	if (found >= from && found <= to)
		return true;
	return lane_find(finding, LANE_RESULT, "result: found %#llx, expected %#llx to %#llx",
			 (unsigned long long)found, (unsigned long long)from,
			 (unsigned long long)to);
}

/* Wall-clock time when the TSC was `tsc`. */
static uint64_t wallclock(const struct vrom_config *config, uint64_t tsc)
{
	unsigned __int128 passed = tsc - config->wallclock_tsc;

	return config->wallclock_ns + (uint64_t)(passed * config->ns_per_tick >> 32);
}

bool lane_check_clock(const struct lane_case *c, const struct vrom_config *config,
		      const struct emu_result *rom, uint64_t before, uint64_t after,
		      struct lane_finding *finding)
{
	uint64_t found = lane_pair(rom);
	uint32_t counter = (uint32_t)lane_argument_value(c, 0);

	switch (c->call->number) {
	case VMI_CALL_GetCycleFrequency:
		return config ? within(found, config->tsc_hz, config->tsc_hz, finding) :
				within(found, 1, UINT64_MAX, finding);
	case VMI_CALL_GetCycleCounter:
		if (counter >= COUNTERS || (config && counter == COUNTER_STOLEN))
			return within(found, 0, 0, finding);
		return !config || within(found, before, after, finding);
	case VMI_CALL_GetWallclockTime:
		return !config || within(found, wallclock(config, before),
					 wallclock(config, after), finding);
	default: /* WallclockUpdated, whose result is one register */
		if (c->abi->width != 64)
			found &= 0xFFFFFFFF;
		return config ? within(found, c->updated, c->updated, finding) :
				within(found, 0, 1, finding);
	}
}

bool lane_check_sum(uint64_t real, uint64_t available, uint64_t stolen, uint64_t later,
		    struct lane_finding *finding)
{
	if (available + stolen >= real && available + stolen <= later)
		return true;
	return lane_find(finding, LANE_RESULT,
			 "available %#llx + stolen %#llx: expected the real time, %#llx to %#llx",
			 (unsigned long long)available, (unsigned long long)stolen,
			 (unsigned long long)real, (unsigned long long)later);
}
