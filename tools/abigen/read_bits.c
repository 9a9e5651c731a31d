/* SPDX-License-Identifier: GPL-2.0-only */
/* Named numbers: the flags of vmi.abi and the constants of image.abi. */
#include "model.h"

#include <string.h>

static bool mark_private(void *context, const char *name)
{
	struct bit_set *set = context;
	bool any = false;
	for (size_t i = 0; i < set->count; i++)
		if (!name || !strcmp(set->bits[i].name, name))
			any = set->bits[i].private = true;
	return any;
}

int read_bit_list(struct model *m, struct bit_set *set, const struct stanza_file *file,
		  const struct stanza *s, const char *key)
{
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		if (strcmp(f->key, key))
			continue;
		char *save = NULL;
		const char *number = strtok_r(keep(f->value), " \t", &save);
		struct bit b = { .line = f->line, .wide = m->width,
				 .name = strtok_r(NULL, " \t", &save) };
		if (b.name)
			b.summary = save + strspn(save, " \t");
		if (!b.name || !*b.summary || !stanza_number(number, UINT64_MAX, &b.value))
			return stanza_error(file, f->line, "`%s` is not NUMBER NAME SUMMARY", f->value);
		if (claim(m, file, f->line, set->prefix, "_", b.name))
			return -1;
		*APPEND(set->bits, set->count) = b;
	}
	return 0;
}

int read_bits(struct model *m, struct bit_set *set, const struct stanza_file *file,
	      const struct stanza *s, const char *key)
{
	if (s->word_count != 1)
		return stanza_error(file, s->line, "`%s` takes one prefix", s->kind);
	set->prefix = s->words[0];
	if (claim(m, file, s->line, "prefix", " ", set->prefix) ||
	    check_public(file, s->line, set->prefix))
		return -1;
	bool values = !strcmp(key, "value");
	for (size_t i = 0; i < s->field_count; i++) {
		const struct stanza_field *f = &s->fields[i];
		if (strcmp(f->key, key) && !(values && !strcmp(f->key, "private")))
			return stanza_error(file, f->line, "`%s` holds `%s`, not `%s`", s->kind, key, f->key);
	}
	if (read_bit_list(m, set, file, s, key))
		return -1;
	return values ? read_private(file, s, mark_private, set) : 0;
}
