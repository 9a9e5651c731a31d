// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hyper-V's interface: hypercall page, reference clock, APIC by MSR. Its timers are stimer.c's.
 */
#include "platform.h"
#include "apic.h"
#include "console.h"
#include "math64.h"
#include "memory.h"

enum { ENABLED = 1, SPACE_FLAGS = 15, APIC_TPR = 0x80 };
#define PAGE_OF(msr) ((msr) & ~0xfffull)
#define RUBBISH 0x5a5a5a5a5a5a1234ull

static struct { uint64_t id, page, tsc; } msrs;

#define CALLS(X) X(flush_space, HV_CALL_FLUSH_SPACE) X(flush_list, HV_CALL_FLUSH_LIST) X(spin, HV_CALL_SPIN) \
	X(flush_space_ex, HV_CALL_FLUSH_SPACE_EX) X(flush_list_ex, HV_CALL_FLUSH_LIST_EX) X(unknown, 0)
#define READS(X) X(count, MSR_HV_COUNT) X(eoi, MSR_HV_EOI) X(icr, MSR_HV_ICR) X(tpr, MSR_HV_TPR) \
	X(stimer0_config, MSR_HV_TIMER) X(stimer0_count, MSR_HV_TIMER + 1) X(stimer1_config, MSR_HV_TIMER + 2) \
	X(stimer1_count, MSR_HV_TIMER_LAST)
#define CALL_ID(name, number) CALL_##name,
enum { CALLS(CALL_ID) CALLS_END };
#define ROW(name, number) { #name, number },
static const struct { const char *name; uint32_t number; } calls[] = { CALLS(ROW) }, used[] = { READS(ROW) };
enum { USED = sizeof(used) / sizeof(*used) };
static uint32_t counts[CALLS_END], uses[USED];
static uint32_t fills; /* of the TSC page since it was registered */

static void count_use(uint32_t msr)
{
	for (unsigned i = 0; i < USED; i++)
		uses[i] += used[i].number == msr;
}

uint64_t hyperv_now(void)
{
	return clock_units(raw_rdtsc()) - clock_units(clock_start()) +
	       (uint64_t)divide64((uint64_t)clock_lie(), 100, NULL);
}

void hyperv_update(void)
{
	volatile struct tsc_page *p = guest_ram(PAGE_OF(msrs.tsc), sizeof(*p));
	uint32_t sequence;

	if (!(msrs.tsc & ENABLED) || play.lies[LIE_clock_empty])
		return;
	sequence = p->sequence + 1;
	p->sequence = 0;
	p->scale = play.lies[LIE_clock_mul_zero] ? 0 : play.lies[LIE_clock_mul_wild] ? ~0ull : clock_scale();
	p->offset = (int64_t)(divide64((uint64_t)clock_lie(), 100, NULL) - clock_units(clock_start()));
	if (play.lies[LIE_clock_late_odd] && ++fills >= LATE_ODD)
		return;
	/* 0 and all ones say that the page is of no use; it changes where the page does. */
	if (play.lies[LIE_clock_backwards] || play.lies[LIE_clock_jumps])
		p->sequence = sequence && sequence + 1 ? sequence : 1;
	else
		p->sequence = 1;
}

bool hyperv_msr_read(uint32_t msr, uint64_t *value)
{
	count_use(msr);
	switch (msr) {
	case MSR_HV_ID: *value = msrs.id; return true;
	case MSR_HV_PAGE: *value = msrs.page; return true;
	case MSR_HV_VP: *value = play.lies[LIE_vp_wild] ? ~0u : 0; return true;
	case MSR_HV_COUNT: *value = hyperv_now(); return true;
	case MSR_HV_TSC: *value = msrs.tsc; return true;
	case MSR_HV_TSC_HZ: *value = clock_told(clock_tsc_hz()); return true;
	case MSR_HV_APIC_HZ: *value = clock_told(clock_apic_hz()); return true;
	case MSR_HV_ICR: *value = (uint64_t)apic_read(APIC_ICR_HIGH) << 32 | apic_read(APIC_ICR_LOW); return true;
	case MSR_HV_TPR: *value = apic_read(APIC_TPR); return true;
	default:
		if (msr < MSR_HV_TIMER || msr > MSR_HV_TIMER_LAST)
			return false;
		*value = stimer_read(msr);
		return true;
	}
}

