/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The VMI loader: finds option ROMs, believes none of them, and binds a guest's
 * pv_ops slots to the entry points of the best one or to native code.
 *
 * The loader reaches memory, the ROM and the console only through the
 * callbacks in struct vmi_platform; it allocates nothing and needs no library
 * beyond memcpy and memset (which compilers call by themselves) and the tables
 * of the generated vmi_calls.c. A guest calls vmi_load() and then vmi_report().
 */
#ifndef VMI_LOADER_H
#define VMI_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmi64_abi.h" /* enum vmi_reason, VMI_CALLS, VROM_*, struct vrom_header ... */

typedef uint64_t vmi_phys_t; /* address in the probe window, as the firmware numbers it */
typedef uint64_t vmi_virt_t; /* address as the guest's instructions see it */

/* The calls of one ABI: of a 32-bit guest, or of one in long mode. */
struct vmi_abi {
	const struct vmi_call_info *calls; /* by number */
	const struct vmi_group_info *groups;
	const uint8_t *native; /* the native texts, assembled: see vmi_native32 */
	int call_count, group_count;
};
/* No ABI has more. */
#define VMI_CALLS_MAX VMI64_CALLS
#define VMI_GROUPS_MAX VMI64_GROUPS
_Static_assert(VMI_CALLS <= VMI_CALLS_MAX && VMI_GROUPS <= VMI_GROUPS_MAX, "arrays by call, group");

static inline const struct vmi_abi *vmi_abi_of(bool long_mode)
{
	static const struct vmi_abi abi32 = {
		vmi_calls, vmi_groups, vmi_native32, VMI_CALLS, VMI_GROUPS,
	};
#ifdef __i386__
	/* i386 code loads for no guest in long mode, and carries no tables for one. */
	(void)long_mode;
	return &abi32;
#else
	static const struct vmi_abi abi64 = {
		vmi64_calls, vmi64_groups, vmi_native64, VMI64_CALLS, VMI64_GROUPS,
	};

	return long_mode ? &abi64 : &abi32;
#endif
}

/* How a callback that runs foreign code ended. */
enum vmi_call_status {
	VMI_CALL_RETURNED = 0, /* came back with the machine as the ABI promises */
	VMI_CALL_FAULTED,      /* did not come back; `eax` is meaningless */
	/* Came back with something lost, which the callback has restored. */
	VMI_CALL_LOST_STACK,     /* the stack pointer, or what lay on the stack */
	VMI_CALL_LOST_REGISTERS, /* a register that the callee saves */
	VMI_CALL_LOST_FLAGS,     /* the interrupt or the direction flag */
	VMI_CALL_LOST_SEGMENTS,
	VMI_CALL_LOST_SYSTEM,    /* GDT, IDT or control registers */
	VMI_CALL_EXPIRED,        /* did not come back in time, and was ended */
};

/* What a call into the ROM left in its result registers. */
struct vmi_registers {
	uintptr_t eax; /* RAX of a 64-bit guest */
	uintptr_t edx;
};

enum vmi_bind_kind {
	VMI_BIND_NATIVE = 0,
	VMI_BIND_ROM,
	VMI_BIND_NOP,
	/*
	 * The ROM gives bytes for this call that were checked: call sites get a copy of them, and
	 * the slot keeps the native twin, which is the same code. No address was asked for.
	 */
	VMI_BIND_INLINE,
};

/* How a slot uses the address it is given. */
enum vmi_slot_flags {
	/* Argument conventions differ: a thunk of the guest stands between. */
	VMI_SLOT_WRAPPER = 1 << 0,
	/* The guest has no native code here: NONE declines the whole ROM. */
	VMI_SLOT_MANDATORY = 1 << 1,
};

/*
 * A row of the guest's binding table. A row that names a call which does not
 * exist keeps its twin, with VMI_E_TABLE; a row for which there would be no code
 * at all (no twin and not mandatory, or mandatory without a call) is a fault of
 * the guest and makes the whole load native.
 */
struct vmi_slot {
	const char *name;  /* as in pv_mmu_ops.write_cr3 or vmi_ops.get_ldt; not NULL, no blanks */
	int16_t call;      /* call number, or VMI_SLOT_NO_CALL */
	uint16_t flags;    /* enum vmi_slot_flags */
	vmi_virt_t native; /* address of the native twin; 0 only with VMI_SLOT_MANDATORY */
};
#define VMI_SLOT_NO_CALL (-1)

/* What became of a slot. */
struct vmi_binding {
	enum vmi_bind_kind kind;
	enum vmi_relocation type; /* the answer that was accepted; NONE if the slot is native */
	enum vmi_reason reason;   /* VMI_OK, or why the slot is native */
	vmi_virt_t address;       /* ROM entry if kind is VMI_BIND_ROM, else 0 */
	uint64_t found, expected; /* what was wrong, equal if the reason has no numbers;
				   * VMI_E_GROUP: `found` is the missing call's number;
				   * VMI_E_RELOC_FORBIDDEN: masks of 1 << type */
};

