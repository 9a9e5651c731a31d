/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Call-site patching: rewrites the guest's recorded calls of pv_ops slots into what
 * vmi_load() bound the slots to, and back.
 *
 * The guest emits each site as `call TWIN` or `jmp TWIN` with a 32-bit displacement,
 * where TWIN is the `native` of the site's row, or for a row with VMI_SLOT_WRAPPER the
 * guest's wrapper. More bytes of the site may follow; they must be harmless to run. A
 * record of the site goes into a section of its own. The guest calls vmi_load(), then
 * vmi_patch() and vmi_patch_report(), with other processors held.
 */
#ifndef VMI_PATCH_H
#define VMI_PATCH_H

#include "vmi_loader.h"

enum vmi_site_kind {
	VMI_SITE_CALL = 1, /* call TWIN: control comes back behind the site */
	VMI_SITE_JUMP,     /* jmp TWIN: for calls that may be answered JUMP_REL, and only these */
};

/* Bytes of the recorded instruction, and the most that a site may have. */
#define VMI_SITE_MIN 5
#define VMI_SITE_MAX 31
#define VMI_TRAMPOLINE_SIZE 16

/*
 * The record of a site, 16 bytes in both widths; in assembly (i386: `.long 1b, 0` for
 * the quad):
 *   .quad address; .short row; .byte length, kind; .long clobbers
 */
struct vmi_patch_site {
	vmi_virt_t address;
	uint16_t row;      /* index into load->slots */
	uint8_t length;    /* bytes of the site, VMI_SITE_MIN to VMI_SITE_MAX */
	uint8_t kind;      /* enum vmi_site_kind */
	uint32_t clobbers; /* VMI_REG_ mask: what the code around the site lets change,
			    * results included */
} __attribute__((packed));
_Static_assert(sizeof(struct vmi_patch_site) == 16, "guests emit records of this size");

enum vmi_patch_kind {
	VMI_PATCH_SKIPPED = 0, /* a bad site: not written to, or put back */
	VMI_PATCH_UNCHANGED,   /* a good site that keeps its original bytes */
	VMI_PATCH_CALL,        /* call of the ROM's entry, or of the row's wrapper */
	VMI_PATCH_JUMP,        /* jump to the ROM's entry, or to the row's wrapper */
	VMI_PATCH_NATIVE,      /* native instructions inline, maybe none */
	VMI_PATCH_EMPTY,       /* the ROM calls it empty: nothing but padding */
	VMI_PATCH_INLINE,      /* bytes of the ROM that were checked */
};
#define VMI_PATCH_KINDS 7

enum vmi_pad_kind {
	VMI_PAD_NONE = 0,
	VMI_PAD_PREFIX, /* redundant prefixes before the first instruction: free */
	VMI_PAD_NOP,    /* one NOP: one instruction */
	VMI_PAD_JUMP,   /* a short jump over the rest, where no NOP is that long: one instruction */
	VMI_PAD_DEAD,   /* behind code that does not come back: never run */
};

/* What became of a site. Part of it must live as long as the patch: see vmi_patch(). */
struct vmi_patch_result {
	enum vmi_patch_kind kind;
	enum vmi_reason reason;   /* VMI_OK, or why it is skipped, unchanged or native */
	uint64_t found, expected; /* equal if the reason has no numbers */
	enum vmi_pad_kind pad;
	uint8_t pad_bytes;
	uint8_t pad_instructions; /* padding that is run: 0 or 1 */
	vmi_virt_t trampoline;    /* where the branch leads instead of to its target; 0 = there */
	/* the loader's own */
	bool patched;             /* `now` stands at the site instead of `original` */
	uint8_t original[VMI_SITE_MAX], now[VMI_SITE_MAX];
	uint32_t order;           /* of all results: the sites' indexes by address */
};

