// SPDX-License-Identifier: GPL-2.0-only
/*
 * SetPxELong writes an entry of 8 bytes in pieces while another processor may walk the
 * table. So the entry is looked at after every instruction, by single steps: whenever it
 * is present, it is the old one or the new one as a whole.
 */
#include "binding.h"
#include "cpu.h"
#include "test.h"
#include "trap.h"

#define PRESENT 1u
#define STEPS_MIN 3 /* the call, a store, the return */
#define DR6_QUIET 0xffff0ff0u

static volatile uint64_t entry;
static uint64_t old_value, new_value, half_written;
static unsigned steps;

static void step(struct regs *regs)
{
	(void)regs;
	steps++;
	if ((entry & PRESENT) && entry != old_value && entry != new_value && !half_written)
		half_written = entry;
	raw_write_dr6(DR6_QUIET);
}

/* SetPxELong(value, &entry, 0) with the trap flag set from the call to the return. */
static void set_by_steps(uint64_t value)
{
	uint32_t low = (uint32_t)value, high = (uint32_t)(value >> 32), pointer = (uint32_t)&entry;

	asm volatile("push $0\n\t" /* flags: the argument on the stack */
		     "pushf\n\torl %[tf], (%%esp)\n\tpopf\n\t"
		     "call *%[call]\n\t"
		     "pushf\n\tandl %[no_tf], (%%esp)\n\tpopf\n\t"
		     "add $4, %%esp"
		     : "+a"(low), "+d"(high), "+c"(pointer)
		     : [call] "r"(slot_entry[SLOT_pte_clear]), [tf] "i"(EFLAGS_TF),
		       [no_tf] "i"(~EFLAGS_TF)
		     : "memory", "cc");
}

static void check_pair(uint64_t from, uint64_t to)
{
	old_value = from;
	new_value = to;
	half_written = 0;
	steps = 0;
	entry = from;
	trap_set_handler(TRAP_DB, step);
	set_by_steps(to);
	trap_set_handler(TRAP_DB, NULL);
	CHECK(!half_written, "from 0x%llx to 0x%llx: 0x%llx stood there in between",
	      (unsigned long long)from, (unsigned long long)to, (unsigned long long)half_written);
	CHECK_EQ("the entry at the end", entry, to);
	if (steps < STEPS_MIN)
		test_error("found %u steps, expected at least %u", steps, STEPS_MIN);
}

/* Present and not, upper and lower halves equal and different, NX, and nothing at all. */
static const uint64_t values[] = {
	0x0000000000000000, 0x0000000012345067, 0x0000000012345066, 0x0000000098765063,
	0x0000000098765000, 0x0000000f12345067, 0x0000000f12345066, 0x8000000f12345067,
	0x8000000f98765061, 0x8000000000000001, 0x8000000000000000, 0xffffffffffffffff,
	0xfffffffffffffffe,
};

TEST(steps_of, "mmu.never-half-written", VMI_CALL_SetPxELong)
{
	const unsigned count = sizeof(values) / sizeof(*values);

	for (unsigned i = 0; i < count; i++)
		for (unsigned j = 0; j < count; j++)
			check_pair(values[i], values[j]);
	test_note("%u pairs of values", count * count);
}