/*
 * A probe window: `size` bytes from `base`, mapped for the guest at `virt`. All
 * of it lies below 4 GiB in both numberings, since the ROM's answers have 32 bits, but for a
 * guest in long mode, which may map it at any canonical addresses; `base` and `size` are
 * multiples of VROM_WINDOW_STEP, with at most VMI_MAX_CANDIDATES steps.
 */
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
	/* Calls GetRelocationInfo at `entry` with `call` in EAX, or in EDI of a 64-bit guest. */
	enum vmi_call_status (*get_reloc)(void *context, vmi_virt_t entry, uint32_t call,
					  struct vmi_registers *out);
	/*
	 * Optional, for a guest whose guard around foreign code costs more than the question: calls
	 * GetRelocationInfo for each of `calls` in turn, up to the first that does not come back
	 * well. *asked: how many did, with their results in `out`. Result: RETURNED if all did, or
	 * what became of the next.
	 */
	enum vmi_call_status (*get_relocs)(void *context, vmi_virt_t entry, const uint8_t *calls,
					   uint32_t count, struct vmi_registers *out,
					   uint32_t *asked);
	/*
	 * Puts a binding into effect: once per row, in the table's order, native rows
	 * too, and only after the last call into the ROM.
	 */
	void (*install)(void *context, size_t row, const struct vmi_slot *slot,
			const struct vmi_binding *binding);
	/* Prints `text`, a part of a line or a whole one. */
	void (*print)(void *context, const char *text);
};

/*
 * The versions of one major that the guest can use: its minors, inclusive. A ROM with
 * a minor above the highest is used as one of the highest, since minors only add.
 */
struct vmi_version_range {
	uint8_t major;
	uint8_t minor_min, minor_max;
};

/* One end of the versions that a command line leaves. */
struct vmi_version {
	bool given;
	uint8_t major, minor;
};

/*
 * What the `vmi=` words of a command line ask for; all zero asks for nothing. The
 * words, any number of them, in any order:
 *
 *   vmi=off               no ROM is looked for
 *   vmi=native:NAME,...   these calls and groups stay native
 *   vmi=only:NAME,...     all others stay native; the lists of several words add up
 *   vmi=rom:ADDRESS       only the ROM at this address may be used
 *   vmi=min:MAJOR.MINOR   no older version is used
 *   vmi=max:MAJOR.MINOR   none of a newer major, and no newer minor than this
 *   vmi=backend:NAME,...  of hypervisors' interfaces (kvm, hyperv, vmware) the ROM uses these
 *                         alone; -NAME: all but this
 *   vmi=verbose           the report also says what was asked for and answered
 *   vmi=json              the report is printed a second time, as JSON lines
 *   vmi=verify            a ROM is asked for every call, too: its directory has to agree
 *
 * `native:` goes before `only:`; a name in no list that is understood leaves `only:`
 * in force, so a misspelt one gives less of the ROM, never more. A word that cannot
 * be followed is not: vmi_report() names each one.
 */
struct vmi_overrides {
	const char *text; /* what was parsed; must last until vmi_report() */
	size_t length;
	bool off, verbose, json, verify;
	bool any_only;
	bool native[VMI_CALLS_MAX], only[VMI_CALLS_MAX];
	bool any_rom;
	uint32_t rom;
	struct vmi_version min, max;
	bool any_backend;
	uint32_t backends, no_backends; /* VMI_BACKEND bits */
};

/*
 * Fills *overrides from the `vmi=` words in `text`, `length` bytes of anything: bytes
 * up to a blank (0x20) separate words, so a line that was cut into strings will do,
 * and words that do not begin with `vmi=` are passed over. `abi`: whose names count, that of
 * the load.
 */
void vmi_overrides_parse(struct vmi_overrides *overrides, const struct vmi_abi *abi,
			 const char *text, size_t length);

/* The number of the ABI's call with this name (`length` bytes, no NUL needed), or -1. */
int vmi_find_call(const struct vmi_abi *abi, const char *name, size_t length);

/* Steps of the option-ROM window: no larger window is probed. */
#define VMI_MAX_CANDIDATES ((VROM_WINDOW_END - VROM_WINDOW_BASE) / VROM_WINDOW_STEP)

