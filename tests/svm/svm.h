/* SPDX-License-Identifier: GPL-2.0-only */
/* What AMD's manual says of SVM, as far as the hypervisors of the tests use it. */
#ifndef SVM_H
#define SVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096u
#define BIT(n) (1u << (n))
enum { EFER_SVME = BIT(12) };
#define MSR_EFER 0xc0000080u
#define SVM_NESTED_ON 1u /* in `nested` */
#define SVM_DEFAULT_PAT 0x0007040600070406ull
#define MSR_SAVE_AREA 0xc0010117u
enum { SEG_PRESENT = 0x80, SEG_CODE = 0xc9b, SEG_DATA = 0xc93 }; /* attributes: flat 32-bit segments */

/* Intercepts, and the exits that they lead to. */
enum { MISC1_INTR = BIT(0), MISC1_CR0_SELECTIVE = BIT(5), MISC1_RDTSC = BIT(14), MISC1_CPUID = BIT(18),
       MISC1_IRET = BIT(20), MISC1_PAUSE = BIT(23), MISC1_HLT = BIT(24), MISC1_INVLPG = BIT(25),
       MISC1_IO = BIT(27), MISC1_MSR = BIT(28), MISC1_TASK = BIT(29), MISC1_SHUTDOWN = (int)BIT(31) };
#define MISC2_SVM 0x7fu /* VMRUN VMMCALL VMLOAD VMSAVE STGI CLGI SKINIT */
enum { EXIT_CR_READ = 0x00, EXIT_CR_WRITE = 0x10, EXIT_EXCEPTION = 0x40, EXIT_INTR = 0x60,
       EXIT_CR0_SELECTIVE = 0x65, EXIT_RDTSC = 0x6e, EXIT_CPUID = 0x72, EXIT_IRET = 0x74, EXIT_PAUSE = 0x77,
       EXIT_HLT = 0x78, EXIT_INVLPG = 0x79, EXIT_IO = 0x7b, EXIT_MSR = 0x7c, EXIT_SHUTDOWN = 0x7f,
       EXIT_VMRUN = 0x80, EXIT_VMMCALL = 0x81, EXIT_SKINIT = 0x86, EXIT_NESTED = 0x400 };
/* What is delivered to the guest: valid, error code, exception; of an exit, what was on its way. */
#define EVENT_GP 0x80000b0du
#define EVENT_PF 0x80000b0eu
#define EVENT_UD 0x80000306u
#define EVENT_ERROR BIT(11)
#define EVENT_KIND 0x80000700u
#define EVENT_INTERRUPT 0x80000000u

struct segment {
	uint16_t selector, attributes;
	uint32_t limit;
	uint64_t base;
};

struct vmcb {
	uint16_t cr_reads, cr_writes, dr_reads, dr_writes;
	uint32_t exceptions, misc1, misc2;
	uint8_t pad1[0x40 - 0x14];
	uint64_t iopm, msrpm, tsc_offset;
	uint32_t asid, tlb_control;
	uint64_t int_control, int_state, exit_code, info1, info2;
	uint32_t exit_event, exit_error;
	uint64_t nested;
	uint8_t pad3[0xa8 - 0x98];
	uint32_t event, event_error;
	uint64_t nested_cr3;
	uint8_t pad4[0x400 - 0xb8];
	struct segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
	uint8_t pad5[0x4cb - 0x4a0], cpl, pad6[4];
	uint64_t efer;
	uint8_t pad7[0x548 - 0x4d8];
	uint64_t cr4, cr3, cr0, dr7, dr6, rflags, rip;
	uint8_t pad8[0x5d8 - 0x580];
	uint64_t rsp;
	uint8_t pad9[0x5f8 - 0x5e0];
	uint64_t rax;
	uint8_t pad10[0x640 - 0x600];
	uint64_t cr2;
	uint8_t pad11[0x668 - 0x648];
	uint64_t pat;
	uint8_t pad12[0x1000 - 0x670];
} __attribute__((packed, aligned(4096)));
_Static_assert(offsetof(struct vmcb, event) == 0xa8 && offsetof(struct vmcb, cpl) == 0x4cb &&
	       offsetof(struct vmcb, pat) == 0x668 && offsetof(struct vmcb, nested_cr3) == 0xb0 &&
	       offsetof(struct vmcb, cr4) == 0x548 && sizeof(struct vmcb) == 4096, "struct vmcb");

static inline uint64_t svm_read_msr(uint32_t msr)
{
	uint64_t value;

	asm volatile("rdmsr" : "=A"(value) : "c"(msr) : "memory");
	return value;
}

static inline void svm_write_msr(uint32_t msr, uint64_t value)
{
	asm volatile("wrmsr" : : "c"(msr), "A"(value) : "memory");
}

/* One register of CPUID: EAX, EBX, ECX or EDX. */
static inline uint32_t svm_cpuid(uint32_t leaf, unsigned which)
{
	uint32_t r[4];

	asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "0"(leaf), "2"(0));
	return r[which];
}

static inline bool svm_there(void)
{
	enum { SVM = BIT(2), NESTED_PAGING = BIT(0) };

	return svm_cpuid(0x80000001, 2) & SVM && svm_cpuid(0x8000000a, 3) & NESTED_PAGING;
}

/* Ports that exit: from `from` on, up to `to`. */
static inline void svm_keep_ports(uint8_t *iopm, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		iopm[from / 8] |= (uint8_t)BIT(from % 8);
}

#endif
