/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chrome_check FILE: is it a trace that chrome://tracing and Perfetto open? Holds it to the
 * format: each event's keys and their types, on each track a clock that never goes back
 * and complete events that nest, every async event begun and ended once. Exit status 0 or 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#define TRACKS 4096
#define DEPTH 256
#define ROUNDING 0.002 /* of times printed to 0.001 */

struct track {
	int pid, tid;
	double last;         /* ts of the event before */
	double ends[DEPTH];  /* of the complete events around the next one */
	int depth;
};
static struct track tracks[TRACKS];
static size_t track_count;

static int wrong(int index, const char *what)
{
	printf("event %d: %s\n", index, what);
	return 1;
}

static struct track *track_of(int pid, int tid)
{
	for (size_t i = 0; i < track_count; i++)
		if (tracks[i].pid == pid && tracks[i].tid == tid)
			return &tracks[i];
	if (track_count == TRACKS)
		return NULL;
	tracks[track_count] = (struct track){ .pid = pid, .tid = tid };
	return &tracks[track_count++];
}

/* A complete event lies wholly inside the one around it, or wholly behind it. */
static int check_nesting(struct track *t, double from, double to, int index)
{
	while (t->depth && t->ends[t->depth - 1] <= from + ROUNDING)
		t->depth--;
	if (t->depth && to > t->ends[t->depth - 1] + ROUNDING)
		return wrong(index, "overlaps the event around it");
	if (t->depth == DEPTH)
		return wrong(index, "nests too deep");
	t->ends[t->depth++] = to;
	return 0;
}

static int check_event(const cJSON *e, int index, long *open)
{
	const cJSON *ph = cJSON_GetObjectItemCaseSensitive(e, "ph");
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(e, "name");
	const cJSON *pid = cJSON_GetObjectItemCaseSensitive(e, "pid");
	const cJSON *tid = cJSON_GetObjectItemCaseSensitive(e, "tid");
	const cJSON *ts = cJSON_GetObjectItemCaseSensitive(e, "ts");
	const cJSON *dur = cJSON_GetObjectItemCaseSensitive(e, "dur");
	const cJSON *args = cJSON_GetObjectItemCaseSensitive(e, "args");
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(e, "id");
	const cJSON *scope = cJSON_GetObjectItemCaseSensitive(e, "s");
	if (!cJSON_IsString(ph) || strlen(ph->valuestring) != 1)
		return wrong(index, "ph is no letter");
	char phase = *ph->valuestring;
	if (!cJSON_IsString(name) || !*name->valuestring || !cJSON_IsNumber(pid) ||
	    !cJSON_IsNumber(tid))
		return wrong(index, "name, pid or tid is missing or of another type");
	if (args && !cJSON_IsObject(args))
		return wrong(index, "args is no object");
	if (phase == 'M') {
		const cJSON *called = cJSON_GetObjectItemCaseSensitive(args, "name");
		if (strcmp(name->valuestring, "process_name") && strcmp(name->valuestring, "thread_name"))
			return wrong(index, "metadata of an unknown name");
		return cJSON_IsString(called) ? 0 : wrong(index, "metadata without args.name");
	}
	struct track *t = track_of(pid->valueint, tid->valueint);
	if (!t || !cJSON_IsNumber(ts) || ts->valuedouble < t->last)
		return wrong(index, "ts is missing, or before that of its track's last event");
	t->last = ts->valuedouble;
	if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(e, "cat")))
		return wrong(index, "cat is missing");
	switch (phase) {
	case 'X':
		if (!cJSON_IsNumber(dur) || dur->valuedouble < 0)
			return wrong(index, "dur is missing or negative");
		return check_nesting(t, ts->valuedouble, ts->valuedouble + dur->valuedouble, index);
	case 'i':
		return cJSON_IsString(scope) && strchr("gpt", *scope->valuestring) ?
			       0 : wrong(index, "s is not g, p or t");
	case 'b':
	case 'e':
		if (!cJSON_IsString(id))
			return wrong(index, "id is missing");
		*open += phase == 'b' ? 1 : -1;
		return *open < 0 ? wrong(index, "ends what was not begun") : 0;
	default:
		return wrong(index, "an unknown ph");
	}
}

int main(int argc, char **argv)
{
	static char block[1 << 16];
	char *text = NULL;
	size_t size = 0, n;
	FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;
	if (!in)
		return wrong(-1, "cannot open the file");
	while ((n = fread(block, 1, sizeof(block), in)) > 0) {
		text = realloc(text, size + n + 1);
		if (!text)
			return wrong(-1, "out of memory");
		memcpy(text + size, block, n);
		size += n;
	}
	fclose(in);
	cJSON *all = text ? cJSON_ParseWithLengthOpts(text, size, NULL, 0) : NULL;
	const cJSON *events = cJSON_GetObjectItemCaseSensitive(all, "traceEvents");
	const cJSON *unit = cJSON_GetObjectItemCaseSensitive(all, "displayTimeUnit");
	const cJSON *e;
	int index = 0, failed = 0;
	long open = 0;
	if (!cJSON_IsArray(events))
		failed = wrong(-1, "no JSON object with an array traceEvents");
	if (!cJSON_IsString(unit) || (strcmp(unit->valuestring, "ns") && strcmp(unit->valuestring, "ms")))
		failed = wrong(-1, "displayTimeUnit is neither ns nor ms");
	cJSON_ArrayForEach(e, events) {
		if (failed)
			break;
		failed = check_event(e, index++, &open);
	}
	if (!failed && open)
		failed = wrong(index, "async events are still open at the end");
	if (!failed && !index)
		failed = wrong(-1, "no event");
	if (!failed)
		printf("%d events, %zu tracks\n", index, track_count);
	cJSON_Delete(all);
	free(text);
	return failed;
}
