// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Backends: what a hypervisor answers through the ROM. The ROM is told which interfaces it may
 * use before it is asked for any call, and says which of them it does use, and why not others.
 */
#include "internal.h"

#define VMI_BACKEND_COUNT 3 /* in the order of the answer's bytes */
static const struct {
	const char *name;
	uint32_t bit;
	uint8_t number;
} backends[VMI_BACKEND_COUNT] = {
	{ "kvm", VMI_BACKEND_KVM, VROM_BACKEND_KVM },
	{ "hyperv", VMI_BACKEND_HYPERV, VROM_BACKEND_HYPERV },
	{ "vmware", VMI_BACKEND_VMWARE, VROM_BACKEND_VMWARE },
};
#define BACKEND_SHIFT 28 /* of GetCapability's answer: the high half of vrom_capability.detail */
#define BACKEND_MASK 15

static const char *const reasons[] = {
	[VMI_BACKEND_WHY_OK] = "ok", [VMI_BACKEND_WHY_ABSENT] = "absent",
	[VMI_BACKEND_WHY_FORBIDDEN] = "forbidden", [VMI_BACKEND_WHY_TWICE] = "twice",
	[VMI_BACKEND_WHY_RANGE] = "range", [VMI_BACKEND_WHY_FAULT] = "fault",
	[VMI_BACKEND_WHY_UNSTABLE] = "unstable", [VMI_BACKEND_WHY_RATE] = "rate",
	[VMI_BACKEND_WHY_FEATURES] = "features", [VMI_BACKEND_WHY_CALL] = "call",
};

uint32_t vmi_backend_bit(const char *name, size_t length)
{
	for (int i = 0; i < VMI_BACKEND_COUNT; i++) {
		size_t at = 0;

		while (at < length && backends[i].name[at] == name[at] && name[at])
			at++;
		if (at == length && !backends[i].name[at])
			return backends[i].bit;
	}
	return 0;
}

bool vmi_tell_backends(struct vmi_load *load, struct vmi_candidate *candidate)
{
	const struct vmi_overrides *o = &load->overrides;
	uint8_t minor = vmi_common_minor(load, candidate);
	const struct vmi_abi *abi = vmi_load_abi(load);
	struct vmi_registers answer = { 0, 0 };
	uint32_t allowed = 0;

	load->backends = 0;
	load->backends_told = false;
	if (!candidate->directory.used || !vmi_call_exists(abi, VMI_CALL_SetBackends) ||
	    !vmi_call_since(abi, VMI_CALL_SetBackends, candidate->major, minor) ||
	    vmi_overridden(load, VMI_CALL_SetBackends))
		return true;
	vmi_capability_answer(load, candidate, VMI_CALL_SetBackends, &answer);
	struct vmi_binding entry = vmi_judge(load, candidate, VMI_CALL_SetBackends, &answer);
	if (entry.kind != VMI_BIND_ROM)
		return true;
	for (int i = 0; i < VMI_BACKEND_COUNT; i++)
		allowed |= backends[i].bit;
	if (o->any_backend)
		allowed &= o->backends;
	allowed &= ~o->no_backends;
	/* Its registers are those of GetRelocationInfo. */
	if (!vmi_ask_entry(load, candidate, entry.address, allowed, VMI_CALL_SetBackends, &answer))
		return false;
	load->backends = answer.eax;
	load->backends_told = true;
	return true;
}

/* An entry that is not the native one, which the table names, is a backend's. */
static bool by_backend(struct vmi_load *load, const struct vmi_candidate *used, int call)
{
	struct vmi_registers native;

	if (load->answers[call].kind != VMI_BIND_ROM || !vmi_backend_answers(load, call))
		return false;
	vmi_capability_answer(load, used, call, &native);
	return native.eax != load->answers[call].address;
}

bool vmi_ask_backends(struct vmi_load *load, struct vmi_candidate *candidate)
{
	const struct vmi_abi *abi = vmi_load_abi(load);
	uint32_t used = load->backends & (VMI_BACKEND_KVM | VMI_BACKEND_HYPERV);
	bool both = used == (VMI_BACKEND_KVM | VMI_BACKEND_HYPERV);
	struct vmi_registers answer = { 0, 0 };
	struct vmi_binding entry;

	if (!used)
		return true;
	vmi_capability_answer(load, candidate, VMI_CALL_GetCapability, &answer);
	entry = vmi_judge(load, candidate, VMI_CALL_GetCapability, &answer);
	for (int call = 0; call < abi->call_count; call++) {
		load->served_by[call] = VROM_BACKEND_NONE;
		if (!by_backend(load, candidate, call))
			continue;
		load->served_by[call] = used & VMI_BACKEND_KVM ? VROM_BACKEND_KVM : VROM_BACKEND_HYPERV;
		if (!both || entry.kind != VMI_BIND_ROM)
			continue;
		if (!vmi_ask_entry(load, candidate, entry.address, (uint32_t)call, VMI_CALL_GetCapability,
				   &answer))
			return false;
		load->served_by[call] = (uint8_t)(answer.eax >> BACKEND_SHIFT & BACKEND_MASK);
	}
	return true;
}

static void print_calls(const struct vmi_load *load, uint8_t backend)
{
	for (int call = 0; call < vmi_load_abi(load)->call_count; call++) {
		if (load->served_by[call] != backend)
			continue;
		vmi_print(load, " ");
		vmi_print_decimal(load, (uint32_t)call);
	}
}

void vmi_report_backends(const struct vmi_load *load)
{
	if (load->chosen < 0 || !load->backends_told)
		return;
	for (int i = 0; i < VMI_BACKEND_COUNT; i++) {
		uint32_t why = load->backends >> (8 * i + 8) & 0xff;
		bool used = load->backends & backends[i].bit;

		if (why == VMI_BACKEND_WHY_ABSENT && !used && !load->overrides.verbose)
			continue;
		vmi_print(load, "backend ");
		vmi_print(load, backends[i].name);
		vmi_print(load, used ? " used why=" : " refused why=");
		vmi_print(load, why < sizeof(reasons) / sizeof(reasons[0]) ? reasons[why] : "?");
		if (used && backends[i].bit != VMI_BACKEND_VMWARE) {
			vmi_print(load, " calls:");
			print_calls(load, backends[i].number);
		}
		vmi_print(load, "\n");
	}
}
