// SPDX-License-Identifier: GPL-2.0-only
/*
 * A refused frame needs a flat ring-3 pair in the GDT to be sent to. It is found wherever
 * it stands. With none, or none that is flat, the ROM has nothing better to offer: its
 * IRET faults in ring 0 as the native one does, and whoever expects that can recover.
 */
#include "binding.h"
#include "cpu.h"
#include "load.h"
#include "rom_place.h"
#include "sigreturn.h"
#include "test.h"
#include "user.h"

/* What the kernel puts in the place of the pair, just before it returns. */
static struct descriptor code, data;

static void replace_pair(void)
{
	gdt[SEL_USER_CODE / 8] = code;
	gdt[SEL_USER_DATA / 8] = data;
}

/* A process asks for a null SS while the pair is `code` and `data`. */
static void run_without_pair(struct sigreturn_result *r)
{
	struct descriptor old_code = gdt[SEL_USER_CODE / 8], old_data = gdt[SEL_USER_DATA / 8];
	struct user_context c;

	user_context_init(&c, user_return);
	c.cs = SEL_TEST | 3; /* still in order: it is SS that is refused */
	c.ss = 3;
	sigreturn_run(&c, replace_pair, r);
	gdt[SEL_USER_CODE / 8] = old_code;
	gdt[SEL_USER_DATA / 8] = old_data;
}

#define FLAT 0xfffffu
struct pair {
	const char *what;
	uint32_t code_base, code_limit, code;
	uint32_t data_base, data_limit, data;
};
/* Each has one thing that a flat ring-3 pair must not have. */
static const struct pair pairs[] = {
	{ "nothing", 0, 0, 0, 0, 0, 0 },
	{ "no code", 0, 0, 0, 0, FLAT, SEG_DATA(3) },
	{ "no data", 0, FLAT, SEG_CODE(3), 0, 0, 0 },
	{ "code of ring 0", 0, FLAT, SEG_CODE(0), 0, FLAT, SEG_DATA(3) },
	{ "data of ring 0", 0, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(0) },
	{ "code of ring 2", 0, FLAT, SEG_CODE(2), 0, FLAT, SEG_DATA(3) },
	{ "data of ring 2", 0, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(2) },
	{ "code with base 1", 1, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(3) },
	{ "code with base 0x800000", 0x800000, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(3) },
	{ "code with base 0x80000000", 0x80000000, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(3) },
	{ "data with base 0x10000", 0, FLAT, SEG_CODE(3), 0x10000, FLAT, SEG_DATA(3) },
	{ "data with base 0x1000000", 0, FLAT, SEG_CODE(3), 0x1000000, FLAT, SEG_DATA(3) },
	{ "short code", 0, FLAT - 1, SEG_CODE(3), 0, FLAT, SEG_DATA(3) },
	{ "short data", 0, FLAT, SEG_CODE(3), 0, FLAT - 1, SEG_DATA(3) },
	{ "16-bit code", 0, FLAT, SEG_CODE(3) & ~0x400000u, 0, FLAT, SEG_DATA(3) },
	{ "16-bit data", 0, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(3) & ~0x400000u },
	{ "conforming code", 0, FLAT, SEG_CODE(3) | 0x400, 0, FLAT, SEG_DATA(3) },
	{ "expand-down data", 0, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(3) | 0x400 },
	{ "read-only data", 0, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(3) & ~0x200u },
	{ "code not present", 0, FLAT, SEG_CODE(3) & ~0x8000u, 0, FLAT, SEG_DATA(3) },
	{ "data not present", 0, FLAT, SEG_CODE(3), 0, FLAT, SEG_DATA(3) & ~0x8000u },
};

static void check_no_pair(const struct pair *p, bool by_rom)
{
	struct sigreturn_result r;

	code = segment_descriptor(p->code_base, p->code_limit, p->code);
	data = segment_descriptor(p->data_base, p->data_limit, p->data);
	if (!p->code)
		code = (struct descriptor){ 0 };
	if (!p->data)
		data = (struct descriptor){ 0 };
	run_without_pair(&r);
	if (!by_rom) {
		CHECK(r.end == SIGRETURN_SIGNAL, "%s: the native IRET did not fault", p->what);
		return;
	}
	CHECK(r.end == SIGRETURN_OOPS && rom_contains(r.info.regs.ip),
	      "%s: found vector %u at %04x:%08x, expected a fault in ring 0 in the ROM", p->what,
	      r.info.regs.vector, r.info.regs.cs & 0xffff, r.info.regs.ip);
	CHECK_EQ(p->what, r.info.regs.vector, TRAP_GP);
	/* A fault in ring 0 switches no stack: behind what it pushed, the frame is as it was. */
	const uint32_t *frame = (const uint32_t *)(r.info.frame + offsetof(struct regs, sp));

	CHECK_EQ("EIP of the frame left behind", frame[0], (uint32_t)user_return);
	CHECK_EQ("CS of the frame left behind", frame[1], SEL_TEST | 3);
	CHECK_EQ("SS of the frame left behind", frame[4], 3);
}

TEST(no_pair, "iret.no-flat-pair", VMI_CALL_IRET)
{
	bool by_rom = load_result()->bindings[SLOT_iret].kind == VMI_BIND_ROM;

	/* Conforming, so that it is good for the frame and not taken for the pair's code. */
	gdt[SEL_TEST / 8] = segment_descriptor(0, FLAT, SEG_CODE(0) | 0x400);
	for (unsigned i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		check_no_pair(&pairs[i], by_rom);
	gdt[SEL_TEST / 8] = (struct descriptor){ 0 };
	test_note("%u pairs that will not do: a fault in ring 0 each, recovered",
		  (unsigned)(sizeof(pairs) / sizeof(*pairs)));
}

TEST(elsewhere, "iret.pair-elsewhere", VMI_CALL_IRET)
{
	struct sigreturn_result r;

	if (load_result()->bindings[SLOT_iret].kind != VMI_BIND_ROM)
		SKIP("the native IRET looks for no pair");
	gdt[SEL_TEST / 8] = segment_descriptor(0, FLAT, SEG_CODE(0) | 0x400);
	gdt[SEL_TLS / 8] = segment_descriptor(0, FLAT, SEG_DATA(3));
	gdt[SEL_TLS / 8 + 2] = segment_descriptor(0, FLAT, SEG_CODE(3));
	code = data = (struct descriptor){ 0 };
	run_without_pair(&r);
	gdt[SEL_TEST / 8] = gdt[SEL_TLS / 8] = gdt[SEL_TLS / 8 + 2] = (struct descriptor){ 0 };
	CHECK(r.end == SIGRETURN_USER && rom_contains(r.info.regs.ip),
	      "found vector %u at %04x:%08x, expected a fault in user mode in the ROM",
	      r.info.regs.vector, r.info.regs.cs & 0xffff, r.info.regs.ip);
	CHECK_EQ("CS of the fault", r.info.regs.cs & 0xffff, (SEL_TLS + 16) | 3);
	CHECK_EQ("SS of the fault", r.info.regs.ss & 0xffff, SEL_TLS | 3);
}
