/* SPDX-License-Identifier: GPL-2.0-only */
/* Other code behind VMI_Init and GetRelocationInfo. */
#include <stdlib.h>
#include <string.h>

#include "mutate/internal.h"

/* Before the code, up to a 16-byte border; the distances are its last two words. */
#define PROLOGUE 16
#define JUMP_NEAR 0xE9
#define JUMP_SHORT 0xEB

/* override.asm */
extern const uint8_t mutate_override_code[], mutate_override_end[];

static void put32(uint8_t *to, uint32_t value)
{
	memcpy(to, &value, sizeof(value));
}

int mutate_slot_target(const struct romfile *rom, uint32_t number, uint32_t *target,
		       struct romfile_error *error)
{
	uint32_t offset = VROM_SLOT_TABLE + number * VROM_SLOT_SIZE, distance;
	const uint8_t *slot = rom->bytes + offset;

	if (slot[0] == JUMP_NEAR) {
		memcpy(&distance, slot + 1, sizeof(distance));
		*target = offset + 5 + distance;
	} else if (slot[0] == JUMP_SHORT) {
		*target = offset + 2 + (uint32_t)(int8_t)slot[1];
	} else {
		return mutate_refuse(error,
				     "%s: offset 0x%x: found 0x%02x, expected a jump (0x%02x or 0x%02x): "
				     "the code behind slot %u cannot be replaced",
				     rom->path, offset, slot[0], JUMP_NEAR, JUMP_SHORT, number);
	}
	if (*target < mutate_length(rom))
		return 0;
	return mutate_refuse(error,
			     "%s: offset 0x%x: found a jump to 0x%x, expected one below 0x%zx: "
			     "mend the entry table first",
			     rom->path, offset, *target, mutate_length(rom));
}

/*
 * Appends code and lets the slot lead to it; for GetRelocationInfo the directory, too, whose
 * entry is then what the code finds behind it, since that answers all that the slot's does.
 */
static int replace(struct romfile *rom, uint32_t number, const void *bytes, size_t size,
		   struct romfile_error *error)
{
	uint32_t old = 0, slot = VROM_SLOT_TABLE + number * VROM_SLOT_SIZE;
	uint32_t entry = romfile_get_reloc(rom->bytes, rom->size);
	uint8_t *all, *capabilities;
	size_t offset;

	if (mutate_slot_target(rom, number, &old, error))
		return -1;
	bool directory = number == VROM_SLOT_GET_RELOC && entry != slot;
	if (directory)
		old = entry;
	all = calloc(1, PROLOGUE + size);
	if (!all)
		return mutate_refuse(error, "%s: out of memory", rom->path);
	memcpy(all + PROLOGUE, bytes, size);
	uint32_t start = (uint32_t)mutate_length(rom) + PROLOGUE;
	put32(all + PROLOGUE - 4, start);
	put32(all + PROLOGUE - 8, start - old);
	int result = mutate_append(rom, all, PROLOGUE + size, &offset, error);
	free(all);
	if (result)
		return -1;
	rom->bytes[slot] = JUMP_NEAR;
	put32(rom->bytes + slot + 1, start - (slot + 5));
	if (!directory)
		return 0;
	if (start > UINT16_MAX)
		return mutate_refuse(error, "%s: found new code at 0x%x, expected at most 0x%x, which the "
				     "directory can name: begin with a shorter image", rom->path, start,
				     UINT16_MAX);
	romfile_directory(rom, &capabilities)->get_reloc_offs = (uint16_t)start;
	return romfile_sign_directory(rom, error);
}

/* Lets the directory's table say of the calls what they will be answered. */
static int tell_directory(struct romfile *rom, const struct mutate *m, struct romfile_error *error)
{
	uint8_t *capabilities;
	struct vrom_directory *d = romfile_directory(rom, &capabilities);

	if (!capabilities)
		return 0;
	/* Of two overrides of a call the first one counts. */
	for (size_t i = m->overrides; i-- > 0;) {
		uint32_t type = m->override[i].type;
		struct vrom_capability *c;

		if (m->override[i].call >= d->capability_count)
			continue;
		c = (void *)(capabilities + m->override[i].call * d->capability_size);
		c->kinds = type && type < 8 ? (uint8_t)(1u << type) : 0;
		c->detail = (uint8_t)((c->detail & ~VROM_CAPABILITY_ANSWER) | (type & VROM_CAPABILITY_ANSWER));
		c->inline_offs = c->inline_length = c->inline_clobbers = 0;
	}
	return romfile_sign_directory(rom, error);
}

int mutate_set_capabilities(struct romfile *rom, const struct mutate *m,
			    struct romfile_error *error)
{
	uint8_t *capabilities;
	struct vrom_directory *d = romfile_directory(rom, &capabilities);

	for (size_t i = 0; i < m->capabilities; i++) {
		const struct mutate_capability *c = &m->capability[i];

		if (!capabilities || c->call >= d->capability_count)
			return mutate_refuse(error, "%s: offset 0x%02x directory: found no capability of "
					     "call %u, expected one: leave it alone", rom->path,
					     VROM_DIRECTORY, c->call);
		memcpy(capabilities + c->call * d->capability_size + c->offset, &c->value, c->size);
	}
	return m->capabilities ? romfile_sign_directory(rom, error) : 0;
}

static int add_overrides(struct romfile *rom, const struct mutate *m, struct romfile_error *error)
{
	size_t code = (size_t)(mutate_override_end - mutate_override_code);
	uint8_t all[512 + (MUTATE_OVERRIDES + 1) * 12], *at = all + code;

	memcpy(all, mutate_override_code, code);
	for (size_t i = 0; i < m->overrides; i++, at += 12) {
		bool no_address = m->override[i].type == VMI_RELOCATION_NONE ||
				  m->override[i].type == VMI_RELOCATION_NOP;
		put32(at, m->override[i].call);
		put32(at + 4, m->override[i].type);
		put32(at + 8, no_address ? 0 : UINT32_MAX);
	}
	put32(at, UINT32_MAX);
	return replace(rom, VROM_SLOT_GET_RELOC, all, (size_t)(at - all) + 4, error);
}

int mutate_add_code(struct romfile *rom, const struct mutate *m, struct romfile_error *error)
{
	if (m->init.bytes &&
	    replace(rom, VROM_SLOT_INIT, m->init.bytes, m->init.size, error))
		return -1;
	if (m->answer.bytes &&
	    replace(rom, VROM_SLOT_GET_RELOC, m->answer.bytes, m->answer.size, error))
		return -1;
	return m->overrides && (add_overrides(rom, m, error) || tell_directory(rom, m, error)) ?
		       -1 : 0;
}
