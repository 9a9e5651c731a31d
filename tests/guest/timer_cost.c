// SPDX-License-Identifier: GPL-2.0-only
/* What the timer calls cost, in instructions: only where the TSC counts these. */
#include "cpu.h"
#include "load.h"
#include "mm.h"
#include "paging.h"
#include "pv_ops.h"
#include "test.h"
#include "time.h"
#include "timing.h"

#define COUNTER_MAX 12u
#define ALARM_MAX 250u
#define SWITCHED_MAX 750u /* the walk to the page found last, each of its tables proved */

/* Instructions from the call, which is not counted, to the return, which is. */
#define COST(cost, call) do { \
	uint32_t from_, empty_; \
	from_ = (uint32_t)raw_rdtsc(); \
	empty_ = (uint32_t)raw_rdtsc() - from_; \
	from_ = (uint32_t)raw_rdtsc(); \
	call; \
	cost = (uint32_t)raw_rdtsc() - from_ - empty_; \
} while (0)

/* A client that runs processes comes with another CR3 after each switch. */
static uint32_t cost_switched(uint64_t far)
{
	struct mm *mm = mm_create();
	uint32_t cost = 0;

	if (!mm) {
		test_error("no memory for an address space");
		return 0;
	}
	mm_load(mm);
	COST(cost, vmi_ops.set_alarm(VMI_ALARM_LVTT, far, 0));
	mm_load(&kernel_mm);
	mm_put(mm);
	return cost;
}

TEST(cost, "exact.cost")
{
	uint32_t counter, lvtt = 0, line0 = 0, switched;
	uint64_t far;

	if (!time_usable() || !time_exact())
		SKIP("no exact clock: see -icount");
	if (load_result()->bindings[SLOT_set_alarm].kind != VMI_BIND_ROM)
		SKIP("no ROM serves the alarms");
	pv_irq_disable();
	far = timing_now() + time_ticks(1000000);
	for (int i = 0; i < 3; i++) { /* the last one counts: what is cached is found */
		COST(counter, vmi_ops.get_cycle_counter(TIME_REAL));
		COST(lvtt, vmi_ops.set_alarm(VMI_ALARM_LVTT, far, 0));
		COST(line0, vmi_ops.set_alarm(0, far, 0));
	}
	switched = cost_switched(far);
	CHECK(counter <= COUNTER_MAX, "GetCycleCounter takes %u instructions, %u are allowed",
	      counter, COUNTER_MAX);
	CHECK(lvtt <= ALARM_MAX, "SetAlarm takes %u instructions with LVTT, %u are allowed", lvtt,
	      ALARM_MAX);
	CHECK(line0 <= ALARM_MAX, "SetAlarm takes %u instructions with IRQ0, %u are allowed", line0,
	      ALARM_MAX);
	CHECK(switched <= SWITCHED_MAX,
	      "SetAlarm takes %u instructions after CR3 has changed, %u are allowed", switched,
	      SWITCHED_MAX);
	vmi_ops.cancel_alarm(VMI_ALARM_LVTT);
	timing_start(0);
	timing_stop(0);
	test_note("with what it takes to call: GetCycleCounter %u, SetAlarm LVTT %u, IRQ0 %u, "
		  "LVTT after a change of CR3 %u", counter, lvtt, line0, switched);
}
