// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads the guest that came as a module, runs it, counts. The command line is the guest's; what
 * is counted is printed at each mark and at the end, one line a reason:
 *
 *   hv exits WHERE REASON NUMBER      WHERE: run, or the number of a mark; REASON sum: of them all
 *   hv refused REASON at 0xADDRESS    part of a batch that was not done (../../rom/hv/hypercall.h);
 *                                     task, frame: where a change of tasks loaded CR3 from, or led
 */
#include "hv.h"
#include "console.h"
#include "exit.h"
#include "mark.h"
#include "memory.h"
#include "../svm/load.h"

enum { FW_CFG = 0x510, FW_CFG_END = 0x51c, DEBUG_EXIT = 0xf4 };
void hv_main(uint32_t magic, const struct boot_info *info);

struct guest guest;
struct vmcb vmcb;
static uint8_t save_area[PAGE] __attribute__((aligned(4096)));
static uint8_t iopm[3 * PAGE] __attribute__((aligned(4096)));
static uint8_t msrpm[2 * PAGE] __attribute__((aligned(4096)));
uint32_t counts[COUNT_END];
static uint32_t at_mark[COUNT_END];

#define COUNT_NAME(name) #name,
static const char *const names[] = { COUNTS(COUNT_NAME) };

void count_print(const char *where)
{
	const uint32_t *since = where ? at_mark : (const uint32_t[COUNT_END]){ 0 };
	uint32_t sum = 0;

	where = where ? where : "run";
	for (unsigned i = 0; i < COUNT_mark; sum += counts[i] - since[i], i++)
		if (counts[i] != since[i])
			printf("hv exits %s %s %u\n", where, names[i], counts[i] - since[i]);
	printf("hv exits %s sum %u\n", where, sum);
}

void count_mark(uint8_t number)
{
	char where[8];

	snprintf(where, sizeof(where), "%u", number);
	if (number != MARK_START)
		count_print(where);
	memcpy(at_mark, counts, sizeof(at_mark));
}

void hv_stop(const char *why, uint32_t value)
{
	printf("hv stopped: %s 0x%08x, eip 0x%08x\n", why, value, (uint32_t)vmcb.rip);
	guest_exit(GUEST_EXIT_EXCEPTION);
}

static void start_guest(uint32_t entry)
{
	const struct segment code = { 8, SEG_CODE, 0xffffffff, 0 }, data = { 16, SEG_DATA, 0xffffffff, 0 };

	svm_keep_ports(iopm, FW_CFG, FW_CFG_END);
	svm_keep_ports(iopm, MARK_PORT, MARK_PORT + 1);
	svm_keep_ports(iopm, DEBUG_EXIT, DEBUG_EXIT + 4);
	/* Two bits an MSR: EFER, and all of 0xc001xxxx, where SVM's own are. */
	msrpm[0x800 + (MSR_EFER & 0x1fff) / 4] = 3;
	memset(msrpm + 0x1000, 0xff, 0x800);
	vmcb = (struct vmcb){
		.iopm = (uint32_t)iopm, .msrpm = (uint32_t)msrpm, .asid = 1, .efer = EFER_SVME,
		.cs = code, .ds = data, .es = data, .ss = data, .rflags = 2, .rip = entry,
		.rax = BOOT_MAGIC, .dr6 = 0xffff0ff0, .dr7 = 0x400,
	};
	guest.regs[EBX] = LOAD_INFO_AT;
	guest.cr0 = CR0_PE | 0x10;
	svm_write_msr(MSR_EFER, EFER_SVME);
	svm_write_msr(MSR_SAVE_AREA, (uint32_t)save_area);
	asm volatile("clgi");
	nested_init();
	shadow_init();
	shadow_load();
}

void hv_main(uint32_t magic, const struct boot_info *info)
{
	uint32_t entry, value;
	const char *why;

	console_init();
	if (!load_there(magic, info))
		hv_stop("no module, expected the guest; flags", info->flags);
	if (!svm_there())
		hv_stop("a processor without SVM or nested paging; CPUID 0x80000001", svm_cpuid(0x80000001, 2));
	load_info(load_line(info), LOAD_LOWER, HV_FRAMES * PAGE);
	why = load_elf(info, HV_FRAMES * PAGE, &entry, &value);
	if (why)
		hv_stop(why, value);
	start_guest(entry);
	printf("hv a measuring instrument, guest at 0x%08x\n", (uint32_t)vmcb.rip);
	for (;;) {
		hv_run(guest.regs, &vmcb);
		exit_handle();
	}
}
