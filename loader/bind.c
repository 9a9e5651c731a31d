// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Bind: decides for each row of the guest's table between the ROM's entry and the
 * native twin. Nothing is installed here: a ROM that turns out to be unfit halfway
 * has changed nothing yet.
 */
#include "internal.h"

/* A row that is the guest's own fault; the number is shown if the call does not exist. */
static struct vmi_binding bad_row(const struct vmi_abi *abi, int call)
{
	if (call == VMI_SLOT_NO_CALL || vmi_call_exists(abi, call))
		return vmi_keep_twin(VMI_E_TABLE, 0, 0);
	return vmi_keep_twin(VMI_E_TABLE, (uint16_t)call, (uint64_t)abi->call_count - 1);
}

static void forget_answers(struct vmi_load *load)
{
	for (int call = 0; call < vmi_load_abi(load)->call_count; call++) {
		/* Nobody looks at the rest of a row with this reason. */
		load->answers[call].kind = load->inlines[call].kind = VMI_BIND_NATIVE;
		load->answers[call].reason = load->inlines[call].reason = VMI_E_NO_BINDING;
	}
	load->questions = load->pending_count = 0;
}

static bool mandatory(const struct vmi_slot *slot)
{
	return slot->flags & VMI_SLOT_MANDATORY;
}

size_t vmi_bad_row(const struct vmi_load *load)
{
	size_t row;

	for (row = 0; row < load->slot_count; row++) {
		const struct vmi_slot *slot = &load->slots[row];

		if (mandatory(slot) ? !vmi_call_exists(vmi_load_abi(load), slot->call) :
				       !slot->native)
			break;
	}
	return row;
}

/* What is known of a ROM while its rows are decided. */
struct progress {
	uint8_t minor;                /* of the version in use */
	int16_t missing[VMI_GROUPS_MAX];  /* a call that is not provided; -1: none; -2: not asked */
};
#define NOT_ASKED (-2)

/*
 * Asks for every member of a group, and notes one that the ROM does not provide. Members that
 * the version in use does not have yet do not count.
 */
static bool ask_group(struct vmi_load *load, struct vmi_candidate *candidate, uint8_t group,
		      struct progress *progress)
{
	int16_t *missing = &progress->missing[group];
	const struct vmi_abi *abi = vmi_load_abi(load);

	if (*missing != NOT_ASKED)
		return true;
	*missing = -1;
	for (int16_t call = abi->groups[group].first; call <= abi->groups[group].last; call++) {
		if (abi->calls[call].group != group || !vmi_call_exists(abi, call) ||
		    !vmi_call_since(abi, call, candidate->major, progress->minor))
			continue;
		if (!vmi_ask(load, candidate, call))
			return false;
		if (*missing < 0 && load->answers[call].kind == VMI_BIND_NATIVE)
			*missing = call;
	}
	return true;
}

/*
 * Bytes to be copied serve a row by its native twin, which is the same code; a wrapper calls the
 * twin, too. An atomic group is bound by address.
 */
static bool may_inline(const struct vmi_load *load, const struct vmi_candidate *candidate,
		       size_t row)
{
	const struct vmi_slot *slot = &load->slots[row];
	const struct vmi_abi *abi = vmi_load_abi(load);

	return candidate->directory.used && slot->native &&
	       (load->capabilities[slot->call].kinds & VMI_CAPABILITY_INLINE) &&
	       !abi->groups[abi->calls[slot->call].group].atomic && !vmi_overridden(load, slot->call);
}

/* Decides one row. Result: false if the ROM is declined. */
static bool bind_row(struct vmi_load *load, struct vmi_candidate *candidate, size_t row,
		     struct progress *progress)
{
	int call = load->slots[row].call;
	struct vmi_binding *binding = &load->bindings[row];
	const struct vmi_abi *abi = vmi_load_abi(load);
	uint8_t group;

	if (call != VMI_SLOT_NO_CALL && !vmi_call_exists(abi, call)) {
		*binding = bad_row(abi, call);
		return true;
	}
	if (call == VMI_SLOT_NO_CALL ||
	    !vmi_call_since(abi, call, candidate->major, progress->minor)) {
		*binding = vmi_keep_twin(VMI_E_NO_CALL, 0, 0);
		return true;
	}
	if (may_inline(load, candidate, row)) {
		vmi_look_inline(load, candidate, call);
		if (load->inlines[call].kind == VMI_BIND_INLINE) {
			*binding = load->inlines[call];
			return true;
		}
	}
	if (load->answers[call].reason == VMI_E_NO_BINDING && !vmi_ask(load, candidate, call))
		return false;
	*binding = load->answers[call];
	group = abi->calls[call].group;
	if (binding->kind == VMI_BIND_NATIVE || !abi->groups[group].atomic)
		return true;
	if (!ask_group(load, candidate, group, progress))
		return false;
	if (progress->missing[group] < 0 && abi->groups[group].needs >= 0) {
		group = (uint8_t)abi->groups[group].needs;
		if (!ask_group(load, candidate, group, progress))
			return false;
	}
	if (progress->missing[group] >= 0)
		*binding = vmi_keep_twin(VMI_E_GROUP, (uint64_t)progress->missing[group], 0);
	return true;
}