/* How the loader reaches the guest's text. Every callback gets `context` back. */
struct vmi_text {
	void *context;
	vmi_virt_t start, end; /* bounds of the text, `end` exclusive */
	/* Copies `length` bytes at `from` out of the text; false if it cannot. */
	bool (*read)(void *context, vmi_virt_t from, void *to, uint32_t length);
	/*
	 * Puts `length` bytes at `to` in place, despite write protection (CR0.WP), such that
	 * this processor serialises before it runs them and no other processor is inside;
	 * false if it cannot. What was written is read back.
	 */
	bool (*write)(void *context, vmi_virt_t to, const void *bytes, uint32_t length);
	/*
	 * May be NULL. For rows with VMI_SLOT_WRAPPER: the guest's function that sites of the
	 * row call or jump to while the row is bound to the ROM; 0 leaves the sites alone.
	 */
	vmi_virt_t (*wrapper)(void *context, size_t row);
};

/* One patching: inputs first, results after them. The caller owns it and its tables. */
struct vmi_patch {
	/* in */
	const struct vmi_load *load; /* after vmi_load() */
	const struct vmi_text *text;
	const struct vmi_patch_site *sites; /* in any order */
	uint32_t site_count;
	bool long_mode; /* 64-bit code, as the load has it: targets within 2 GiB; else the
			 * displacement wraps at 4 GiB and reaches everything */
	/*
	 * In long mode: `trampoline_bytes` bytes of the guest's text, written as sites are, for
	 * jumps to targets that a site does not reach, VMI_TRAMPOLINE_SIZE for each target. All
	 * zeros at first; what vmi_patch() has put there stays. 0 bytes: such sites are skipped.
	 */
	vmi_virt_t trampolines;
	uint32_t trampoline_bytes;
	bool long_nops; /* the processor has 0F 1F (family 6 and later); 64-bit code implies it */
	/* out */
	struct vmi_patch_result *results; /* site_count of them, supplied by the caller */
	uint32_t counts[VMI_PATCH_KINDS]; /* sites by kind */
	uint32_t pad_instructions;        /* over all sites */
	uint32_t via_trampoline;          /* sites that lead to one */
};

/*
 * Rewrites every site by what its row is bound to. A bad site is skipped with a
 * reason, its bytes intact; of sites that overlap, all are skipped. Doing it again
 * changes nothing, unless the load has changed: then sites follow it, and a site
 * that cannot gets its original bytes back.
 *
 * patch: the inputs are filled in. `results` is all zero before the first call; after
 *        that, the same results go with the same sites and text until vmi_unpatch().
 *
 * Result: the number of skipped sites.
 *
 * A row with VMI_SLOT_WRAPPER never gets native code inline, since its sites do not
 * keep to the call's registers; a guest whose sites do gives them a row of their own
 * without that flag. Native code is not checked against the site's clobbers: the twin
 * that the site called before is that code.
 */
uint32_t vmi_patch(struct vmi_patch *patch);

/*
 * Puts the original bytes of every patched site back; the load is not looked at. A
 * site whose bytes are no longer what was put there is left alone and becomes skipped.
 *
 * Result: the number of sites that were left alone.
 */
uint32_t vmi_unpatch(struct vmi_patch *patch);

/*
 * Prints what was done, through the load's platform, in the form of vmi_report():
 *
 *   patch 1 sites=N call=N jump=N native=N empty=N unchanged=N skipped=N padding=N [inline=N]
 *                   [trampoline=N]
 *       1 is the version of this format; padding counts instructions.
 *   site ADDRESS SLOT|- NUMBER|- NAME|- KIND pad=PAD:BYTES why=REASON [DETAIL] [via=ADDRESS] [# TEXT]
 *       One per skipped site, or one per site if `verbose`, in the order of the table.
 *       KIND is call, jump, native, inline, empty, unchanged or skipped; PAD is none, prefix,
 *       nop, jump or dead. DETAIL is found=N expected=N; of VMI_E_SITE_BYTES these are
 *       up to 8 bytes from the first wrong one on. via: the trampoline that it leads to.
 */
void vmi_patch_report(const struct vmi_patch *patch, bool verbose);

#endif
