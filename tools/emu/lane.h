/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cpu lane: asks an image for its entries of one width and calls each of them many
 * times beside its native text. `pvrom cpu` prints what is found here.
 */
#ifndef EMU_LANE_H
#define EMU_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmi_abi.h" /* vmi_calls, enum vmi_relocation */

#define LANE_CALLS 95 /* of the ABI that has most */

#define LANE_ROUNDS 2400 /* cases of each call, unless told */
#define LANE_LOADS  24  /* load addresses that they are spread over */

/* What went wrong, by kind. */
enum lane_kind {
	LANE_GOOD,
	LANE_REGISTER,  /* a register that must survive was changed */
	LANE_RESULT,    /* a result differs from the native text's */
	LANE_FLAGS,     /* EFLAGS differ where they may not */
	LANE_SYSTEM,    /* a system register differs */
	LANE_HIDDEN,    /* caches, TLB or ports were treated differently */
	LANE_MEMORY,    /* memory differs, or memory was touched that native code leaves alone */
	LANE_STACK,     /* the stack above the return address was changed */
	LANE_ESP,       /* ESP is off after the return */
	LANE_IMAGE,     /* a write into the image */
	LANE_SEGMENT,   /* DS, ES, FS or GS was used where it may hold anything */
	LANE_FAULT,     /* faulted where native code does not, or otherwise than it */
	LANE_NO_FAULT,  /* native code faults, the entry did not */
	LANE_END,       /* did not come back, or came back where it must not */
	LANE_ANSWER,    /* GetRelocationInfo or VMI_Init answered what it must not */
	LANE_POSITION,  /* the answer depends on the load address, or on when it was asked */
	LANE_BROKEN,    /* the emulator itself failed: no verdict */
};
extern const char *const lane_kind_names[];

struct lane_finding {
	enum lane_kind kind;
	char text[256];   /* what was found and expected; where it was loaded */
};

struct lane_call {
	bool chosen;
	int answer;       /* enum vmi_relocation; -1 where asking failed */
	uint32_t cases;   /* times that it was called */
	struct lane_finding finding;
};

struct lane_options {
	const uint8_t *image;
	size_t size;      /* VROM_BLOCK to ROMFILE_MAX */
	uint64_t seed;
	uint32_t rounds;  /* cases of each call; at least 1 */
	unsigned int width; /* 32, or 64 where lane_directory() finds that ABI */
};

/* The ABI of that width. */
struct lane_abi {
	unsigned int width, major, minor, calls;
	const struct vmi_call_info *call;
	const struct vmi_call_places *places;
	const struct vmi_group_info *groups;
	const uint8_t *native; /* as vmi_native32 */
};
const struct lane_abi *lane_abi(unsigned int width);
/* Copies the image's directory of the ABI of that width. Result: false if it has none. */
bool lane_directory(const uint8_t *image, size_t size, unsigned int width,
		    struct vrom_directory *directory);


struct lane_report {
	struct lane_finding init;    /* VMI_Init */
	struct lane_finding answers; /* GetRelocationInfo, beyond single calls */
	uint32_t init_answer;
	struct lane_call call[LANE_CALLS];
};

/*
 * Runs the lane. In *report only .call[].chosen is read: the calls to try.
 * Result: 0, or -1 with `error` (at least 128 bytes) where there is no emulator.
 */
int lane_run(const struct lane_options *options, struct lane_report *report, char *error,
	     size_t error_size);

/*
 * Calls that Unicorn can run in part or not at all: what is missing, and the
 * guest test that covers it. Result: NULL for any other call.
 */
struct lane_exception {
	uint8_t call;
	uint8_t width; /* 0 = either */
	bool in_part; /* the lane still gives a verdict on the rest */
	const char *reason, *guest_test;
};
const struct lane_exception *lane_exception(unsigned int width, unsigned int call);

/* Is it a call that reads clocks, whose results are known beside the TSC and POST's notes? */
bool lane_is_clock(unsigned int call);

#endif
