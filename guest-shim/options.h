/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "harden.h"
#include "power.h"
#include "wrong.h"

struct options {
	uint32_t ram_end;     /* physical address behind the RAM from 1 MiB on; 0 = not told */
	bool window_copy;     /* window=copy: the ROM is used from a copy of the window in RAM */
	bool window_empty;    /* window=empty: that copy holds no ROM at all */
	/* window-at=PLACE: where x86-64 maps the window; see window.h there */
	bool flip;            /* flip=OFFSET:BIT: one bit of the VMI ROM is wrong in that copy */
	uint32_t flip_offset; /* from the start of the image */
	unsigned flip_bit;    /* 0 to 7 */
	bool set;             /* set=OFFSET:BYTE: one byte of the VMI ROM is this one in that copy */
	uint32_t set_offset;
	uint8_t set_byte;
	enum harden harden;   /* harden=1: the ROM is used from a copy elsewhere, told of it, and the
			       * original is unmapped; harden=untold: the copy is not told */
	unsigned flips;       /* flips=N: N damaged loads before the real one; 0 = none */
	unsigned crash;       /* crash=6, 8 or 14: raise that exception, for its dump; 0 = none;
			       * crash=15: a page fault in a call with an argument on the stack */
	bool place;           /* place=ADDRESS: the module is written there, and used as a ROM */
	bool place_all;       /* place=all: at every step of the window, the last one stays */
	uint32_t place_at;    /* physical */
	bool apic_off;        /* apic=off: the APIC is switched off by MSR, once a ROM is bound */
	bool watchdog_off;    /* watchdog=off: nothing ends a call into a ROM that hangs */
	bool x2apic;          /* x2apic=1: APICs are switched to x2APIC mode, once a ROM is bound */
	bool pae;             /* pae=1: paging with PAE */
	bool covers;          /* covers=1: say which calls the tests reach in the ROM */
	enum power_end end;   /* end=shutdown, end=reboot, end=reboot-hard: through that slot */
	bool patch_off;       /* patch=off: call sites stay native, but for IRET and SYSEXIT */
	bool icount;          /* icount=1: the TSC counts instructions, so limits can be checked */
	unsigned loaded;      /* loaded=N: the host is; time across processors is read for N seconds */
	bool bench;           /* bench=slots: count what each slot costs */
	bool bench_marks;     /* bench=marks: run each slot once between marks */
	unsigned smp;         /* smp=N: processors to bring up, this one included; 0 = not told */
	uint32_t seed;        /* seed=N: of the stress case; default OPTIONS_SEED */
	unsigned rounds;      /* rounds=N: of each of its workers; default OPTIONS_ROUNDS */
	const char *words;    /* the words behind the kernel's name, as strings in a row, */
	uint32_t words_length; /* for the loader, which reads those that begin with vmi= */
	const char *mandatory; /* mandatory=CALL,...: their slots become mandatory; NULL = none */
	struct vmi_version_range range; /* range=3.1-3.2: the versions that the guest knows */
	enum wrong wrong;     /* wrong=WHAT: a mistake in how the guest uses the loader */
	const char *test;     /* test=PREFIX: only tests whose names begin so; NULL = all */
};

#define OPTIONS_FLIPS_MAX 4096
#define OPTIONS_LOADED_MAX 600
#define OPTIONS_SEED 20061115u
#define OPTIONS_ROUNDS 1u
#define OPTIONS_ROUNDS_MAX 10000

/* What a multiboot loader leaves in EAX. */
#define BOOT_MAGIC 0x2badb002u

/*
 * Reads the command line that a multiboot loader left: `magic` and `info` as in EAX and
 * EBX at entry. Nothing usable there is an empty command line. Each word that is not
 * understood, and a line that was cut, is printed as a note.
 */
void options_read(struct options *options, uint32_t magic, uintptr_t info);

/* What was read last. */
const struct options *options_get(void);

#endif
