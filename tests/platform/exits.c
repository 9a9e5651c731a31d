// SPDX-License-Identifier: GPL-2.0-only
/* What each exit means, and which ones are asked for. */
#include "platform.h"
#include "post.h"
#include "console.h"
#include "io.h"
#include "mark.h"
#include "memory.h"

enum { IO_IN = 1, IO_BYTE = BIT(4), IO_WORD = BIT(5), IO_STRING = BIT(2), EFER_LMA = BIT(10), SEG_LONG = BIT(9),
       EFER_GUESTS = BIT(0) | BIT(8) | BIT(11) | BIT(14), /* SCE LME NXE FFXSR */
       CPUID_HYPERVISOR = (int)BIT(31), CPUID_OSXSAVE = BIT(27), CR4_OSXSAVE = BIT(18), CPUID_SVM = BIT(2) };
#define EXIT_UD (EXIT_EXCEPTION + 6)
#define PORT_END 0xf4u /* isa-debug-exit */
#define KEYBOARD 0x64u
#define KEYBOARD_RESET 0xfeu
#define LEAVES_END 0x40010000u
#define AMD_MSRS 0xc0010000u /* SVM's own among them: they read 0 and cannot be written */
#define AMD_MSRS_END 0xc0012000u
#define MAPPED_MSRS 0x2000u

#define KINDS(X) X(cpuid) X(msr) X(io) X(hypercall) X(other) X(intr) X(iret) X(hlt) X(pause) X(rdtsc) X(mark)
#define KIND_ID(name) KIND_##name,
enum kind { KINDS(KIND_ID) KINDS_END, SUMMED = KIND_intr };
#define KIND_NAME(name) #name,
static const char *const names[] = { KINDS(KIND_NAME) };
static uint32_t counts[KINDS_END], at_mark[KINDS_END];

uint64_t *reg(unsigned n)
{
	size_t at = n == EAX ? offsetof(struct vmcb, rax) : offsetof(struct vmcb, rsp);

	return n == EAX || n == ESP ? (uint64_t *)((uint8_t *)&vmcb + at) : &regs[n];
}

bool guest_wide(void)
{
	return vmcb.efer & EFER_LMA && vmcb.cs.attributes & SEG_LONG;
}

void inject_gp(void)
{
	vmcb.event = EVENT_GP;
	if (!(vmcb.cr0 & CR0_PE))
		vmcb.event &= ~(uint32_t)EVENT_ERROR; /* real mode has no error codes */
	vmcb.event_error = 0;
}

void exit_choose(void)
{
	vmcb.exceptions = play.serves[F_vmcall] ? BIT(6) : 0;
	vmcb.misc1 = MISC1_CPUID | MISC1_IO | MISC1_MSR | (uint32_t)MISC1_SHUTDOWN;
	vmcb.misc2 = MISC2_SVM;
}

void exit_print(const char *where)
{
	const uint32_t *since = where ? at_mark : (const uint32_t[KINDS_END]){ 0 };
	uint32_t sum = 0;

	where = where ? where : "run";
	for (unsigned i = 0; i < KIND_mark; i++) {
		sum += i < SUMMED ? counts[i] - since[i] : 0;
		if (counts[i] != since[i])
			printf("platform exits %s %s %u\n", where, names[i], counts[i] - since[i]);
	}
	printf("platform exits %s sum %u in all\n", where, sum);
}

static void on_mark(uint8_t number)
{
	char where[8];

	snprintf(where, sizeof(where), "%u", number);
	if (number != MARK_START)
		exit_print(where);
	memcpy(at_mark, counts, sizeof(at_mark));
}

/* The instruction is done. */
static void skip(unsigned length)
{
	vmcb.rip += length;
	vmcb.int_state = 0;
}

static void on_cpuid(void)
{
	uint32_t leaf = (uint32_t)vmcb.rax, r[4];

	if (leaf >= LEAVES && leaf < LEAVES_END)
		leaf_read(leaf, r);
	else
		asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
			     : "0"(leaf), "2"((uint32_t)*reg(ECX)));
	if (leaf == 1) {
		r[2] &= ~((uint32_t)CPUID_HYPERVISOR | CPUID_OSXSAVE);
		if (play.count && !play.lies[LIE_hidden])
			r[2] |= (uint32_t)CPUID_HYPERVISOR;
		if (vmcb.cr4 & CR4_OSXSAVE)
			r[2] |= CPUID_OSXSAVE;
	}
	if (leaf == 0x80000001u)
		r[2] &= ~(uint32_t)CPUID_SVM;
	*reg(EAX) = r[0];
	*reg(EBX) = r[1];
	*reg(ECX) = r[2];
	*reg(EDX) = r[3];
	skip(2);
}

/* EFER without SVME. */
static bool msr_read(uint32_t msr, uint64_t *value)
{
	if (msr == MSR_EFER)
		*value = vmcb.efer & ~(uint64_t)EFER_SVME;
	else if (msr >= AMD_MSRS && msr < AMD_MSRS_END)
		*value = 0;
	else if (msr < MAPPED_MSRS && !play.plays[KVM])
		*value = svm_read_msr(msr);
	else
		return platform_msr_read(msr, value);
	return true;
}

