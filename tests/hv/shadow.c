// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadow page tables: always PAE, whatever the guest uses. Each of its tables has one or more
 * shadows, found by frame; they stay when CR3 changes. A large page, and all memory without
 * paging, is a `direct` shadow, whose entries are made from no table. A table that was not
 * announced is kept from being written, so that each change traps, and its shadow is filled as
 * the guest gets there; one that was announced may be written, and its shadow is complete.
 */
#include "hv.h"
#include "memory.h"

#define NONE 0u
#define UNPAGED HV_FRAMES /* stands for the guest's tables while it has none */
#define ADDRESS 0x000ffffffffff000ull
enum level { PT = 1, PD };

/*
 * What stands in the shadows; the processor walks a copy. Number 0 is none. An entry is named by
 * 512 * shadow + index; that is never 0 either.
 */
static struct shadow {
	uint16_t frame, next; /* of the guest; the next shadow of the same frame */
	uint16_t part;        /* which half or quarter of a table with 1024 entries; without paging
			       * the number of its 2 MiB */
	uint8_t level;
	bool direct, used;
	uint32_t parents;     /* entries that lead here: a list through `link` */
} shadows[SHADOWS];
static uint64_t tables[SHADOWS][ENTRIES];
static bool stale[SHADOWS]; /* the processor's may hold anything */
static uint32_t link[SHADOWS * ENTRIES]; /* the next entry with the same target */
static struct {
	uint32_t maps;    /* entries that map the frame, likewise */
	uint16_t shadows; /* a list through `next` */
	uint16_t tables;  /* how many of these are not direct */
} frames[HV_FRAMES + 1];
static uint16_t roots[4], free_list;
static unsigned untold; /* tables that are kept from being written */
static uint32_t loose; /* a table that may be written, but is looked at anew with the next exit but a fault */
static bool starved;

static bool paging(void) { return guest.cr0 & CR0_PG; }
static bool pae(void) { return guest.cr4 & CR4_PAE; }
static uint64_t nx(void) { return vmcb.efer & EFER_NXE ? PTE_NX : 0; }
static bool announced(uint32_t frame) { return guest.area && told[frame]; }
static bool is_large(uint64_t pde) { return pde & PTE_PS && (pae() || guest.cr4 & CR4_PSE); }
static uint64_t *at(uint32_t e) { return &tables[e / ENTRIES][e % ENTRIES]; }
static uint64_t frame_of(uint64_t entry) { return (entry & ADDRESS) / PAGE; }
/* Is it a table whose changes must be trapped? */
static bool is_kept(uint64_t frame)
{
	return frame < HV_FRAMES && frames[frame].tables && frame != loose && !announced((uint32_t)frame);
}

static uint32_t shadow_of(uint64_t entry) { return ((uint32_t)(entry & ADDRESS) - (uint32_t)&walked) / PAGE; }
static void put(uint32_t e, uint64_t value) { *at(e) = walked.tables[e / ENTRIES][e % ENTRIES] = value; }

/* Entry `index` of the guest's table in `frame`, and bits set in it. */
static uint64_t entry_get(uint32_t frame, uint32_t index)
{
	const uint32_t *p = (const uint32_t *)(frame * PAGE + index * (pae() ? 8 : 4));

	return pae() ? p[0] | (uint64_t)p[1] << 32 : p[0];
}

static void entry_mark(uint32_t frame, uint32_t index, uint32_t bits)
{
	*(uint32_t *)(frame * PAGE + index * (pae() ? 8 : 4)) |= bits;
}

/* The list that an entry of this value belongs to; NULL for devices and the sink. */
static uint32_t *list_of(uint32_t e, uint64_t value)
{
	if (!(value & PTE_P))
		return NULL;
	if (shadows[e / ENTRIES].level == PD)
		return &shadows[shadow_of(value)].parents;
	return frame_of(value) < HV_FRAMES ? &frames[frame_of(value)].maps : NULL;
}

