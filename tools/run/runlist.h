/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run lists: the declared runs of `pvrom matrix`, and what each must show.
 *
 *   run NAME                    one run; the name is one word
 *       canary yes                runs before all others; if it fails, nothing else is run
 *       machine pc|q35|isapc|microvm   default pc
 *       accel tcg|kvm             default tcg; kvm needs /dev/kvm
 *       vga none|std              default none
 *       firmware seabios|ovmf     default seabios
 *       smp N                     processors, default 1
 *       rom FILE                  a ROM to inject; once for each; none = a native boot. given: the
 *                                 one that the list is read for (pvrom conform)
 *       serves NUMBERS            calls that the given ROM must serve, else the run is left out
 *       pci FILE                  a ROM as that of a PCI device, 1b36:0005; once for each
 *       module FILE               a ROM that the guest places itself: see place= in its options.h
 *       order name|first|last     of the ROMs: by file name, or as they stand here, before or
 *                                 behind QEMU's own; default name
 *       append TEXT               the guest's command line
 *       kernel FILE               default guest32.elf
 *       under FILE                a hypervisor that starts it: FILE is booted, the kernel its module
 *       width 32|64               for `kernel`: our guest of that width. QEMU is that of the
 *                                 kernel's own width, whichever field names it
 *       timeout SECONDS           default 30
 *       repeat-exactly yes        two such runs write the same bytes
 *       qemu ARGUMENTS            further QEMU arguments, separated by blanks; once for each part
 *       expect-status good|failed|none     verdict of the run, default good
 *       expect-bound NUMBERS|none calls that must be bound to the ROM, as in `0 3-25 27-35`;
 *                                 every other slot must be native. Needed where the status is good.
 *                                 given: the calls that the given ROM serves; given NUMBERS: those
 *                                 of them that stand there
 *       expect-reason REASON ...  with `expect-bound none`: why the boot is native (any of
 *                                 them), or `ok` for a ROM in use that provides nothing
 *       expect-line TEXT          a line of the guest, of QEMU, a `firmware: ...` or `rom: ...`
 *                                 line, or `verdict: STATUS: ...`, that must contain TEXT;
 *                                 once for each
 *       expect-skipped [default] NAME ...|none|any     the tests that this run skips, all of
 *                                 them; a NAME that ends with * stands for one or more tests
 *                                 that begin so. any: whichever, for a guest whose tests are
 *                                 not known yet. Without the field: default, which is what `defaults`
 *                                 says, else none. Only a run whose status is not good need
 *                                 not reach them
 *       expect-native NUMBERS REASON   calls that must be native, each slot for REASON, and are
 *                                 no part of expect-bound; the first line that names a call counts
 *       rule N ...                the rules that this run checks: rows of the table in
 *                                 docs/negotiation.md, or DOCUMENT.N for one of docs/DOCUMENT.md
 *
 *   matrix NAME                 a run for each combination of its axes, here one of its CELLS
 *       axis NAME VALUE ...       up to 16; FIRST..LAST stands for numbers. The last axis turns
 *                                 fastest. If NAME is a field above and the stanza does not set
 *                                 that field itself, each VALUE is a value of the field
 *       except AXIS=VALUE ...     leaves out the cells for which all conditions hold; once for
 *                                 each kind. A condition is AXIS=VALUE|VALUE or AXIS!=VALUE|...
 *       FIELD ...                 as in a run; {NAME} in it stands for the cell's value of the axis
 *       when AXIS=VALUE ... FIELD ...   a field of the cells for which all conditions hold.
 *                                 Of a field that stands once in a run the last `when` that
 *                                 applies counts; append, expect-bound, expect-reason and
 *                                 expect-skipped are lists of words, whose lines add up
 *     An axis stands above what names it. Each cell needs a rule, and is called
 *     NAME/value/value...; a value that is a number carries its axis' name, as in full/pc/smp2.
 *     What names no axis or value, or never applies, is an error. At most 20,000 cells.
 *
 *   defaults                    for the runs below it that do not say it themselves
 *       expect-skipped NAME ...
 *       timeout SECONDS
 *       qemu ARGUMENTS            stand before those of the run
 *
 * Files are sought in the build folder, unless their path begins with /; with ./ it is
 * relative to the run list.
 *
 * A list NAME.cfg may have a file NAME.errata beside it: runs that cannot pass for a fault that
 * is known, and why. Such a run passes if it fails, and fails if it passes.
 *
 *   erratum FILE                the file at fault, relative to the run list
 *       reason TEXT
 *       run NAME                  a run that it excuses; once for each
 */
#ifndef RUN_RUNLIST_H
#define RUN_RUNLIST_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "report.h"
#include "vmi64_abi.h" /* VMI64_CALLS: it has every number of the 32-bit ABI, and its name */

#define RUN_CELLS_MAX 20000 /* of a list */

struct run_expect {
	enum verdict status;
	bool census;           /* expect-bound was given */
	bool bound[VMI64_CALLS];
	bool more;             /* others may be bound, too */
	size_t bound_count;
	const char *native[VMI64_CALLS]; /* expect-native: the reason, else NULL */
	struct words reasons;
	struct words lines;
	struct words skips;    /* names, or beginnings with a * behind */
	bool any_skips;
	char *excuse;          /* why the run may fail, from an erratum, or NULL */
};

struct run_cell {
	char *name;
	int line;
	bool canary;
	struct run_spec spec;
	struct run_expect expect;
	struct words rules; /* names, see rules.h */
	bool needs[VMI64_CALLS];
	uint64_t fields;    /* hash of the fields, as written */
};

/* What `given` stands for. */
struct run_given {
	const char *rom;       /* its file */
	bool bound[VMI64_CALLS]; /* calls that a guest with a slot for them binds to it */
	bool more;             /* what its POST finds may add to them */
	const char *reason;    /* why the boot is native where none is bound: of vmi_reasons, or ok */
};

struct run_list {
	struct run_cell *cells;
	size_t count;
	int defaults;       /* line of `defaults`, or 0 */
	struct words skips; /* its fields */
	struct words qemu;
	unsigned timeout;
};

/*
 * Reads run list `path`; files in it are sought in `folder`. Result: 0, or -1
 * after `path:line: error: ...` on stderr; an empty list is an error. Free
 * with run_list_free() either way.
 */
int run_list_read(struct run_list *list, const char *path, const char *folder);
/* The same for a list in which `given` may stand. */
int run_list_read_given(struct run_list *list, const char *path, const char *folder,
			const struct run_given *given);
void run_list_free(struct run_list *list);

#endif