/* What a ROM of 3.1 or later says of its calls; without it, it is used as 3.0. */
struct vmi_directory {
	bool used;               /* it passed every check */
	enum vmi_reason reason;  /* why not; VMI_OK also for a ROM that is older */
	const char *field;
	vmi_phys_t where;
	uint64_t found, expected;
	uint16_t capabilities, count; /* offset of the table, and its entries */
	uint8_t size;            /* bytes of an entry */
	uint32_t at;             /* its own offset in the image */
	uint16_t init;           /* offset of VMI_Init; a guest of 32 bits calls the slot */
	uint16_t get_reloc;      /* offset of the GetRelocationInfo that knows every call */
	uint16_t groups, groups_size; /* offset of the atomic groups, and their bytes */
};

/* What was found on a step of the window that holds 55AA, and what is wrong with it. */
struct vmi_candidate {
	vmi_phys_t base;
	uint32_t length;         /* bytes by the length byte */
	bool vmi;                /* carries the cVmi signature */
	uint8_t major, minor;    /* as the ROM says, if `vmi`: its header, or for a guest in long
				  * mode the further ABI that was taken */
	uint32_t abi;            /* offset of that one's vrom_abi; 0 = the header's */
	uint8_t jump_slots;      /* likewise */
	bool usable;             /* passed validation and was not declined after that */
	enum vmi_reason reason;  /* VMI_OK only for the ROM in use */
	const char *field;       /* what was refused, as in vrom_pcir.length of spec/image.abi; the
				  * slot's name for VMI_E_MANDATORY; NULL if it is no field */
	vmi_phys_t where;        /* address of that field */
	uint64_t found, expected; /* VMI_E_RELOC_..., _MANDATORY, and _LOST_... and _CALL_TIME of
				   * get_reloc: `found` is the call's number, `expected` is none;
				   * VMI_E_OVERRIDE_VERSION: major * 256 + minor */
	char license[16];        /* printable, cut; "" if it was not read */
	struct vmi_directory directory;
};

/* One load: inputs first, results after them. The caller owns it and its tables. */
struct vmi_load {
	/* in */
	const struct vmi_platform *platform;
	struct vmi_window window;
	struct vmi_version_range range;
	const struct vmi_version_range *more_ranges; /* of further majors; NULL if there are none */
	size_t more_range_count;
	bool long_mode; /* the guest runs 64-bit code: a ROM is used by its further ABI of that width */
	struct vmi_overrides overrides;
	const struct vmi_slot *slots;
	size_t slot_count;
	/* out */
	struct vmi_binding *bindings; /* slot_count of them, supplied by the caller */
	struct vmi_candidate candidates[VMI_MAX_CANDIDATES];
	size_t candidate_count;
	int chosen;                   /* index into candidates, or -1: native boot */
	uint8_t minor;                /* minor that is in use; only with a chosen ROM */
	uint32_t update_flags;        /* which of VMI_UPDATE_DEFER the ROM may be given: the flag
				       * and SetLazyMode are one group */
	enum vmi_reason reason;       /* VMI_OK, or why the boot is native */
	uint64_t reason_found, reason_expected; /* equal if the reason has no numbers */
	struct vmi_binding answers[VMI_CALLS_MAX];  /* by call; VMI_E_NO_BINDING: not asked */
	struct vmi_binding inlines[VMI_CALLS_MAX];  /* by call: VMI_BIND_INLINE, or why its bytes are not
						 * taken; VMI_E_NO_BINDING: there are none */
	struct vrom_capability capabilities[VMI_CALLS_MAX]; /* what a directory in use says of each */
	uint32_t backends;  /* what SetBackends answered: VMI_BACKEND bits, VMI_BACKEND_WHY above */
	bool backends_told; /* it was called */
	uint8_t served_by[VMI_CALLS_MAX]; /* VROM_BACKEND number, where the entry is not the native one */
	uint32_t questions;                     /* calls of GetRelocationInfo of the ROM in use */
	uint8_t pending[VMI_CALLS_MAX];             /* answered by the table so far, still to be asked */
	uint32_t pending_count;
};

/*
 * Runs probe, validate, negotiate, init, ask and bind. Prints nothing.
 *
 * A usable ROM that turns out not to work (VMI_Init or GetRelocationInfo fails, or
 * a mandatory call is missing) is declined before anything is installed, and the
 * next best one is tried.
 *
 * load: the inputs are filled in; whatever the results hold is overwritten.
 *
 * Result: VMI_OK if a ROM is in use, else the reason for the native boot
 * (load->reason): VMI_E_WINDOW or VMI_E_TABLE for wrong inputs, VMI_E_OFF,
 * VMI_E_NO_ROM, VMI_E_NO_CANDIDATE, or why the best usable ROM was declined. Every row of the
 * table has been installed either way.
 */
enum vmi_reason vmi_load(struct vmi_load *load);

