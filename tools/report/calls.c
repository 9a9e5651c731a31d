/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls, from the spec: what the other sections' numbers mean. */
#include "report.h"

void report_calls(FILE *out)
{
	fputs("<section><h2 id=calls>The calls</h2>\n<p class=soft>From spec/vmi.abi; all there is to say of them: "
	      "<code>build/gen/vmi_abi.md</code></p>\n<div class=wide tabindex=0 role=region aria-labelledby=calls>"
	      "<table><caption>Calls of the ABI</caption>\n<thead><tr><th scope=col>number</th><th scope=col>name</th>"
	      "<th scope=col>since</th><th scope=col>what</th></tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < VMI_CALLS; i++) {
		const struct vmi_call_info *call = &vmi_calls[i];
		if (!call->name)
			continue;
		fprintf(out, "<tr id=call-%zu><th scope=row>%zu</th><td>", i, i);
		report_text(out, call->name);
		fprintf(out, "</td><td>%d.%d</td><td class=why>", call->since_major, call->since_minor);
		report_text(out, call->summary ? call->summary : "");
		fputs("</td></tr>\n", out);
	}
	fputs("</tbody></table></div></section>\n", out);
}
