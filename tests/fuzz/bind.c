// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding under arbitrary answers of a ROM whose image is good. Input: two bytes for
 * VMI_Init (status, EAX), then a record of RECORD bytes for each call in turn, as far as
 * there are any: flags, EAX as an offset from the image, EDX. Flags: 1 the record counts
 * (else the answer is a good one), 2 EAX is no offset, 4 asked again it differs, 8 the
 * call's slot is mandatory; the upper four are the status.
 */
#include "machine.h"

#include <string.h>

#include "../host/rom_image.h"

#define RECORD 9

const char fuzz_name[] = "bind";

struct input {
	const uint8_t *data;
	size_t size;
};

/* Result: the record of a call, or NULL. */
static const uint8_t *record(const struct input *in, uint32_t call)
{
	const uint8_t *at;

	if ((call + 1) * RECORD > in->size)
		return NULL;
	at = in->data + call * RECORD;
	return at[0] & 1 ? at : NULL;
}

static enum vmi_call_status answer(void *input, uint32_t call, bool again,
				   struct vmi_registers *out)
{
	const uint8_t *at = record(input, call);
	uint32_t eax, edx;

	if (!at)
		return VMI_CALL_RETURNED;
	memcpy(&eax, at + 1, sizeof(eax));
	memcpy(&edx, at + 5, sizeof(edx));
	if (!(at[0] & 2))
		eax += FUZZ_VIRT;
	eax += again && at[0] & 4;
	*out = (struct vmi_registers){ eax, edx };
	return (enum vmi_call_status)(at[0] >> 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine m;
	struct input in = { data + 2, size - 2 };

	if (size < 2)
		return 0;
	machine_init(&m, false);
	rom_image_build(m.memory, VROM_API_MAJOR, VROM_API_MINOR);
	m.init_status = (enum vmi_call_status)(data[0] & 15);
	m.init_eax = data[1];
	m.answer = answer;
	m.input = &in;
	for (size_t row = 0; row < m.load.slot_count; row++) {
		const uint8_t *at = record(&in, (uint32_t)m.slots[row].call);

		if (at && at[0] & 8)
			m.slots[row].flags = VMI_SLOT_MANDATORY;
	}
	machine_run(&m);
	return 0;
}