static void set(uint32_t e, uint64_t value)
{
	uint32_t *old = list_of(e, *at(e)), *new = list_of(e, value);

	if (old != new) {
		while (old && *old != e)
			old = &link[*old];
		if (old)
			*old = link[e];
		if (new) {
			link[e] = *new;
			*new = e;
		}
	}
	put(e, value);
}

static void zap(uint32_t s)
{
	struct shadow *sh = &shadows[s];
	uint16_t *p = &frames[sh->frame].shadows;

	for (uint32_t i = 0; i < ENTRIES; i++)
		if (tables[s][i])
			set(s * ENTRIES + i, 0);
	while (sh->parents)
		set(sh->parents, 0);
	while (*p != s)
		p = &shadows[*p].next;
	*p = sh->next;
	if (!sh->direct && !--frames[sh->frame].tables) {
		if (announced(sh->frame))
			batch_live(sh->frame, false);
		else
			untold--;
	}
	sh->used = false;
	sh->next = free_list;
	free_list = (uint16_t)s;
}

void shadow_drop(uint32_t frame)
{
	for (uint32_t s = frames[frame].shadows, next; s; s = next) {
		next = shadows[s].next;
		if (!shadows[s].direct)
			zap(s);
	}
}

void shadow_forget(void)
{
	for (uint32_t s = 1; s < SHADOWS; s++)
		if (shadows[s].used)
			zap(s);
	starved &= guest.area != 0;
}

void shadow_init(void)
{
	for (uint32_t s = SHADOWS; --s; free_list = (uint16_t)s)
		shadows[s].next = free_list;
	memset(walked.sink, 0xff, sizeof(walked.sink));
}

static void sync(uint32_t s, uint32_t index);

/* The shadow of `frame` in that role; NONE: there is no room. */
static uint32_t get(uint32_t frame, enum level level, uint32_t part, bool direct)
{
	uint32_t s;

	for (s = frames[frame].shadows; s; s = shadows[s].next)
		if (shadows[s].level == level && shadows[s].part == part && shadows[s].direct == direct)
			return s;
	s = free_list;
	if (!s) {
		starved = true;
		batch_refuse(HV_E_ROOM, frame * PAGE);
		return NONE;
	}
	free_list = shadows[s].next;
	shadows[s] = (struct shadow){ .frame = (uint16_t)frame, .next = frames[frame].shadows, .direct = direct,
				      .level = (uint8_t)level, .part = (uint16_t)part, .used = true };
	frames[frame].shadows = (uint16_t)s;
	if (stale[s])
		page_clear(walked.tables[s]);
	stale[s] = false;
	if (!direct && !frames[frame].tables++) {
		if (announced(frame)) {
			batch_live(frame, true);
		} else {
			untold++;
			for (uint32_t e = frames[frame].maps; e && frame != loose; e = link[e])
				put(e, *at(e) & ~(uint64_t)PTE_W);
		}
	}
	/* Once there was no room, shadows grow by faults. */
	if (!starved && guest.area && (direct ? level == PT : announced(frame)))
		for (uint32_t i = 0; i < ENTRIES; i++)
			sync(s, i);
	return s;
}

/*
 * The guest's entry for index `index` of a shadow. In an announced table what the processor would
 * set in it is set ahead; else nothing is to be seen of one that was not accessed yet, and no
 * right to write of one that was not written to. 0: not present. Of a direct shadow, what would
 * stand there.
 */
static uint64_t source(const struct shadow *sh, uint32_t index)
{
	uint32_t i = pae() ? index : index + sh->part * ENTRIES;

	if (sh->direct)
		return (index + (sh->frame == UNPAGED ? sh->part * ENTRIES : sh->frame)) * (uint64_t)PAGE |
		       PTE_P | PTE_W | PTE_U;
	if (!pae() && sh->level == PD)
		i /= 2;
	uint64_t g = entry_get(sh->frame, i);
	bool leaf = sh->level == PT || is_large(g);

	if (!(g & PTE_P))
		return 0;
	if (announced(sh->frame))
		entry_mark(sh->frame, i, PTE_A | (leaf && g & PTE_W ? PTE_D : 0));
	else if (!(g & PTE_A))
		return 0;
	else if (leaf && !(g & PTE_D))
		g &= ~(uint64_t)PTE_W;
	return g;
}

