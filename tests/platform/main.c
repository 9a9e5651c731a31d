// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads the guest that came as a module, runs it, plays. The command line is the guest's but for
 * the words of words.c. What is printed while the guest runs stands in msr.c; at its end:
 *
 *   platform kvm hypercall NAME NUMBER       platform hyperv hypercall NAME NUMBER
 *   platform hyperv msr NAME NUMBER          platform vmware port NAME NUMBER
 *   platform kvm eoi offered|skipped NUMBER  interrupts with PV EOI's bit, and ended by it
 *   platform exits WHERE KIND NUMBER         WHERE: run, or the number of a mark (guest-shim/mark.h).
 *                                            KIND sum, which ends with `in all`: of all but intr, iret,
 *                                            hlt, pause, rdtsc, by which eoi.c plays PV EOI
 *   platform stolen NUMBER ns                time that exits took, whether it is told or not
 *   platform left 0xMSR 0xVALUE              was registered, and not withdrawn
 *
 * No line stands for none.
 */
#include "platform.h"
#include "post.h"
#include "../svm/load.h"
#include "../svm/map.h"
#include "console.h"
#include "exit.h"
#include "mark.h"
#include "memory.h"

enum { CPUID_LONG_MODE = BIT(29), EFER_LME = BIT(8) };
#define DEBUG_EXIT 0xf4u

void player_main(uint32_t magic, const struct boot_info *info);

uint64_t regs[16];
struct vmcb vmcb;
static uint8_t save_area[PAGE] __attribute__((aligned(4096)));
static uint8_t iopm[3 * PAGE] __attribute__((aligned(4096)));
static uint8_t msrpm[2 * PAGE] __attribute__((aligned(4096)));
static uint64_t stolen_ticks;
uint32_t exits;

void player_stop(const char *why, uint32_t value)
{
	printf("platform stopped: %s 0x%08x, ip 0x%llx\n", why, value, (unsigned long long)vmcb.rip);
	guest_exit(GUEST_EXIT_EXCEPTION);
}

void player_summary(void)
{
	kvm_print();
	hyperv_print();
	vmware_print();
	exit_print(NULL);
	printf("platform stolen %llu ns\n", (unsigned long long)clock_ns(stolen_ticks));
	msr_print();
}

/* Two bits an MSR of the first 8192. */
static void keep_msr(uint32_t msr)
{
	msrpm[msr / 4] |= (uint8_t)(3 << msr % 4 * 2);
}

static void start_svm(void)
{
	svm_keep_ports(iopm, VMWARE_PORT, VMWARE_PORT + 4);
	svm_keep_ports(iopm, MARK_PORT, MARK_PORT + 1);
	svm_keep_ports(iopm, DEBUG_EXIT, DEBUG_EXIT + 4);
	keep_msr(MSR_KVM_WALL_OLD);
	keep_msr(MSR_KVM_CLOCK_OLD);
	/* EFER, and all of 0xc001xxxx, where SVM's own are; those outside the map exit anyway. */
	msrpm[0x800 + (MSR_EFER & 0x1fff) / 4] = 3;
	memset(msrpm + 0x1000, 0xff, 0x800);
	vmcb = (struct vmcb){
		.iopm = (uint32_t)iopm, .msrpm = (uint32_t)msrpm, .asid = 1, .efer = EFER_SVME,
		.nested = SVM_NESTED_ON, .nested_cr3 = nested_root, .pat = SVM_DEFAULT_PAT,
		.dr6 = 0xffff0ff0, .dr7 = 0x400,
	};
	exit_choose();
	svm_write_msr(MSR_EFER, svm_read_msr(MSR_EFER) | EFER_SVME);
	svm_write_msr(MSR_SAVE_AREA, (uint32_t)save_area);
	asm volatile("clgi");
}

/* As a multiboot loader does. */
static void start_guest(uint32_t entry)
{
	const struct segment code = { 8, SEG_CODE, 0xffffffff, 0 }, data = { 16, SEG_DATA, 0xffffffff, 0 };

	vmcb.cr0 = CR0_PE | 0x10;
	vmcb.cs = code;
	vmcb.ds = vmcb.es = vmcb.ss = data;
	vmcb.rflags = 2;
	vmcb.rip = entry;
	vmcb.rax = BOOT_MAGIC;
	memset(regs, 0, sizeof(regs));
	regs[EBX] = LOAD_INFO_AT;
}

static uint64_t rdtsc(void)
{
	uint64_t value;

	asm volatile("rdtsc" : "=A"(value));
	return value;
}

/* Time that the guest does not have: what the exit took, and what the command line adds. */
static void take_time(uint64_t from)
{
	while (clock_ns(rdtsc() - from) < play.steal)
		asm volatile("pause");
	stolen_ticks += rdtsc() - from;
}

void player_step(bool long_mode)
{
	player_run(regs, &vmcb, long_mode);
	uint64_t from = rdtsc();

	exits++;
	exit_handle();
	if (eoi_soft()) /* no real platform exits there, so no page changes, in the midst of being read */
		return;
	take_time(from);
	kvm_update(clock_ns(stolen_ticks));
	hyperv_update();
}

void player_main(uint32_t magic, const struct boot_info *info)
{
	static char line[LOAD_LINE_MAX];
	bool long_mode = svm_cpuid(0x80000001, 3) & CPUID_LONG_MODE;
	uint32_t entry, value, lower = LOAD_LOWER;
	const char *why;

	console_init();
	if (!load_there(magic, info))
		player_stop("no module, expected the guest; flags", info->flags);
	if (!svm_there())
		player_stop("a processor without SVM or nested paging; CPUID 0x80000001",
			    svm_cpuid(0x80000001, 2));
	if (!words_read(load_line(info), line, sizeof(line)))
		guest_exit(GUEST_EXIT_EXCEPTION);
	why = load_elf(info, GUEST_RAM, &entry, &value);
	if (why)
		player_stop(why, value);
	memory_init(long_mode);
	if (long_mode)
		svm_write_msr(MSR_EFER, svm_read_msr(MSR_EFER) | EFER_LME);
	map_use(host_root);
	clock_init();
	start_svm();
	if (play.post)
		lower = post_run(long_mode);
	load_info(line, lower, GUEST_RAM);
	start_guest(entry);
	printf("platform guest at 0x%08x, tsc %llu Hz\n", entry, (unsigned long long)clock_tsc_hz());
	for (;;)
		player_step(long_mode);
}
