// SPDX-License-Identifier: GPL-2.0-only
/* CPUID through the slot gives what the instruction gives, leaf by leaf. */
#include "cpu.h"
#include "pv_ops.h"
#include "test.h"

TEST(leaves, "cpuid.leaves", VMI_CALL_CPUID)
{
	static const struct {
		uint32_t leaf, subleaf;
	} ask[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 0 }, { 4, 0 }, { 4, 1 }, { 4, 2 }, { 4, 3 }, { 5, 0 },
		{ 6, 0 }, { 7, 0 }, { 7, 1 }, { 0xb, 0 }, { 0xb, 1 }, { 0xd, 0 }, { 0xd, 1 },
		{ 0x15, 0 }, { 0x16, 0 }, { 0x40000000, 0 }, { 0x40000001, 0 }, { 0x40000010, 0 },
		{ 0x80000000, 0 }, { 0x80000001, 0 }, { 0x80000002, 0 }, { 0x80000008, 0 },
		{ 0xffffffff, 0xffffffff },
	};

	if (!cpu_has_cpuid())
		SKIP("this processor has no CPUID");
	for (unsigned i = 0; i < sizeof(ask) / sizeof(*ask); i++) {
		uint32_t expected[4], eax = ask[i].leaf, ebx = 0xb0b0b0b0, ecx = ask[i].subleaf, edx = 0xd0d0d0d0;

		raw_cpuid(ask[i].leaf, ask[i].subleaf, expected);
		pv_cpu_ops.cpuid(&eax, &ebx, &ecx, &edx);
		CHECK(eax == expected[0] && ebx == expected[1] && ecx == expected[2] &&
		      edx == expected[3],
		      "leaf %x.%x: found %08x %08x %08x %08x, expected %08x %08x %08x %08x",
		      ask[i].leaf, ask[i].subleaf, eax, ebx, ecx, edx, expected[0], expected[1],
		      expected[2], expected[3]);
	}
}
