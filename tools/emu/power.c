/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reboot and Shutdown, which have no native text. Neither comes back, and what is seen
 * before that is the contract: how our own images reset the machine and switch it off,
 * and of anybody's that a processor which stands still does so with interrupts off.
 */
#include <string.h>

#include "emu/lane_internal.h"

#define RESET_CONTROL 0xCF9
#define RESET_SYSTEM 0x02
#define RESET_NOW 0x04
#define RESET_POWER 0x08
#define KEYBOARD 0x64
#define KEYBOARD_RESET 0xFE
#define DESCRIPTOR 8u /* bytes: a smaller table is empty */

void lane_set_power(uint8_t *image, uint32_t config, uint16_t port, uint16_t value)
{
	struct vrom_config block;

	memcpy(&block, image + config, sizeof(block));
	block.power_port = port;
	block.power_value = value;
	memcpy(image + config, &block, sizeof(block));
}

/* Were the ports written as told, and no other? */
static bool written(const struct emu_result *rom, const struct emu_port *expected,
		    uint32_t count, struct lane_finding *finding)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < rom->ports && i < EMU_LOG; i++) {
		const struct emu_port *p = &rom->port[i];

		if (!p->out)
			continue;
		if (found == count)
			return lane_find(finding, LANE_HIDDEN,
					 "port %#x: found a write of %#x, expected none after %u",
					 p->port, p->value, count);
		if (p->port != expected[found].port || p->size != expected[found].size ||
		    p->value != expected[found].value)
			return lane_find(finding, LANE_HIDDEN,
					 "write %u to a port: found %#x to %#x (%u bytes), expected "
					 "%#x to %#x (%u bytes)",
					 found + 1, p->value, p->port, p->size,
					 expected[found].value, expected[found].port,
					 expected[found].size);
		found++;
	}
	if (found == count)
		return true;
	return lane_find(finding, LANE_HIDDEN, "writes to ports: found %u, expected %u", found,
			 count);
}

static bool reset(const struct lane_case *c, const struct emu_result *rom,
		  struct lane_finding *finding)
{
	uint32_t how = RESET_SYSTEM | (lane_argument_value(c, 0) ? RESET_POWER : 0);
	const struct emu_port expected[] = {
		{ RESET_CONTROL, 1, how, true },
		{ RESET_CONTROL, 1, how | RESET_NOW, true },
		{ KEYBOARD, 1, KEYBOARD_RESET, true },
	};

	if (!written(rom, expected, sizeof(expected) / sizeof(expected[0]), finding))
		return false;
	if (rom->end != EMU_FAULTED || rom->state.value[EMU_IDTR_LIMIT] >= DESCRIPTOR)
		return lane_find(finding, LANE_END,
				 "found %s with an IDT limit of %#x, expected a fault without an "
				 "IDT", emu_end_names[rom->end],
				 (uint32_t)rom->state.value[EMU_IDTR_LIMIT]);
	return true;
}

static bool power_off(const struct lane_case *c, const struct emu_result *rom,
		      struct lane_finding *finding)
{
	const struct emu_port expected = { c->power_port, 2, c->power_value, true };

	if (!written(rom, &expected, c->power_port ? 1 : 0, finding))
		return false;
	return rom->end == EMU_HALTED ||
	       lane_find(finding, LANE_END, "found %s, expected a halt", emu_end_names[rom->end]);
}

bool lane_compare_power(const struct lane_case *c, const struct emu_result *rom,
			struct lane_finding *finding)
{
	if (rom->end == EMU_LANDED)
		return lane_find(finding, LANE_END, "found a return, expected none");
	if ((rom->end == EMU_HALTED || rom->end == EMU_FAULTED) &&
	    (rom->state.value[EMU_EFLAGS] & EMU_FLAG_IF))
		return lane_find(finding, LANE_FLAGS, "%s with interrupts on, expected off",
				 emu_end_names[rom->end]);
	if (!c->own)
		return true;
	return c->call->number == VMI_CALL_Reboot ? reset(c, rom, finding) :
						    power_off(c, rom, finding);
}
