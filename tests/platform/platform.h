/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hypervisor that plays: one guest, one processor, every device passed through, nested paging. To
 * the guest it shows the interfaces of KVM, Hyper-V and VMware, honest or lying as the command
 * line says (words.c), and prints what the guest did with them (main.c, msr.c). A fixture, and no
 * product.
 *
 *   build/pvrom run --under build/platform.elf --rom build/vmi.rom \
 *       --append "platform=kvm,lie:clock-odd test=timer" -- -cpu max -m 192
 *
 * The guest's physical addresses are the machine's: RAM from 0 to GUEST_RAM, the option-ROM window
 * as the firmware left it after POST, devices where they are. The player lies above and is not
 * mapped; while the guest's paging is off, QEMU does not look at the nested tables, and it is. Guests
 * of both widths: where the processor has long mode, the player is in it.
 *
 * The firmware ran POST on the bare machine, where QEMU's own leaf (TCGTCGTCGTCG) and its own port
 * 0x5658 are. platform=post runs it once more, as a guest in real mode (post.c); without, the ROM
 * takes the machine for a bare one.
 *
 * What it does not show:
 * - other processors: they start, if the guest starts them, on the bare machine, without any platform;
 * - preemption by another guest: what is stolen is the time of exits;
 * - exits of the APIC, which is the machine's own: its page and its timer cost none. Hyper-V's
 *   synthetic timers are the HPET, which no guest of ours looks for;
 * - Hyper-V's messages (SynIC), timers 2 and 3, assist page, IPIs by hypercall; KVM's asynchronous
 *   page faults and clock pairing; VMware's hypercall and steal clock; Xen;
 * - pages that change while they are read: they are written at exits alone.
 * docs/kvm.md is where such things are real.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "../svm/svm.h"
#include "interface.h"
#include "cpu.h" /* the numbers of registers and their bits */

#define GUEST_RAM 0x04000000u    /* bytes from physical address 0 */
#define PLAYER_BASE 0x08000000u  /* where it is linked; not mapped for the guest from here */
#define PLAYER_END 0x0be00000u   /* above are the tables of the firmware, at the end of 192 MiB */

/* 8 to 15 follow in long mode; RAX and RSP stand in the VMCB. */
extern uint64_t regs[16];
extern struct vmcb vmcb;

enum platform { KVM, HYPERV, VMWARE, OTHER, PLATFORMS };

/*
 * What a platform serves. Name on the command line, the bits that announce it (KVM's feature leaf
 * EAX; Hyper-V's feature leaf EAX and EDX, its recommendations), whether it is there unless asked.
 * Only the first few rows have MSRs: FEATURE_MSRS.
 */
#define FEATURES(X) \
	X(clock, BIT(3), 0, 0, 0, true)                /* KVM's clock page */ \
	X(wall, 0, 0, 0, 0, true)                      /* its wall clock: not without the clock */ \
	X(old_clock, BIT(0), 0, 0, 0, true)            /* both by their first MSRs, 0x11 and 0x12 */ \
	X(steal, BIT(5), 0, 0, 0, true) \
	X(eoi, BIT(6), 0, 0, 0, false)                 /* KVM's end of interrupt: eoi.c */ \
	X(id, 0, 0, 0, 0, true)                        /* Hyper-V's guest OS id */ \
	X(hypercall, 0, BIT(5), 0, 0, true)            /* its hypercall page */ \
	X(vp, 0, BIT(6), 0, 0, true) \
	X(count, 0, BIT(1), 0, 0, true)                /* the reference counter */ \
	X(tsc, 0, BIT(9), 0, 0, true)                  /* the reference TSC page */ \
	X(freq, 0, BIT(11), BIT(8), 0, true) \
	X(apic, 0, BIT(4), 0, BIT(3), true) \
	X(stimer, 0, BIT(3), BIT(19), 0, true) \
	X(kick, BIT(7), 0, 0, 0, true)                 /* from here on: no MSRs */ \
	X(flush, BIT(9), 0, 0, BIT(2) | BIT(11), true) \
	X(ipi, BIT(11), 0, 0, 0, true) \
	X(yield, BIT(13), 0, 0, 0, true) \
	X(xmm, 0, 0, BIT(4), 0, true)                  /* flushes' input in registers */ \
	X(spin, 0, 0, 0, 0, true)                      /* Hyper-V's number of spins */ \
	X(stable, BIT(24), 0, 0, 0, true) \
	X(vmcall, 0, 0, 0, 0, false)                   /* Intel's hypercall instruction is taken, too */
