// SPDX-License-Identifier: GPL-2.0-only
/* Calls with every register known, i386. */
#include "probe.h"
#include "cpu.h"

struct probe probe_state; /* probe.asm trusts no register, so its state is at a fixed place */
void probe_enter(void);

void probe_init(struct probe *p, uintptr_t target)
{
	*p = (struct probe){
		.target = target, .segment = SEL_KERNEL_DATA,
		.in = { 0xa0a1a2a3, 0xc0c1c2c3, 0xd0d1d2d3, 0xb0b1b2b3, 0, 0xe0e1e2e3,
			0x51525354, 0xd1d2d3d4 },
	};
}

void probe_run(struct probe *p)
{
	probe_state = *p;
	probe_enter();
	*p = probe_state;
}

uint64_t probe_result(uintptr_t target)
{
	struct probe p;

	probe_init(&p, target);
	probe_run(&p);
	return (uint64_t)p.out[EDX] << 32 | p.out[EAX];
}

const char *probe_lost(const struct probe *p, uint32_t may_change)
{
	static const char *const names[8] = {
		"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
	};

	for (int i = 0; i < 8; i++) {
		uint32_t expected = i == ESP ? p->sp : p->in[i];

		if (p->out[i] != expected && !(may_change >> i & 1))
			return names[i];
	}
	for (int i = 0; i < PROBE_CANARIES; i++)
		if (p->canary[i] != PROBE_CANARY_VALUE)
			return "stack";
	if ((p->out_ds & 0xffff) != p->segment || (p->out_es & 0xffff) != p->segment)
		return "segments";
	if (p->flags & EFLAGS_DF)
		return "direction flag";
	return NULL;
}
