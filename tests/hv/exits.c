// SPDX-License-Identifier: GPL-2.0-only
/* What each exit means, and which ones are asked for. */
#include "console.h"
#include "hv.h"
#include "io.h"
#include "mark.h"

enum { EXIT_FAULT = EXIT_EXCEPTION + 14 };
#define PORT_END 0xf4 /* isa-debug-exit */

uint32_t *reg(unsigned n)
{
	size_t at = n == EAX ? offsetof(struct vmcb, rax) : offsetof(struct vmcb, rsp);

	return n == EAX || n == ESP ? (uint32_t *)((uint8_t *)&vmcb + at) : &guest.regs[n];
}

void inject_fault(uint32_t address, uint32_t error)
{
	vmcb.cr2 = address;
	vmcb.event = EVENT_PF;
	vmcb.event_error = error;
}

/*
 * With complete shadows, and without tables that must be kept from being written, the guest's
 * faults are its own and INVLPG finds nothing to do. CR3 never is: it holds the shadow's. While
 * the guest's CR0.WP is off its kernel may write anything, so tables are looked at again after it.
 */
void exit_choose(void)
{
	bool on = guest.cr0 & CR0_PG, wp = guest.cr0 & CR0_WP || !on, trap = shadow_incomplete();

	vmcb.exceptions = trap ? BIT(14) : 0;
	vmcb.cr_reads = (uint16_t)(BIT(3) | (on ? 0 : BIT(0)) | (guest.cr4 & CR4_PAE ? 0 : BIT(4)));
	vmcb.cr_writes = (uint16_t)(BIT(3) | BIT(4) | (on && wp ? 0 : BIT(0)));
	vmcb.misc1 = MISC1_CR0_SELECTIVE | MISC1_CPUID | MISC1_IO | MISC1_MSR | MISC1_TASK |
		     MISC1_SHUTDOWN | (trap ? MISC1_INVLPG : 0);
	vmcb.misc2 = MISC2_SVM;
	vmcb.cr0 = guest.cr0 | CR0_PG | (wp ? (uint32_t)CR0_WP : 0);
	vmcb.cr4 = guest.cr4 | CR4_PAE;
}

/* Counts an exit, and moves EIP over the prefixes of its instruction. Result: its bytes behind. */
static const uint8_t *next(enum count what)
{
	static uint8_t bytes[15];

	counts[what]++;
	vmcb.rip += instruction_read(bytes);
	return bytes;
}

static void on_fault(void)
{
	uint32_t physical;
	uint8_t bytes[15];
	unsigned length = 0, prefixes;

	switch (shadow_fault((uint32_t)vmcb.info2, (uint32_t)vmcb.info1, &physical)) {
	case FAULT_GUEST: counts[COUNT_fault_guest]++; return;
	case FAULT_SHADOW: counts[COUNT_fault_shadow]++; return;
	case FAULT_TABLE: break;
	}
	uint32_t value = *(const uint32_t *)(physical & ~3u);

	/* User mode writes no page tables: the frame is used for something else now. */
	prefixes = instruction_read(bytes);
	if (vmcb.cpl != 3 && physical % 4 == 0)
		length = instruction_store(bytes, &value);
	if (!length) {
		shadow_loosen(physical / PAGE);
		counts[COUNT_fault_unshadow]++;
		return;
	}
	vmcb.rip += prefixes + length;
	*(uint32_t *)physical = value;
	shadow_update(physical);
	counts[COUNT_fault_write]++;
}

static void write_cr(unsigned n, uint32_t value)
{
	uint32_t *cr = n == 0 ? &guest.cr0 : n == 3 ? &guest.cr3 : &guest.cr4, changed = *cr ^ value;

	*cr = value;
	/* Past the ROM: whoever flushes the TLB so may have written tables so, too. */
	if ((n == 0 && changed & CR0_PG) || (n == 3 && guest.area) ||
	    (n == 4 && changed & (CR4_PAE | CR4_PSE | (guest.area ? CR4_PGE : 0))))
		shadow_forget();
	else if (n == 0 && changed & value & CR0_WP)
		shadow_refresh();
	shadow_load();
}

static void on_cr(uint32_t code)
{
	static const enum count kinds[] = { COUNT_cr0, 0, 0, COUNT_cr3_write, COUNT_cr4 };
	unsigned n = code == EXIT_CR0_SELECTIVE ? 0 : code & 15;
	bool read = code < EXIT_CR_WRITE;
	const uint8_t *bytes = next(read && n == 3 ? COUNT_cr3_read : kinds[n]);

	guest.cr0 = (guest.cr0 & (CR0_PG | CR0_WP)) | ((uint32_t)vmcb.cr0 & ~(CR0_PG | CR0_WP));
	if (bytes[0] == 0x0f && bytes[1] == 0x06) { /* CLTS */
		vmcb.rip += 2;
		write_cr(0, guest.cr0 & ~(uint32_t)CR0_TS);
		return;
	}
	if (bytes[0] != 0x0f || (bytes[1] & 0xfd) != 0x20)
		hv_stop("a control register by an unknown instruction", bytes[0] | (uint32_t)bytes[1] << 8);
	vmcb.rip += 3;
	if (read)
		*reg(bytes[2] & 7) = n == 0 ? guest.cr0 : n == 3 ? guest.cr3 : guest.cr4;
	else
		write_cr(n, *reg(bytes[2] & 7));
}

