/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cpu lane cannot show, and where it is shown instead. */
#include "emu/lane_internal.h"

static const struct lane_exception exceptions[] = {
	{ VMI_CALL_RDPMC, false, "Unicorn 2.0.1 has no RDPMC: only the fault of both is compared",
	  "tests/guest/counters.c" },
	{ VMI_CALL_Reboot, true, "no native text and no machine: its ports and its last fault are seen",
	  "tests/guest/power.c" },
	{ VMI_CALL_Shutdown, true, "no native text and no machine: its ports and its halt are seen",
	  "tests/guest/power.c" },
	{ VMI_CALL_APICWrite, true, "no local APIC: only the conventions are seen",
	  "tests/guest/apic.c" },
	{ VMI_CALL_APICRead, true, "no local APIC: only the conventions are seen",
	  "tests/guest/apic.c" },
	{ VMI_CALL_SetAlarm, true, "no PIT and no local APIC: only the conventions are seen",
	  "tests/guest/timer_alarm.c" },
	{ VMI_CALL_CancelAlarm, true, "no PIT and no local APIC: only the conventions are seen",
	  "tests/guest/timer_alarm.c" },
	{ VMI_CALL_SetDR, true, "Unicorn 2.0.1 crashes when DR7 arms a breakpoint: never armed",
	  "tests/guest/debug_regs.c" },
	{ VMI_CALL_Halt, true, "no interrupt wakes an emulated CPU: it is resumed by hand",
	  "tests/guest/halt.c" },
	{ VMI_CALL_InvalPage, true, "the TLB cannot be seen: the instruction is",
	  "tests/guest/x86_32/mmu.c" },
	{ VMI_CALL_FlushTLB, true, "the TLB cannot be seen: the instructions are",
	  "tests/guest/flush_flags.c" },
};

const struct lane_exception *lane_exception(unsigned int call)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (exceptions[i].call == call)
			return &exceptions[i];
	return NULL;
}
