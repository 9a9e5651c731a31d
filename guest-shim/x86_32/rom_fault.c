// SPDX-License-Identifier: GPL-2.0-only
/* A trap inside the ROM in use: which ROM, which call, which arguments, which caller. */
#include "rom_fault.h"
#include "console.h"
#include "load.h"
#include "memory.h"
#include "rom_place.h"
#include "trap.h"

#define STACK_WORDS 64u /* how far up a return address is sought: ROM code pushes less */
#define ENDBR_SIZE 4u
#define CONFIG_ALIGN 16u

/* One call of the ROM, as far as the stack tells. */
struct search {
	uint32_t esp;    /* in: where to begin */
	int call;        /* out: its number, -1 = not told */
	uint32_t entry;  /* where it was entered, 0 = not told */
	uint32_t caller; /* the return address, 0 = none found */
	uint32_t frame;  /* the stack pointer at entry, 0 = none found */
	uint32_t words[8]; /* what stands there */
};

/* The answered call whose entry is `address`, or ends its ENDBR32 there, as at a patched site. */
static int call_at(uint32_t address)
{
	const struct vmi_binding *answers = load_result()->answers;

	for (int call = 0; call < VMI_CALLS; call++)
		if (answers[call].kind == VMI_BIND_ROM &&
		    (answers[call].address == address || answers[call].address + ENDBR_SIZE == address))
			return call;
	return -1;
}

/* The answered call with the nearest entry at or below `address`, else -1. */
static int call_below(uint32_t address)
{
	const struct vmi_binding *answers = load_result()->answers;
	int best = -1;

	for (int call = 0; call < VMI_CALLS; call++)
		if (answers[call].kind == VMI_BIND_ROM && answers[call].address <= address &&
		    (best < 0 || answers[call].address > answers[best].address))
			best = call;
	return best;
}

static bool in_text(uint32_t address)
{
	extern const char text_start[], text_end[];

	return address >= (uintptr_t)text_start + 8 && address < (uintptr_t)text_end;
}

static uint32_t word_at(uint32_t address)
{
	uint32_t word;

	memcpy(&word, (const void *)(uintptr_t)address, sizeof(word));
	return word;
}

/*
 * Does a call instruction end at `address`? *target is where it led: 0 if only the
 * registers of that moment would tell.
 */
static bool behind_call(uint32_t address, uint32_t *target)
{
	const uint8_t *p = (const void *)(uintptr_t)address;

	*target = 0;
	if (p[-5] == 0xe8) { /* call rel32 */
		*target = address + word_at(address - 4);
		return in_text(*target) || rom_contains(*target);
	}
	if (p[-6] == 0xff && p[-5] == 0x15) { /* call [disp32] */
		*target = word_at(word_at(address - 4));
		return true;
	}
	return (p[-2] == 0xff && (p[-1] & 0xf8) == 0xd0) || /* call REGISTER */
	       (p[-2] == 0xff && (p[-1] & 0xf8) == 0x10) || /* call [REGISTER] */
	       (p[-3] == 0xff && (p[-2] & 0xf8) == 0x50) || /* call [REGISTER + disp8] */
	       (p[-6] == 0xff && (p[-5] & 0xf8) == 0x90);   /* call [REGISTER + disp32] */
}

/* Runs under a guard: the stack and what it names may be anything. */
static void search_stack(void *argument)
{
	struct search *s = argument;

	for (unsigned i = 0; i < STACK_WORDS; i++) {
		uint32_t at = s->esp + 4 * i, word = word_at(at), target;

		if (!in_text(word) || !behind_call(word, &target))
			continue;
		int call = call_at(target);

		if (s->caller && call < 0)
			continue; /* nothing better than what was found */
		s->caller = word;
		s->frame = at;
		memcpy(s->words, (const void *)(uintptr_t)at, sizeof(s->words));
		if (call < 0)
			continue;
		s->call = call;
		s->entry = (uint32_t)load_result()->answers[call].address;
		return;
	}
}

/* A string inside the image, printable and not too long; else "?". */
static const char *image_string(uint32_t start, uint32_t end, uint32_t offset, char to[32])
{
	size_t n = 0;

	for (; n < 31 && start + offset + n < end; n++) {
		to[n] = ((const char *)(uintptr_t)start)[offset + n];
		if (!to[n])
			break;
		if (to[n] < '!' || to[n] > '~')
			return "?";
	}
	to[n] = 0;
	return n ? to : "?";
}

/* Our ROMs carry a config block; others have no name but their place. */
static void print_rom(uint32_t start, uint32_t end, uint32_t eip)
{
	const struct vrom_config *config = NULL;
	char release[32], profile[32];

	for (uint32_t at = start; !config && end - at >= sizeof(*config); at += CONFIG_ALIGN)
		if (word_at(at) == VROM_CONFIG_SIGNATURE)
			config = (const void *)(uintptr_t)at;
	printf("  rom %s profile=%s base=0x%08x length=%u offset=0x%04x\n",
	       config ? image_string(start, end, config->release_offs, release) : "?",
	       config ? image_string(start, end, config->profile_offs, profile) : "?", start,
	       end - start, eip - start);
}

/* A register of the trap by the processor's number. */
static uint32_t gpr(const struct regs *r, int number)
{
	const uint32_t all[] = { r->ax, r->cx, r->dx, r->bx, 0, r->bp, r->si, r->di };

	return all[number & 7];
}

static void print_half(const struct regs *r, const struct search *s, int reg, int stack)
{
	if (reg >= 0)
		printf("%08x", gpr(r, reg));
	else if (stack >= 0 && s->frame && (size_t)stack / 4 < sizeof(s->words) / 4)
		printf("%08x", s->words[stack / 4]);
	else
		printf("????????");
}

static void print_arguments(const struct regs *r, const struct search *s, int call)
{
	for (unsigned i = 0; i < vmi_places32[call].arg_count; i++) {
		const struct vmi_place_info *p = &vmi_places32[call].args[i];

		printf(" %s=0x", p->name);
		if (p->reg_high >= 0 || p->stack_high >= 0)
			print_half(r, s, p->reg_high, p->stack_high);
		print_half(r, s, p->reg, p->stack);
	}
}

void rom_fault_report(const struct regs *r, uintptr_t sp)
{
	struct search s = { .esp = sp, .call = -1 };
	uintptr_t start, end;

	if (!rom_image(&start, &end) || r->ip < start || r->ip >= end)
		return;
	print_rom(start, end, r->ip);
	int call = call_below(r->ip);

	/* An entry that is jumped to has no return address: what the stack holds is older. */
	if (call < 0 || !vmi_calls[call].noreturn) {
		trap_guard(search_stack, &s, NULL);
		if (s.call >= 0)
			call = s.call;
	}
	if (call < 0)
		return;
	uint32_t entry = s.entry ? s.entry : (uint32_t)load_result()->answers[call].address;

	printf("  call %u %s entry=0x%08x+%d", call, vmi_calls[call].name, entry,
	       (int)(r->ip - entry));
	print_arguments(r, &s, call);
	printf(r->ip - entry <= ENDBR_SIZE ? "\n" : " # later than the entry\n");
	if (s.caller)
		printf("  caller=0x%08x\n", s.caller);
}