static void on_cpuid(void)
{
	uint32_t leaf = *reg(EAX), *r = guest.regs;

	asm volatile("cpuid" : "=a"(*reg(EAX)), "=b"(r[EBX]), "+c"(r[ECX]), "=d"(r[EDX]) : "0"(leaf));
	if (leaf == 1)
		r[ECX] |= BIT(31); /* there is a hypervisor */
	if (leaf == 0x80000001u)
		r[ECX] &= ~BIT(2); /* and SVM is taken */
	if (leaf == HV_LEAF) {
		r[EBX] = HV_SIGNATURE_EBX;
		r[ECX] = HV_SIGNATURE_ECX;
		r[EDX] = HV_SIGNATURE_EDX;
	}
	next(COUNT_cpuid);
	vmcb.rip += 2;
}

/* EFER without SVME; the MSRs of SVM itself read 0 and cannot be written. */
static void on_msr(void)
{
	bool efer = *reg(ECX) == MSR_EFER;

	next(COUNT_msr);
	vmcb.rip += 2;
	if (!vmcb.info1) {
		vmcb.rax = efer ? vmcb.efer & ~(uint64_t)EFER_SVME : 0;
		*reg(EDX) = 0;
	} else if (efer) {
		vmcb.efer = (vmcb.rax & EFER_NXE) | EFER_SVME;
		shadow_forget();
		shadow_load();
	}
}

/* Marks, the end of the run, and fw_cfg, which could write memory by itself. */
static void on_io(void)
{
	uint16_t port = (uint16_t)(vmcb.info1 >> 16);
	bool in = vmcb.info1 & 1;

	counts[port == MARK_PORT ? COUNT_mark : COUNT_io]++;
	if (in)
		vmcb.rax |= vmcb.info1 & BIT(4) ? 0xff : vmcb.info1 & BIT(5) ? 0xffff : 0xffffffff;
	else if (port == MARK_PORT)
		count_mark((uint8_t)vmcb.rax);
	else if (port == PORT_END) {
		count_print(NULL);
		console_flush();
		outl(PORT_END, (uint32_t)vmcb.rax);
	}
	vmcb.rip = vmcb.info2;
}

static void on_vmmcall(void)
{
	static const enum count kinds[] = { COUNT_call_other, COUNT_call_enter, COUNT_call_flush,
					     COUNT_call_cr3, COUNT_call_other };
	uint32_t call = (uint32_t)vmcb.rax;

	counts[kinds[call <= HV_CALL_LEAVE && !vmcb.cpl ? call : 0]]++;
	if (vmcb.cpl) {
		vmcb.event = EVENT_UD;
		return;
	}
	vmcb.rip += 3;
	vmcb.rax = batch_call(call, *reg(ECX));
}

void exit_handle(void)
{
	uint32_t code = (uint32_t)vmcb.exit_code;

	/*
	 * An interrupt whose delivery came to this is delivered again, and #GP, which may have come from
	 * here; all else the guest repeats.
	 */
	if ((vmcb.exit_event & EVENT_KIND) == EVENT_INTERRUPT || vmcb.exit_event == EVENT_GP)
		vmcb.event = vmcb.exit_event;
	vmcb.event_error = vmcb.exit_error;
	vmcb.tlb_control = 1;
	if (nested_refuse()) {
		/* A change of tasks that was not finished: there is nothing to go on with. */
		if (code == EXIT_SHUTDOWN || !(vmcb.cs.attributes & SEG_PRESENT))
			hv_stop("a change of tasks that leads nowhere, exit", code);
		counts[COUNT_other]++;
		if (!vmcb.event) {
			vmcb.event = EVENT_GP;
			vmcb.event_error = 0;
		}
		return;
	}
	if (code != EXIT_FAULT)
		shadow_settle();
	switch (code) {
	case EXIT_FAULT: on_fault(); break;
	case EXIT_CPUID: on_cpuid(); break;
	case EXIT_INVLPG: vmcb.rip += 2 + modrm_length(next(COUNT_invlpg) + 2); break;
	case EXIT_MSR: on_msr(); break;
	case EXIT_IO: on_io(); break;
	case EXIT_VMMCALL: on_vmmcall(); break;
	case EXIT_SHUTDOWN: hv_stop("a triple fault", 0);
	case EXIT_CR_READ: case EXIT_CR_READ + 3: case EXIT_CR_READ + 4: case EXIT_CR0_SELECTIVE:
	case EXIT_CR_WRITE: case EXIT_CR_WRITE + 3: case EXIT_CR_WRITE + 4: on_cr(code); break;
	default:
		if (code < EXIT_VMRUN || code > EXIT_SKINIT)
			hv_stop("an unknown exit", code);
		counts[COUNT_other]++;
		vmcb.event = EVENT_UD;
	}
}
