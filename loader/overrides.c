// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Overrides: the `vmi=` words of a command line, which is bytes from outside like any
 * ROM. One parser serves both passes: the first fills in what is asked for, and the
 * report's names what was not followed.
 */
#include "internal.h"

/* A stretch of the command line. */
struct span {
	const char *at;
	size_t length;
};

struct parser {
	struct vmi_overrides *o;
	const struct vmi_abi *abi;
	const struct vmi_load *load;
	vmi_fault *fault; /* NULL in the first pass */
};

static bool equal(struct span span, const char *text)
{
	size_t i;

	for (i = 0; i < span.length; i++)
		if (!text[i] || span.at[i] != text[i])
			return false;
	return !text[i];
}

/* Takes `prefix` off the front of the span. */
static bool take(struct span *span, const char *prefix)
{
	size_t i;

	for (i = 0; prefix[i]; i++)
		if (i == span->length || span->at[i] != prefix[i])
			return false;
	span->at += i;
	span->length -= i;
	return true;
}

/* Cuts the part before the first `separator` off; all of it if there is none. */
static struct span cut(struct span *rest, char separator)
{
	struct span part = { rest->at, 0 };

	while (part.length < rest->length && part.at[part.length] != separator)
		part.length++;
	rest->at += part.length;
	rest->length -= part.length;
	return part;
}

/* The next word that is not empty. Result: whether there is one. */
static bool next_word(struct span *rest, struct span *word)
{
	*word = (struct span){ rest->at, 0 };
	for (; rest->length; rest->at++, rest->length--) {
		/* Compared unsigned: a byte above 0x7F is part of a word. */
		if ((uint8_t)*rest->at > ' ')
			word->length++;
		else if (word->length)
			break;
		else
			word->at = rest->at + 1;
	}
	return word->length;
}

/* All of `span` as a number up to `max`: 0x and hexadecimal digits, or decimal ones. */
static bool read_number(struct span span, uint32_t max, uint32_t *number)
{
	uint32_t base = take(&span, "0x") || take(&span, "0X") ? 16 : 10;

	*number = 0;
	for (size_t i = 0; i < span.length; i++) {
		char c = span.at[i];
		uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') :
				 c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10) :
				 c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10) : 16;

		if (digit >= base || *number > (max - digit) / base)
			return false;
		*number = *number * base + digit;
	}
	return span.length;
}

static bool read_version(struct span span, struct vmi_version *version)
{
	struct span major = cut(&span, '.');
	uint32_t a, b;

	if (!take(&span, ".") || !read_number(major, UINT8_MAX, &a) ||
	    !read_number(span, UINT8_MAX, &b))
		return false;
	*version = (struct vmi_version){ true, (uint8_t)a, (uint8_t)b };
	return true;
}

int vmi_find_call(const struct vmi_abi *abi, const char *name, size_t length)
{
	for (int call = 0; call < abi->call_count; call++)
		if (vmi_call_exists(abi, call) &&
		    equal((struct span){ name, length }, abi->calls[call].name))
			return call;
	return -1;
}

static int find_group(const struct vmi_abi *abi, struct span name)
{
	for (int group = 0; group < abi->group_count; group++)
		if (equal(name, abi->groups[group].name))
			return group;
	return -1;
}

static void refuse(const struct parser *p, struct span what, enum vmi_reason reason)
{
	if (p->fault)
		p->fault(p->load, what.at, what.length, reason);
}

/* Sets the calls that a list names. `word` is the whole of it, for an empty list. */
static void read_list(const struct parser *p, struct span word, struct span list,
		      bool set[VMI_CALLS_MAX])
{
	if (!list.length)
		refuse(p, word, VMI_E_WORD);
	while (list.length) {
		struct span name = cut(&list, ',');
		int found = vmi_find_call(p->abi, name.at, name.length);
		int group = find_group(p->abi, name);

		/* A comma at the end is an empty name behind it. */
		if (take(&list, ",") && !list.length)
			refuse(p, word, VMI_E_WORD_NAME);
		if (found < 0 && group < 0)
			refuse(p, name.length ? name : word, VMI_E_WORD_NAME);
		for (int call = 0; call < p->abi->call_count; call++)
			if (call == found || (p->abi->calls[call].group == group &&
					      vmi_call_exists(p->abi, call)))
				set[call] = true;
	}
}