static bool take_page(uint64_t *into, uint32_t msr, uint64_t value)
{
	if (value & ENABLED && !guest_ram(PAGE_OF(value), PAGE))
		return false;
	msr_note(msr, value, value & ENABLED);
	*into = value;
	return true;
}

static bool set_page(uint64_t value)
{
	static const uint8_t code[] = { 0x0f, 0x01, 0xd9, 0xc3 }; /* vmmcall; ret */
	uint8_t *page = guest_ram(PAGE_OF(value), PAGE);

	if (!msrs.id)
		return true; /* who has no name gets no page */
	if (!take_page(&msrs.page, MSR_HV_PAGE, value))
		return false;
	if (value & ENABLED && !play.lies[LIE_page_empty]) {
		memset(page, 0xcc, PAGE);
		memcpy(page, code, sizeof(code));
	}
	return true;
}

bool hyperv_msr_write(uint32_t msr, uint64_t value)
{
	count_use(msr);
	switch (msr) {
	case MSR_HV_ID:
		msr_note(msr, value, value);
		msrs.id = value;
		if (!value && msrs.page & ENABLED)
			take_page(&msrs.page, MSR_HV_PAGE, 0);
		return true;
	case MSR_HV_PAGE: return set_page(value);
	case MSR_HV_TSC:
		fills = 0;
		return take_page(&msrs.tsc, msr, value);
	case MSR_HV_EOI: apic_write(APIC_EOI, 0); return true;
	case MSR_HV_ICR:
		if (svm_read_msr(MSR_APIC_BASE) & BIT(10)) {
			svm_write_msr(0x830, value);
			return true;
		}
		apic_write(APIC_ICR_HIGH, (uint32_t)(value >> 32));
		apic_write(APIC_ICR_LOW, (uint32_t)value);
		return true;
	case MSR_HV_TPR: apic_write(APIC_TPR, (uint32_t)value & 0xff); return true;
	default:
		if (msr < MSR_HV_TIMER || msr > MSR_HV_TIMER_LAST)
			return false; /* read-only, or not played */
		stimer_write(msr, value);
		return true;
	}
}

bool hyperv_calls(void)
{
	return msrs.page & ENABLED;
}

/*
 * The TLB is emptied at each exit; what is asked for must make sense all the same. Of a fast call's input
 * the first 16 bytes are in general registers, and the mask of processors, of which there is one, in XMM0.
 */
static uint64_t flush(uint64_t control, uint64_t input)
{
	const struct flush_input *in = guest_ram(input, sizeof(*in));
	bool fast = control & HV_CALL_FAST;
	uint64_t flags = guest_wide() ? regs[8] : regs[EDI] << 32 | (uint32_t)regs[ESI];

	if (fast && !play.serves[F_xmm])
		return HV_STATUS_INPUT;
	if (!fast && input % 8)
		return HV_STATUS_ALIGNMENT;
	if (!fast && in)
		flags = in->flags;
	if ((!fast && !in) || flags & ~(uint64_t)SPACE_FLAGS)
		return HV_STATUS_PARAMETER;
	return control & 0x0fff00000000ull; /* all elements are done */
}

void hyperv_hypercall(void)
{
	bool wide = guest_wide();
	uint64_t control = wide ? *reg(ECX) : *reg(EDX) << 32 | (uint32_t)vmcb.rax;
	uint64_t input = wide ? *reg(EDX) : *reg(EBX) << 32 | (uint32_t)*reg(ECX), status;
	unsigned i = 0;

	while (i < CALL_unknown && calls[i].number != (control & 0xffff))
		i++;
	counts[i]++;
	if (play.lies[LIE_hypercall_rubbish])
		status = RUBBISH;
	else if (i == CALL_unknown)
		status = HV_STATUS_CODE;
	else if (i == CALL_spin)
		status = play.serves[F_spin] ? 0 : HV_STATUS_CODE;
	else
		status = play.serves[F_flush] ? flush(control, input) : HV_STATUS_CODE;
	vmcb.rax = wide ? status : (uint32_t)status;
	if (!wide)
		*reg(EDX) = status >> 32;
}

void hyperv_print(void)
{
	for (unsigned i = 0; i < CALLS_END; i++)
		if (counts[i])
			printf("platform hyperv hypercall %s %u\n", calls[i].name, counts[i]);
	for (unsigned i = 0; i < USED; i++)
		if (uses[i])
			printf("platform hyperv msr %s %u\n", used[i].name, uses[i]);
}
