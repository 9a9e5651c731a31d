/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares two ROMs: what a guest of the first one finds in the second. */
#include "abidiff/rom.h"

#include <string.h>

struct rom_pair {
	const struct rom *a, *b;
	struct contract contract; /* what pvrom knows */
	struct differences *list;
};

static void compare_versions(const struct rom_pair *p)
{
	const struct vrom_header *a = &p->a->header, *b = &p->b->header;
	size_t at = offsetof(struct vrom_header, api_version_min);
	struct side was = rom_side(p->a, at, differ_format("%u.%u", a->api_version_maj,
							   a->api_version_min));
	struct side is = rom_side(p->b, at, differ_format("%u.%u", b->api_version_maj,
							  b->api_version_min));
	if (a->api_version_maj == b->api_version_maj && b->api_version_min >= a->api_version_min)
		differ_words(p->list, RULE_MINOR, "header: version", was, is);
	else
		differ_breaks(p->list, RULE_ROM_VERSION, "header: version", was, is,
			      "say the same major, and no older minor");
}

static void compare_number(const struct rom_pair *p, const char *subject, size_t at,
			   unsigned long a, unsigned long b, bool shrinking_breaks)
{
	struct side was = rom_side(p->a, at, differ_format("%lu", a));
	struct side is = rom_side(p->b, at, differ_format("%lu", b));
	if (shrinking_breaks && b < a)
		differ_breaks(p->list, RULE_ROM_VERSION, subject, was, is, "keep every slot");
	else
		differ_words(p->list, RULE_ROM_FREE, subject, was, is);
}

/* What stays in memory: the length that POST leaves, or all of a ROM that is not ours. */
static unsigned long resident(const struct rom *rom)
{
	struct romfile_error ignored;
	const struct vrom_config *config =
		rom->image->offset ? NULL : romfile_config(&rom->file, &ignored);
	return config ? config->resident_blocks * (unsigned long)VROM_BLOCK :
			(unsigned long)rom->image->stated;
}

static const char *pci_ids(const struct rom *rom)
{
	if (!rom->image->pcir.bytes)
		return "none";
	struct vrom_pcir pcir = romfile_image_pcir(rom->image);
	return differ_format("%04x:%04x", pcir.vendor, pcir.device);
}

static void compare_pci(const struct rom_pair *p)
{
	size_t at = offsetof(struct vrom_pcir, vendor);
	differ_words(p->list, RULE_ROM_FREE, "PCIR: vendor and device",
		     rom_side(p->a, p->a->image->pcir.at + at, pci_ids(p->a)),
		     rom_side(p->b, p->b->image->pcir.at + at, pci_ids(p->b)));
}

static const char *verdict(const struct rom *rom)
{
	return rom->seen.candidate.reason ? vmi_reason_name(rom->seen.candidate.reason) : "ok";
}

/* Whether a guest of this project uses it, and why not. */
static void compare_verdicts(const struct rom_pair *p)
{
	enum vmi_reason reason = p->b->seen.candidate.reason;
	size_t at = reason ? p->b->seen.candidate.where - p->b->seen.candidate.base : 0;
	struct side a = rom_side(p->a, 0, verdict(p->a));
	struct side b = rom_side(p->b, at < p->b->image->length ? at : 0, verdict(p->b));
	if (!p->a->seen.candidate.reason && reason)
		differ_breaks(p->list, reason == VMI_E_CAPABILITY ? RULE_ROM_TABLE : RULE_ROM_TAKEN,
			      "loader: verdict", a, b,
			      "see the reason's remedy in build/gen/vmi_abi.md");
	else
		differ_words(p->list, RULE_ROM_TAKEN, "loader: verdict", a, b);
}

static void compare_licences(const struct rom_pair *p)
{
	struct side a = rom_side(p->a, p->a->header.license_offs, rom_licence(p->a));
	struct side b = rom_side(p->b, p->b->header.license_offs, rom_licence(p->b));
	if (contract_takes(&p->contract, a.text) && !contract_takes(&p->contract, b.text))
		differ_breaks(p->list, RULE_ROM_TAKEN, "licence", a, b,
			      "write one that guests take: strings VMI_LICENSE of spec/image.abi");
	else
		differ_words(p->list, RULE_ROM_TAKEN, "licence", a, b);
}

