// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Report: the lines that vmi_loader.h describes above vmi_report(). */
#include "internal.h"

#define ADDRESS_DIGITS 8

const struct vmi_reason_info *vmi_reason_info(enum vmi_reason reason)
{
	static const struct vmi_reason_info unknown = { .name = "?", .cause = "", .remedy = "" };

	for (size_t i = 0; i < vmi_reason_count; i++)
		if (vmi_reasons[i].number == (unsigned int)reason)
			return &vmi_reasons[i];
	return &unknown;
}

const char *vmi_reason_name(enum vmi_reason reason)
{
	return vmi_reason_info(reason)->name;
}

const char *vmi_kind_name(enum vmi_bind_kind kind)
{
	static const char *const kinds[] = {
		[VMI_BIND_NATIVE] = "native", [VMI_BIND_ROM] = "rom", [VMI_BIND_NOP] = "nop",
		[VMI_BIND_INLINE] = "inline",
	};

	return kinds[kind];
}

bool vmi_reason_names_call(enum vmi_reason reason, uint64_t found, uint64_t expected)
{
	switch (reason) {
	case VMI_E_LOST_STACK:
	case VMI_E_LOST_REGISTERS:
	case VMI_E_LOST_FLAGS:
	case VMI_E_LOST_SEGMENTS:
	case VMI_E_LOST_SYSTEM:
	case VMI_E_CALL_TIME:
		return found != expected; /* equal: VMI_Init */
	case VMI_E_GROUP:
	case VMI_E_MANDATORY:
	case VMI_E_RELOC_CALL:
	case VMI_E_RELOC_CHANGED:
		return true;
	default:
		return false;
	}
}

uint32_t vmi_count_bound(const struct vmi_load *load, enum vmi_bind_kind kind)
{
	uint32_t count = 0;

	for (size_t row = 0; row < load->slot_count; row++)
		count += load->bindings[row].kind == kind;
	return count;
}

static void print_reason(const struct vmi_load *load, enum vmi_reason reason)
{
	vmi_print(load, " why=");
	vmi_print(load, vmi_reason_name(reason));
}

static void print_numbers(const struct vmi_load *load, enum vmi_reason reason, uint64_t found,
			  uint64_t expected)
{
	if (vmi_reason_names_call(reason, found, expected)) {
		vmi_print(load, " call=");
		vmi_print_decimal(load, (uint32_t)found);
	} else if (found != expected) {
		vmi_print(load, " found=");
		vmi_print_hex(load, found, 1);
		vmi_print(load, " expected=");
		vmi_print_hex(load, expected, 1);
	}
}

/* The end of a line, for people. */
static void print_words(const struct vmi_load *load, enum vmi_reason reason)
{
	const struct vmi_reason_info *info = vmi_reason_info(reason);

	vmi_print(load, " # ");
	vmi_print(load, info->cause);
	vmi_print(load, " ");
	vmi_print(load, info->remedy);
}

static void print_candidate(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	vmi_print(load, "vrom ");
	vmi_print_hex(load, candidate->base, ADDRESS_DIGITS);
	vmi_print(load, candidate->reason == VMI_OK ? " used " : " refused ");
	if (candidate->vmi)
		vmi_print_version(load, candidate->major, candidate->minor);
	else
		vmi_print(load, "-");
	vmi_print(load, " length=");
	vmi_print_decimal(load, candidate->length);
	print_reason(load, candidate->reason);
	if (candidate->reason == VMI_OK) {
		vmi_print(load, " # ");
		vmi_print(load, candidate->license);
		vmi_print(load, "\n");
		return;
	}
	if (candidate->field) {
		vmi_print(load, " field=");
		vmi_print(load, candidate->field);
		vmi_print(load, " at=");
		vmi_print_hex(load, candidate->where, ADDRESS_DIGITS);
	}
	print_numbers(load, candidate->reason, candidate->found, candidate->expected);
	print_words(load, candidate->reason);
	if (candidate->reason == VMI_E_LICENSE) {
		vmi_print(load, " It says: ");
		vmi_print(load, candidate->license);
	}
	vmi_print(load, "\n");
}

static void print_bound(const struct vmi_load *load, const char *key, enum vmi_bind_kind kind)
{
	vmi_print(load, key);
	vmi_print_decimal(load, vmi_count_bound(load, kind));
}

static void print_outcome(const struct vmi_load *load)
{
	if (load->chosen < 0) {
		vmi_print(load, "vmi native");
		print_reason(load, load->reason);
		print_numbers(load, load->reason, load->reason_found, load->reason_expected);
		print_words(load, load->reason);
	} else {
		const struct vmi_candidate *used = &load->candidates[load->chosen];

		vmi_print(load, "vmi rom ");
		vmi_print_hex(load, used->base, ADDRESS_DIGITS);
		vmi_print(load, " ");
		vmi_print_version(load, used->major, load->minor);
		print_bound(load, " bound=", VMI_BIND_ROM);
		print_bound(load, " nop=", VMI_BIND_NOP);
		print_bound(load, " native=", VMI_BIND_NATIVE);
		if (vmi_count_bound(load, VMI_BIND_INLINE))
			print_bound(load, " inline=", VMI_BIND_INLINE);
	}
	vmi_print(load, "\n");
}

