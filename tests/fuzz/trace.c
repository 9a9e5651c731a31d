// SPDX-License-Identifier: GPL-2.0-only
/* The trace decoder: the first byte chooses records or an execution log, the rest is the file. */
#include "machine.h"

#include "trace/trace.h"

const char fuzz_name[] = "trace";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const printers[])(const struct trace *, const struct trace_style *, FILE *) = {
		trace_print_text, trace_print_json, trace_print_chrome, trace_print_stat,
	};
	static struct trace_entries entries;
	static FILE *nowhere;
	const struct trace_style style = { .tsc_hz = 1000000000 };
	struct trace trace = { 0 };

	if (!size)
		return 0;
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!entries.count)
		for (unsigned slot = 0; slot < TRACE_SLOTS; slot++)
			trace_entries_add(&entries, (slot % 3 ? 0xc00c0000 : 0xffffffffb00c0000) + 16 * slot,
					  slot, !(slot % 3), slot % 2);
	if (*data & 1)
		trace_read_exec(&trace, &entries, (const char *)data + 1, size - 1);
	else
		trace_read(&trace, data + 1, size - 1);
	trace_pair(&trace);
	for (unsigned i = 0; nowhere && i < sizeof(printers) / sizeof(*printers); i++)
		printers[i](&trace, &style, nowhere);
	trace_free(&trace);
	return 0;
}