static void compare_init(const struct rom_pair *p)
{
	size_t at = VROM_SLOT_TABLE + VROM_SLOT_INIT * VROM_SLOT_SIZE;
	bool was, is;
	struct side a = rom_side(p->a, at, rom_init(p->a, &was));
	struct side b = rom_side(p->b, at, rom_init(p->b, &is));
	if (was && !is)
		differ_breaks(p->list, RULE_ROM_TAKEN, "VMI_Init", a, b, "answer 0");
	else
		differ_words(p->list, RULE_ROM_TAKEN, "VMI_Init", a, b);
}

/* The table of 3.1 may be missing; a guest then asks for each call. */
static void compare_tables(const struct rom_pair *p)
{
	const struct vmi_directory *a = &p->a->seen.candidate.directory;
	const struct vmi_directory *b = &p->b->seen.candidate.directory;
	struct side was = rom_side(p->a, VROM_DIRECTORY, a->used ? "used" : a->reason ?
				   vmi_reason_name(a->reason) : "none");
	struct side is = rom_side(p->b, VROM_DIRECTORY, b->used ? "used" : b->reason ?
				  vmi_reason_name(b->reason) : "none");
	differ_words(p->list, RULE_ROM_TABLE, "directory", was, is);
}

/* Wrong in the second ROM, and not in the first one. */
static void compare_groups(const struct rom_pair *p)
{
	const struct vrom_header *h = &p->b->header;
	size_t at_a = VROM_DIRECTORY, at_b = VROM_DIRECTORY;
	const char *a = rom_groups(p->a, &at_a), *b = rom_groups(p->b, &at_b);
	const char *right = contract_groups(&p->contract, h->api_version_maj, h->api_version_min);
	if (b && right && strcmp(b, right) && (!a || strcmp(a, b)))
		differ_breaks(p->list, RULE_GROUP, "directory: atomic groups", rom_side(p->a, at_a, a),
			      rom_side(p->b, at_b, b), differ_format("list these: %s", right));
	else if (a && b)
		differ_words(p->list, RULE_GROUP, "directory: atomic groups",
			     rom_side(p->a, at_a, a), rom_side(p->b, at_b, b));
}

/* What the second ROM may not answer, whatever the first one did. Result: false if it may. */
static bool answer_is_wrong(const struct rom_pair *p, uint32_t number, const char *subject,
			    struct rom_answer is, struct side a, struct side b)
{
	const struct vrom_header *h = &p->b->header;
	const struct contract *c = &p->contract;
	if (!is.good)
		differ_breaks(p->list, RULE_ROM_ANSWER, subject, a, b, "give an answer that a guest can use");
	else if (is.provided && number < c->count && c->call[number].reserved)
		differ_breaks(p->list, RULE_END, subject, a, b, "answer NONE");
	else if (is.provided && !contract_has(c, number, h->api_version_maj, h->api_version_min))
		differ_breaks(p->list, RULE_ROM_ANSWER, subject, a, b,
			      "answer NONE: the version in the header has no such call");
	else if (is.provided && !(c->call[number].answers & 1u << is.type))
		differ_breaks(p->list, RULE_ANSWERS, subject, a, b,
			      differ_format("answer one of: %s", c->call[number].allowed));
	else
		return false;
	return true;
}

