/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of the cpu lane only. */
#ifndef EMU_LANE_INTERNAL_H
#define EMU_LANE_INTERNAL_H

#include "emu/emu.h"
#include "emu/lane.h"
#include "emu/post.h"
#include "emu/random.h"

#define LANE_LIMIT 10000 /* instructions of one call: more is a hang */
#define LANE_POWER_LIMIT 1000000 /* where it waits for a device before it goes on */

/* Of load number `load`: the first ones are at the borders, the rest anywhere. */
uint64_t lane_load_address(const struct lane_options *o, uint32_t load);

/* One call with everything it begins with. */
struct lane_case {
	const struct lane_abi *abi;
	const struct vmi_call_info *call;
	bool jump;               /* entered by a jump: no return address */
	struct emu_start start;  /* of the entry; EIP is set by the lane */
	struct emu_start native; /* of the native text: without what the entry must drop */
	uint64_t dead;           /* the stack below it belongs to nobody afterwards */
	bool user_frame;         /* IRET: the frame returns to an outer ring */
	bool flat_pair;          /* IRET: the GDT has a flat ring-3 pair */
	bool bad_target;         /* IRET: of the frame's CS and RIP, which Unicorn lets pass */
	bool own;                /* Reboot, Shutdown: the image has our config block */
	uint16_t power_port, power_value; /* what that says */
	uint8_t updated;         /* WallclockUpdated: what vmi_state says before the call */
	uint64_t image;
	uint32_t image_size;
	uint8_t ram[EMU_RAM_SIZE];
};

/* Makes a random case; `jump`: the answer was JUMP_REL. image is left alone. */
void lane_make_case(struct lane_case *c, const struct lane_abi *abi, unsigned int call, bool jump,
		    struct emu_random *r);
/* The register of an argument, by number from 0, which the call must have there. */
uint64_t *lane_argument(struct lane_case *c, unsigned int number);
/* The same as the case has it, of its type's size. */
uint64_t lane_argument_value(const struct lane_case *c, unsigned int number);
/*
 * What the spec says of results, beside the native text: of calls whose arguments alone decide.
 * Result: true where there is nothing to find.
 */
bool lane_check_stated(const struct lane_case *c, const struct emu_result *rom,
		       struct lane_finding *finding);
/*
 * Calls that no machine without a hypervisor serves (told.c): which call's native text runs beside what
 * the entry did, what it may read beyond that text, and whether its results are what the spec says.
 */
bool lane_is_told(unsigned int call);
unsigned int lane_beside(const struct lane_case *c, const struct emu_result *rom);
void lane_tell_reads(const struct lane_case *c, struct emu_result *native);
bool lane_check_told(const struct lane_case *c, const struct emu_result *rom,
		     const struct emu_result *native, struct lane_finding *finding);
/* Puts a random interrupt frame at `frame` (an address of the stack). */
void lane_make_frame(struct lane_case *c, uint64_t frame, struct emu_random *r);
/* EFLAGS as code may hold them: no TF, RF, VM. */
uint32_t lane_random_flags(struct emu_random *r);

/* Notes the first finding only. Result: false. */
bool lane_find(struct lane_finding *finding, enum lane_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Compares what the entry did (`rom`, with its memory) with what its contract
 * lets it do and, where `native` is not NULL, with what the native text did.
 * Result: true where there is nothing to find.
 */
bool lane_compare(const struct lane_case *c, const struct emu_result *rom, const uint8_t *rom_ram,
		  const struct emu_result *native, const uint8_t *native_ram,
		  struct lane_finding *finding);
/* The part of it that looks at memory, the stack and the order of writes. */
bool lane_compare_memory(const struct lane_case *c, const struct emu_result *rom,
			 const uint8_t *rom_ram, const struct emu_result *native,
			 const uint8_t *native_ram, struct lane_finding *finding);

/* The same for a call that has no native text because it ends the machine. */
bool lane_compare_power(const struct lane_case *c, const struct emu_result *rom,
			struct lane_finding *finding);
/*
 * The clocks: calls whose results are known beside two readings of the TSC. `config` is
 * what POST noted; NULL: a foreign image, of which only the contract's words are held.
 */
struct emu_clock lane_random_clock(uint64_t now, struct emu_random *r);
bool lane_check_clock(const struct lane_case *c, const struct vrom_config *config,
		      const struct emu_result *rom, uint64_t before, uint64_t after,
		      struct lane_finding *finding);
/* Real time = available + stolen, `later` being real time read again after them. */
bool lane_check_sum(uint64_t real, uint64_t available, uint64_t stolen, uint64_t later,
		    struct lane_finding *finding);
/* The 64-bit result: EDX:EAX, or RAX. */
uint64_t lane_pair(const struct emu_result *result);

/* Is what GetCapability gave for `call` what the image's table says? Without one, any is. */
bool lane_check_capability(const uint8_t *image, size_t size, unsigned int width, uint32_t call,
			   const struct emu_result *rom, struct lane_finding *finding);

/* Writes there what POST would find. */
void lane_set_power(uint8_t *image, uint32_t config, uint16_t port, uint16_t value);

/* An image as it answers at one load address. */
struct lane_answer {
	uint8_t type;
	uint32_t offset; /* of the entry from the image's start; 0 without one */
};
/* Calls VMI_Init at `base`, where the image is loaded. */
bool lane_ask_init(struct emu *emu, uint64_t base, const struct lane_options *o, uint32_t *answer,
		   struct lane_finding *finding);
/*
 * Asks GetRelocationInfo for `number` (any 32-bit number), twice with other values in
 * the other registers, and checks the answer against the image and vmi_calls[].
 */
bool lane_ask(struct emu *emu, uint64_t base, const struct lane_options *o, uint32_t number,
	      struct lane_answer *answer, struct lane_finding *finding);

/* Has the call a native text? */
bool lane_has_native(const struct lane_abi *abi, unsigned int call);
/*
 * Loads it, with a RET behind it, at the entry's own address: what a wild CR3 or CR4
 * leads to depends on where the code lies. Result: 0 or -1.
 */
#define LANE_NATIVE_SIZE 256u /* no text is longer */
int lane_load_native(struct emu *emu, unsigned int call, uint64_t address);

#endif
