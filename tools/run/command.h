/* SPDX-License-Identifier: GPL-2.0-only */
/* What one run consists of, and the QEMU command for it. */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include <stdbool.h>

#include "text.h"

#define RUN_TIMEOUT 30u         /* seconds, if nothing else is said */
#define RUN_TIMEOUT_MAX 86400u
#define RUN_SMP_MAX 255u
#define RUN_MEMORY_MB 64 /* RAM, unless QEMU's arguments say otherwise */
#define RUN_KERNEL "guest32.elf" /* in the folder of the executable, if nothing else is said */

#define RUN_KERNEL64 "guest64.elf" /* the same in long mode */

#define RUN_LINEAR_BASE 0xC0000000u /* PAGE_OFFSET of the guests, where they call the ROM */
#define RUN_LINEAR_BASE64 0xffffffffb0000000u /* the same in long mode: guest-shim/x86_64/window.c, near */

/* One run. Strings belong to it; free with run_spec_free(). */
struct run_spec {
	char *machine; /* one of run_machines */
	char *accel;   /* one of run_accels */
	char *vga;     /* one of run_vgas */
	char *firmware; /* one of run_firmwares */
	char *order;   /* one of run_orders */
	unsigned smp;  /* 1 to RUN_SMP_MAX */
	unsigned timeout;
	bool exact;    /* two such runs write the same bytes: clocks count instructions */
	char *append;  /* the guest's command line, or NULL */
	char *trace;     /* file for what a trace build of a ROM logs, or NULL */
	char *exec_log;  /* file for QEMU's log of what is executed in the ROM window, or NULL */
	char *kernel;
	char *under;   /* a hypervisor that is booted and given the kernel as its module, or NULL */
	bool own;      /* kernel is a user's own bzImage: its log is read for what it says of VMI */
	char *initrd;  /* for it, or NULL */
	char *tpm;     /* one of run_tpms, or NULL: none */
	const char *tpm_socket; /* where swtpm listens; not owned */
	char *module;  /* a ROM file for the guest, which places it itself (place=), or NULL */
	char *disk;    /* a raw image for it, or NULL; never written to */
	struct words roms;
	struct words pci;   /* ROMs of PCI devices: their PCIR ids must be those of the device */
	struct words extra; /* further QEMU arguments */
};

/* The ids of the device that carries a ROM of run_spec.pci: QEMU's pci-testdev. */
#define RUN_PCI_VENDOR 0x1b36
#define RUN_PCI_DEVICE 0x0005

/* The values allowed, ended by NULL. */
extern const char *const run_machines[], *const run_vgas[], *const run_firmwares[];
extern const char *const run_accels[], *const run_tpms[];
/*
 * name: the firmware's own order, reverse alphabetical by file name; first, last: as they
 * were given, before or behind QEMU's own ROMs.
 */
extern const char *const run_orders[];

/* Is `word` in `list`? */
int run_allowed(const char *const list[], const char *word);

/* The defaults, with `kernel` as kernel. */
void run_spec_start(struct run_spec *spec, const char *kernel);
void run_spec_free(struct run_spec *spec);

/* Replaces an owned string. */
void run_set(char **to, const char *value);

#define RUN_QEMU64 "qemu-system-x86_64" /* for long mode */

/*
 * The QEMU command. Its binary is the environment's PVROM_QEMU, else qemu-system-i386, or
 * RUN_QEMU64 where firmware or guest needs it. `firmware_path`: where QEMU writes the
 * firmware's log; `memory_path`: a file of RUN_MEMORY_MB MiB that becomes the guest's RAM, or NULL.
 */
void run_command(const struct run_spec *spec, const char *firmware_path, const char *memory_path,
		 struct words *command);

/* Is that QEMU one whose machine has long mode? By the name of the binary. */
bool run_is_wide(const struct run_spec *spec);

/* The same as one line for a shell, without a file for the RAM. */
void run_command_line(const struct run_spec *spec, const char *firmware_path, struct text *line);

/* The name under which the firmware is given ROM `which` of run_spec.roms, without genroms/. */
void run_rom_name(const struct run_spec *spec, size_t which, struct text *name);

/* The `pvrom run` command line that repeats this run; `self` is how pvrom is called. */
void run_repeat(const struct run_spec *spec, const char *self, struct text *line);

#endif
