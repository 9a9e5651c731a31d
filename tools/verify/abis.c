/* SPDX-License-Identifier: GPL-2.0-only */
/* The 64-bit ABI that the directory leads to. */
#include <stdlib.h>
#include <string.h>

#include "romfile/romfile.h"
#include "verify/internal.h"
#include "vmi64_abi.h"

#define WIDTH 64

/* It, and the loader's view for a guest in long mode. */
struct wide {
	struct vmi_load load;
	struct vmi_candidate candidate;
	struct image image;
	struct romfile_table table;
};

static bool check_call(const struct wide *w, struct verify_finding *f, unsigned int number)
{
	const struct vmi_call_info *call = &vmi64_calls[number];
	const struct vrom_capability c = romfile_capability(&w->table, number);
	unsigned int type = romfile_answer(&c), allowed = call->reserved ? 1 : call->answers;
	uint32_t found;

	if (type != (c.detail & VROM_CAPABILITY_ANSWER)) {
		verify_fail(f, "call %u %s of %u.%u: found the answer %u, expected one of the kinds, 0x%x",
			    number, call->name, VMI64_MAJOR, VMI64_MINOR, c.detail & VROM_CAPABILITY_ANSWER,
			    c.kinds);
		return false;
	}
	if (!(allowed & 1u << type)) {
		verify_fail(f, "call %u %s of %u.%u: found type %u, expected one of the mask 0x%x", number,
			    call->name, VMI64_MAJOR, VMI64_MINOR, type, allowed);
		return false;
	}
	if (type == VMI_RELOCATION_NONE || type == VMI_RELOCATION_NOP)
		return true;
	if (c.entry_offs < w->image.table_end || c.entry_offs >= w->candidate.length) {
		verify_fail(f, "call %u %s of %u.%u: found an entry at 0x%x, expected 0x%x to 0x%x", number,
			    call->name, VMI64_MAJOR, VMI64_MINOR, c.entry_offs, w->image.table_end,
			    w->candidate.length - 1);
		return false;
	}
	if (vmi_endbr64(&w->load, &w->candidate, c.entry_offs, &found))
		return true;
	verify_fail(f, "call %u %s of %u.%u at 0x%x: found 0x%x, expected ENDBR64, 0x%x", number, call->name,
		    VMI64_MAJOR, VMI64_MINOR, c.entry_offs, found, VROM_ENDBR64);
	return false;
}

static bool check_groups(const struct wide *w, struct verify_finding *f)
{
	for (unsigned int g = 0; g < VMI64_GROUPS; g++) {
		const struct vmi_call_info *there = NULL, *missing = NULL;

		for (unsigned int n = 0; n < VMI64_CALLS && vmi64_groups[g].atomic; n++) {
			const struct vrom_capability c = romfile_capability(&w->table, n);

			if (!vmi64_calls[n].reserved && vmi64_calls[n].group == g)
				*(romfile_answer(&c) ? &there : &missing) = &vmi64_calls[n];
		}
		if (there && missing) {
			verify_fail(f, "group %s of %u.%u: %s is provided and %s is not",
				    vmi64_groups[g].name, VMI64_MAJOR, VMI64_MINOR, there->name,
				    missing->name);
			return false;
		}
	}
	return true;
}

/* The loader's own checks. Result: false if there is nothing more to look at. */
static bool check_directory(const struct verify_state *s, struct wide *w, struct verify_finding *f)
{
	struct romfile rom = { .path = (char *)"", .bytes = (uint8_t *)s->rom->bytes,
			       .size = s->candidate.length };

	w->load = s->load;
	w->load.long_mode = true;
	w->load.range = (struct vmi_version_range){ VMI64_MAJOR, 0, VMI64_MINOR };
	w->candidate = s->candidate;
	w->candidate.reason = VMI_OK;
	w->image = s->image;
	w->image.load = &w->load;
	w->image.candidate = &w->candidate;
	if (vmi_check_abis(&w->image)) {
		if (romfile_find_abi(&rom, WIDTH, VMI64_MAJOR, &w->table) && w->table.directory)
			return true;
		verify_fail(f, "the directory of %u.%u: found none in the file, expected that of the loader at "
			    "0x%x", VMI64_MAJOR, VMI64_MINOR, w->candidate.directory.at);
	} else if (w->candidate.reason == VMI_E_API_WIDTH || w->candidate.reason == VMI_E_API_MAJOR ||
		   (!w->candidate.directory.used &&
		    w->candidate.where - w->candidate.base < VROM_SLOT_TABLE)) {
		verify_skip(f, "the image has no ABI %u.%u of %d bits: %s", VMI64_MAJOR, VMI64_MINOR, WIDTH,
			    vmi_reason_name(w->candidate.reason));
	} else {
		verify_refused(f, &w->candidate);
	}
	return false;
}

void verify_abis_check(struct verify_state *s, struct verify_finding *f)
{
	struct wide *w;

	if (!verify_needs(s, f, VERIFY_signature, VERIFY_checksum))
		return;
	w = calloc(1, sizeof(*w));
	if (!w) {
		f->result = VERIFY_BROKEN;
		strcpy(f->text, "out of memory");
		return;
	}
	bool good = check_directory(s, w, f);
	for (unsigned int n = 0; good && n < VMI64_CALLS; n++)
		good = check_call(w, f, n);
	if (good && check_groups(w, f))
		verify_pass(f, "%s", "");
	free(w);
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
