// SPDX-License-Identifier: GPL-2.0-only
/* Counting instructions: what code of 64 bits needs around a form. */
#include "bench.h"
#include "memory.h"
#include "pv_ops.h"

/* mov rax, rsp; push SEL_KERNEL_DATA; push rax; pushfq; push SEL_KERNEL_CODE; push imm32 */
static const struct bench_around frame = {
	.before = { 0x48, 0x89, 0xe0, 0x6a, SEL_KERNEL_DATA, 0x50, 0x9c, 0x6a, SEL_KERNEL_CODE, 0x68 },
	.before_size = 14, .instructions = 6,
};
/* The kernel's GS is back before anybody looks for it: swapgs. */
static const struct bench_around swapped = {
	.after = { 0x0f, 0x01, 0xf8 }, .after_size = 3, .instructions = 1,
};

/* Text and data lie in the topmost 2 GiB: 32 bits, with their sign, name an address. */
void bench_around(int call, bool flow, bool marked, uintptr_t area, size_t size,
		  struct bench_around *around)
{
	uint32_t behind = (uint32_t)(area + frame.before_size + size);

	(void)marked;
	*around = (struct bench_around){ .instructions = 0 };
	if (flow) {
		*around = frame;
		memcpy(around->before + 10, &behind, sizeof(behind));
	} else if (call == VMI_CALL_SwapGS) {
		*around = swapped;
	}
}

size_t bench_indirect(bool flow, const uintptr_t *at, uint8_t bytes[8])
{
	uint32_t address = (uint32_t)(uintptr_t)at;

	bytes[0] = 0xff;
	bytes[1] = flow ? 0x24 : 0x14; /* with the byte behind it: no base, no index */
	bytes[2] = 0x25;
	memcpy(bytes + 3, &address, sizeof(address));
	return 7;
}

/* Nobody sets marks in long mode: no hypervisor of this tree runs such a guest. */
void bench_live_arguments(int call, struct probe *p)
{
	(void)call, (void)p;
}
