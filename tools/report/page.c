/* SPDX-License-Identifier: GPL-2.0-only */
/* The style and the script of the page, from files beside this one. */
#include "report.h"

__asm__(".pushsection .rodata\n"
	".global report_css\nreport_css: .incbin \"tools/report/page.css\"\n.byte 0\n"
	".global report_js\nreport_js: .incbin \"tools/report/page.js\"\n.byte 0\n"
	".popsection");