static void read_rom(const struct parser *p, struct span word, struct span value)
{
	uint32_t rom;

	if (!read_number(value, UINT32_MAX, &rom) || rom % VROM_WINDOW_STEP)
		refuse(p, word, VMI_E_WORD_NUMBER);
	else if (p->o->any_rom && p->o->rom != rom)
		refuse(p, word, VMI_E_WORD_CONFLICT);
	else
		p->o->any_rom = true, p->o->rom = rom;
}

static void read_backends(const struct parser *p, struct span word, struct span list)
{
	if (!list.length)
		refuse(p, word, VMI_E_WORD);
	while (list.length) {
		struct span name = cut(&list, ',');
		bool without = take(&name, "-");
		uint32_t bit = vmi_backend_bit(name.at, name.length);
		bool last_empty = take(&list, ",") && !list.length;

		if (!bit || last_empty)
			refuse(p, name.length ? name : word, VMI_E_WORD_NAME);
		else if (without)
			p->o->no_backends |= bit;
		else
			p->o->any_backend = true, p->o->backends |= bit;
	}
}

static bool above(const struct vmi_version *a, const struct vmi_version *b)
{
	return a->major > b->major || (a->major == b->major && a->minor > b->minor);
}

/* Of several words the narrowest counts. */
static void read_bound(const struct parser *p, struct span word, struct span value, bool is_min)
{
	struct vmi_version *bound = is_min ? &p->o->min : &p->o->max;
	const struct vmi_version *other = is_min ? &p->o->max : &p->o->min;
	struct vmi_version read;

	if (!read_version(value, &read))
		refuse(p, word, VMI_E_WORD_NUMBER);
	else if (other->given && (is_min ? above(&read, other) : above(other, &read)))
		refuse(p, word, VMI_E_WORD_CONFLICT);
	else if (!bound->given || (is_min ? above(&read, bound) : above(bound, &read)))
		*bound = read;
}

static void read_word(const struct parser *p, struct span word)
{
	struct span value = word;

	if (!take(&value, "vmi="))
		return;
	if (equal(value, "off"))
		p->o->off = true;
	else if (equal(value, "verbose"))
		p->o->verbose = true;
	else if (equal(value, "json"))
		p->o->json = true;
	else if (equal(value, "verify"))
		p->o->verify = true;
	else if (take(&value, "native:"))
		read_list(p, word, value, p->o->native);
	else if (take(&value, "only:"))
		p->o->any_only = true, read_list(p, word, value, p->o->only);
	else if (take(&value, "backend:"))
		read_backends(p, word, value);
	else if (take(&value, "rom:"))
		read_rom(p, word, value);
	else if (take(&value, "min:"))
		read_bound(p, word, value, true);
	else if (take(&value, "max:"))
		read_bound(p, word, value, false);
	else
		refuse(p, word, VMI_E_WORD);
}

static void parse(const struct parser *p, const char *text, size_t length)
{
	struct span rest = { text, length }, word;

	*p->o = (struct vmi_overrides){ .text = text, .length = length };
	while (next_word(&rest, &word))
		read_word(p, word);
}

void vmi_overrides_parse(struct vmi_overrides *overrides, const struct vmi_abi *abi,
			 const char *text, size_t length)
{
	parse(&(struct parser){ .o = overrides, .abi = abi }, text, length);
}

void vmi_each_fault(const struct vmi_load *load, vmi_fault *fault)
{
	struct vmi_overrides again;

	parse(&(struct parser){ &again, vmi_load_abi(load), load, fault }, load->overrides.text,
	      load->overrides.length);
}
