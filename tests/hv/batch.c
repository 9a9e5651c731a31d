// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hypercalls and the queue. All that the ROM hands over comes from the guest's memory: it is read
 * once, and nothing of it is believed. What is refused is counted and named; the rest is done.
 */
#include "console.h"
#include "hv.h"
#include "memory.h"
#include "vmi_abi.h"

uint8_t told[HV_FRAMES + 1];

static volatile uint32_t *word(uint32_t offset)
{
	return (volatile uint32_t *)(guest.area + offset);
}

void batch_live(uint32_t frame, bool live)
{
	volatile uint32_t *p = word(HV_LIVE + frame / 32 * 4);

	*p = live ? *p | BIT(frame % 32) : *p & ~BIT(frame % 32);
}

void batch_cr3(void)
{
	if (guest.area)
		*word(HV_CR3) = guest.cr3;
}

void batch_refuse(uint32_t reason, uint32_t at)
{
	static const char *const names[] = { "ok", "call", "area", "count", "op", "table", "level",
					     "frame", "used", "room", "task" };
	static unsigned shown;

	if (guest.area) {
		++*word(HV_REFUSED);
		*word(HV_REASON) = reason;
	}
	if (shown++ < 64)
		printf("hv refused %s at 0x%08x\n", names[reason], at);
}

/* Result: HV_OK, or why not. */
static uint32_t operate(uint32_t operation, uint32_t what, uint32_t level)
{
	uint32_t frame = operation == HV_OP_UPDATE ? what / PAGE : what;

	if (operation > HV_OP_RELEASE)
		return HV_E_OP;
	if (frame >= HV_FRAMES || (operation == HV_OP_UPDATE && (what % 4 || !told[frame])))
		return HV_E_TABLE;
	if (operation == HV_OP_RELEASE)
		level = 0;
	else if (level != VMI_PAGE_PT && level != VMI_PAGE_PD && level != VMI_PAGE_PDP)
		return HV_E_LEVEL;
	if (operation == HV_OP_UPDATE) {
		if (told[frame] != level)
			return HV_E_LEVEL;
		if (level != VMI_PAGE_PDP) /* read when CR3 is written, as processors do */
			shadow_update(what);
	} else if (frame == guest.cr3 / PAGE && told[frame] != level) {
		return HV_E_USED;
	} else if (told[frame] != level) {
		shadow_drop(frame);
		told[frame] = (uint8_t)level;
	}
	return HV_OK;
}

static void drain(void)
{
	uint32_t count = *word(HV_COUNT);

	*word(HV_COUNT) = 0;
	if (count > HV_QUEUE_MAX) {
		batch_refuse(HV_E_COUNT, count);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t what = *word(HV_QUEUE + 8 * i), how = *word(HV_QUEUE + 8 * i + 4);
		uint32_t why = operate(how >> 8, what, how & 0xff);

		if (why != HV_OK)
			batch_refuse(why, what);
	}
}

/* The tables under CR3 were made before there was anybody to tell. */
static void adopt(void)
{
	bool pae = guest.cr4 & CR4_PAE;

	for (uint32_t i = 0; i < (pae ? 4 : 1); i++) {
		const uint32_t *top = (const uint32_t *)((guest.cr3 & ~31u) + 8 * i);
		uint32_t directory = pae ? *top / PAGE : guest.cr3 / PAGE;

		if ((pae && !(*top & PTE_P)) || directory >= HV_FRAMES)
			continue;
		told[directory] = VMI_PAGE_PD;
		for (uint32_t at = 0; at < PAGE; at += pae ? 8 : 4) {
			uint32_t entry = *(const uint32_t *)(directory * PAGE + at);

			if (entry & PTE_P && !(entry & PTE_PS) && entry / PAGE < HV_FRAMES)
				told[entry / PAGE] = VMI_PAGE_PT;
		}
	}
	if (pae)
		told[guest.cr3 / PAGE] = VMI_PAGE_PDP;
}

static void leave(void)
{
	shadow_forget();
	if (guest.area)
		*word(HV_CR3) = 0;
	guest.area = 0;
	memset(told, 0, sizeof(told));
}

static uint32_t enter(uint32_t area)
{
	if (!area || area % 4 || area > HV_FRAMES * PAGE - HV_AREA_SIZE || !(guest.cr0 & CR0_PG) ||
	    guest.cr3 / PAGE >= HV_FRAMES) {
		batch_refuse(HV_E_AREA, area);
		return HV_E_AREA;
	}
	leave();
	memset((void *)area, 0, HV_AREA_SIZE);
	adopt();
	guest.area = area;
	return HV_OK;
}

uint32_t batch_call(uint32_t call, uint32_t argument)
{
	uint32_t result = HV_OK;

	if (call != HV_CALL_ENTER && !guest.area)
		return HV_E_CALL;
	if (guest.area)
		drain();
	switch (call) {
	case HV_CALL_ENTER: result = enter(argument); break;
	case HV_CALL_FLUSH: break;
	case HV_CALL_CR3:
		if (argument / PAGE < HV_FRAMES)
			guest.cr3 = argument;
		else
			batch_refuse(result = HV_E_TABLE, argument);
		break;
	case HV_CALL_LEAVE: leave(); break;
	default: result = HV_E_CALL;
	}
	shadow_load();
	return result;
}
