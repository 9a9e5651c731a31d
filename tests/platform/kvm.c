// SPDX-License-Identifier: GPL-2.0-only
/* KVM's interface: the clock page, the wall clock, stolen time, hypercalls. */
#include "platform.h"
#include "apic.h"
#include "console.h"
#include "memory.h"
#include "rtc.h"

enum { ENABLED = 1, STEAL_RESERVED = 0x3e, NS = 1000000000, STEAL_BACK_NS = 1000000,
       ICR_COMMAND = 0x7ff };
#define WRONG_SHIFT 64
#define RUBBISH 0x5a5a1234u

static struct { uint64_t clock, wall, steal; } msrs;
static bool kicked; /* until the next HLT, which does not wait then */
static uint32_t fills; /* of the clock page since it was registered */

#define CALLS(X) X(kick, KVM_CALL_KICK) X(pairing, KVM_CALL_PAIRING) X(ipi, KVM_CALL_IPI) \
	X(yield, KVM_CALL_YIELD) X(unknown, 0) X(user, 0)
#define CALL_ID(name, number) CALL_##name,
enum { CALLS(CALL_ID) CALLS_END };
#define CALL_NAME(name, number) { #name, number },
static const struct { const char *name; uint32_t number; } calls[] = { CALLS(CALL_NAME) };
static uint32_t counts[CALLS_END];

static void fill_clock(void)
{
	volatile struct clock_page *p = guest_ram(msrs.clock & ~1ull, sizeof(*p));
	uint32_t mul;
	int8_t shift;

	if (!(msrs.clock & ENABLED) || play.lies[LIE_clock_empty])
		return;
	clock_kvm(&mul, &shift);
	fills++;
	if (play.lies[LIE_clock_changes] && fills & 1) {
		mul >>= 1;
		shift++;
	}
	p->version = (p->version | 1) + (p->version & 1 ? 2 : 0);
	p->tsc = raw_rdtsc();
	p->ns = clock_ns(p->tsc - clock_start()) + (uint64_t)clock_lie();
	p->mul = play.lies[LIE_clock_mul_zero] ? 0 : play.lies[LIE_clock_mul_wild] ? ~0u : mul;
	p->shift = play.lies[LIE_clock_shift_high]     ? WRONG_SHIFT :
		   play.lies[LIE_clock_shift_negative] ? -WRONG_SHIFT : shift;
	p->flags = play.serves[F_stable] ? KVM_TSC_STABLE : 0;
	if (!play.lies[LIE_clock_odd] && !(play.lies[LIE_clock_late_odd] && fills >= LATE_ODD))
		p->version++;
}

/* The time of day at which the clock page was 0. */
static void fill_wall(void)
{
	volatile struct wall_page *p = guest_ram(msrs.wall, sizeof(*p));
	uint64_t seconds, up = clock_ns(raw_rdtsc() - clock_start());
	uint32_t up_seconds = 0;

	if (!rtc_seconds(&seconds))
		seconds = 0;
	for (; up >= NS; up -= NS)
		up_seconds++;
	p->version |= 1;
	p->seconds = play.lies[LIE_wall_wild] ? ~0u : (uint32_t)seconds - up_seconds - (up ? 1 : 0);
	p->ns = play.lies[LIE_wall_wild] ? ~0u : up ? NS - (uint32_t)up : 0;
	if (!play.lies[LIE_wall_odd])
		p->version++;
}

static void fill_steal(uint64_t stolen)
{
	volatile struct steal_page *p = guest_ram(msrs.steal & ~1ull, sizeof(*p));

	if (!(msrs.steal & ENABLED) || play.lies[LIE_steal_empty])
		return;
	p->version = (p->version | 1) + (p->version & 1 ? 2 : 0);
	p->ns = play.lies[LIE_steal_backwards] ? (uint64_t)NS * NS - (uint64_t)exits * STEAL_BACK_NS :
		play.lies[LIE_steal_wild]      ? (uint64_t)exits * NS * 3600 : stolen;
	p->preempted = play.lies[LIE_steal_preempted];
	if (!play.lies[LIE_steal_odd])
		p->version++;
}

void kvm_update(uint64_t stolen)
{
	fill_clock();
	fill_steal(stolen);
}

