/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instructions of one entry, from its first to the end of its straight code: a return or
 * jump that no branch before it leads past.
 */
#include <capstone/capstone.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "inspect/internal.h"

#define INSTRUCTIONS 400

struct entry {
	size_t offset;
	unsigned int width; /* of the code: 16 or 32 */
};

static bool find_call(const char *name, unsigned int *call)
{
	for (*call = 0; *call < VMI_CALLS; ++*call)
		if (!vmi_calls[*call].reserved && !strcasecmp(vmi_calls[*call].name, name))
			return true;
	return false;
}

/* Behind the jump at `at`, if there is one. */
static void behind_jump(const struct romfile_image *image, size_t at, unsigned int width,
			struct entry *entry)
{
	uint32_t target;

	entry->width = width;
	entry->offset = romfile_jump(image, at, width, &target) && target < image->length ? target :
											    at;
}

static int find_call_entry(const struct romfile_image *image, const struct inspect_seen *seen,
			   unsigned int call, struct entry *entry, char *error, size_t error_size)
{
	const struct ask_one *one = &seen->ask.answer[call][0][0];

	if (!seen->asked) {
		/* The slot leads to it just as well, if the table reaches so far. */
		size_t at = VROM_SLOT_TABLE + (VROM_SLOT_CALL0 + call) * VROM_SLOT_SIZE;

		if (at + VROM_SLOT_SIZE <= image->length) {
			behind_jump(image, at, 32, entry);
			return 0;
		}
	} else if ((one->edx == VMI_RELOCATION_CALL_REL || one->edx == VMI_RELOCATION_JUMP_REL) &&
		   one->eax - seen->ask.base[0] < image->length) {
		*entry = (struct entry){ one->eax - seen->ask.base[0], 32 };
		return 0;
	}
	snprintf(error, error_size, "--disasm: GetRelocationInfo gives no entry for %s",
		 vmi_calls[call].name);
	return -1;
}

static int find_entry(const struct romfile_image *image, const struct inspect_seen *seen,
		      const char *name, struct entry *entry, char *error, size_t error_size)
{
	unsigned int call;

	if (image->efi) {
		snprintf(error, error_size, "--disasm: an EFI image has no entry of this kind");
		return -1;
	}
	if (!strcasecmp(name, "post")) {
		behind_jump(image, offsetof(struct vrom_any, rom_entry), 16, entry);
		return 0;
	}
	if (!image->vmi || image->length < sizeof(struct vrom_header)) {
		snprintf(error, error_size, "--disasm: found `%s`, expected `post`: it is no VMI ROM",
			 name);
		return -1;
	}
	if (find_call(name, &call))
		return find_call_entry(image, seen, call, entry, error, error_size);
	if (!strcasecmp(name, "VMI_Init")) {
		behind_jump(image, offsetof(struct vrom_header, vmi_init), 32, entry);
		return 0;
	}
	if (!strcasecmp(name, "GetRelocationInfo")) {
		behind_jump(image, offsetof(struct vrom_header, get_reloc), 32, entry);
		return 0;
	}
	snprintf(error, error_size, "--disasm: found `%s`, expected a call, VMI_Init, "
		 "GetRelocationInfo or post", name);
	return -1;
}

/* Raises *reach to where a branch leads; result: whether straight code ends here. */
static bool ends(csh handle, const cs_insn *insn, uint64_t *reach)
{
	bool jump = insn->id == X86_INS_JMP || insn->id == X86_INS_LJMP;
	bool over = jump || cs_insn_group(handle, insn, CS_GRP_RET) ||
		    cs_insn_group(handle, insn, CS_GRP_IRET) || insn->id == X86_INS_SYSEXIT ||
		    insn->id == X86_INS_RETF || insn->id == X86_INS_UD2;

	if (cs_insn_group(handle, insn, CS_GRP_JUMP) && insn->detail->x86.op_count == 1 &&
	    insn->detail->x86.operands[0].type == X86_OP_IMM) {
		uint64_t to = (uint64_t)insn->detail->x86.operands[0].imm;

		/* A jump far away is a tail call, not this entry's own code. */
		if (to > *reach && to - insn->address < 0x200 && !jump)
			*reach = to;
	}
	return over && insn->address + insn->size > *reach;
}

static void add_line(cJSON *list, const cs_insn *insn)
{
	cJSON *line = cJSON_CreateObject();
	char bytes[3 * sizeof(insn->bytes)] = "";

	if (!cJSON_AddItemToArray(list, line)) {
		cJSON_Delete(line);
		return;
	}
	for (size_t i = 0; i < insn->size && i < sizeof(insn->bytes); i++)
		sprintf(bytes + 2 * i, "%02x", insn->bytes[i]);
	cJSON_AddNumberToObject(line, "offset", (double)insn->address);
	cJSON_AddStringToObject(line, "bytes", bytes);
	inspect_text(line, "text", "%s%s%s", insn->mnemonic, *insn->op_str ? " " : "", insn->op_str);
}

static void disassemble(cJSON *object, const struct romfile_image *image,
			const struct entry *entry, csh handle, cs_insn *insn)
{
	cJSON *list = cJSON_AddArrayToObject(object, "instructions");
	const uint8_t *code = image->bytes + entry->offset;
	size_t left = image->length - entry->offset;
	uint64_t address = entry->offset, reach = 0;

	for (unsigned int i = 0; i < INSTRUCTIONS; i++) {
		if (!cs_disasm_iter(handle, &code, &left, &address, insn)) {
			inspect_text(object, "end", left ? "0x%04llx: no instruction" :
							   "0x%04llx: the end of the image",
				     (unsigned long long)address);
			return;
		}
		add_line(list, insn);
		if (ends(handle, insn, &reach))
			return;
	}
	inspect_text(object, "end", "more than %d instructions; the rest is not shown", INSTRUCTIONS);
}

int inspect_disasm(cJSON *to, const struct romfile_image *image, const struct inspect_seen *seen,
		   const char *name, char *error, size_t error_size)
{
	struct entry entry;
	csh handle;
	cs_insn *insn;
	cJSON *object;

	if (find_entry(image, seen, name, &entry, error, error_size))
		return -1;
	if (entry.offset >= image->length) {
		snprintf(error, error_size, "--disasm: `%s` lies behind the image's end", name);
		return -1;
	}
	if (cs_open(CS_ARCH_X86, entry.width == 16 ? CS_MODE_16 : CS_MODE_32, &handle)) {
		snprintf(error, error_size, "--disasm: Capstone has no x86");
		return -1;
	}
	cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	insn = cs_malloc(handle);
	object = cJSON_AddObjectToObject(to, "disassembly");
	cJSON_AddStringToObject(object, "name", name);
	cJSON_AddNumberToObject(object, "offset", (double)entry.offset);
	cJSON_AddNumberToObject(object, "bits", entry.width);
	if (insn && object)
		disassemble(object, image, &entry, handle, insn);
	cs_free(insn, 1);
	cs_close(&handle);
	return 0;
}
