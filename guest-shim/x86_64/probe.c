// SPDX-License-Identifier: GPL-2.0-only
/* Calls with every register known, x86-64. */
#include "probe.h"
#include "cpu.h"

struct probe probe_state; /* probe.asm trusts no register, so its state is at a fixed place */
void probe_enter(void);

void probe_init(struct probe *p, uintptr_t target)
{
	*p = (struct probe){ .target = target, .segment = SEL_KERNEL_DATA };
	for (uint64_t i = 0; i < PROBE_REGISTERS; i++)
		p->in[i] = 0xa0a1a2a3b0b1b2b3u + i * 0x0101010101010101u;
	p->in[ESP] = 0;
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
	return p.out[EAX];
}

const char *probe_lost(const struct probe *p, uint32_t may_change)
{
	static const char *const names[PROBE_REGISTERS] = {
		"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
		"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
	};

	for (int i = 0; i < PROBE_REGISTERS; i++) {
		uint64_t expected = i == ESP ? p->sp : p->in[i];

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
