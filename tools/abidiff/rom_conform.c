/* SPDX-License-Identifier: GPL-2.0-only */
/* Holds a ROM against a version: does it implement what its header says? */
#include "abidiff/rom.h"

#include <string.h>

struct held {
	const struct contract *contract;
	const struct rom *rom;
	bool rom_first, init_ok;
	struct differences *list;
};

static void breaks(const struct held *h, int rule, const char *subject, struct side spec,
		   struct side rom, const char *remedy)
{
	differ_breaks(h->list, rule, subject, h->rom_first ? rom : spec, h->rom_first ? spec : rom,
		      remedy);
}

static void harmless(const struct held *h, int rule, const char *subject, struct side spec,
		     struct side rom)
{
	differ_harmless(h->list, rule, subject, h->rom_first ? rom : spec, h->rom_first ? spec : rom);
}

static struct side spec_at(const struct held *h, int line, const char *text)
{
	return (struct side){ .text = text, .file = h->contract->path, .at = (unsigned long)line };
}

/* Result: false if the version says nothing of such a ROM. */
static bool hold_version(const struct held *h)
{
	const struct contract *c = h->contract;
	unsigned int major = h->rom->header.api_version_maj, minor = h->rom->header.api_version_min;
	struct side spec = spec_at(h, c->line, differ_format("%u.%u", c->major, c->minor));
	struct side rom = rom_side(h->rom, offsetof(struct vrom_header, api_version_min),
				   differ_format("%u.%u", major, minor));
	if (major != c->major)
		breaks(h, RULE_VERSION, "header: version", spec, rom,
		       "hold it against a version of its own major");
	else if (minor != c->minor)
		harmless(h, minor < c->minor ? RULE_MINOR : RULE_VERSION, "header: version", spec, rom);
	return major == c->major;
}

static void hold_licence(const struct held *h)
{
	const char *licence = rom_licence(h->rom);
	if (!contract_takes(h->contract, licence))
		breaks(h, RULE_ROM_TAKEN, "licence",
		       spec_at(h, h->contract->licence_line, h->contract->licence[0]),
		       rom_side(h->rom, h->rom->header.license_offs, licence),
		       "write one that guests take: strings VMI_LICENSE of spec/image.abi");
}

/* Our loader's checks, of a version that it knows; not what VMI_Init said, which stands alone. */
static void hold_verdict(const struct held *h)
{
	const struct vmi_candidate *found = &h->rom->seen.candidate;
	size_t at = found->where - found->base;
	if (!found->reason || found->reason == VMI_E_INIT || found->reason == VMI_E_API_MAJOR)
		return;
	breaks(h, found->reason == VMI_E_CAPABILITY ? RULE_ROM_TABLE : RULE_ROM_TAKEN,
	       "loader: verdict", spec_at(h, 0, "ok"),
	       rom_side(h->rom, at < h->rom->image->length ? at : 0, vmi_reason_name(found->reason)),
	       "see the reason's remedy in build/gen/vmi_abi.md");
}

/* A ROM that does not provide IRET and SYSEXIT keeps its guest native. */
static void hold_init(const struct held *h)
{
	bool ok, flow = true;
	struct side rom = rom_side(h->rom, VROM_SLOT_TABLE + VROM_SLOT_INIT * VROM_SLOT_SIZE,
				   rom_init(h->rom, &ok));
	for (uint32_t i = 0; i < h->contract->count; i++)
		flow = flow && (!contract_must(h->contract, i) || rom_answer(h->rom, i).provided);
	if (!ok && flow)
		breaks(h, RULE_ROM_TAKEN, "VMI_Init", spec_at(h, 0, "0"), rom, "answer 0");
	else if (!ok)
		harmless(h, RULE_ROM_CALL, "VMI_Init", spec_at(h, 0, "0"), rom);
}

static void hold_directory(const struct held *h)
{
	const struct vmi_directory *d = &h->rom->seen.candidate.directory;
	if (d->reason)
		harmless(h, RULE_ROM_TABLE, "directory", spec_at(h, 0, "used"),
			 rom_side(h->rom, VROM_DIRECTORY, vmi_reason_name(d->reason)));
}

