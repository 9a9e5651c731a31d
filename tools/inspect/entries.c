/* SPDX-License-Identifier: GPL-2.0-only */
/* The entry table, and what the emulator saw behind it. */
#include <stdio.h>
#include <string.h>

#include "inspect/internal.h"

static const struct vmi_call_info *call_of_slot(unsigned int slot)
{
	unsigned int call = slot - VROM_SLOT_CALL0;

	return slot >= VROM_SLOT_CALL0 && call < VMI_CALLS && !vmi_calls[call].reserved ?
		       &vmi_calls[call] :
		       NULL;
}

static const char *slot_name(unsigned int slot)
{
	const struct vmi_call_info *call = call_of_slot(slot);

	return slot == VROM_SLOT_INIT	   ? "VMI_Init" :
	       slot == VROM_SLOT_GET_RELOC ? "GetRelocationInfo" :
	       call			   ? call->name :
	       slot - VROM_SLOT_CALL0 < VMI_CALLS ? "reserved" : "unknown";
}

/* What GetRelocationInfo said of a call, at the first address. */
static void add_answer(cJSON *entry, const struct romfile_image *image,
		       const struct inspect_seen *seen, unsigned int call)
{
	const struct ask_one *one = &seen->ask.answer[call][0][0];
	uint32_t offset = one->eax - seen->ask.base[0];

	if (one->lost & EMU_LOST_RETURN) {
		inspect_text(entry, "answer", "did not return: %s", emu_end_names[one->end]);
		return;
	}
	if (one->edx >= VMI_RELOCATIONS) {
		inspect_text(entry, "answer", "unknown type 0x%x", one->edx);
		return;
	}
	cJSON_AddStringToObject(entry, "answer", vmi_relocation_names[one->edx]);
	if (one->edx != VMI_RELOCATION_CALL_REL && one->edx != VMI_RELOCATION_JUMP_REL)
		return;
	if (offset < image->length)
		cJSON_AddNumberToObject(entry, "entry", offset);
	else
		inspect_text(entry, "outside", "0x%08x, the image being at 0x%08x", one->eax,
			     seen->ask.base[0]);
}

static void add_slots(cJSON *to, const struct romfile_image *image,
		      const struct inspect_seen *seen)
{
	cJSON *list = cJSON_AddArrayToObject(to, "entries");
	unsigned int slots = ((const struct vrom_header *)image->bytes)->jump_slots;

	for (unsigned int slot = 0; slot < slots; slot++) {
		size_t at = VROM_SLOT_TABLE + slot * VROM_SLOT_SIZE;
		const struct vmi_call_info *call = call_of_slot(slot);
		uint32_t target;

		if (at + VROM_SLOT_SIZE > image->length) {
			inspect_text(to, "entries_trouble",
				     "the table has %u slots by its header; those from %u on lie "
				     "behind the image", slots, slot);
			return;
		}
		cJSON *entry = cJSON_CreateObject();
		if (!cJSON_AddItemToArray(list, entry)) {
			cJSON_Delete(entry);
			return;
		}
		cJSON_AddNumberToObject(entry, "slot", slot);
		cJSON_AddNumberToObject(entry, "offset", (double)at);
		cJSON_AddStringToObject(entry, "name", slot_name(slot));
		if (call)
			cJSON_AddNumberToObject(entry, "call", call->number);
		if (romfile_jump(image, at, 32, &target))
			cJSON_AddNumberToObject(entry, "target", target);
		if (seen->asked && call)
			add_answer(entry, image, seen, call->number);
	}
}

static void add_group(cJSON *groups, const struct inspect_seen *seen, unsigned int group)
{
	unsigned int count[VMI_RELOCATIONS + 1] = { 0 };
	cJSON *item = cJSON_CreateObject();

	if (!cJSON_AddItemToArray(groups, item)) {
		cJSON_Delete(item);
		return;
	}
	for (unsigned int n = 0; n < VMI_CALLS; n++) {
		const struct ask_one *one = &seen->ask.answer[n][0][0];

		if (!vmi_calls[n].reserved && vmi_calls[n].group == group)
			count[one->lost & EMU_LOST_RETURN || one->edx >= VMI_RELOCATIONS ?
				      VMI_RELOCATIONS : one->edx]++;
	}
	cJSON_AddStringToObject(item, "name", vmi_groups[group].name);
	for (unsigned int type = 0; type < VMI_RELOCATIONS; type++)
		cJSON_AddNumberToObject(item, vmi_relocation_names[type], count[type]);
	cJSON_AddNumberToObject(item, "bad", count[VMI_RELOCATIONS]);
}

static void add_seen(cJSON *to, const struct inspect_seen *seen)
{
	const struct ask_one *init = &seen->ask.init[0];
	cJSON *object = cJSON_AddObjectToObject(to, "seen"), *groups;

	if (!object)
		return;
	if (init->lost & EMU_LOST_RETURN)
		inspect_text(object, "init", "did not return: %s", emu_end_names[init->end]);
	else
		inspect_text(object, "init", "0x%x", init->eax);
	groups = cJSON_AddArrayToObject(object, "groups");
	for (unsigned int group = 0; groups && group < VMI_GROUPS; group++)
		add_group(groups, seen, group);
}

void inspect_entries(cJSON *to, const struct romfile_image *image, const struct inspect_seen *seen)
{
	if (!image->vmi)
		return;
	add_slots(to, image, seen);
	if (seen->asked)
		add_seen(to, seen);
	else if (*seen->trouble)
		cJSON_AddStringToObject(to, "seen_trouble", seen->trouble);
}
