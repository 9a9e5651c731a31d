/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The VMI loader: finds option ROMs, believes none of them, and binds a guest's
 * pv_ops slots to the entry points of the best one or to native code.
 *
 * The loader reaches memory, the ROM and the console only through the
 * callbacks in struct vmi_platform; it allocates nothing and needs no library
 * beyond memcpy and memset. A guest calls vmi_load() and then vmi_report().
 */
#ifndef VMI_LOADER_H
#define VMI_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmi_abi.h" /* enum vmi_reason, VMI_CALLS, VROM_*, struct vrom_header ... */

typedef uint64_t vmi_phys_t; /* address in the probe window, as the firmware numbers it */
typedef uint64_t vmi_virt_t; /* address as the guest's instructions see it */

/* How a callback that runs foreign code ended. */
enum vmi_call_status {
	VMI_CALL_RETURNED = 0, /* came back with the machine as the ABI promises */
	VMI_CALL_FAULTED,      /* did not come back cleanly; `eax` is meaningless */
};

/* What a call into the ROM left in its result registers. */
struct vmi_registers {
	uint32_t eax;
	uint32_t edx;
};

enum vmi_bind_kind { VMI_BIND_NATIVE = 0, VMI_BIND_ROM, VMI_BIND_NOP };

/* How a slot uses the address it is given. */
enum vmi_slot_flags {
	VMI_SLOT_WRAPPER = 1 << 0,   /* argument conventions differ: a thunk of the guest stands between */
	VMI_SLOT_MANDATORY = 1 << 1, /* the guest has no native code here: NONE declines the whole ROM */
};

/* A row of the guest's binding table. */
struct vmi_slot {
	const char *name;  /* as in pv_mmu_ops.write_cr3 or vmi_ops.get_ldt */
	int16_t call;      /* call number, or VMI_SLOT_NO_CALL */
	uint16_t flags;    /* enum vmi_slot_flags */
	vmi_virt_t native; /* address of the native twin; 0 only with VMI_SLOT_MANDATORY */
};
#define VMI_SLOT_NO_CALL (-1)

/* What became of a slot. */
struct vmi_binding {
	enum vmi_bind_kind kind;
	enum vmi_relocation type; /* what the ROM answered; NONE if it was not asked */
	enum vmi_reason reason;   /* VMI_OK, or why the slot is native */
	vmi_virt_t address;       /* ROM entry if kind is VMI_BIND_ROM, else 0 */
	uint64_t found, expected; /* with a reason other than VMI_OK: what was wrong */
};

/* A probe window: `size` bytes from `base`, mapped for the guest at `virt`. */
struct vmi_window {
	vmi_phys_t base;
	uint32_t size;
	vmi_virt_t virt;
};

/* What a guest supplies. Every callback gets `context` back. */
struct vmi_platform {
	void *context;
	/* Copies `length` bytes from window address `from`; false if it cannot. */
	bool (*read)(void *context, vmi_phys_t from, void *to, uint32_t length);
	/* Calls VMI_Init at `entry`. */
	enum vmi_call_status (*init)(void *context, vmi_virt_t entry, struct vmi_registers *out);
	/* Calls GetRelocationInfo at `entry` with EAX = `call`. */
	enum vmi_call_status (*get_reloc)(void *context, vmi_virt_t entry, uint32_t call,
					  struct vmi_registers *out);
	/* Puts a binding into effect: once per row, in the table's order, native rows too. */
	void (*install)(void *context, size_t row, const struct vmi_slot *slot,
			const struct vmi_binding *binding);
	/* Prints `text`, a part of a line or a whole one. */
	void (*print)(void *context, const char *text);
};

/* An inclusive range of versions within one major. */
struct vmi_version_range {
	uint8_t major;
	uint8_t minor_min, minor_max;
};

/* What was found on a step of the window that holds 55AA, and what is wrong with it. */
struct vmi_candidate {
	vmi_phys_t base;
	uint32_t length;          /* bytes by the length byte */
	uint8_t major, minor;     /* only meaningful once it is known to be a VMI ROM */
	bool usable;
	enum vmi_reason reason;   /* VMI_OK only for the ROM in use */
	const char *field;        /* the field that was refused, as spec/image.abi names it */
	vmi_phys_t where;         /* address of that field */
	uint64_t found, expected;
	char license[16];         /* printable, cut */
};

#define VMI_MAX_CANDIDATES 96 /* every 2 KiB step of C0000-EFFFF */

/* One load: inputs first, results after them. The caller owns it and its tables. */
struct vmi_load {
	/* in */
	const struct vmi_platform *platform;
	struct vmi_window window;
	struct vmi_version_range range;
	const struct vmi_slot *slots;
	size_t slot_count;
	/* out */
	struct vmi_binding *bindings; /* slot_count of them, supplied by the caller */
	struct vmi_candidate candidates[VMI_MAX_CANDIDATES];
	size_t candidate_count;
	int chosen;                   /* index into candidates, or -1: native boot */
	enum vmi_reason reason;       /* VMI_OK, or why the boot is native */
	uint64_t reason_found, reason_expected;
};

/*
 * Runs probe, validate, negotiate, init, ask and bind. Prints nothing.
 *
 * Result: VMI_OK if a ROM is in use, else the reason for the native boot
 * (load->reason); every row of the table has been installed either way.
 */
enum vmi_reason vmi_load(struct vmi_load *load);

/* Prints one line per candidate, the outcome, and one `bind` line per slot. */
void vmi_report(const struct vmi_load *load);

/* The name scripts read: "ok" for VMI_OK, else "VMI_E_...". */
const char *vmi_reason_name(enum vmi_reason reason);

#endif