static void hold_groups(const struct held *h)
{
	const struct vrom_header *header = &h->rom->header;
	size_t at;
	const char *found = rom_groups(h->rom, &at);
	const char *right = contract_groups(h->contract, header->api_version_maj,
					    header->api_version_min);
	if (found && right && strcmp(found, right))
		breaks(h, RULE_GROUP, "directory: atomic groups", spec_at(h, 0, right),
		       rom_side(h->rom, at, found), differ_format("list these: %s", right));
}

/* A number that its version does not have. */
static void hold_no_call(const struct held *h, uint32_t number, struct rom_answer answer)
{
	const struct contract *c = h->contract;
	bool listed = number < c->count, reserved = listed && c->call[number].reserved;
	bool newer = h->rom->header.api_version_min > c->minor && !listed;
	struct side spec = spec_at(h, listed ? c->call[number].line : 0, listed ? "none" : NULL);
	struct side rom = rom_call_side(h->rom, number, answer.text);
	const char *subject = differ_format("%s: answer", contract_subject(c, number));
	if (!answer.provided)
		return;
	if (newer && answer.good)
		harmless(h, RULE_VERSION, subject, spec, rom);
	else
		breaks(h, reserved ? RULE_END : RULE_ROM_ANSWER, subject, spec, rom,
		       "answer NONE: the version in the header has no such call");
}

static void hold_call(const struct held *h, uint32_t number, struct rom_answer answer)
{
	const struct contract *c = h->contract;
	const struct contract_call *call = &c->call[number];
	struct side spec = spec_at(h, call->line, call->allowed);
	struct side rom = rom_call_side(h->rom, number, answer.text);
	const char *subject = differ_format("%s: answer", contract_subject(c, number));
	if (!answer.good)
		breaks(h, RULE_ROM_ANSWER, subject, spec, rom, "give an answer that a guest can use");
	else if (answer.provided && !(call->answers & 1u << answer.type))
		breaks(h, RULE_ANSWERS, subject, spec, rom,
		       differ_format("answer one of: %s", call->allowed));
	else if (!answer.provided && contract_torn(c, h->rom, number))
		breaks(h, RULE_ROM_CALL, subject, spec, rom,
		       differ_format("provide all of the group %s, or nothing of it", call->group));
	else if (!answer.provided && h->init_ok && contract_must(c, number))
		breaks(h, RULE_ROM_CALL, subject, spec, rom,
		       "provide it: guests return by it from the moment that they begin");
	else if (!answer.provided)
		harmless(h, RULE_ROM_CALL, subject, spec, rom);
	if (rom_table_contradicts(h->rom, number))
		breaks(h, RULE_ROM_TABLE, differ_format("%s: capability", contract_subject(c, number)),
		       spec_at(h, call->line, "as answered"),
		       rom_call_side(h->rom, number, "the table contradicts the answer"),
		       "let the table say what GetRelocationInfo says");
}

static void hold_answer(const struct held *h, uint32_t number)
{
	struct rom_answer answer = rom_answer(h->rom, number);
	if (!answer.asked)
		return;
	if (contract_has(h->contract, number, h->rom->header.api_version_maj,
			 h->rom->header.api_version_min))
		hold_call(h, number, answer);
	else
		hold_no_call(h, number, answer);
}

void rom_conform(const struct contract *c, const struct rom *rom, bool rom_first,
		 struct differences *list)
{
	struct held h = { .contract = c, .rom = rom, .rom_first = rom_first, .list = list };
	rom_init(rom, &h.init_ok);
	if (!hold_version(&h)) {
		list->note = "nothing else was compared: of another major";
		return;
	}
	hold_licence(&h);
	hold_verdict(&h);
	hold_init(&h);
	hold_directory(&h);
	hold_groups(&h);
	for (uint32_t i = 0; i < ASK_NUMBERS; i++)
		hold_answer(&h, rom->seen.ask.number[i]);
	for (uint32_t i = 0; i < c->count; i++)
		if (!rom_answer(rom, i).asked)
			list->note = differ_format("%s: call %u %s is newer than this pvrom, which did "
						   "not ask for it", rom->file.path, i, c->call[i].name);
}
