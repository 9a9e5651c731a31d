// SPDX-License-Identifier: GPL-2.0-only
/*
 * GetCapability gives what the image's table says of each call, which is what
 * GetRelocationInfo answers, and 0 for every number beyond; without a ROM, or with one of
 * 3.0, it gives 0 for all.
 */
#include "binding.h"
#include "load.h"
#include "probe.h"
#include "pv_ops.h"
#include "rom_place.h"
#include "test.h"

#define ANSWER 0x0fu /* of vrom_capability.detail */

/* The table of the image in use; NULL if GetCapability is not bound to it. */
static const struct vrom_capability *table(uint32_t *count)
{
	uintptr_t start, end;

	if (load_result()->bindings[SLOT_get_capability].kind != VMI_BIND_ROM ||
	    !rom_image(&start, &end))
		return NULL;
	const struct vmi_load *load = load_result();
	const struct vrom_directory *d =
		(const void *)(start + load->candidates[load->chosen].directory.at);

	if (!CHECK_EQ("signature of the directory", d->signature, VROM_DIRECTORY_SIGNATURE) ||
	    !CHECK_EQ("bytes of a capability", d->capability_size, sizeof(struct vrom_capability)))
		return NULL;
	*count = d->capability_count;
	return (const void *)(start + d->capabilities_offs);
}

static void ask(uint32_t call, uintptr_t *address, uint32_t *type)
{
	struct probe p;

	probe_init(&p, rom_get_reloc());
	p.in[ARG0] = call;
	probe_run(&p);
	*address = p.out[EAX];
	*type = (uint32_t)p.out[EDX];
}

static void check_call(uint32_t call, const struct vrom_capability *c)
{
	uint32_t word = (uint32_t)c->inline_length | (uint32_t)c->inline_clobbers << 8 |
			(uint32_t)c->kinds << 16 | (uint32_t)c->detail << 24;
	uint32_t type, expected = c->detail & ANSWER, found = vmi_ops.get_capability(call);
	uint32_t backend = found >> 28;
	uintptr_t start, end, address;

	rom_image(&start, &end);
	CHECK((found & 0x0fffffff) == word, "call %u: found 0x%08x, expected 0x%08x", call, found, word);
	CHECK(!backend || (c->kinds & VMI_CAPABILITY_CONDITIONAL && backend <= VROM_BACKEND_VMWARE),
	      "call %u: backend %u, kinds 0x%x", call, backend, c->kinds);
	ask(call, &address, &type);
	if (!type && c->kinds & VMI_CAPABILITY_CONDITIONAL)
		expected = VMI_RELOCATION_NONE;
	CHECK(type == expected, "call %u: answer %u, the table says %u", call, type, expected);
	CHECK(!type || c->kinds & 1u << type, "call %u: answer %u is not among its kinds 0x%x", call,
	      type, c->kinds);
	CHECK(type == VMI_RELOCATION_NONE || type == VMI_RELOCATION_NOP ||
	      (address == start + c->entry_offs) == !backend, "call %u: found 0x%08lx, %s 0x%08lx", call,
	      (unsigned long)address, backend ? "a backend's is not" : "expected",
	      (unsigned long)(start + c->entry_offs));
	CHECK(!backend || (address > start && address < end), "call %u: 0x%08lx is outside the image",
	      call, (unsigned long)address);
	CHECK(c->kinds || (!c->entry_offs && !c->detail), "call %u: an entry of no kind", call);
}

TEST(agrees, "capability.agrees", VMI_CALL_GetCapability)
{
	static const uint32_t beyond[] = {
		VMI_CALLS, VMI_CALLS + 1, 0x100, 0x10000, 0x1fffffff, 0x20000021, 0x7fffffff,
		0x80000000, 0xe0000000, 0xffffffff,
	};
	uint32_t count = (uint32_t)GUEST_ABI->call_count;
	const struct vrom_capability *c = table(&count);
	unsigned provided = 0;

	for (uint32_t call = 0; call < count; call++) {
		if (c)
			check_call(call, &c[call]);
		else
			CHECK_EQ("a capability without a ROM", vmi_ops.get_capability(call), 0);
		provided += c && c[call].kinds;
	}
	for (unsigned i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++)
		if (beyond[i] >= count)
			CHECK_EQ("the capability of no call", vmi_ops.get_capability(beyond[i]), 0);
	if (c)
		CHECK(provided > 2, "the table provides %u calls", provided);
	test_note("%u calls provided", provided);
}
