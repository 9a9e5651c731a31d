// SPDX-License-Identifier: GPL-2.0-only
/* Reads levels.cfg, whose head describes the form. */
#include <stdlib.h>
#include <string.h>

#include "conform/internal.h"
#include "run/command.h" /* run_set */
#include "run/expect.h"
#include "stanza/stanza.h"
#include "vmi_loader.h"  /* vmi_find_call */

#define UNNAMED (CONFORM_OPTIONAL + 1) /* by no stanza so far */

static int name_call(struct conform_levels *l, const struct stanza_file *file, int line,
		     unsigned int call, size_t level)
{
	if (l->of_call[call] != UNNAMED)
		return stanza_error(file, line, "call %u %s is named already", call,
				    vmi_calls[call].name);
	l->of_call[call] = level;
	return 0;
}

/* A call, or all calls of a group but those that are optional. */
static int take_calls(struct conform_levels *l, const struct stanza_file *file, int line,
		      const char *word, size_t level)
{
	int call = vmi_find_call(vmi_abi_of(false), word, strlen(word)), result = 0;
	bool any = false;

	if (call >= 0 && !vmi_calls[call].reserved)
		return name_call(l, file, line, (unsigned int)call, level);
	for (unsigned int n = 0; n < VMI_CALLS && !result; n++)
		if (!vmi_calls[n].reserved && !strcmp(vmi_groups[vmi_calls[n].group].name, word)) {
			any = true;
			if (l->of_call[n] != CONFORM_OPTIONAL)
				result = name_call(l, file, line, n, level);
		}
	return any ? result :
		     stanza_error(file, line, "found `%s`, expected a call or a group", word);
}

/* N or N-M. */
static int take_summed(struct conform_levels *l, const struct stanza_file *file, int line, char *word)
{
	unsigned long long from, to;
	char *dash = strchr(word, '-');

	if (dash)
		*dash = 0;
	bool good = stanza_number(word, VERIFY_CHECKS, &from) && from &&
		    stanza_number(dash ? dash + 1 : word, VERIFY_CHECKS, &to) && from <= to;
	if (!good)
		return stanza_error(file, line, "found `%s`, expected numbers of checks, 1 to %d",
				    word, VERIFY_CHECKS);
	for (; from <= to; from++)
		l->summed[from] = true;
	return 0;
}

static int read_field(struct conform_levels *l, const struct stanza_file *file,
		      const struct stanza_field *field)
{
	struct conform_level *level = &l->level[l->count - 1];
	size_t count;
	int result = 0;

	if (!strcmp(field->key, "summary")) {
		run_set(&level->summary, field->value);
		return 0;
	}
	bool calls = !strcmp(field->key, "calls");
	if (!calls && strcmp(field->key, "guest"))
		return stanza_error(file, field->line, "unknown field `%s`", field->key);
	char **words = stanza_words(field->value, &count);
	for (size_t i = 0; i < count && !result; i++)
		if (calls)
			result = take_calls(l, file, field->line, words[i], l->count - 1);
		else
			words_add(&level->guest, words[i]);
	free(words);
	return result;
}

static int read_level(struct conform_levels *l, const struct stanza_file *file,
		      const struct stanza *s)
{
	if (s->word_count != 1 || !stanza_field(s, "summary"))
		return stanza_error(file, s->line, "expected one name behind level, and a summary");
	if (conform_find_level(l, s->words[0]) < l->count || !strcmp(s->words[0], "none"))
		return stanza_error(file, s->line, "level `%s` is there already", s->words[0]);
	if (l->count == CONFORM_LEVELS_MAX)
		return stanza_error(file, s->line, "more than %d levels", CONFORM_LEVELS_MAX);
	run_set(&l->level[l->count++].name, s->words[0]);
	for (size_t i = 0; i < s->field_count; i++)
		if (read_field(l, file, &s->fields[i]))
			return -1;
	return 0;
}

static int read_stanza(struct conform_levels *l, const struct stanza_file *file,
		       const struct stanza *s)
{
	int result = 0;

	if (!strcmp(s->kind, "level"))
		return read_level(l, file, s);
	for (size_t i = 0; i < s->word_count && !result; i++)
		if (!strcmp(s->kind, "optional"))
			result = take_calls(l, file, s->line, s->words[i], CONFORM_OPTIONAL);
		else if (!strcmp(s->kind, "summed"))
			result = take_summed(l, file, s->line, s->words[i]);
		else
			result = stanza_error(file, s->line, "unknown kind `%s`: expected level, "
					      "optional or summed", s->kind);
	return result;
}

static int all_named(const struct conform_levels *l, const struct stanza_file *file)
{
	if (!l->count)
		return stanza_error(file, 0, "no level stands in it");
	for (unsigned int n = 0; n < VMI_CALLS; n++)
		if (!vmi_calls[n].reserved && l->of_call[n] == UNNAMED)
			return stanza_error(file, 0, "call %u %s is named nowhere", n,
					    vmi_calls[n].name);
	return 0;
}

int conform_levels_read(struct conform_levels *l, const char *path)
{
	struct stanza_file file;

	*l = (struct conform_levels){ 0 };
	for (unsigned int n = 0; n < VMI_CALLS; n++)
		l->of_call[n] = UNNAMED;
	int result = stanza_read(&file, path);
	for (size_t i = 0; i < file.count && !result; i++)
		result = read_stanza(l, &file, &file.stanzas[i]);
	if (!result)
		result = all_named(l, &file);
	stanza_free(&file);
	return result ? -1 : 0;
}

void conform_levels_free(struct conform_levels *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->level[i].name);
		free(l->level[i].summary);
		words_free(&l->level[i].guest);
		words_free(&l->level[i].failed);
	}
	*l = (struct conform_levels){ 0 };
}

size_t conform_find_level(const struct conform_levels *l, const char *name)
{
	size_t i = 0;

	while (i < l->count && strcmp(l->level[i].name, name))
		i++;
	return i;
}

size_t conform_level_of_test(const struct conform_levels *l, const char *name)
{
	if (!strncmp(name, CONFORM_GUEST64, strlen(CONFORM_GUEST64)))
		name += strlen(CONFORM_GUEST64);
	for (size_t i = 0; i < l->count; i++)
		for (size_t k = 0; k < l->level[i].guest.count; k++)
			if (expect_name_matches(l->level[i].guest.list[k], name))
				return i;
	return 0;
}
