/* SPDX-License-Identifier: GPL-2.0-only */
/* What the slots of a kernel become over an ABI version, or over the answers of a ROM. */
#ifndef COVER_H
#define COVER_H

#include "pvops.h"
#include "vmi64_abi.h"

/* Numbers of calls: the 64-bit ABI goes on behind the other one. */
#define COVER_CALLS VMI64_CALLS
_Static_assert(VMI64_CALLS >= VMI_CALLS, "the 64-bit ABI has every number of the other one");

/* The calls that are there. */
struct cover_abi {
	const char *name; /* as it was asked for */
	bool call[COVER_CALLS];
	size_t count;
	bool wide; /* the 64-bit ABI */
};

/* The name of a call, in whichever ABI has it; NULL: none has. */
const char *cover_call_name(int call);

/*
 * The rows are written for 3.0. Turns them into those of another ABI: what a call of it serves, or
 * a flag of the 64-bit one (`serves` in spec/vmi.abi and spec/vmi64.abi), if that is better than
 * before or if the row wants it, takes the place of the row's class and calls. A row's `wants` goes
 * if the call or flag has that name, but for a width at its end.
 */
void cover_widen(struct pvops *data, const struct cover_abi *abi);
/*
 * Leaves the rows that a 64-bit build has, which is what a 64-bit ABI can serve: not those under a
 * condition of 32-bit builds alone, and none of a kernel without any slot of 64-bit builds, whose pv_ops
 * are those of i386. Data without one such slot are no kernel's: nothing but the conditions counts.
 */
void cover_keep_wide(struct pvops *data);
bool cover_serves(const struct vmi64_service *service, const struct pvops_row *row);

/*
 * `name`: a version MAJOR.MINOR that spec/ describes, 3.x or the 64-bit one, `empty`, or the file of a ROM, whose
 * answers are taken from its GetRelocationInfo in the emulator; NOP counts as an answer. Result: 0;
 * else, after a line on stderr, 1 if the ROM is refused, 2 if there is no such version or file.
 */
int cover_abi_read(struct cover_abi *abi, const char *name);

/* What became of a row. */
struct cover_slot {
	const struct pvops_row *row;
	enum pvops_class class; /* native: too if a call that the row's own class needs is missing */
	int missing;            /* the first such call, or -1 */
};
struct cover_slot cover_slot(const struct pvops_row *row, const struct cover_abi *abi);

/* Is a call of this term there? */
bool cover_term(const struct pvops_term *term, const struct cover_abi *abi);

/* Counts of slots: all of a kernel, and those that an i386 build has. */
struct cover_counts {
	size_t slots, class[PVOPS_CLASSES];
	size_t wanting; /* slots whose purpose needs a call or flag that VMI 3.0 lacks */
};
struct cover_kernel {
	struct cover_counts all, i386;
};
void cover_count(struct cover_kernel *kernel, const struct cover_slot *slot);

/* How much hangs on a call, over the rows of one kernel or of all. */
struct cover_call {
	size_t carries; /* rows that it serves, alone or among others */
	size_t cost;    /* rows that are served now and would not be without it */
	size_t gain;    /* rows that are not served now and would be with it */
};
void cover_calls(struct cover_call calls[COVER_CALLS], const struct pvops *data, size_t kernel,
		 const struct cover_abi *abi);
#define COVER_ALL_KERNELS ((size_t)-1)

/* What a row wants that no VMI 3.0 call gives, and how many rows do. */
struct cover_want {
	const char *name;
	size_t rows, inexpressible; /* of these, how many nothing serves without it */
	size_t first; /* kernel */
};
#define COVER_WANTS 64
size_t cover_wants(struct cover_want wants[COVER_WANTS], const struct pvops *data, size_t kernel);

/* What a set of calls must reach. */
enum cover_level {
	COVER_EXPRESSIBLE, /* nothing is inexpressible: native code may trap */
	COVER_SERVED,      /* every slot is served by its calls, or its native code is right */
	COVER_DIRECT,      /* every direct fit is direct */
	COVER_LEVELS,
};
extern const char *const cover_level_names[COVER_LEVELS];

/* The smallest set of calls for a kernel at a level, out of those that are there. */
struct cover_minimum {
	bool reached;           /* false: some rows are out of reach, and the set is for the others */
	size_t blocked;         /* so many */
	bool call[COVER_CALLS];
	const struct pvops_row *needs[COVER_CALLS]; /* a row that fails without the call; NULL: IRET
						   * and SYSEXIT, which are always in */
	size_t count;
};

/*
 * Computed, by search, and proven: every member has a row that fails without it, and no smaller
 * set is left. Result: 0, or 1 after a line on stderr where the search is too large.
 */
int cover_minimum(struct cover_minimum *minimum, const struct pvops *data, size_t kernel,
		  const struct cover_abi *abi, enum cover_level level);

/* How the answer is shown. `kernel`: an index, or COVER_ALL_KERNELS. */
int cover_print(const struct pvops *data, const struct cover_abi *abi, size_t kernel);
void cover_print_tsv(const struct pvops *data, const struct cover_abi *abi, size_t kernel);
/* The smallest set alone, one call a line: NUMBER NAME SLOT|-. Result: 0, or 1 if there is none. */
int cover_print_minimum(const struct pvops *data, const struct cover_abi *abi, size_t kernel,
			enum cover_level level);
int cover_print_json(const struct pvops *data, const struct cover_abi *abi, size_t kernel);

#endif