/*
 * Prints what vmi_load() found and did. Lines for scripts, words behind # for
 * people; numbers are hexadecimal with 0x or plain decimal; further words KEY=VALUE
 * may stand before the # or the end of a line. In order:
 *
 *   census 1
 *       The version of this format.
 *   override WORD refused why=REASON # TEXT
 *       One per `vmi=` word, or name in one, that was not followed; bytes that do not
 *       print as ?, and cut.
 *   range MAJOR.MINOR-MAJOR.MINOR      (only with vmi=verbose)
 *       What the guest supports, one per major, before the command line narrows it.
 *   vrom BASE used|refused VERSION|- length=BYTES why=REASON [DETAIL] # TEXT
 *       One per candidate, by address. VERSION is MAJOR.MINOR, - without cVmi
 *       signature. TEXT is the licence of the ROM in use, else cause and remedy.
 *   vmi rom BASE VERSION bound=N nop=N native=N [inline=N]
 *   vmi native why=REASON [DETAIL] # TEXT
 *       The outcome, one of the two. VERSION is the one that both sides know.
 *   backend NAME used|refused why=WHY [calls: N...]
 *       One per hypervisor's interface that is there (all with vmi=verbose): whether the ROM uses
 *       it, which part did not work (VMI_BACKEND_WHY of spec/image.abi, in lower case), and which
 *       calls it answers.
 *   directory BASE refused why=REASON [DETAIL] # TEXT
 *       The directory of a ROM that says 3.1 or later, if it is not used.
 *   inline NUMBER NAME refused why=REASON [DETAIL] # TEXT
 *       One per call whose bytes to be copied are not taken.
 *   bind SLOT NUMBER|- NAME|- rom|nop|inline|native ADDRESS|- call|jump|none why=REASON [DETAIL]
 *       One per row of the table, in its order; number and name of the call.
 *   answer NUMBER NAME rom|nop|native ADDRESS|- call|jump|none why=REASON [DETAIL]
 *       (only with vmi=verbose) One per call that the ROM in use was asked for.
 *
 * REASON is `ok` or VMI_E_... of spec/reasons.abi. DETAIL is any of, in this order:
 *   field=NAME at=ADDRESS     the refused field
 *   call=NUMBER               the call that is missing or could not be asked for
 *   found=N expected=N        what was wrong
 *
 * With vmi=json the lines of docs/negotiation.md follow, one JSON object each.
 */
void vmi_report(const struct vmi_load *load);

/*
 * Where the state memory of `rom` is, a usable candidate of `load`: its physical address and
 * its length, which the guest maps at the distance at which it maps the image, before VMI_Init is
 * called. A guest whose linear mapping holds both has done so already. Result: false if it has none.
 */
bool vmi_state_memory(const struct vmi_load *load, const struct vmi_candidate *rom,
		      vmi_phys_t *state, uint32_t *size);

/*
 * What a guest must know that runs a copy of the ROM in use instead of the ROM itself,
 * for which only its own writable pages and the ROM's state memory are the same. The way:
 *
 *   vmi_load() through the option-ROM window; vmi_copy_plan(); copy `length` bytes from
 *   `image` to pages that can be written and not run; fill up a vmi_window for the place
 *   where they will be run; call SetMapping, if the ROM has it, of STATE and then of COPY with
 *   the writable address; take the right to write away, then let the pages run; vmi_load()
 *   again through that window; call SetMapping of APIC, by the new binding. From then on
 *   nothing leads to the ROM itself, which can be unmapped.
 *
 * Every vmi_load() calls VMI_Init, which forgets what SetMapping told; only the copy keeps
 * where the state is mapped, so that mapping must last as long as the copy is called.
 */
struct vmi_copy_plan {
	vmi_phys_t image;    /* physical address of the image */
	uint32_t length;     /* bytes to be copied */
	bool long_mode;      /* the guest is: a copy may lie above 4 GiB, too */
	vmi_phys_t state;    /* physical address of the state memory, for SetMapping, */
	uint32_t state_size; /* and its length; 0 = there is none, or the ROM is used as 3.0: a
			      * copy has no calls of groups apic and timer then */
};

/* Fills *plan for the ROM that `load` put into use. Result: false if there is none. */
bool vmi_copy_plan(const struct vmi_load *load, struct vmi_copy_plan *plan);

/*
 * Fills *window for a copy whose first byte is at `virt`; the bytes behind it, up to a
 * multiple of VROM_WINDOW_STEP, must be readable. Result: false where no copy may lie:
 * off a page border, beyond 4 GiB but for a guest in long mode, or where the ROM would take itself for the original in
 * a linear mapping (see VROM_LINEAR_STEP).
 */
bool vmi_copy_window(const struct vmi_copy_plan *plan, vmi_virt_t virt, struct vmi_window *window);

/* The name scripts read: "ok" for VMI_OK, else "VMI_E_..."; "?" for no reason code. */
const char *vmi_reason_name(enum vmi_reason reason);

#endif