bool kvm_msr_read(uint32_t msr, uint64_t *value)
{
	switch (msr) {
	case MSR_KVM_CLOCK_OLD: case MSR_KVM_CLOCK: *value = msrs.clock; return true;
	case MSR_KVM_WALL_OLD: case MSR_KVM_WALL: *value = msrs.wall; return true;
	case MSR_KVM_STEAL: *value = msrs.steal; return true;
	case MSR_KVM_EOI: *value = eoi_get(); return true;
	default: return false;
	}
}

/* An enable bit, and memory that is the guest's: what every page's MSR takes, or 0. */
static bool take(uint64_t *into, uint32_t msr, uint64_t value, uint32_t reserved, uint32_t size)
{
	if (value & reserved || (value & ENABLED && !guest_ram(value & ~1ull, size)))
		return false;
	msr_note(msr, value, value & ENABLED);
	*into = value;
	return true;
}

bool kvm_msr_write(uint32_t msr, uint64_t value)
{
	uint64_t eoi;

	switch (msr) {
	case MSR_KVM_CLOCK_OLD: case MSR_KVM_CLOCK:
		fills = 0;
		return take(&msrs.clock, msr, value, 2, sizeof(struct clock_page));
	case MSR_KVM_STEAL: return take(&msrs.steal, msr, value, STEAL_RESERVED, sizeof(struct steal_page));
	case MSR_KVM_EOI: return take(&eoi, msr, value, 2, sizeof(uint32_t)) && eoi_set(value);
	case MSR_KVM_WALL_OLD: case MSR_KVM_WALL: break;
	default: return false;
	}
	/* Filled once, and no more known to the hypervisor. */
	if (value & 3 || !guest_ram(value, sizeof(struct wall_page)))
		return false;
	msrs.wall = value;
	printf("platform msr 0x%08x filled 0x%llx\n", msr, (unsigned long long)value);
	fill_wall();
	return true;
}

bool kvm_kicked(bool halts)
{
	bool was = kicked;

	kicked &= !halts;
	return was;
}

/* To this processor, if its number is in the mask; there is no other. Result: how many it were. */
static int32_t send(uint64_t low, uint64_t high, uint64_t first, uint32_t icr)
{
	bool x2 = svm_read_msr(MSR_APIC_BASE) & BIT(10);
	uint32_t bits = guest_wide() ? 64 : 32, id = apic_id(), n = id - (uint32_t)first;

	if (first > id || n >= 2 * bits || !((n < bits ? low : high) >> n % bits & 1))
		return 0;
	if (x2) {
		svm_write_msr(0x830, (uint64_t)id << 32 | (icr & ICR_COMMAND));
		return 1;
	}
	apic_write(APIC_ICR_HIGH, id << 24);
	apic_write(APIC_ICR_LOW, icr & ICR_COMMAND);
	return 1;
}

static uint64_t argument(unsigned number)
{
	return guest_wide() ? *reg(number) : (uint32_t)*reg(number);
}

static int32_t call(uint32_t number)
{
	unsigned i = 0;

	while (i < CALL_unknown && calls[i].number != number)
		i++;
	if (vmcb.cpl)
		i = CALL_user;
	counts[i]++;
	if (play.lies[LIE_hypercall_rubbish])
		return (int32_t)RUBBISH;
	switch (i) {
	case CALL_user: return KVM_E_PERM;
	case CALL_kick:
		if (!play.serves[F_kick])
			return KVM_E_NOSYS;
		kicked |= (uint32_t)argument(ECX) == apic_id();
		return 0;
	case CALL_yield: return play.serves[F_yield] ? 0 : KVM_E_NOSYS;
	case CALL_ipi:
		return play.serves[F_ipi] ? send(argument(EBX), argument(ECX), argument(EDX),
						 (uint32_t)argument(ESI)) : KVM_E_NOSYS;
	default: return KVM_E_NOSYS;
	}
}

void kvm_hypercall(void)
{
	int32_t result = call((uint32_t)vmcb.rax);

	vmcb.rax = guest_wide() ? (uint64_t)(int64_t)result : (uint32_t)result;
}

void kvm_print(void)
{
	for (unsigned i = 0; i < CALLS_END; i++)
		if (counts[i])
			printf("platform kvm hypercall %s %u\n", calls[i].name, counts[i]);
	eoi_print();
}