static void compare_answer(const struct rom_pair *p, uint32_t number)
{
	struct rom_answer was = rom_answer(p->a, number), is = rom_answer(p->b, number);
	const char *subject = differ_format("%s: answer", contract_subject(&p->contract, number));
	struct side a = rom_call_side(p->a, number, was.text), b = rom_call_side(p->b, number, is.text);
	if (!strcmp(was.text, is.text) || answer_is_wrong(p, number, subject, is, a, b))
		return;
	if (!is.provided && contract_must(&p->contract, number))
		differ_breaks(p->list, RULE_ROM_CALL, subject, a, b,
			      "provide it: guests return by it from the moment that they begin");
	else if (contract_torn(&p->contract, p->b, number))
		differ_breaks(p->list, RULE_ROM_CALL, subject, a, b,
			      differ_format("provide all of the group %s, or nothing of it",
					    p->contract.call[number].group));
	else
		differ_harmless(p->list, !was.good ? RULE_ROM_ANSWER : was.provided && is.provided ?
				RULE_ANSWERS : RULE_ROM_CALL, subject, a, b);
}

static const char *kinds_text(unsigned int kinds)
{
	static const unsigned int shown[] = { VMI_CAPABILITY_INLINE, VMI_CAPABILITY_CONDITIONAL,
					      VMI_CAPABILITY_RECOMMENDED };
	static const char *const names[] = { " inline", " conditional", " recommended" };
	const char *text = "";
	for (size_t i = 0; i < COUNT_OF(shown); i++)
		if (kinds & shown[i])
			text = differ_format("%s%s", text, names[i]);
	return *text ? text + 1 : "none of inline, conditional, recommended";
}

/* Of the byte of kinds. */
static size_t capability_at(const struct rom *rom, uint32_t number)
{
	const struct vmi_directory *d = &rom->seen.candidate.directory;
	return d->capabilities + (size_t)number * d->size + offsetof(struct vrom_capability, kinds);
}

static struct side kinds_side(const struct rom *rom, uint32_t number)
{
	size_t at = capability_at(rom, number);
	return rom_side(rom, at, kinds_text(rom->image->bytes[at]));
}

static bool has_kinds(const struct rom *rom, uint32_t number)
{
	const struct vmi_directory *d = &rom->seen.candidate.directory;
	return d->used && number < d->count && rom_answer(rom, number).provided &&
	       capability_at(rom, number) < rom->image->length;
}

/* What the tables say beyond the answer. */
static void compare_capability(const struct rom_pair *p, uint32_t number)
{
	const char *subject = contract_subject(&p->contract, number);
	if (rom_table_contradicts(p->b, number) && !rom_table_contradicts(p->a, number))
		differ_breaks(p->list, RULE_ROM_TABLE, differ_format("%s: capability", subject),
			      rom_call_side(p->a, number, "as answered"),
			      rom_side(p->b, capability_at(p->b, number), "contradicts the answer"),
			      "let the table say what GetRelocationInfo says");
	else if (has_kinds(p->a, number) && has_kinds(p->b, number))
		differ_words(p->list, RULE_ROM_FREE, differ_format("%s: kinds", subject),
			     kinds_side(p->a, number), kinds_side(p->b, number));
}

void rom_compare(const struct rom *old, const struct rom *new, struct differences *list)
{
	struct rom_pair p = { .a = old, .b = new, .list = list };
	const struct vrom_header *a = &old->header, *b = &new->header;
	contract_built_in(&p.contract);
	compare_versions(&p);
	compare_number(&p, "header: jump slots", offsetof(struct vrom_header, jump_slots),
		       a->jump_slots, b->jump_slots, true);
	compare_number(&p, "header: virtual_top", offsetof(struct vrom_header, virtual_top),
		       a->virtual_top, b->virtual_top, false);
	compare_number(&p, "image: bytes", offsetof(struct vrom_header, rom_length),
		       (unsigned long)old->image->stated, (unsigned long)new->image->stated, false);
	compare_number(&p, "image: resident bytes", offsetof(struct vrom_header, rom_length),
		       resident(old), resident(new), false);
	compare_pci(&p);
	compare_licences(&p);
	compare_verdicts(&p);
	compare_init(&p);
	compare_tables(&p);
	compare_groups(&p);
	for (uint32_t i = 0; i < ASK_NUMBERS; i++)
		compare_answer(&p, old->seen.ask.number[i]);
	for (uint32_t i = 0; i < p.contract.count; i++)
		compare_capability(&p, i);
	rom_compare_abis(old, new, list);
}
