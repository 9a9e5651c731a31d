/* SPDX-License-Identifier: GPL-2.0-only */
/* What the cpu lane cannot show, and where it is shown instead. */
#include "emu/lane_internal.h"
#include "vmi64_abi.h"

static const struct lane_exception exceptions[] = {
	{ VMI_CALL_RDPMC, 0, false, "Unicorn 2.0.1 has no RDPMC: only the fault of both is compared",
	  "tests/guest/counters.c" },
	{ VMI_CALL_Reboot, 0, true, "no native text and no machine: its ports and its last fault are seen",
	  "tests/guest/power.c" },
	{ VMI_CALL_Shutdown, 0, true, "no native text and no machine: its ports and its halt are seen",
	  "tests/guest/power.c" },
	{ VMI_CALL_APICWrite, 0, true, "no local APIC: only the conventions are seen",
	  "tests/guest/apic.c" },
	{ VMI_CALL_APICRead, 0, true, "no local APIC: only the conventions are seen",
	  "tests/guest/apic.c" },
	{ VMI_CALL_SetAlarm, 0, true, "no PIT and no local APIC: only the conventions are seen",
	  "tests/guest/timer_alarm.c" },
	{ VMI_CALL_CancelAlarm, 0, true, "no PIT and no local APIC: only the conventions are seen",
	  "tests/guest/timer_alarm.c" },
	{ VMI_CALL_SetDR, 0, true, "Unicorn 2.0.1 crashes when DR7 arms a breakpoint: never armed",
	  "tests/guest/debug_regs.c" },
	{ VMI_CALL_Halt, 0, true, "no interrupt wakes an emulated CPU: it is resumed by hand",
	  "tests/guest/halt.c" },
	{ VMI_CALL_InvalPage, 0, true, "the TLB cannot be seen: the instruction is",
	  "tests/guest/x86_32/mmu.c" },
	{ VMI_CALL_IRET, 64, true, "Unicorn 2.0.1 checks no target: that of a bad one is the ROM's own",
	  "docs/abi-4.0.md" },
	{ VMI_CALL_SYSRET64, 64, true, "Unicorn 2.0.1 has no SYSRET: what the instruction does is told by hand",
	  "docs/abi-4.0.md" },
	{ VMI_CALL_SYSRET32, 64, true, "Unicorn 2.0.1 has no SYSRET: what the instruction does is told by hand",
	  "docs/abi-4.0.md" },
	{ VMI_CALL_WRMSR, 64, true, "Unicorn 2.0.1 keeps SCE and NXE of EFER clear, and checks no value",
	  "docs/abi-4.0.md" },
	{ VMI_CALL_SetCR0, 64, true, "Unicorn 2.0.1 lets long mode go: PE and PG stay set",
	  "docs/abi-4.0.md" },
	{ VMI_CALL_SetCR4, 64, true, "Unicorn 2.0.1 has no LA57 and lets PAE go: it stays set",
	  "docs/abi-4.0.md" },
	{ VMI_CALL_HaltOnly, 0, true, "no interrupt wakes an emulated CPU: it is resumed by hand",
	  "tests/guest/calls_3_2.c" },
	{ VMI_CALL_VcpuWait, 0, true, "no second CPU: the natively spinning answer is seen",
	  "tests/guest/calls_3_2.c" },
	{ VMI_CALL_ReadMSRSafe, 0, true, "Unicorn 2.0.1 faults at no register: those of SYSENTER have to be there",
	  "tests/guest/calls_3_2.c" },
	{ VMI_CALL_WriteMSRSafe, 0, true, "Unicorn 2.0.1 faults at no register: those of SYSENTER have to be there",
	  "tests/guest/calls_3_2.c" },
	{ VMI_CALL_FlushTLBMulti, 0, true, "no second CPU, and the TLB cannot be seen: the instructions are",
	  "tests/guest/served.c" },
	{ VMI_CALL_GetVcpuCycles, 0, true, "no second CPU: only the processor itself and none are asked for",
	  "tests/guest/served.c" },
	{ VMI_CALL_FlushTLB, 0, true, "the TLB cannot be seen: the instructions are",
	  "tests/guest/flush_flags.c" },
};

const struct lane_exception *lane_exception(unsigned int width, unsigned int call)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (exceptions[i].call == call &&
		    (!exceptions[i].width || exceptions[i].width == width))
			return &exceptions[i];
	return NULL;
}
