// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reboot and Shutdown. Nothing after the call can be checked in the boot that makes it
 * (end=reboot and end=shutdown on the command line); the next one tells: after Reboot
 * there must be one, after Shutdown none. That QEMU then ended by itself is pvrom's to see.
 */
#include "power.h"
#include "test.h"
#include "vmi_abi.h"

TEST(reboot, "power.reboot", VMI_CALL_Reboot)
{
	if (power_before() == POWER_NONE)
		SKIP("no boot before this one: see end=reboot");
	CHECK(power_before() == POWER_REBOOT_SOFT || power_before() == POWER_REBOOT_HARD,
	      "the boot before this one ended by another call");
	test_note("%s", power_before() == POWER_REBOOT_HARD ? "hard" : "soft");
}

TEST(shutdown, "power.shutdown", VMI_CALL_Shutdown)
{
	if (power_before() != POWER_SHUTDOWN)
		SKIP("seen from outside only: see end=shutdown");
	CHECK(false, "the machine came up again after Shutdown");
}