/*
 * The flag DEFER belongs to the group lazy: it may be given only to a ROM that can be
 * told when deferring ends. Nothing is asked here: without a row that needs the group,
 * there is no lazy mode to defer in.
 */
static uint32_t update_flags(const struct vmi_load *load)
{
	const struct vmi_abi *abi = vmi_load_abi(load);
	const struct vmi_group_info *lazy = &abi->groups[VMI_GROUP_lazy];
	uint32_t flags = 0;

	for (int call = lazy->first; call <= lazy->last; call++) {
		if (abi->calls[call].group != VMI_GROUP_lazy || !vmi_call_exists(abi, call))
			continue;
		if (load->answers[call].kind == VMI_BIND_NATIVE)
			return 0;
		flags = VMI_UPDATE_DEFER;
	}
	return flags;
}

/* vmi=verify: compares the directory's tables with all that is known otherwise. */
static bool verify_all(struct vmi_load *load, struct vmi_candidate *candidate, uint8_t minor)
{
	const struct vmi_abi *abi = vmi_load_abi(load);

	for (int call = 0; call < abi->call_count; call++)
		if (vmi_call_exists(abi, call) &&
		    vmi_call_since(abi, call, candidate->major, minor)) {
			vmi_look_inline(load, candidate, call);
			if (!vmi_ask(load, candidate, call))
				return false;
		}
	return vmi_groups_agree(load, candidate);
}

/* Decides every row by what is known. Result: false if the ROM is declined. */
static bool bind_rows(struct vmi_load *load, struct vmi_candidate *candidate)
{
	struct progress progress = { .minor = vmi_common_minor(load, candidate) };

	for (int group = 0; group < vmi_load_abi(load)->group_count; group++)
		progress.missing[group] = NOT_ASKED;
	for (size_t row = 0; row < load->slot_count; row++)
		if (!bind_row(load, candidate, row, &progress))
			return false;
	return !load->overrides.verify || !candidate->directory.used ||
	       verify_all(load, candidate, progress.minor);
}

/* Result: false if a row that must be the ROM's is not: the ROM is declined. */
static bool has_mandatory(const struct vmi_load *load, struct vmi_candidate *candidate)
{
	for (size_t row = 0; row < load->slot_count; row++) {
		const struct vmi_slot *slot = &load->slots[row];

		if (mandatory(slot) && load->bindings[row].kind == VMI_BIND_NATIVE)
			return vmi_refuse(candidate, VMI_E_MANDATORY, slot->name,
					  VROM_SLOT_TABLE + VROM_SLOT_GET_RELOC * VROM_SLOT_SIZE,
					  (uint64_t)slot->call, 0);
	}
	return true;
}

bool vmi_bind(struct vmi_load *load, struct vmi_candidate *candidate)
{
	bool changed;

	forget_answers(load);
	if (candidate->directory.used && !vmi_read_capabilities(load, candidate))
		return false;
	if (!vmi_tell_backends(load, candidate))
		return false;
	do {
		changed = false;
		if (!bind_rows(load, candidate) ||
		    (load->pending_count && !vmi_ask_pending(load, candidate, &changed)))
			return false;
	} while (changed); /* each call is asked for once, so this ends */
	if (!vmi_ask_backends(load, candidate) || !has_mandatory(load, candidate))
		return false;
	load->update_flags = update_flags(load);
	return true;
}

void vmi_bind_native(struct vmi_load *load)
{
	size_t bad = vmi_bad_row(load);
	const struct vmi_abi *abi = vmi_load_abi(load);

	forget_answers(load);
	for (size_t row = 0; row < load->slot_count; row++) {
		int call = load->slots[row].call;
		bool no_call = call == VMI_SLOT_NO_CALL;

		if (row == bad || (!no_call && !vmi_call_exists(abi, call)))
			load->bindings[row] = bad_row(abi, call);
		else
			load->bindings[row] =
				vmi_keep_twin(no_call ? VMI_E_NO_CALL :
					  load->reason == VMI_E_OFF ? VMI_E_OFF : VMI_E_NO_BINDING,
					  0, 0);
	}
}
