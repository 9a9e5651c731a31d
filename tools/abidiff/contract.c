/* SPDX-License-Identifier: GPL-2.0-only */
/* What a version promises of a ROM's answers, from a state of spec/ or from what is built in. */
#include "abidiff/rom.h"

#include <string.h>

static void add_licence(struct contract *c, const char *text)
{
	size_t i = 0;
	while (c->licence[i])
		i++;
	if (i + 1 < CONTRACT_LICENCES)
		c->licence[i] = text;
}

static const char *words(unsigned int mask, size_t count, const char *(*word)(const void *, size_t),
			 const void *from)
{
	const char *text = "";
	for (size_t i = 0; i < count; i++)
		if (mask & 1u << i)
			text = *text ? differ_format("%s %s", text, word(from, i)) : word(from, i);
	return text;
}

static const char *built_in_word(const void *from, size_t type)
{
	(void)from;
	return vmi_relocation_names[type];
}

static const char *model_word(const void *from, size_t type)
{
	return ((const struct model *)from)->relocations[type].word;
}

void contract_built_in(struct contract *c)
{
	*c = (struct contract){ .major = VROM_API_MAJOR, .minor = VROM_API_MINOR, .count = VMI_CALLS };
	for (size_t i = 0; i < VMI_CALLS; i++) {
		const struct vmi_call_info *info = &vmi_calls[i];
		c->call[i] = (struct contract_call){
			.name = info->name, .reserved = info->reserved,
			.since_major = info->since_major, .since_minor = info->since_minor,
		};
		if (info->reserved)
			continue;
		c->call[i].group = vmi_groups[info->group].name;
		c->call[i].atomic = vmi_groups[info->group].atomic;
		c->call[i].answers = info->answers;
		c->call[i].allowed = words(info->answers, VMI_RELOCATIONS, built_in_word, NULL);
	}
	add_licence(c, VMI_LICENSE);
	add_licence(c, VMI_LICENSE_OTHER);
}

void contract_of(struct contract *c, const struct model *m)
{
	static const char licence[] = "VMI_LICENSE";
	*c = (struct contract){ .path = m->vmi_path, .major = m->abi_major, .minor = m->abi_minor,
				.line = m->abi_line, .count = m->call_count };
	for (size_t i = 0; i < m->call_count; i++) {
		const struct call *call = &m->calls[i];
		const struct stanza_field *answers = stanza_field(call->stanza, "answers");
		c->call[i] = (struct contract_call){
			.name = call->name, .reserved = call->reserved,
			.since_major = call->since_major, .since_minor = call->since_minor,
			.line = answers ? answers->line : call->stanza->line,
		};
		if (call->reserved)
			continue;
		c->call[i].group = m->groups[call->group].name;
		c->call[i].atomic = m->groups[call->group].atomic;
		c->call[i].answers = call->answers;
		c->call[i].allowed = words(call->answers, m->relocation_count, model_word, m);
	}
	for (size_t i = 0; i < m->string_count; i++)
		if (!strncmp(m->strings[i].name, licence, sizeof(licence) - 1)) {
			add_licence(c, m->strings[i].value);
			c->licence_line = m->strings[i].line;
		}
}

bool contract_takes(const struct contract *c, const char *licence)
{
	for (size_t i = 0; c->licence[i]; i++)
		if (!strcmp(c->licence[i], licence))
			return true;
	return false;
}

bool contract_has(const struct contract *c, uint32_t number, unsigned int major, unsigned int minor)
{
	if (number >= c->count || c->call[number].reserved)
		return false;
	const struct contract_call *call = &c->call[number];
	return call->since_major < major ||
	       (call->since_major == major && call->since_minor <= minor);
}

const char *contract_subject(const struct contract *c, uint32_t number)
{
	if (number >= c->count)
		return differ_format("number 0x%x", number);
	return differ_format("%s %u %s", c->call[number].reserved ? "reserved" : "call", number,
			     c->call[number].name);
}

bool contract_must(const struct contract *c, uint32_t number)
{
	return number < c->count && (number == VMI_CALL_IRET || number == VMI_CALL_SYSEXIT);
}

bool contract_torn(const struct contract *c, const struct rom *rom, uint32_t number)
{
	const struct vrom_header *h = &rom->header;
	size_t provided = 0, all = 0;
	if (number >= c->count || c->call[number].reserved || !c->call[number].atomic)
		return false;
	for (uint32_t i = 0; i < c->count; i++) {
		struct rom_answer answer = rom_answer(rom, i);
		if (!contract_has(c, i, h->api_version_maj, h->api_version_min) || !answer.asked ||
		    strcmp(c->call[i].group, c->call[number].group))
			continue;
		all++;
		provided += answer.good && answer.provided;
	}
	return provided && provided < all;
}