/* What maps the guest's `frame`, of which its entry says `rights`. */
static uint64_t map(uint64_t frame, uint64_t rights, uint32_t where)
{
	uint64_t to = PTE_P | PTE_A | PTE_D | (rights & (PTE_W | PTE_U | nx()));

	if (frame < HV_FRAMES)
		return frame * PAGE | (is_kept(frame) ? to & ~(uint64_t)PTE_W : to);
	if (frame == 0xfee00 || frame == 0xfec00 || frame == 0xfed00)
		return frame * PAGE | to | PTE_PCD;
	batch_refuse(HV_E_FRAME, where);
	return (uint32_t)walked.sink | to;
}

static void sync(uint32_t s, uint32_t index)
{
	const struct shadow *sh = &shadows[s];
	uint64_t g = source(sh, index), frame = frame_of(g);
	uint32_t e = s * ENTRIES + index, child = NONE;
	bool large = !sh->direct && is_large(g);

	if (!g && !*at(e))
		return;
	if (sh->level == PT) {
		set(e, g ? map(frame, g, sh->frame * PAGE) : 0);
		return;
	}
	if (large)
		frame = pae() ? frame & ~511ull : (frame & ~1023ull) + (index & 1) * ENTRIES;
	if (sh->direct)
		child = get(UNPAGED, PT, (uint32_t)frame, true);
	else if (g && frame + (large ? ENTRIES : 1) <= HV_FRAMES)
		child = get((uint32_t)frame, PT, pae() || large ? 0 : index & 1, large);
	else if (g)
		batch_refuse(HV_E_FRAME, sh->frame * PAGE);
	set(e, child ? (uint32_t)walked.tables[child] | PTE_P | PTE_A | (g & (PTE_W | PTE_U | nx())) : 0);
}

void shadow_refresh(void)
{
	for (uint32_t s = 1; s < SHADOWS; s++)
		for (uint32_t i = 0; i < ENTRIES && shadows[s].used && !shadows[s].direct; i++)
			if (tables[s][i])
				sync(s, i);
}

void shadow_update(uint32_t physical)
{
	uint32_t frame = physical / PAGE, index = physical % PAGE / (pae() ? 8 : 4);

	for (uint32_t s = frames[frame].shadows; s; s = shadows[s].next) {
		const struct shadow *sh = &shadows[s];
		uint32_t each = !pae() && sh->level == PD ? 2 : 1; /* for one of the guest's */

		if (sh->direct || sh->part != index * each / ENTRIES)
			continue;
		for (uint32_t i = 0; i < each; i++)
			sync(s, index * each % ENTRIES + i);
	}
}

/* Where the guest's directory for gigabyte `i` lies; above UNPAGED: nowhere. */
static uint32_t directory(uint32_t i)
{
	uint64_t entry = guest.cr3 | PTE_P;

	if (!paging())
		return UNPAGED;
	if (pae() && guest.cr3 / PAGE < HV_FRAMES)
		entry = ((const uint64_t *)(guest.cr3 & ~31u))[i];
	return entry & PTE_P && frame_of(entry) < HV_FRAMES ? (uint32_t)frame_of(entry) : UNPAGED + 1;
}

void shadow_load(void)
{
	if (!free_list)
		shadow_forget();
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t frame = directory(i);

		roots[i] = 0;
		if (frame <= UNPAGED)
			roots[i] = (uint16_t)get(frame, PD, pae() && paging() ? 0 : i, !paging());
		walked.pdpt[i] = roots[i] ? (uint32_t)walked.tables[roots[i]] | PTE_P : 0;
	}
	vmcb.cr3 = (uint32_t)walked.pdpt;
	batch_cr3();
	exit_choose();
}

