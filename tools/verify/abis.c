/* SPDX-License-Identifier: GPL-2.0-only */
/* Further ABIs that the directory leads to: what their tables say, without calling anything. */
#include <string.h>

#include "romfile/romfile.h"
#include "verify/internal.h"
#include "vmi64_abi.h"

#define WIDTH 64
#define ANSWER 0x0F /* of vrom_capability.detail */

static const uint8_t endbr64[] = { 0xF3, 0x0F, 0x1E, 0xFA };

/* A further ABI that is looked at. */
struct table {
	const struct verify_state *s;
	const struct romfile *rom;
	const struct vrom_directory *directory;
	size_t at; /* of the directory */
	const uint8_t *capabilities;
};

/* Entries are 64-bit code behind the header, which begins with ENDBR64. */
static bool check_entry(const struct table *t, struct verify_finding *f, const char *what,
			uint16_t offset)
{
	if (offset < t->s->image.table_end || offset > t->s->candidate.length - sizeof(endbr64)) {
		verify_fail(f, "%s of the ABI at 0x%zx: found 0x%x, expected 0x%x to 0x%zx", what, t->at,
			    offset, t->s->image.table_end, t->s->candidate.length - sizeof(endbr64));
		return false;
	}
	if (!memcmp(t->rom->bytes + offset, endbr64, sizeof(endbr64)))
		return true;
	verify_fail(f, "%s at 0x%x: found 0x%02x%02x%02x%02x, expected ENDBR64, 0xf30f1efa", what, offset,
		    t->rom->bytes[offset], t->rom->bytes[offset + 1], t->rom->bytes[offset + 2],
		    t->rom->bytes[offset + 3]);
	return false;
}

static struct vrom_capability capability(const struct table *t, unsigned int number)
{
	struct vrom_capability c = { 0 };

	if (number < t->directory->capability_count)
		memcpy(&c, t->capabilities + number * (size_t)t->directory->capability_size, sizeof(c));
	return c;
}

static unsigned int answer(const struct table *t, unsigned int number)
{
	struct vrom_capability c = capability(t, number);

	return c.kinds & 1u << (c.detail & ANSWER) ? c.detail & ANSWER : VMI_RELOCATION_NONE;
}

static bool check_call(const struct table *t, struct verify_finding *f, unsigned int number)
{
	const struct vmi_call_info *call = &vmi64_calls[number];
	unsigned int type = answer(t, number), allowed = call->reserved ? 1 : call->answers;

	if (!(allowed & 1u << type)) {
		verify_fail(f, "call %u %s of %u.%u: found type %u, expected one of the mask 0x%x", number,
			    call->name, VMI64_MAJOR, VMI64_MINOR, type, allowed);
		return false;
	}
	return type == VMI_RELOCATION_NONE || type == VMI_RELOCATION_NOP ||
	       check_entry(t, f, call->name, capability(t, number).entry_offs);
}

static bool check_groups(const struct table *t, struct verify_finding *f)
{
	for (unsigned int g = 0; g < VMI64_GROUPS; g++) {
		const struct vmi_call_info *there = NULL, *missing = NULL;

		for (unsigned int n = 0; n < VMI64_CALLS && vmi64_groups[g].atomic; n++)
			if (!vmi64_calls[n].reserved && vmi64_calls[n].group == g)
				*(answer(t, n) ? &there : &missing) = &vmi64_calls[n];
		if (there && missing) {
			verify_fail(f, "group %s of %u.%u: %s is provided and %s is not",
				    vmi64_groups[g].name, VMI64_MAJOR, VMI64_MINOR, there->name,
				    missing->name);
			return false;
		}
	}
	return true;
}

static bool check_sums(const struct table *t, struct verify_finding *f)
{
	uint8_t tables = romfile_sum(t->capabilities, t->directory->capability_count *
						      (size_t)t->directory->capability_size);

	tables += romfile_sum(t->rom->bytes + t->directory->groups_offs, t->directory->groups_size);
	tables += t->directory->tables_checksum;
	if (!tables && !romfile_sum(t->directory, t->directory->length))
		return true;
	verify_fail(f, "the directory at 0x%zx: found sums of 0x%02x and of its tables 0x%02x, expected 0",
		    t->at, romfile_sum(t->directory, t->directory->length), tables);
	return false;
}

