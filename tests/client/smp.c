// SPDX-License-Identifier: GPL-2.0-only
/* Application processors: started by the client's own trampoline, whatever call 62 says. */
#include "smp.h"
#include "cpu.h"
#include "entry.h"
#include "io.h"
#include "irq.h"
#include "memory.h"
#include "mm.h"
#include "raw.h"
#include "rom.h"

#define FW_CFG_SELECT 0x510
#define FW_CFG_DATA 0x511
#define FW_CFG_SIGNATURE 0
#define FW_CFG_NB_CPUS 5
#define APIC_ICR_LOW 0x300
#define APIC_ICR_HIGH 0x310
#define ICR_BUSY 0x1000u
#define ICR_INIT 0x4500u /* level assert */
#define ICR_STARTUP 0x4600u
#define SPIN_MAX 100000u
#define JOB_TICKS 4000u
#define STACK 8192

static uint8_t stacks[CPUS_MAX][STACK] __attribute__((aligned(16)));
static volatile uint32_t starting;
static volatile bool online[CPUS_MAX];
static void (*volatile jobs[CPUS_MAX])(void);

static void fw_cfg_read(uint16_t key, uint8_t *to, uint32_t length)
{
	asm volatile("outw %0, %1" : : "a"(key), "Nd"((uint16_t)FW_CFG_SELECT));
	while (length--)
		*to++ = inb(FW_CFG_DATA);
}

uint32_t smp_count(void)
{
	char signature[4];
	uint16_t count = 1;

	fw_cfg_read(FW_CFG_SIGNATURE, (uint8_t *)signature, 4);
	if (!memcmp(signature, "QEMU", 4))
		fw_cfg_read(FW_CFG_NB_CPUS, (uint8_t *)&count, 2);
	return count < CPUS_MAX ? count : CPUS_MAX;
}

static void send(uint32_t apic_id, uint32_t what)
{
	apic_ops.write(APIC_ICR_HIGH, apic_id << 24);
	apic_ops.write(APIC_ICR_LOW, what);
	for (uint32_t i = 0; i < SPIN_MAX && apic_ops.read(APIC_ICR_LOW) & ICR_BUSY; i++)
		asm volatile("pause");
}

/* Physical addresses where no paging is on yet. */
static void place_trampoline(uint32_t number)
{
	uint32_t length = (uint32_t)(trampoline_end - trampoline_start);
	uint8_t *to = virt(TRAMPOLINE);
	struct vmi_descriptor_pointer gdt = {
		sizeof(cpus[0].gdt) - 1, phys(cpus[0].gdt),
	};

	memcpy(to, trampoline_start, length);
	memcpy(to + length - sizeof(gdt), &gdt, sizeof(gdt));
	ap_stack_top = (uint32_t)stacks[number] + STACK;
	starting = number;
}

bool smp_start(uint32_t number)
{
	if (online[number])
		return true;
	place_trampoline(number);
	apic_ops.startup_ipi_hook(number, (uint32_t)ap_main, ap_stack_top);
	send(number, ICR_INIT);
	wait_ticks(2);
	for (int i = 0; i < 2 && !online[number]; i++) {
		send(number, ICR_STARTUP | TRAMPOLINE >> 12);
		for (uint32_t t = 0; t < 100 && !online[number]; t++)
			wait_ticks(1);
	}
	return online[number];
}

void ap_main(void)
{
	uint32_t number = starting;

	cpu_tables(number);
	this_cpu()->space = &kernel_space;
	pv_mmu_ops.write_cr3(kernel_space.root);
	pv_mmu_ops.flush_tlb_kernel();
	if (pv_set_linear_mapping)
		pv_set_linear_mapping(0, PAGE_OFFSET, memory_pages(), 0);
	clock_init_ap();
	online[number] = true;
	for (;;) {
		irq_disable();
		if (jobs[number]) {
			jobs[number]();
			__sync_synchronize();
			jobs[number] = NULL;
		} else if (clock_is_lvtt()) {
			pv_irq_ops.safe_halt(); /* its tick wakes it */
		} else {
			asm volatile("pause");
		}
	}
}

void smp_begin(uint32_t number, void (*job)(void))
{
	jobs[number] = job;
}

bool smp_wait(uint32_t number)
{
	uint32_t start = ticks;

	while (jobs[number] && ticks - start < JOB_TICKS)
		asm volatile("pause");
	return !jobs[number];
}
