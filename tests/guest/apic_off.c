// SPDX-License-Identifier: GPL-2.0-only
/*
 * An APIC that is switched off by MSR (apic=off): its registers read 0, and an LVTT alarm goes
 * to the PIT. All other tests run on the PIT then, too.
 */
#include "apic.h"
#include "pv_ops.h"
#include "test.h"
#include "time.h"
#include "timing.h"

TEST(off, "apic-off.lvtt-to-the-pit", VMI_CALL_APICRead, VMI_CALL_APICWrite, VMI_CALL_SetAlarm)
{
	uint64_t set, expiry;

	if (apic_present() || !time_usable())
		SKIP("the APIC is there, or the TSC is not: see apic=off");
	for (uint32_t reg = 0; reg < 0x400; reg += 16) {
		pv_apic_ops.apic_write(reg, 0xff);
		CHECK_EQ("a register", pv_apic_ops.apic_read(reg), 0);
	}
	timing_start(0);
	set = timing_now();
	expiry = set + time_ticks(500);
	timing_set(VMI_ALARM_LVTT | TIME_AVAILABLE, expiry, 0);
	timing_await(1, expiry);
	CHECK(timing[0].count == 1, "found %u interrupts of the PIT, expected 1", timing[0].count);
	CHECK(timing[0].at[0] + timing_tolerance(expiry - set) >= expiry, "the alarm is early");
	CHECK_EQ("cancel_alarm", vmi_ops.cancel_alarm(VMI_ALARM_LVTT | TIME_AVAILABLE), 0);
	timing_stop(0);
}