static bool check_abi(struct verify_state *s, struct verify_finding *f, const struct romfile *rom,
		      const struct vrom_abi *abi)
{
	uint8_t *capabilities;
	struct table t = {
		.s = s, .rom = rom, .at = abi->directory_offs,
		.directory = romfile_directory_at(rom, abi->directory_offs, &capabilities),
	};

	if (!t.directory || !capabilities || t.at < s->image.table_end) {
		verify_fail(f, "vrom_abi.directory_offs: found 0x%zx, expected a directory with tables in "
			    "the image", t.at);
		return false;
	}
	t.capabilities = capabilities;
	if (t.directory->abi_count || !t.directory->version || t.directory->capabilities_offs < s->image.table_end) {
		verify_fail(f, "the directory at 0x%zx: found version %u, %u further ABIs and a table at 0x%x, "
			    "expected a version, none, and one behind 0x%x", t.at, t.directory->version,
			    t.directory->abi_count, t.directory->capabilities_offs, s->image.table_end - 1);
		return false;
	}
	if (!check_sums(&t, f) || !check_entry(&t, f, "VMI_Init", t.directory->init_offs) ||
	    !check_entry(&t, f, "GetRelocationInfo", t.directory->get_reloc_offs))
		return false;
	for (unsigned int n = 0; n < VMI64_CALLS; n++)
		if (!check_call(&t, f, n))
			return false;
	return check_groups(&t, f);
}

void verify_abis_check(struct verify_state *s, struct verify_finding *f)
{
	unsigned int known = 0;
	size_t count;

	if (!verify_needs(s, f, VERIFY_signature, VERIFY_checksum))
		return;
	struct romfile rom = { .path = (char *)"", .bytes = (uint8_t *)s->rom->bytes,
			       .size = s->candidate.length };
	const struct vrom_abi *abis = romfile_abis(&rom, &count);

	for (size_t i = 0; i < count; i++) {
		if (abis[i].width != WIDTH || abis[i].major != VMI64_MAJOR)
			continue;
		known++;
		if (!check_abi(s, f, &rom, &abis[i]))
			return;
	}
	if (known)
		verify_pass(f, "%s", "");
	else
		verify_skip(f, "the image has no ABI %u.%u of %d bits", VMI64_MAJOR, VMI64_MINOR, WIDTH);
}

void verify_abi_entries_check(struct verify_state *s, struct verify_finding *f)
{
	const struct lane_finding *wrong = &s->lane64.init;
	const char *name = "VMI_Init";
	unsigned int tried = 0;

	if (!verify_asked(s, f) || !verify_needs(s, f, VERIFY_abis, VERIFY_abis))
		return;
	if (s->report->check[VERIFY_abis].result == VERIFY_SKIPPED || (s->laned && !s->laned64 && !*s->trouble)) {
		verify_skip(f, "the image has no 64-bit entry");
		return;
	}
	if (!s->laned64) {
		f->result = VERIFY_BROKEN;
		strcpy(f->text, s->trouble);
		return;
	}
	if (wrong->kind == LANE_GOOD) {
		wrong = &s->lane64.answers;
		name = "GetRelocationInfo";
	}
	for (unsigned int n = 0; n < VMI64_CALLS && wrong->kind == LANE_GOOD; n++) {
		if (!s->lane64.call[n].chosen)
			continue;
		wrong = &s->lane64.call[n].finding;
		name = vmi64_calls[n].name;
		tried += s->lane64.call[n].cases > 0;
	}
	if (wrong->kind == LANE_GOOD) {
		verify_pass(f, "%u entries called", tried);
		return;
	}
	verify_fail(f, "%s of %u.%u: %s: %s", name, VMI64_MAJOR, VMI64_MINOR, lane_kind_names[wrong->kind],
		    wrong->text);
	if (wrong->kind == LANE_BROKEN)
		f->result = VERIFY_BROKEN;
}
