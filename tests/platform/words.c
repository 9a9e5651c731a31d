// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: words that begin with platform= are the player's, all others the guest's.
 *
 *   platform=PART[,PART...]
 *     kvm hyperv vmware   plays it; leaves stand in this order
 *     other               a hypervisor that nobody knows: a signature and no more
 *     vmport              VMware's port alone, without its leaf
 *     post                runs POST of the ROMs again, where it meets what is played: post.c
 *     none                plays nothing: what no platform= at all does, too
 *     lie:NAME            see LIES in platform.h; or a feature's MSRs, lie:NAME-msr-faults and
 *                         lie:NAME-msr-faults-later (from the second write on)
 *     no:NAME  with:NAME  without a feature of FEATURES there, or with one that is off
 *     steal=NS            each exit takes so long, at least
 */
#include "platform.h"
#include "console.h"
#include "memory.h"

#define WORD "platform="
#define STEAL_MAX 100000000u

struct play play;

#define FEATURE_ROW(name, kvm, a, d, hint, on) { #name, on },
static const struct { const char *name; bool on; } features[] = { FEATURES(FEATURE_ROW) };
#define LIE_NAME(name) #name,
static const char *const lies[] = { LIES(LIE_NAME) };
static const char *const names[PLATFORMS] = { [KVM] = "kvm", [HYPERV] = "hyperv", [VMWARE] = "vmware", [OTHER] = "other" };

/* What `text` has behind `name`, in which - stands for _; NULL if it begins otherwise. */
static const char *behind(const char *text, const char *name)
{
	for (; *name; name++, text++)
		if (*text != (*name == '_' ? '-' : *name))
			return NULL;
	return text;
}

static bool same(const char *text, const char *name)
{
	const char *rest = behind(text, name);

	return rest && !*rest;
}

static bool read_lie(const char *text)
{
	for (unsigned i = 0; i < LIES_END; i++)
		if (same(text, lies[i]))
			return play.lies[i] = true;
	for (unsigned f = 0; f < FEATURE_MSRS; f++) {
		const char *rest = behind(text, features[f].name);

		if (rest && equal(rest, "-msr-faults"))
			return play.faults[f] = play.serves[f] = true;
		if (rest && equal(rest, "-msr-faults-later"))
			return play.later[f] = play.serves[f] = true;
	}
	return false;
}

static bool read_feature(const char *text, bool on)
{
	for (unsigned f = 0; f < FEATURES_END; f++) {
		if (!same(text, features[f].name))
			continue;
		play.serves[f] = on;
		return true;
	}
	return false;
}

static bool read_number(const char *text, uint32_t *number)
{
	uint32_t n = 0;

	for (*number = 0; *text >= '0' && *text <= '9' && n <= STEAL_MAX; text++)
		n = n * 10 + (uint32_t)(*text - '0');
	*number = n;
	return !*text && n <= STEAL_MAX;
}

static bool read_part(const char *text)
{
	const char *rest;

	for (unsigned p = 0; p < PLATFORMS; p++) {
		if (!same(text, names[p]))
			continue;
		if (!play.plays[p])
			play.order[play.count++] = p;
		return play.plays[p] = true;
	}
	if (same(text, "vmport"))
		return play.port = true;
	if (same(text, "post"))
		return play.post = true;
	if (same(text, "none"))
		return true;
	if ((rest = behind(text, "lie:")))
		return read_lie(rest);
	if ((rest = behind(text, "no:")))
		return read_feature(rest, false);
	if ((rest = behind(text, "with:")))
		return read_feature(rest, true);
	rest = behind(text, "steal=");
	return rest && *rest && read_number(rest, &play.steal);
}

static bool read_parts(char *text)
{
	for (char *part = text, *end; part; part = end) {
		for (end = part; *end && *end != ','; end++)
			;
		if (*end)
			*end++ = '\0';
		else
			end = NULL;
		if (read_part(part))
			continue;
		printf("platform stopped: unknown word `%s` behind platform=\n", part);
		return false;
	}
	return true;
}

bool words_read(const char *line, char *rest, uint32_t size)
{
	uint32_t used = 0;

	for (unsigned f = 0; f < FEATURES_END; f++)
		play.serves[f] = features[f].on;
	while (*line) {
		uint32_t length = 0;

		while (line[length] && line[length] != ' ')
			length++;
		if (length + 1 > size - used) {
			printf("platform stopped: a command line of more than %u bytes\n", size - 1);
			return false;
		}
		memcpy(rest + used, line, length);
		rest[used + length] = '\0';
		if (!starts_with(rest + used, WORD))
			used += length;
		else if (!read_parts(rest + used + sizeof(WORD) - 1))
			return false;
		line += length;
		rest[used] = '\0';
		while (*line == ' ')
			line++;
		if (*line && used && rest[used - 1] != ' ' && used < size - 1)
			rest[used++] = ' ';
	}
	rest[used] = '\0';
	return true;
}
