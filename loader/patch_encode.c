// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Encode: the bytes that go into a site: branches, native texts and padding. */
#include "patch_internal.h"

#define DS_PREFIX 0x3E
#define SHORT_JUMP 0xEB
#define BREAKPOINT 0xCC /* INT3, where nothing is ever run */
#define INSTRUCTION_MAX 15

static void append(struct vmi_code *code, const uint8_t *bytes, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		code->bytes[code->length++] = bytes[i];
}

vmi_virt_t vmi_branch_target(const uint8_t *bytes, vmi_virt_t from, bool long_mode)
{
	uint32_t displacement = bytes[1] | bytes[2] << 8 | bytes[3] << 16 |
				(uint32_t)bytes[4] << 24;
	vmi_virt_t to = from + VMI_SITE_MIN + (vmi_virt_t)(int32_t)displacement;

	return long_mode ? to : (uint32_t)to;
}

vmi_virt_t vmi_branch_reach(vmi_virt_t from, vmi_virt_t to, bool long_mode)
{
	vmi_virt_t base = from + VMI_SITE_MIN;
	int64_t distance = (int64_t)(to - base);

	if (!long_mode)
		return to <= UINT32_MAX ? to : UINT32_MAX;
	return distance > INT32_MAX ? base + INT32_MAX :
	       distance < INT32_MIN ? base + (vmi_virt_t)INT32_MIN : to;
}

void vmi_encode_branch(struct vmi_code *code, uint8_t opcode, vmi_virt_t from, vmi_virt_t to)
{
	uint32_t displacement = (uint32_t)(to - (from + VMI_SITE_MIN));
	const uint8_t bytes[VMI_SITE_MIN] = {
		opcode, (uint8_t)displacement, (uint8_t)(displacement >> 8),
		(uint8_t)(displacement >> 16), (uint8_t)(displacement >> 24),
	};

	append(code, bytes, sizeof(bytes));
}

/* The text begins with `word`. */
static bool begins(const char *text, const char *word)
{
	while (*word && *text == *word) {
		text++;
		word++;
	}
	return !*word;
}

/* `word` occurs in the line. */
static bool line_has(const char *line, const char *word)
{
	for (; *line && *line != '\n'; line++)
		if (begins(line, word))
			return true;
	return false;
}

/* The instruction of a line, behind its label if it has one. */
static const char *instruction(const char *line)
{
	const char *at = line;

	if (*at != '.')
		return at;
	while (*at && *at != '\n' && *at++ != ':')
		;
	while (*at == ' ')
		at++;
	return at;
}

static const char *next_line(const char *line)
{
	while (*line && *line++ != '\n')
		;
	return line;
}

/*
 * The text neither looks for the return address and the arguments above it, nor pops
 * more than it pushed. Its jumps go to local labels, which lie inside it.
 */
bool vmi_text_movable(const char *text)
{
	unsigned int pushed = 0;

	for (const char *line = text; *line; line = next_line(line)) {
		const char *word = instruction(line);

		if (line_has(line, "esp") || line_has(line, "rsp") || begins(word, "call") || begins(word, "ret"))
			return false;
		if (begins(word, "push"))
			pushed++;
		if (begins(word, "pop") && !pushed--)
			return false;
	}
	return true;
}

