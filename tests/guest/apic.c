// SPDX-License-Identifier: GPL-2.0-only
/*
 * APICWrite and APICRead: by offset and by address, the same registers that the guest sees
 * itself; what is no register reads 0 and is not written. Of LVTT an alarm owns the mode bits
 * and the guest the rest.
 */
#include "apic.h"
#include "layout.h"
#include "load.h"
#include "pv_ops.h"
#include "slots.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define APIC_ADDRESS 0xfee00000u
#define TPR 0x080u
#define ESR_VERSION 0x030u

#define NEEDS_APIC if (!apic_present()) SKIP("this machine has no APIC")
/* microvm has no port 0x61, so nothing to measure the clocks with. */
#define NEEDS_ALARMS if (!apic_present() || !time_usable()) SKIP("no APIC, or no measured clock")

TEST(registers, "apic.registers", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	static const uint32_t same[] = { APIC_ID, ESR_VERSION, TPR, APIC_SPURIOUS, APIC_LVTT };
	static const uint32_t bases[] = { 0, APIC_ADDRESS, 0xffffb000u, 0x1000u };

	NEEDS_APIC;
	CHECK(apic_read(ESR_VERSION) != 0, "the APIC's version reads 0");
	for (unsigned b = 0; b < 4; b++) {
		for (unsigned i = 0; i < sizeof(same) / sizeof(same[0]); i++)
			CHECK_EQ("a register read by APICRead",
				 pv_apic_ops.apic_read(bases[b] + same[i]), apic_read(same[i]));
		/* Classes, not subclasses: those are lost where it is kept as CR8. */
		pv_apic_ops.apic_write(bases[b] + TPR, (2 + b) << 4);
		CHECK_EQ("the task priority written by APICWrite", apic_read(TPR), (2 + b) << 4);
	}
	pv_apic_ops.apic_write(TPR, 0);
}

TEST(no_register, "apic.no-register", VMI_CALL_APICRead, VMI_CALL_APICWrite)
{
	static const uint32_t none[] = {
		0x81, 0x84, 0x8f, 0x400, 0x480, 0x800, 0xfff, 0xff0, APIC_ADDRESS + 0x400,
		0xffffffff, 0xfffffff0,
	};

	NEEDS_APIC;
	apic_write(TPR, 0x30);
	for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		CHECK_EQ("what is no register", pv_apic_ops.apic_read(none[i]), 0);
		pv_apic_ops.apic_write(none[i], 0);
		CHECK_EQ("the task priority", apic_read(TPR), 0x30);
	}
	apic_write(TPR, 0);
}

/* Only who arms the alarm can keep the periodic bit that a write to LVTT would clear. */
static bool torn(void)
{
	const struct vmi_binding *b = load_result()->bindings;

	return b[SLOT_apic_write].kind != b[SLOT_set_alarm].kind;
}
#define NEEDS_ONE_OWNER if (torn()) SKIP("alarms and APIC are not both the ROM's")

#define VECTOR_AND_MASK (APIC_MASKED | 0xff)
#define OTHER_VECTOR 0xb5u
/* The device repeats by itself what is set less than 1/64 of a period late: hosts stall less. */
#define FAR_US 100000000u

TEST(lvtt, "apic.lvtt-ownership", VMI_CALL_APICWrite, VMI_CALL_SetAlarm)
{
	static const uint32_t written[] = { VECTOR_TIMER, OTHER_VECTOR | APIC_MASKED,
					    VECTOR_TIMER | APIC_MASKED };
	const bool apic = timing_by_apic();
	const uint32_t periodic = apic ? APIC_PERIODIC : 0;
	uint64_t far;

	NEEDS_ALARMS;
	NEEDS_ONE_OWNER;
	far = time_ticks(FAR_US);
	pv_irq_disable();
	for (unsigned i = 0; i < 3; i++) {
		uint32_t value = written[i];

		pv_apic_ops.apic_write(APIC_LVTT, value);
		CHECK_EQ("LVTT", apic_read(APIC_LVTT), value);
		vmi_ops.set_alarm(VMI_ALARM_LVTT, timing_now() + far, 0);
		CHECK_EQ("LVTT with an alarm that comes once", apic_read(APIC_LVTT), value);
		vmi_ops.set_alarm(VMI_ALARM_LVTT | VMI_ALARM_PERIODIC, timing_now() + far, far);
		CHECK_EQ("LVTT with a periodic alarm", apic_read(APIC_LVTT), value | periodic);
		pv_apic_ops.apic_write(APIC_LVTT, VECTOR_TIMER | APIC_MASKED);
		CHECK_EQ("LVTT written with a bare vector", apic_read(APIC_LVTT),
			 VECTOR_TIMER | APIC_MASKED | periodic);
		CHECK(!apic || apic_read(APIC_CURRENT) != 0, "the periodic alarm has stopped");
		CHECK_EQ("cancel_alarm", vmi_ops.cancel_alarm(VMI_ALARM_LVTT), 1);
		CHECK_EQ("vector and mask after it", apic_read(APIC_LVTT) & VECTOR_AND_MASK,
			 VECTOR_TIMER | APIC_MASKED);
		CHECK_EQ("the count after it", apic_read(APIC_CURRENT), 0);
	}
	time_bind_cpu();
	CHECK_EQ("LVTT at the end", apic_read(APIC_LVTT), VECTOR_TIMER);
}

/* A periodic alarm whose vector is written anew goes on. */
TEST(goes_on, "apic.lvtt-goes-on", VMI_CALL_APICWrite)
{
	uint64_t period;

	NEEDS_ALARMS;
	NEEDS_ONE_OWNER;
	period = time_ticks(1000);
	timing_start(VMI_ALARM_LVTT);
	vmi_ops.set_alarm(VMI_ALARM_LVTT | VMI_ALARM_PERIODIC, timing_now() + period, period);
	pv_apic_ops.apic_write(APIC_LVTT, VECTOR_TIMER);
	timing_await(3, timing_now());
	CHECK(timing[0].count >= 3, "found %u interrupts, expected 3", timing[0].count);
	timing_stop(VMI_ALARM_LVTT);
}
