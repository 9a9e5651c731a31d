/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results since 3.2 that the arguments alone decide, as `fails` of the spec has them, told
 * again beside the native texts: a text that is wrong, and a ROM that is it, differ.
 */
#include "emu/lane_internal.h"
#include "vmi64_abi.h"

#define WIDEST 57 /* bits of a linear address */
#define BITMAP_MAX 8192u
#define FRAMES (1ull << 40) /* of 64 bit */
#define USER_BITS 47

/* As every address of 32 bit is. */
static bool canonical(uint64_t address)
{
	int64_t top = (int64_t)address >> (WIDEST - 1);

	return top == 0 || top == -1;
}

static uint64_t vcpu_wait(uint64_t address, uint32_t bytes)
{
	if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8)
		return VMI_REFUSED_SIZE;
	if (address % bytes)
		return VMI_REFUSED_ALIGN;
	return canonical(address) ? VMI_REFUSED_OK : VMI_REFUSED_ADDRESS;
}

static uint64_t set_io_bitmap(uint64_t address, uint32_t bytes)
{
	if (bytes > BITMAP_MAX)
		return VMI_REFUSED_SIZE;
	return canonical(address) ? VMI_REFUSED_OK : VMI_REFUSED_ADDRESS;
}

static uint64_t set_page_visibility(unsigned int width, uint64_t pfn, uint64_t pages,
				    uint32_t visibility)
{
	if (visibility & ~VMI_VISIBILITY_SHARED)
		return VMI_REFUSED_KIND;
	if (width == 32)
		return pfn + pages > UINT32_MAX ? VMI_REFUSED_RANGE : VMI_REFUSED_OK;
	return pages > FRAMES || pfn > FRAMES - pages ? VMI_REFUSED_RANGE : VMI_REFUSED_OK;
}

#define PAGE 0x1000u
#define APIC_BASE 0u /* what the MSR reads in Unicorn, which has no APIC */

/* Of the local APIC's page, and of kinds that there are not. */
static uint64_t set_mapping(uint32_t kind, uint64_t physical, uint64_t linear, uint64_t size)
{
	const int64_t first = (int64_t)linear >> USER_BITS;
	const uint64_t last = linear + size - 1;

	if (kind != VMI_MAPPING_APIC)
		return VMI_REFUSED_KIND;
	if (!size)
		return VMI_REFUSED_OK;
	if (last < linear || (int64_t)last >> USER_BITS != first)
		return VMI_REFUSED_RANGE;
	if (first != 0 && first != -1)
		return VMI_REFUSED_ADDRESS;
	if (physical >> 32 || physical % PAGE || linear % PAGE)
		return VMI_REFUSED_ALIGN;
	if (size < PAGE)
		return VMI_REFUSED_SIZE;
	return physical == APIC_BASE ? VMI_REFUSED_OK : VMI_REFUSED_CONTENT;
}

bool lane_check_stated(const struct lane_case *c, const struct emu_result *rom,
		       struct lane_finding *finding)
{
	const uint64_t first = lane_argument_value(c, 0);
	uint64_t found = rom->state.value[EMU_EAX], expected;

	switch (c->call->number) {
	case VMI_CALL_GetVcpuState: expected = VMI_VCPU_RUNNING; break;
	case VMI_CALL_VcpuWait:
		expected = vcpu_wait(first, (uint32_t)lane_argument_value(c, 2));
		break;
	case VMI_CALL_SetIOBitmap:
		expected = set_io_bitmap(first, (uint32_t)lane_argument_value(c, 1));
		break;
	case VMI_CALL_SetPageVisibility:
		expected = set_page_visibility(c->abi->width, first, lane_argument_value(c, 1),
					       (uint32_t)lane_argument_value(c, 2));
		break;
	case VMI_CALL_SetMapping:
		expected = set_mapping((uint32_t)first, lane_argument_value(c, 1),
				       lane_argument_value(c, 2), lane_argument_value(c, 3));
		/* A ROM that has none; and in 32 bit the arguments are others. */
		if (found == VMI_REFUSED_STATE || c->abi->width == 32)
			return true;
		break;
	case VMI_CALL_SetBackends: /* there is no hypervisor here; without a state the ROM says so */
		expected = found ? VMI_BACKEND_WHY_ABSENT * 0x01010100u : 0;
		break;
	case VMI_CALL_SYSRET64: /* wherever it went */
		found = rom->state.value[EMU_EIP];
		expected = first & ((1ull << USER_BITS) - 1);
		break;
	default: return true;
	}
	return found == expected ||
	       lane_find(finding, LANE_RESULT, "%s: found %#llx, the spec says %#llx",
			 emu_field_name(c->abi->width, c->call->noreturn ? EMU_EIP : EMU_EAX),
			 (unsigned long long)found, (unsigned long long)expected);
}