static bool msr_write(uint32_t msr, uint64_t value)
{
	if (msr == MSR_EFER)
		vmcb.efer = (value & EFER_GUESTS) | (vmcb.efer & EFER_LMA) | EFER_SVME;
	else if (msr < MAPPED_MSRS && !play.plays[KVM])
		svm_write_msr(msr, value);
	else if (msr < AMD_MSRS || msr >= AMD_MSRS_END)
		return platform_msr_write(msr, value);
	return true;
}

static void on_msr(void)
{
	uint32_t msr = (uint32_t)*reg(ECX);
	uint64_t value = *reg(EDX) << 32 | (uint32_t)vmcb.rax;

	if (vmcb.info1 ? !msr_write(msr, value) : !msr_read(msr, &value)) {
		inject_gp();
		return;
	}
	if (!vmcb.info1) {
		vmcb.rax = (uint32_t)value;
		*reg(EDX) = value >> 32;
	}
	skip(2);
}

/* Marks, the end of the run, and VMware's port, which nothing else has a part in. */
static void on_io(void)
{
	uint16_t port = (uint16_t)(vmcb.info1 >> 16);
	uint32_t size = vmcb.info1 & IO_BYTE ? 0xff : vmcb.info1 & IO_WORD ? 0xffff : 0xffffffff;

	counts[port == MARK_PORT ? KIND_mark : KIND_io]++;
	if (vmcb.info1 & IO_STRING)
		player_stop("string I/O at a port that is played", port);
	if (vmcb.info1 & IO_IN && port == VMWARE_PORT && size == 0xffffffff)
		vmware_port();
	else if (vmcb.info1 & IO_IN)
		vmcb.rax |= size;
	else if (port == MARK_PORT)
		on_mark((uint8_t)vmcb.rax);
	else if (port == PORT_END) {
		player_summary();
		console_flush();
		outl(PORT_END, (uint32_t)vmcb.rax);
	}
	vmcb.rip = vmcb.info2;
	vmcb.int_state = 0;
}

static void on_rdtsc(void)
{
	uint64_t now = raw_rdtsc();

	vmcb.rax = (uint32_t)now;
	*reg(EDX) = now >> 32;
	skip(2);
}

/* One interface alone has the instruction: Hyper-V's once its page is in use, else KVM's. */
static void on_hypercall(void)
{
	bool hyperv = hyperv_calls();

	if (post_call())
		return;
	if (play.lies[LIE_hypercall_faults] || (hyperv ? vmcb.cpl : !play.plays[KVM])) {
		vmcb.event = EVENT_UD;
		return;
	}
	skip(3);
	if (hyperv)
		hyperv_hypercall();
	else
		kvm_hypercall();
}

/* #UD is intercepted where Intel's instruction is played. */
static void on_ud(void)
{
	static const uint8_t vmcall[3] = { 0x0f, 0x01, 0xc1 };
	uint8_t bytes[3];

	if (guest_read(vmcb.cs.base + vmcb.rip, bytes, 3) == 3 && !memcmp(bytes, vmcall, 3)) {
		counts[KIND_hypercall]++;
		on_hypercall();
	} else {
		counts[KIND_other]++;
		vmcb.event = EVENT_UD;
	}
}

/* A PC starts anew then; the guest may mean it. */
static void on_shutdown(void)
{
	printf("platform triple fault at 0x%llx\n", (unsigned long long)vmcb.rip);
	player_summary();
	console_flush();
	outb(KEYBOARD, KEYBOARD_RESET);
	for (;;)
		asm volatile("hlt");
}

void exit_handle(void)
{
	uint32_t code = (uint32_t)vmcb.exit_code;

	/* An interrupt whose delivery came to this is delivered again; all else the guest repeats. */
	vmcb.event = 0;
	if ((vmcb.exit_event & EVENT_KIND) == EVENT_INTERRUPT)
		vmcb.event = vmcb.exit_event;
	vmcb.tlb_control = 1;
	stimer_exit(code == EXIT_INTR);
	eoi_exit();
	switch (code) {
	case EXIT_CPUID: counts[KIND_cpuid]++; on_cpuid(); break;
	case EXIT_MSR: counts[KIND_msr]++; on_msr(); break;
	case EXIT_IO: on_io(); break;
	case EXIT_VMMCALL: counts[KIND_hypercall]++; on_hypercall(); break;
	case EXIT_INTR: counts[KIND_intr]++; eoi_interrupt(); break;
	case EXIT_IRET: counts[KIND_iret]++; break; /* done now that nobody asks any more */
	case EXIT_HLT:
		counts[KIND_hlt]++;
		if (kvm_kicked(true))
			skip(1);
		break;
	case EXIT_PAUSE: counts[KIND_pause]++; skip(2); break;
	case EXIT_RDTSC: counts[KIND_rdtsc]++; on_rdtsc(); break;
	case EXIT_UD: on_ud(); break;
	case EXIT_SHUTDOWN: on_shutdown(); break;
	case EXIT_NESTED: player_stop("memory that is not the guest's", (uint32_t)vmcb.info2); break;
	default:
		if (code < EXIT_VMRUN || code > EXIT_SKINIT)
			player_stop("an unknown exit", code);
		counts[KIND_other]++;
		vmcb.event = EVENT_UD;
	}
	eoi_watch();
	if (kvm_kicked(false))
		vmcb.misc1 |= MISC1_HLT;
}
