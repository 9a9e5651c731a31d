// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads the guest that came as a module, runs it, counts. The command line is the guest's; what
 * is counted is printed at each mark and at the end, one line a reason:
 *
 *   hv exits WHERE REASON NUMBER      WHERE: run, or the number of a mark; REASON sum: of them all
 *   hv refused REASON at 0xADDRESS    part of a batch that was not done
 */
#include "hv.h"
#include "console.h"
#include "exit.h"
#include "mark.h"
#include "memory.h"

enum { INFO_AT = 0x7000, LINE_AT = 0x7100, LINE_MAX = 512 }; /* multiboot's, in the guest's RAM */
enum { SEG_CODE = 0xc9b, SEG_DATA = 0xc93, FW_CFG = 0x510, FW_CFG_END = 0x51c, DEBUG_EXIT = 0xf4 };
#define BOOT_MAGIC 0x2badb002u
#define MSR_SAVE_AREA 0xc0010117u

struct info { /* multiboot's */
	uint32_t flags, lower, upper, boot, line, module_count, modules;
};
struct elf {
	uint8_t ident[16];
	uint32_t type_machine, version, entry, phoff, shoff, flags;
	uint16_t ehsize, phentsize, phnum;
};
struct elf_segment {
	uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

void hv_main(uint32_t magic, const struct info *info);

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

/* Puts the module's segments where they belong. Result: the entry. */
static uint32_t load_guest(uint32_t start, uint32_t end)
{
	const struct elf *elf = (const void *)start;
	const uint32_t size = end - start, room = HV_FRAMES * PAGE;
	const struct elf_segment *s;

	if (size < sizeof(*elf) || memcmp(elf->ident, "\177ELF\1\1", 6) || elf->phentsize != sizeof(*s) ||
	    elf->phoff > size || elf->phnum > (size - elf->phoff) / sizeof(*s))
		hv_stop("the module is no 32-bit ELF file; bytes", size);
	s = (const void *)(start + elf->phoff);
	for (unsigned i = 0; i < elf->phnum; i++, s++) {
		if (s->type != 1)
			continue;
		if (s->offset > size || s->filesz > size - s->offset || s->filesz > s->memsz ||
		    s->paddr < 0x100000 || s->paddr > room || s->memsz > room - s->paddr)
			hv_stop("a segment of the guest does not fit", s->paddr);
		memcpy((void *)s->paddr, (const void *)(start + s->offset), s->filesz);
		memset((void *)(s->paddr + s->filesz), 0, s->memsz - s->filesz);
	}
	return elf->entry;
}

static void write_msr(uint32_t msr, uint64_t value)
{
	asm volatile("wrmsr" : : "c"(msr), "A"(value) : "memory");
}

static void keep_ports(uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		iopm[from / 8] |= (uint8_t)BIT(from % 8);
}

static void start_guest(uint32_t entry)
{
	const struct segment code = { 8, SEG_CODE, 0xffffffff, 0 }, data = { 16, SEG_DATA, 0xffffffff, 0 };

	keep_ports(FW_CFG, FW_CFG_END);
	keep_ports(MARK_PORT, MARK_PORT + 1);
	keep_ports(DEBUG_EXIT, DEBUG_EXIT + 4);
	/* Two bits an MSR: EFER, and all of 0xc001xxxx, where SVM's own are. */
	msrpm[0x800 + (MSR_EFER & 0x1fff) / 4] = 3;
	memset(msrpm + 0x1000, 0xff, 0x800);
	vmcb = (struct vmcb){
		.iopm = (uint32_t)iopm, .msrpm = (uint32_t)msrpm, .asid = 1, .efer = EFER_SVME,
		.cs = code, .ds = data, .es = data, .ss = data, .rflags = 2, .rip = entry,
		.rax = BOOT_MAGIC, .dr6 = 0xffff0ff0, .dr7 = 0x400,
	};
	guest.regs[EBX] = INFO_AT;
	guest.cr0 = CR0_PE | 0x10;
	write_msr(MSR_EFER, EFER_SVME);
	write_msr(MSR_SAVE_AREA, (uint32_t)save_area);
	asm volatile("clgi");
	shadow_init();
	shadow_load();
}

void hv_main(uint32_t magic, const struct info *info)
{
	const uint32_t *module = (const void *)info->modules;
	uint32_t a = 0x80000001, b, c = 0, d;

	console_init();
	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	if (magic != BOOT_MAGIC || !(info->flags & 8) || !info->module_count)
		hv_stop("no module, expected the guest; flags", info->flags);
	if (!(c & BIT(2)))
		hv_stop("a processor without SVM; CPUID 0x80000001", c);
	*(struct info *)INFO_AT = (struct info){ .flags = 5, .lower = 636, .line = LINE_AT,
						 .upper = HV_FRAMES * (PAGE / 1024) - 1024 };
	snprintf((char *)LINE_AT, LINE_MAX, "%s", info->flags & 4 ? (const char *)info->line : "");
	start_guest(load_guest(module[0], module[1]));
	printf("hv a measuring instrument, guest at 0x%08x\n", (uint32_t)vmcb.rip);
	for (;;) {
		hv_run(guest.regs, &vmcb);
		exit_handle();
	}
}