#define FEATURE_ID(name, ...) F_##name,
enum feature { FEATURES(FEATURE_ID) FEATURES_END, FEATURE_MSRS = F_stimer + 1 };

/* Each is `lie:NAME`, with - for _. Beside these `lie:FEATURE-msr-faults` and `...-faults-later`. */
#define LIES(X) \
	X(twice)                /* each platform at two leaves */ \
	X(hidden)               /* CPUID leaf 1 denies that there is a hypervisor */ \
	X(max_low)              /* the highest leaf lies below the signature's own */ \
	X(max_wild)             /* it is 0xffffffff */ \
	X(features_zero)        /* nothing is announced; all is served */ \
	X(features_all)         /* every bit is set; what is served stays as it is */ \
	X(interface)            /* Hyper-V's interface is not "Hv#1" */ \
	X(clock_odd)            /* the version of KVM's page is odd for ever */ \
	X(clock_late_odd)       /* from the fill number LATE_ODD on; Hyper-V's sequence is 0 then */ \
	X(clock_changes)        /* no lie: shift and multiplier change at each exit, the clock does not */ \
	X(clock_empty)          /* the page is never filled */ \
	X(clock_backwards)      /* each exit puts the clock 10 ms back */ \
	X(clock_jumps)          /* each exit puts it an hour ahead */ \
	X(clock_mul_zero)       /* KVM's multiplier, Hyper-V's scale */ \
	X(clock_mul_wild)       /* all ones */ \
	X(clock_shift_high)     /* KVM: 64 */ \
	X(clock_shift_negative) /* KVM: -64 */ \
	X(wall_odd)             /* the version of the wall clock is odd */ \
	X(wall_wild)            /* nanoseconds of more than a second, seconds of all ones */ \
	X(steal_odd)            /* as clock_odd */ \
	X(steal_empty) \
	X(steal_backwards)      /* each exit takes 1 ms off */ \
	X(steal_wild)           /* more was stolen than time has passed */ \
	X(steal_preempted)      /* the running processor is said to be preempted */ \
	X(eoi_never)            /* PV EOI is registered, the bit is never set */ \
	X(freq_zero)            /* Hyper-V's and VMware's frequencies, leaf and port */ \
	X(freq_wild)            /* all ones */ \
	X(hypercall_rubbish)    /* every result is rubbish, and nothing is done */ \
	X(hypercall_faults)     /* #UD */ \
	X(page_empty)           /* Hyper-V's hypercall page is never written */ \
	X(vp_wild)              /* a VP index of all ones */ \
	X(port_magic)           /* the port answers with the wrong magic */ \
	X(port_dead)            /* VMware's leaf, but nothing at the port */
#define LIE_ID(name) LIE_##name,
enum lie { LIES(LIE_ID) LIES_END };
#define LATE_ODD 50u /* exits since the page was registered */

/* What the command line says. */
extern struct play {
	enum platform order[PLATFORMS]; /* of their leaves */
	unsigned count;
	bool plays[PLATFORMS];
	bool post;                  /* POST of the ROMs is run once more, as a guest's: post.c */
	bool port;                  /* VMware's port without VMware's leaf */
	bool serves[FEATURES_END];
	bool faults[FEATURE_MSRS];  /* its MSRs raise #GP, though it is announced */
	bool later[FEATURE_MSRS];   /* the same from the second write on */
	bool lies[LIES_END];
	uint32_t steal;             /* ns that each exit takes away from the guest, at least */
} play;

/* words.c: takes out of `line` the words that begin with platform=. False after a line that says why. */
bool words_read(const char *line, char *rest, uint32_t size);

/* boot.asm: runs the guest until its next exit. */
void player_run(uint64_t registers[16], struct vmcb *v, uint32_t long_mode);

/* main.c */
/* Runs the guest up to one exit and handles that. */
void player_step(bool long_mode);
void player_stop(const char *why, uint32_t value) __attribute__((noreturn));
/* Ends the machine as the guest asks it to: counts are printed before. */
void player_summary(void);

/* exits.c: one exit, up to the guest's next instruction. */
void exit_handle(void);
void exit_choose(void);
/* Prints what was counted, since mark 0 (guest-shim/mark.h) or, with NULL, since the start. */
void exit_print(const char *where);
void inject_gp(void);
uint64_t *reg(unsigned number);
/* The guest runs 64-bit code at this moment. */
bool guest_wide(void);

