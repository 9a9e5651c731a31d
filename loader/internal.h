/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of the loader share with each other. */
#ifndef VMI_INTERNAL_H
#define VMI_INTERNAL_H

#include "vmi_loader.h"

#define PAGE_BYTES 4096u

/* The two arguments `field, offset` of vmi_refuse() for a member of a structure at `at`. */
#define VMI_FIELD(structure, member, at) \
	#structure "." #member, (uint32_t)(at) + (uint32_t)offsetof(struct structure, member)

/* `value`, or the end of low..high that it lies beyond. */
static inline uint32_t vmi_clamp(uint32_t value, uint32_t low, uint32_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Bytes of the header and the entry table behind it. */
static inline uint32_t vmi_table_end(const struct vmi_candidate *candidate)
{
	return VROM_SLOT_TABLE + candidate->jump_slots * VROM_SLOT_SIZE;
}

/* Where the guest sees the first byte of the image. */
static inline vmi_virt_t vmi_image_virt(const struct vmi_load *load,
					const struct vmi_candidate *candidate)
{
	return load->window.virt + (candidate->base - load->window.base);
}

/* The ABI of the load's guest. */
static inline const struct vmi_abi *vmi_load_abi(const struct vmi_load *load)
{
	return vmi_abi_of(load->long_mode);
}

/*
 * Notes why a ROM is not used. `field`: what is wrong, `offset`: where in the
 * image it stands. Result: false, to be returned.
 */
bool vmi_refuse(struct vmi_candidate *candidate, enum vmi_reason reason, const char *field,
		uint32_t offset, uint64_t found, uint64_t expected);

/* probe.c: fills load->candidates, each of them validated. */
void vmi_probe(struct vmi_load *load);

/*
 * validate.c: checks the image at candidate->base without calling anything.
 * Result: whether it can be used; if not, the candidate says why.
 */
bool vmi_validate(const struct vmi_load *load, struct vmi_candidate *candidate);

/*
 * capability.c: reads what the directory of a candidate says of each call into
 * load->capabilities, once: what changes there later is not seen. Result: false if it cannot
 * be read, which declines the ROM.
 */
bool vmi_read_capabilities(struct vmi_load *load, struct vmi_candidate *candidate);
/* What GetRelocationInfo must answer by the table; EAX is 0 where there is no address. */
void vmi_capability_answer(const struct vmi_load *load, const struct vmi_candidate *candidate,
			   int call, struct vmi_registers *answer);
/* Is `answer` what the table `said`? Result: false if the ROM is declined. */
bool vmi_capability_agrees(const struct vmi_load *load, struct vmi_candidate *candidate, int call,
			   const struct vmi_registers *said, const struct vmi_registers *answer);
/* Do the directory's atomic groups agree with spec/? Result: false if the ROM is declined. */
bool vmi_groups_agree(const struct vmi_load *load, struct vmi_candidate *candidate);
/* inline.c: judges the bytes that a call has into load->inlines[call], unless that was done. */
void vmi_look_inline(struct vmi_load *load, const struct vmi_candidate *candidate, int call);
/* The native text of a call, assembled, and its length; NULL if there is none. */
const uint8_t *vmi_native_bytes(const struct vmi_abi *abi, int call, uint16_t *length);

/* abis.c: does VROM_ENDBR64 stand at `offset`, which lies in the image? *found: what does; 0 if it is
 * cut off. */
bool vmi_endbr64(const struct vmi_load *load, const struct vmi_candidate *candidate,
		 uint32_t offset, uint32_t *found);

/* negotiate.c: the range of a major that the guest supports, or NULL. */
const struct vmi_version_range *vmi_range_of(const struct vmi_load *load, uint8_t major);
/* Does the version of a header say that there is a directory? */
static inline bool vmi_has_directory(const struct vmi_candidate *candidate)
{
	return candidate->major == VROM_API_MAJOR && candidate->minor >= VROM_DIRECTORY_MINOR;
}
/* May a candidate, by its version, be used in one that has a directory? */
bool vmi_may_have_directory(const struct vmi_load *load, const struct vmi_candidate *candidate);
/* Declines usable candidates that the command line leaves out. */
void vmi_apply_overrides(struct vmi_load *load);
/* The minor that both sides know, of a candidate whose major is supported. */
uint8_t vmi_common_minor(const struct vmi_load *load, const struct vmi_candidate *candidate);
/* The index of the best usable candidate, or -1. */
int vmi_best(const struct vmi_load *load);
/* Puts candidate `chosen` into use and names the reason of the other usable ones. */
void vmi_choose(struct vmi_load *load, int chosen);

/* ask.c: calls VMI_Init. Result: false if the ROM is declined. */
bool vmi_init_rom(const struct vmi_load *load, struct vmi_candidate *candidate);
/* Whether the ABI has a call of this number, which may be any. */
static inline bool vmi_call_exists(const struct vmi_abi *abi, int call)
{
	return call >= 0 && call < abi->call_count && !abi->calls[call].reserved;
}
/* Whether it has had this call since the version. */
static inline bool vmi_call_since(const struct vmi_abi *abi, int call, uint8_t major, uint8_t minor)
{
	const struct vmi_call_info *info = &abi->calls[call];

	return info->since_major < major ||
	       (info->since_major == major && info->since_minor <= minor);
}
/*
 * Asks for a call, which must exist, unless it was asked for before, and judges
 * the answer into load->answers[call]. Result: false if the ROM is declined.
 */
bool vmi_ask(struct vmi_load *load, struct vmi_candidate *candidate, int call);

/*
 * Asks for each of `count` calls once, in turn, and does not judge. *asked: how many came back
 * well. Result: false if the ROM is declined.
 */
bool vmi_ask_each(struct vmi_load *load, struct vmi_candidate *candidate, const uint8_t *calls,
		  uint32_t count, struct vmi_registers *answers, uint32_t *asked);
/* Calls an entry that has GetRelocationInfo's registers, of call `call`. Result: false if the ROM is
 * declined. */
bool vmi_ask_entry(struct vmi_load *load, struct vmi_candidate *candidate, vmi_virt_t entry,
		   uint32_t argument, int call, struct vmi_registers *answer);
/* What an answer means for a slot. */
struct vmi_binding vmi_judge(const struct vmi_load *load, const struct vmi_candidate *candidate,
			     int call, const struct vmi_registers *answer);
static inline struct vmi_binding vmi_keep_twin(enum vmi_reason reason, uint64_t found,
					       uint64_t expected)
{
	return (struct vmi_binding){ .kind = VMI_BIND_NATIVE, .reason = reason,
				     .found = found, .expected = expected };
}

/*
 * ask_later.c: takes the answer from the directory's table. A call that is bound by address is
 * asked for, too, before anything is bound: vmi_ask_pending() asks for all of them and holds
 * the ROM to its table. *changed: it gave less than the table said, where it may.
 */
void vmi_ask_later(struct vmi_load *load, const struct vmi_candidate *candidate, int call);
bool vmi_ask_pending(struct vmi_load *load, struct vmi_candidate *candidate, bool *changed);

/* Whether the command line keeps the call native. */
static inline bool vmi_overridden(const struct vmi_load *load, int call)
{
	const struct vmi_overrides *o = &load->overrides;

	return o->native[call] || (o->any_only && !o->only[call]);
}
/* overrides.c: calls `fault` for each part of the text that is not followed: not NUL-terminated. */
typedef void vmi_fault(const struct vmi_load *load, const char *word, size_t length,
		       enum vmi_reason reason);
void vmi_each_fault(const struct vmi_load *load, vmi_fault *fault);

/*
 * backends.c: tells the ROM which hypervisors' interfaces it may use, if it has the call, into
 * load->backends. Result: false if the ROM is declined.
 */
bool vmi_tell_backends(struct vmi_load *load, struct vmi_candidate *candidate);
/* Notes which backend serves each call that the ROM was asked for. Result: false if the ROM is declined. */
bool vmi_ask_backends(struct vmi_load *load, struct vmi_candidate *candidate);
/* May the call be answered by a backend, at another address than the table's? */
#define VMI_BACKENDS_USED (VMI_BACKEND_KVM | VMI_BACKEND_HYPERV) /* VMware's port serves POST alone */
static inline bool vmi_backend_answers(const struct vmi_load *load, int call)
{
	return load->backends & VMI_BACKENDS_USED &&
	       load->capabilities[call].kinds & VMI_CAPABILITY_CONDITIONAL;
}
/* The VMI_BACKEND bit of a name, `length` bytes of it; 0: there is none. */
uint32_t vmi_backend_bit(const char *name, size_t length);
void vmi_report_backends(const struct vmi_load *load);

/* bind.c: decides every row for this ROM. Result: false if the ROM is declined. */
bool vmi_bind(struct vmi_load *load, struct vmi_candidate *candidate);
/* Makes every row native. */
void vmi_bind_native(struct vmi_load *load);
/* The first row that no binding can make good, or slot_count. */
size_t vmi_bad_row(const struct vmi_load *load);

/* report.c, report_json.c: parts of the report. */
const struct vmi_reason_info *vmi_reason_info(enum vmi_reason reason);
/* The number of rows that are bound so. */
uint32_t vmi_count_bound(const struct vmi_load *load, enum vmi_bind_kind kind);
/* Whether `found` is a call's number, and not a number that differs from `expected`. */
bool vmi_reason_names_call(enum vmi_reason reason, uint64_t found, uint64_t expected);
const char *vmi_kind_name(enum vmi_bind_kind kind);
void vmi_report_json(const struct vmi_load *load);

/* format.c: numbers as text, through the platform's print. */
void vmi_print(const struct vmi_load *load, const char *text);
void vmi_print_decimal(const struct vmi_load *load, uint32_t number);
void vmi_print_version(const struct vmi_load *load, uint8_t major, uint8_t minor);
/* At most VMI_TEXT_MAX bytes of a text from outside; what does not print stands as ?. */
#define VMI_TEXT_MAX 64
void vmi_print_text(const struct vmi_load *load, const char *text, size_t length);
void vmi_print_hex(const struct vmi_load *load, uint64_t number, unsigned int digits);

#endif
