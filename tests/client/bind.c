// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding, as the historic client does it: which call goes where, and how, is this table.
 * Nothing that the ROM answers is checked here; test_answers.c does that.
 */
#include "console.h"
#include "cpu.h"
#include "raw.h"
#include "rom.h"
#include "wrap.h"

/* Where the slots of IRET and SYSEXIT point: only patched sites may reach them. */
#define POISON ((void *)0xfffffbad)

enum habit {
	FILL, /* the entry's address goes into the slot; NOP: an empty function does */
	WRAP, /* a wrapper goes into the slot; NOP is as good as nothing */
	ONLY, /* the address is kept on its own; NOP is as good as nothing */
	FLOW, /* poison goes into the slot: the sites are patched, whatever the answer */
};
enum format { ANY, PAE, TWO_LEVEL };

static const struct row {
	const char *name;
	void *slot;          /* address of the function pointer */
	uint8_t call, habit, format;
	void *wrapper;
	void *raw;           /* where the wrapper finds the entry */
} rows[] = {
#define SLOT(s) .name = #s, .slot = &s
#define WRAPPER(w, r) .wrapper = wrap_##w, .raw = &vmi_ops.r
	{ SLOT(pv_cpu_ops.cpuid), VMI_CALL_CPUID, WRAP, WRAPPER(cpuid, cpuid) },
	{ SLOT(pv_cpu_ops.load_gdt), VMI_CALL_SetGDT, FILL },
	{ SLOT(pv_cpu_ops.set_ldt), VMI_CALL_SetLDT, WRAP, WRAPPER(set_ldt, set_ldt) },
	{ SLOT(pv_cpu_ops.load_idt), VMI_CALL_SetIDT, FILL },
	{ SLOT(pv_cpu_ops.load_tr_desc), VMI_CALL_SetTR, WRAP, WRAPPER(load_tr_desc, set_tr) },
	{ SLOT(pv_cpu_ops.store_gdt), VMI_CALL_GetGDT, FILL },
	{ SLOT(pv_cpu_ops.store_idt), VMI_CALL_GetIDT, FILL },
	{ SLOT(pv_cpu_ops.store_tr), VMI_CALL_GetTR, FILL },
	{ SLOT(pv_cpu_ops.write_gdt_entry), VMI_CALL_WriteGDTEntry, WRAP,
	  WRAPPER(write_gdt_entry, write_gdt_entry) },
	{ SLOT(pv_cpu_ops.write_ldt_entry), VMI_CALL_WriteLDTEntry, WRAP,
	  WRAPPER(write_ldt_entry, write_ldt_entry) },
	{ SLOT(pv_cpu_ops.write_idt_entry), VMI_CALL_WriteIDTEntry, WRAP,
	  WRAPPER(write_idt_entry, write_idt_entry) },
	{ SLOT(pv_cpu_ops.load_sp0), VMI_CALL_UpdateKernelStack, WRAP,
	  WRAPPER(load_sp0, update_kernel_stack) },
	{ SLOT(pv_cpu_ops.write_cr0), VMI_CALL_SetCR0, FILL },
	{ SLOT(pv_mmu_ops.write_cr2), VMI_CALL_SetCR2, FILL },
	{ SLOT(pv_mmu_ops.write_cr3), VMI_CALL_SetCR3, FILL },
	{ SLOT(pv_cpu_ops.write_cr4), VMI_CALL_SetCR4, FILL },
	{ SLOT(pv_cpu_ops.read_cr0), VMI_CALL_GetCR0, FILL },
	{ SLOT(pv_mmu_ops.read_cr2), VMI_CALL_GetCR2, FILL },
	{ SLOT(pv_mmu_ops.read_cr3), VMI_CALL_GetCR3, FILL },
	{ SLOT(pv_cpu_ops.read_cr4), VMI_CALL_GetCR4, FILL },
	{ SLOT(pv_cpu_ops.wbinvd), VMI_CALL_WBINVD, FILL },
	{ SLOT(pv_cpu_ops.set_debugreg), VMI_CALL_SetDR, FILL },
	{ SLOT(pv_cpu_ops.get_debugreg), VMI_CALL_GetDR, FILL },
	{ SLOT(pv_cpu_ops.read_tsc), VMI_CALL_RDTSC, FILL },
	{ SLOT(pv_cpu_ops.clts), VMI_CALL_CLTS, FILL },
	{ SLOT(pv_irq_ops.irq_enable), VMI_CALL_EnableInterrupts, FILL },
	{ SLOT(pv_irq_ops.irq_disable), VMI_CALL_DisableInterrupts, FILL },
	{ SLOT(pv_irq_ops.save_fl), VMI_CALL_GetInterruptMask, FILL },
	{ SLOT(pv_irq_ops.restore_fl), VMI_CALL_SetInterruptMask, FILL },
	{ SLOT(pv_cpu_ops.iret), VMI_CALL_IRET, FLOW },
	{ SLOT(pv_cpu_ops.irq_enable_sysexit), VMI_CALL_SYSEXIT, FLOW },
	{ SLOT(pv_irq_ops.safe_halt), VMI_CALL_Halt, FILL },
	{ SLOT(pv_mmu_ops.set_pte), VMI_CALL_SetPxE, WRAP, TWO_LEVEL, WRAPPER(set_pte, set_pxe) },
	{ SLOT(pv_mmu_ops.set_pte_at), VMI_CALL_SetPxE, WRAP, TWO_LEVEL,
	  WRAPPER(set_pte_at, set_pxe) },
	{ SLOT(pv_mmu_ops.set_pmd), VMI_CALL_SetPxE, WRAP, TWO_LEVEL, WRAPPER(set_pmd, set_pxe) },
	{ SLOT(pv_mmu_ops.set_pte), VMI_CALL_SetPxELong, WRAP, PAE,
	  WRAPPER(set_pte, set_pxe_long) },
	{ SLOT(pv_mmu_ops.set_pte_at), VMI_CALL_SetPxELong, WRAP, PAE,
	  WRAPPER(set_pte_at, set_pxe_long) },
	{ SLOT(pv_mmu_ops.set_pmd), VMI_CALL_SetPxELong, WRAP, PAE,
	  WRAPPER(set_pmd, set_pxe_long) },
	{ SLOT(pv_mmu_ops.set_pud), VMI_CALL_SetPxELong, WRAP, PAE,
	  WRAPPER(set_pud, set_pxe_long) },
	{ SLOT(pv_mmu_ops.pte_clear), VMI_CALL_SetPxELong, WRAP, PAE,
	  WRAPPER(pte_clear, set_pxe_long) },
	{ SLOT(pv_mmu_ops.pmd_clear), VMI_CALL_SetPxELong, WRAP, PAE,
	  WRAPPER(pmd_clear, set_pxe_long) },
	{ SLOT(pv_mmu_ops.pte_update), VMI_CALL_UpdatePxE, WRAP, TWO_LEVEL,
	  WRAPPER(pte_update, update_pxe) },
	{ SLOT(pv_mmu_ops.pte_update_defer), VMI_CALL_UpdatePxE, WRAP, TWO_LEVEL,
	  WRAPPER(pte_update_defer, update_pxe) },
	{ SLOT(pv_mmu_ops.pte_update), VMI_CALL_UpdatePxELong, WRAP, PAE,
	  WRAPPER(pte_update, update_pxe) },
	{ SLOT(pv_mmu_ops.pte_update_defer), VMI_CALL_UpdatePxELong, WRAP, PAE,
	  WRAPPER(pte_update_defer, update_pxe) },
	{ SLOT(pv_mmu_ops.alloc_pte), VMI_CALL_AllocatePage, WRAP,
	  WRAPPER(alloc_pte, allocate_page) },
	{ SLOT(pv_mmu_ops.alloc_pmd), VMI_CALL_AllocatePage, WRAP,
	  WRAPPER(alloc_pmd, allocate_page) },
	{ SLOT(pv_mmu_ops.alloc_pmd_clone), VMI_CALL_AllocatePage, WRAP,
	  WRAPPER(alloc_pmd_clone, allocate_page) },
	{ SLOT(pv_mmu_ops.release_pte), VMI_CALL_ReleasePage, WRAP,
	  WRAPPER(release_pte, release_page) },
	{ SLOT(pv_mmu_ops.release_pmd), VMI_CALL_ReleasePage, WRAP,
	  WRAPPER(release_pmd, release_page) },
	{ SLOT(pv_mmu_ops.pgd_free), VMI_CALL_ReleasePage, WRAP,
	  WRAPPER(release_pmd, release_page) },
	{ SLOT(pv_mmu_ops.flush_tlb_single), VMI_CALL_InvalPage, FILL },
	{ SLOT(pv_mmu_ops.flush_tlb_user), VMI_CALL_FlushTLB, WRAP,
	  WRAPPER(flush_tlb_user, flush_tlb) },
	{ SLOT(pv_mmu_ops.flush_tlb_kernel), VMI_CALL_FlushTLB, WRAP,
	  WRAPPER(flush_tlb_kernel, flush_tlb) },
	{ SLOT(pv_set_linear_mapping), VMI_CALL_SetLinearMapping, ONLY },
	{ SLOT(pv_cpu_ops.set_iopl_mask), VMI_CALL_SetIOPLMask, FILL },
	{ SLOT(apic_ops.startup_ipi_hook), VMI_CALL_SetInitialAPState, WRAP,
	  WRAPPER(startup_ipi_hook, set_initial_ap_state) },
	{ SLOT(apic_ops.write), VMI_CALL_APICWrite, FILL },
	{ SLOT(apic_ops.read), VMI_CALL_APICRead, FILL },
	{ SLOT(pv_cpu_ops.io_delay), VMI_CALL_IODelay, FILL },
	{ SLOT(pv_timer_ops.frequency), VMI_CALL_GetCycleFrequency, ONLY },
	{ SLOT(pv_timer_ops.counter), VMI_CALL_GetCycleCounter, ONLY },
	{ SLOT(pv_timer_ops.set_alarm), VMI_CALL_SetAlarm, ONLY },
	{ SLOT(pv_timer_ops.cancel_alarm), VMI_CALL_CancelAlarm, ONLY },
	{ SLOT(pv_timer_ops.wallclock), VMI_CALL_GetWallclockTime, ONLY },
	{ SLOT(pv_timer_ops.wallclock_updated), VMI_CALL_WallclockUpdated, ONLY },
	{ SLOT(pv_mmu_ops.lazy_enter), VMI_CALL_SetLazyMode, WRAP,
	  WRAPPER(lazy_mmu, set_lazy_mode) },
	{ SLOT(pv_mmu_ops.lazy_leave), VMI_CALL_SetLazyMode, WRAP,
	  WRAPPER(lazy_none, set_lazy_mode) },
	{ SLOT(pv_cpu_ops.start_context_switch), VMI_CALL_SetLazyMode, WRAP,
	  WRAPPER(lazy_cpu, set_lazy_mode) },
	{ SLOT(pv_cpu_ops.end_context_switch), VMI_CALL_SetLazyMode, WRAP,
	  WRAPPER(lazy_none, set_lazy_mode) },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* What became of each row. */
static struct {
	uint32_t address;
	uint8_t type;
	enum { NATIVE, NOP, ROM } kind;
} outcome[ROWS];

static void nothing(void)
{
}

static bool used(const struct row *r)
{
	return r->format == ANY || (r->format == PAE) == pae;
}

static void put(void *where, void *function)
{
	*(void **)where = function;
}

/* What GetCycleFrequency brings with it is asked for only if that is there. */
static bool of_absent_timer(uint8_t call)
{
	return call > VMI_CALL_GetCycleFrequency && call <= VMI_CALL_WallclockUpdated &&
	       !pv_timer_ops.frequency;
}

static void bind_row(size_t i)
{
	const struct row *r = &rows[i];
	struct vmi_relocation_info answer = rom_ask(r->call);
	bool call = answer.type == VMI_RELOCATION_CALL_REL;

	outcome[i].type = answer.type;
	outcome[i].address = answer.eip;
	outcome[i].kind = NATIVE;
	if (r->habit == FLOW) {
		put(r->slot, POISON);
		if (call || answer.type == VMI_RELOCATION_JUMP_REL)
			outcome[i].kind = ROM;
		return;
	}
	if (!call) {
		if (r->habit == FILL && answer.type == VMI_RELOCATION_NOP) {
			put(r->slot, nothing);
			outcome[i].kind = NOP;
		} else if (answer.type != VMI_RELOCATION_NONE) {
			printf("VMI: unexpected relocation type %u for call %u\n", answer.type,
			       r->call);
		}
		return;
	}
	outcome[i].kind = ROM;
	if (r->raw)
		put(r->raw, (void *)answer.eip);
	put(r->slot, r->wrapper ? r->wrapper : (void *)answer.eip);
}

bool bind_slots(void)
{
	bool alive = true;

	for (size_t i = 0; i < ROWS; i++) {
		if (!used(&rows[i]) || of_absent_timer(rows[i].call))
			continue;
		bind_row(i);
		if (rows[i].habit == FLOW && outcome[i].kind != ROM &&
		    (rows[i].call == VMI_CALL_IRET || features & CPUID1_EDX_SEP))
			alive = false;
	}
	return alive;
}

static enum vmi_reason row_reason(size_t i)
{
	if (!rom)
		return VMI_E_NO_BINDING;
	if (outcome[i].kind != NATIVE)
		return VMI_OK;
	if (outcome[i].type == VMI_RELOCATION_NONE)
		return VMI_E_CALL_NONE;
	return outcome[i].type < VMI_RELOCATIONS ? VMI_E_RELOC_FORBIDDEN : VMI_E_RELOC_TYPE;
}

static const char *reason_name(enum vmi_reason reason)
{
	for (size_t i = 0; i < vmi_reason_count; i++)
		if (vmi_reasons[i].number == reason)
			return vmi_reasons[i].name;
	return "?";
}

void bind_census(enum vmi_reason why)
{
	static const char *const kinds[] = { "native", "nop", "rom" };
	uint32_t count[3] = { 0 };

	for (size_t i = 0; i < ROWS; i++)
		if (used(&rows[i]))
			count[outcome[i].kind]++;
	printf("census 1\n");
	if (rom)
		printf("vmi rom 0x%08x %u.%u bound=%u nop=%u native=%u\n", (uint32_t)rom,
		       rom->api_version_maj, rom->api_version_min, count[ROM], count[NOP],
		       count[NATIVE]);
	else
		printf("vmi native why=%s\n", reason_name(why));
	for (size_t i = 0; i < ROWS; i++) {
		char address[16] = "-";

		if (!used(&rows[i]))
			continue;
		if (outcome[i].kind == ROM)
			snprintf(address, sizeof(address), "0x%08x", outcome[i].address);
		printf("bind %s %u %s %s %s %s why=%s\n", rows[i].name, rows[i].call,
		       vmi_calls[rows[i].call].name, kinds[outcome[i].kind], address,
		       outcome[i].kind == ROM ? vmi_relocation_names[outcome[i].type] : "none",
		       reason_name(row_reason(i)));
	}
}