/* The words of a line from the kind on. */
static void print_bound_to(const struct vmi_load *load, const struct vmi_binding *binding)
{
	bool rom = binding->kind == VMI_BIND_ROM;

	vmi_print(load, " ");
	vmi_print(load, vmi_kind_name(binding->kind));
	vmi_print(load, " ");
	if (rom)
		vmi_print_hex(load, binding->address, ADDRESS_DIGITS);
	else
		vmi_print(load, "-");
	vmi_print(load, " ");
	vmi_print(load, vmi_relocation_names[rom ? binding->type : VMI_RELOCATION_NONE]);
	print_reason(load, binding->reason);
	print_numbers(load, binding->reason, binding->found, binding->expected);
	vmi_print(load, "\n");
}

static void print_call(const struct vmi_load *load, int call)
{
	const struct vmi_abi *abi = vmi_load_abi(load);

	vmi_print(load, " ");
	if (call >= 0 && call < abi->call_count) {
		vmi_print_decimal(load, (uint32_t)call);
		vmi_print(load, " ");
		vmi_print(load, abi->calls[call].name);
	} else {
		vmi_print(load, "- -");
	}
}

static void print_directory(const struct vmi_load *load, const struct vmi_candidate *candidate)
{
	const struct vmi_directory *d = &candidate->directory;

	if (d->reason == VMI_OK)
		return;
	vmi_print(load, "directory ");
	vmi_print_hex(load, candidate->base, ADDRESS_DIGITS);
	vmi_print(load, " refused");
	print_reason(load, d->reason);
	vmi_print(load, " field=");
	vmi_print(load, d->field);
	vmi_print(load, " at=");
	vmi_print_hex(load, d->where, ADDRESS_DIGITS);
	print_numbers(load, d->reason, d->found, d->expected);
	print_words(load, d->reason);
	vmi_print(load, "\n");
}

static void print_inlines(const struct vmi_load *load)
{
	for (int call = 0; call < vmi_load_abi(load)->call_count && load->chosen >= 0; call++) {
		const struct vmi_binding *b = &load->inlines[call];

		if (b->reason == VMI_OK || b->reason == VMI_E_NO_BINDING)
			continue;
		vmi_print(load, "inline");
		print_call(load, call);
		vmi_print(load, " refused");
		print_reason(load, b->reason);
		print_numbers(load, b->reason, b->found, b->expected);
		print_words(load, b->reason);
		vmi_print(load, "\n");
	}
}

static void print_fault(const struct vmi_load *load, const char *word, size_t length,
			enum vmi_reason reason)
{
	vmi_print(load, "override ");
	vmi_print_text(load, word, length);
	vmi_print(load, " refused");
	print_reason(load, reason);
	print_words(load, reason);
	vmi_print(load, "\n");
}

static void print_range(const struct vmi_load *load, const struct vmi_version_range *range)
{
	vmi_print(load, "range ");
	vmi_print_version(load, range->major, range->minor_min);
	vmi_print(load, "-");
	vmi_print_version(load, range->major, range->minor_max);
	vmi_print(load, "\n");
}

static void print_ranges(const struct vmi_load *load)
{
	print_range(load, &load->range);
	for (size_t i = 0; i < load->more_range_count; i++)
		print_range(load, &load->more_ranges[i]);
}

static void print_answers(const struct vmi_load *load)
{
	for (int call = 0; call < vmi_load_abi(load)->call_count; call++) {
		if (load->answers[call].reason == VMI_E_NO_BINDING)
			continue;
		vmi_print(load, "answer");
		print_call(load, call);
		print_bound_to(load, &load->answers[call]);
	}
}

void vmi_report(const struct vmi_load *load)
{
	vmi_print(load, "census 1\n");
	vmi_each_fault(load, print_fault);
	if (load->overrides.verbose)
		print_ranges(load);
	for (size_t i = 0; i < load->candidate_count; i++) {
		print_candidate(load, &load->candidates[i]);
		print_directory(load, &load->candidates[i]);
	}
	print_outcome(load);
	vmi_report_backends(load);
	print_inlines(load);
	for (size_t row = 0; row < load->slot_count; row++) {
		vmi_print(load, "bind ");
		vmi_print(load, load->slots[row].name);
		print_call(load, load->slots[row].call);
		print_bound_to(load, &load->bindings[row]);
	}
	if (load->overrides.verbose)
		print_answers(load);
	if (load->overrides.json)
		vmi_report_json(load);
}