/* On a branch, prefixes are hints; an operand in memory must be in DS anyway. */
bool vmi_text_takes_prefixes(const char *text)
{
	static const char *const others[] = {
		"j", "loop", "call", "ret", "iret", "int", "sys", "rep", "lock", ".",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (begins(text, others[i]))
			return false;
	return *text && !(line_has(text, "[") && (line_has(text, "ebp") || line_has(text, "esp") ||
						  line_has(text, ":")));
}

static uint16_t blob_word(const struct vmi_abi *abi, uint32_t index)
{
	return (uint16_t)(abi->native[2 * index] | abi->native[2 * index + 1] << 8);
}

const uint8_t *vmi_native_bytes(const struct vmi_abi *abi, int call, uint16_t *length)
{
	*length = blob_word(abi, 2 * (uint32_t)call + 1);
	return abi->calls[call].native ? abi->native + blob_word(abi, 2 * (uint32_t)call) : NULL;
}

bool vmi_encode_native(struct vmi_code *code, const struct vmi_abi *abi, int call, uint8_t room,
		       uint8_t *length)
{
	uint16_t size;
	const uint8_t *bytes = vmi_native_bytes(abi, call, &size);

	*length = room;
	if (!bytes || !vmi_text_movable(abi->calls[call].native))
		return false;
	if (size > room) {
		*length = (uint8_t)vmi_clamp(size, 0, UINT8_MAX);
		return false;
	}
	append(code, bytes, size);
	return true;
}

/* NOPs by length. Those with 0F 1F need a processor of family 6 or later, or 64-bit code. */
static const uint8_t long_nop[][9] = {
	{ 0x90 },
	{ 0x66, 0x90 },
	{ 0x0F, 0x1F, 0x00 },
	{ 0x0F, 0x1F, 0x40, 0x00 },
	{ 0x0F, 0x1F, 0x44, 0x00, 0x00 },
	{ 0x66, 0x0F, 0x1F, 0x44, 0x00, 0x00 },
	{ 0x0F, 0x1F, 0x80, 0x00, 0x00, 0x00, 0x00 },
	{ 0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
	{ 0x66, 0x0F, 0x1F, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
};
/* From 3 bytes on, `lea esi, [esi+0]`, which 64-bit code must not use: it clears half of RSI. */
static const uint8_t old_nop[][8] = {
	{ 0x90 },
	{ 0x66, 0x90 },
	{ 0x8D, 0x76, 0x00 },
	{ 0x8D, 0x74, 0x26, 0x00 },
	{ DS_PREFIX, 0x8D, 0x74, 0x26, 0x00 },
	{ 0x8D, 0xB6, 0x00, 0x00, 0x00, 0x00 },
	{ 0x8D, 0xB4, 0x26, 0x00, 0x00, 0x00, 0x00 },
	{ DS_PREFIX, 0x8D, 0xB4, 0x26, 0x00, 0x00, 0x00, 0x00 },
};

static void fill(struct vmi_code *code, uint8_t length, uint8_t byte)
{
	while (code->length < length)
		code->bytes[code->length++] = byte;
}

static void prefix(struct vmi_code *code, uint8_t length)
{
	struct vmi_code whole = *code;

	whole.length = 0;
	fill(&whole, length - code->length, DS_PREFIX);
	append(&whole, code->bytes, code->length);
	*code = whole;
}

void vmi_pad(struct vmi_code *code, uint8_t length, const char *native, bool comes_back,
	     bool long_nops)
{
	uint8_t rest = length - code->length;
	uint8_t longest = long_nops ? sizeof(long_nop[0]) : sizeof(old_nop[0]);

	if (!rest)
		return;
	code->pad_bytes = rest;
	if (!comes_back) {
		code->pad = VMI_PAD_DEAD;
		fill(code, length, BREAKPOINT);
		return;
	}
	/* The first instruction is at most the whole, so neither gets too long. */
	if (native && length <= INSTRUCTION_MAX && vmi_text_takes_prefixes(native)) {
		code->pad = VMI_PAD_PREFIX;
		prefix(code, length);
		return;
	}
	code->pad_instructions = 1;
	if (rest <= longest) {
		code->pad = VMI_PAD_NOP;
		append(code, long_nops ? long_nop[rest - 1] : old_nop[rest - 1], rest);
		return;
	}
	code->pad = VMI_PAD_JUMP;
	append(code, (const uint8_t[]){ SHORT_JUMP, (uint8_t)(rest - 2) }, 2);
	fill(code, length, BREAKPOINT);
}