void shadow_remake(void)
{
	shadow_forget();
	memset(stale, true, sizeof(stale));
	shadow_load();
}

void shadow_settle(void)
{
	if (loose) {
		shadow_drop(loose);
		loose = 0;
		shadow_load();
	}
}

/* KVM calls such a table out of sync: what it becomes is seen with the next flush or fault. */
void shadow_loosen(uint32_t frame)
{
	shadow_settle();
	loose = frame;
	for (uint32_t e = frames[frame].maps; e; e = link[e])
		sync(e / ENTRIES, e % ENTRIES);
}

bool shadow_incomplete(void)
{
	return untold || starved || !paging() || !guest.area;
}

/* The guest's own walk. */
struct walk {
	uint32_t frame[2], index[2]; /* directory, table */
	unsigned levels;
	uint64_t rights, value; /* W and U of all levels, NX of any; the last entry */
};

static bool walk(uint32_t address, struct walk *w)
{
	uint64_t e;

	*w = (struct walk){ .frame = { directory(address >> 30) } };
	if (w->frame[0] >= UNPAGED)
		return false;
	w->index[0] = pae() ? address >> 21 & 511 : address >> 22;
	w->levels = 1;
	e = w->value = w->rights = entry_get(w->frame[0], w->index[0]);
	if (e & PTE_P && !is_large(e)) {
		w->value = 0;
		if (frame_of(e) >= HV_FRAMES)
			return false;
		w->frame[1] = (uint32_t)frame_of(e);
		w->index[1] = address >> 12 & (pae() ? 511 : 1023);
		w->levels = 2;
		w->value = entry_get(w->frame[1], w->index[1]);
		w->rights = (e & w->value & (PTE_W | PTE_U)) | ((e | w->value) & PTE_NX);
	}
	return w->value & PTE_P;
}

bool shadow_translate(uint32_t address, uint32_t *physical)
{
	struct walk w = { .value = address, .levels = 2 };

	if (paging() && !walk(address, &w))
		return false;
	uint32_t span = w.levels == 2 ? PAGE : pae() ? 1u << 21 : 1u << 22;

	*physical = ((uint32_t)w.value & ~(span - 1)) | (address & (span - 1));
	return frame_of(w.value) < HV_FRAMES;
}

static bool refused(const struct walk *w, uint32_t error)
{
	return (error & ERR_U && !(w->rights & PTE_U)) || (error & ERR_F && w->rights & nx()) ||
	       (error & ERR_W && !(w->rights & PTE_W) && (error & ERR_U || guest.cr0 & CR0_WP));
}

enum fault shadow_fault(uint32_t address, uint32_t error, uint32_t *physical)
{
	uint32_t pd = address >> 21 & 511, pt = address >> 12 & 511, s;
	struct walk w = { 0 };
	uint64_t frame;

	if (!free_list)
		shadow_load();
	s = roots[address >> 30];
	if (paging() && (!walk(address, &w) || refused(&w, error))) {
		inject_fault(address, (error & ~(uint32_t)ERR_P) | (w.value & PTE_P ? ERR_P : 0));
		return FAULT_GUEST;
	}
	for (unsigned i = 0; i < w.levels; i++)
		entry_mark(w.frame[i], w.index[i], PTE_A | (i + 1 == w.levels && error & ERR_W ? PTE_D : 0));
	if (s)
		sync(s, pd);
	s = tables[s][pd] ? shadow_of(tables[s][pd]) : NONE;
	if (!s) {
		if (!starved) /* else there will be room the next time */
			inject_fault(address, error);
		return starved ? FAULT_SHADOW : FAULT_GUEST;
	}
	sync(s, pt);
	frame = frame_of(tables[s][pt]);
	*physical = (uint32_t)frame * PAGE | (address & (PAGE - 1));
	return error & ERR_W && is_kept(frame) ? FAULT_TABLE : FAULT_SHADOW;
}