/* memory.c */
void memory_init(bool long_mode);
extern uint32_t nested_root, host_root;
/* `size` bytes of the guest's RAM at a physical address; NULL if they are not all RAM. */
void *guest_ram(uint64_t physical, uint32_t size);
/* Reads bytes at a linear address of the guest. Result: how many are mapped to RAM. */
unsigned guest_read(uint64_t linear, uint8_t *to, unsigned size);

/* cpuid.c: a leaf from 0x40000000 on, EAX to EDX; whether anything stands there. */
bool leaf_read(uint32_t leaf, uint32_t r[4]);

/* msr.c: the MSRs of all platforms. False: #GP. */
bool platform_msr_read(uint32_t msr, uint64_t *value);
bool platform_msr_write(uint32_t msr, uint64_t value);
/* Says that memory at `value` was registered in an MSR, or withdrawn. */
void msr_note(uint32_t msr, uint64_t value, bool set);
/* What is registered still. */
void msr_print(void);

/* kvm.c, hyperv.c: one MSR that is served. False: #GP. */
bool kvm_msr_read(uint32_t msr, uint64_t *value);
bool kvm_msr_write(uint32_t msr, uint64_t value);
bool hyperv_msr_read(uint32_t msr, uint64_t *value);
bool hyperv_msr_write(uint32_t msr, uint64_t value);
/* The hypercall that the guest's registers ask for. */
void kvm_hypercall(void);
void hyperv_hypercall(void);
/* Hyper-V's reference time, in units of 100 ns. */
uint64_t hyperv_now(void);
/* Whether the guest has a hypercall page: then every hypercall is Hyper-V's, as under KVM. */
bool hyperv_calls(void);
/* Brings what is shared up to date, before the guest goes on; `stolen`: ns so far. */
void kvm_update(uint64_t stolen);
void hyperv_update(void);
/* Whether this processor was kicked since it halted last; `halts`: it halts now. */
bool kvm_kicked(bool halts);
void kvm_print(void);
void hyperv_print(void);

/* stimer.c: the registers of timers 0 and 1, from MSR_HV_TIMER to MSR_HV_TIMER_LAST. */
uint64_t stimer_read(uint32_t msr);
void stimer_write(uint32_t msr, uint64_t value);
/* At the beginning of each exit, before eoi.c's; `interrupt`: one is what comes. */
void stimer_exit(bool interrupt);
/* Whether interrupts are to be intercepted; at the end of an exit, where they will be. */
bool stimer_armed(void);
void stimer_watched(void);

/* hpet.c: an interrupt `ns` nanoseconds from now. Stopped, it raises none any more. */
void hpet_start(uint64_t ns, uint32_t vector);
void hpet_stop(void);
/* It was started, and the time has not come. */
bool hpet_counts(void);

/* eoi.c: the MSR of PV EOI; always true. */
bool eoi_set(uint64_t value);
uint64_t eoi_get(void);
/* This exit is one for eoi.c alone. */
bool eoi_soft(void);
/* At the beginning of each exit; then, where an interrupt is what comes; at its end. */
void eoi_exit(void);
void eoi_interrupt(void);
void eoi_watch(void);
void eoi_print(void);

/* vmware.c: a read of the port at 0x5658 by the guest. */
void vmware_port(void);
void vmware_print(void);

/* clock.c: the machine's clocks, measured once. */
void clock_init(void);
uint64_t clock_tsc_hz(void);
uint32_t clock_apic_hz(void);
/* The TSC when the guest was started. */
uint64_t clock_start(void);
/* KVM's multiplier and shift; Hyper-V's scale, for units of 100 ns. */
void clock_kvm(uint32_t *mul, int8_t *shift);
uint64_t clock_scale(void);
/* TSC ticks as ns and as 100 ns, by just these. */
uint64_t clock_ns(uint64_t ticks);
uint64_t clock_units(uint64_t ticks);
/* What a clock that lies is off by at this exit, in ns. */
int64_t clock_lie(void);
/* Frequencies as they are told: freq_zero, freq_wild. */
uint64_t clock_told(uint64_t hz);
/* The local APIC, as page or by MSR, as the guest has it. */
uint32_t apic_read(uint32_t reg);
void apic_write(uint32_t reg, uint32_t value);

/* This processor's id. */
uint32_t apic_id(void);

/* The exits so far, and ns that they took. */
extern uint32_t exits;

#endif
