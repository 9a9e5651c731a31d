// SPDX-License-Identifier: GPL-2.0-only
/* Every answer of the ROM, held against what a real client can live with. */
#include "check.h"
#include "console.h"
#include "raw.h"
#include "cpu.h"
#include "rom.h"

/* Answering NOP to these breaks a real client: it is told that nothing is to be done. */
static const uint8_t no_nop[] = {
	VMI_CALL_SetCR3, VMI_CALL_SetCR4, VMI_CALL_GetCR0, VMI_CALL_GetCR2, VMI_CALL_GetCR3,
	VMI_CALL_GetCR4, VMI_CALL_CLTS, VMI_CALL_EnableInterrupts, VMI_CALL_DisableInterrupts,
	VMI_CALL_GetInterruptMask, VMI_CALL_SetInterruptMask, VMI_CALL_IRET, VMI_CALL_SYSEXIT,
	VMI_CALL_Halt, VMI_CALL_APICWrite, VMI_CALL_APICRead, VMI_CALL_GetCycleFrequency,
};

static bool is_flow(uint32_t call)
{
	return call == VMI_CALL_IRET || call == VMI_CALL_SYSEXIT;
}

/* NULL if the answer is sound, else what is wrong with it. */
static const char *fault_of(uint32_t call, struct vmi_relocation_info a)
{
	uint32_t offset = a.eip - (uint32_t)rom;

	if (a.reserved[0] || a.reserved[1] || a.reserved[2])
		return "bytes of EDX above DL are not 0";
	if (a.type >= VMI_RELOCATIONS)
		return "an unknown relocation type";
	if (a.type == VMI_RELOCATION_NONE || a.type == VMI_RELOCATION_NOP)
		return NULL;
	if (call >= VMI_CALLS || vmi_calls[call].reserved)
		return "a number that has no call is answered";
	if (a.type == VMI_RELOCATION_JUMP_REL && !is_flow(call))
		return "JUMP_REL for a call that comes back";
	if (offset >= rom_length(rom))
		return "an address outside the image";
	if (offset < VROM_SLOT_TABLE + rom->jump_slots * VROM_SLOT_SIZE)
		return "an address in the header or the entry table";
	return NULL;
}

static void test_timer(void)
{
	bool sound = pv_timer_ops.frequency || !rom_function(VMI_CALL_SetAlarm);

	if (pv_timer_ops.frequency)
		sound = pv_timer_ops.counter && pv_timer_ops.set_alarm &&
			pv_timer_ops.cancel_alarm && pv_timer_ops.wallclock &&
			pv_timer_ops.wallclock_updated;
	check("answers.timer_whole", sound,
	      "GetCycleFrequency and the calls 67 to 71 must come together");
	if (!pv_timer_ops.frequency || !pv_timer_ops.counter) {
		check_skip("timer.counter", "the ROM leaves the timer native");
		return;
	}
	uint64_t before = pv_timer_ops.counter(0), after = pv_timer_ops.counter(0);

	check("timer.counter", pv_timer_ops.frequency() && after > before,
	      "the counter stands still");
}

void test_answers(void)
{
	static const uint32_t far[] = {
		VMI_CALLS, VMI_CALLS + 1, 255, 256, 0x4000, 0x10000, 0x7fffffff, 0x80000000,
		0x80000011, 0xffffffff,
	};
	const char *fault = NULL;
	uint32_t wrong = 0, bad_far = 0, nops = 0;

	if (!rom) {
		check_skip("answers", "no ROM is in use");
		return;
	}
	for (uint32_t call = 0; call < VMI_CALLS; call++) {
		const char *f = fault_of(call, rom_ask(call));

		if (f && !fault) {
			fault = f;
			wrong = call;
		}
	}
	check("answers.sound", !fault, "call %u: %s", wrong, fault ? fault : "");
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct vmi_relocation_info a = rom_ask(far[i]);

		bad_far += a.type != VMI_RELOCATION_NONE || fault_of(far[i], a);
	}
	check_equal("answers.beyond_table", bad_far, 0);
	for (size_t i = 0; i < sizeof(no_nop); i++)
		nops += rom_ask(no_nop[i]).type == VMI_RELOCATION_NOP;
	check_equal("answers.nop_is_not_none", nops, 0);
	check("answers.apic_pair",
	      !rom_function(VMI_CALL_APICRead) == !rom_function(VMI_CALL_APICWrite),
	      "APICRead and APICWrite must come together");
	test_timer();
}
