// SPDX-License-Identifier: GPL-2.0-only
/* Mistakes that a guest can make with the loader. */
#include "wrong.h"
#include "binding.h"
#include "load.h"
#include "memory.h"
#include "patch.h"
#include "test.h"

#define READABLE sizeof(uint16_t) /* the signature alone */

bool wrong_read(const char *name, enum wrong *wrong)
{
	static const char *const names[] = {
		[WRONG_WINDOW] = "window", [WRONG_READ] = "read", [WRONG_ROW] = "row",
		[WRONG_TABLE] = "table", [WRONG_SITES] = "sites",
	};

	for (unsigned i = WRONG_NONE + 1; i < sizeof(names) / sizeof(names[0]); i++)
		if (equal(name, names[i])) {
			*wrong = (enum wrong)i;
			return true;
		}
	return false;
}

static bool read_little(void *context, vmi_phys_t from, void *to, uint32_t length)
{
	const struct vmi_window *w = context;

	if (length > READABLE || from < w->base || from - w->base > w->size - length)
		return false;
	memcpy(to, (const void *)(uintptr_t)(w->virt + (from - w->base)), length);
	return true;
}

void wrong_load(enum wrong wrong, struct vmi_load *load)
{
	static struct vmi_platform platform;

	if (wrong == WRONG_WINDOW)
		load->window.size--;
	if (wrong == WRONG_ROW)
		binding_slots[SLOT_read_cr2].call = (int16_t)GUEST_ABI->call_count;
	if (wrong == WRONG_TABLE)
		binding_slots[SLOT_flush_tlb_others].flags |= VMI_SLOT_MANDATORY;
	if (wrong == WRONG_READ) {
		platform = *load->platform;
		platform.read = read_little;
		load->platform = &platform;
	}
}

/* Places for sites, in the text: each of 5 bytes. */
extern char wrong_area[], text_end[];
asm(".pushsection .text\n\t.balign 16\nwrong_area:\n\t"
    ".rept 6\n\tcall native_clts\n\t.endr\n\t"
    ".fill 5, 1, 0x90\n\t"
    "call native_flush_tlb\n\tcall native_set_pxe_long\n\t.popsection");
#define AREA_SIZE 45
#define PLACE_SIZE 5
#define TEXT_END 99 /* no place: the last bytes of the text */
#define FREE UINT32_MAX /* clobbers: everything may change */
#define FAR 0x200000000ull /* where no 32-bit displacement leads */

static const struct mistake {
	uint8_t place, length;
	uint16_t row;
	uint32_t clobbers;
	enum vmi_reason reason;
} mistakes[] = {
	{ 0, 4, SLOT_clts, FREE, VMI_E_SITE_LENGTH },
	{ 0, 5, SLOT_COUNT, FREE, VMI_E_SITE_ROW },
	{ TEXT_END, 5, SLOT_clts, FREE, VMI_E_SITE_TEXT },
	{ 1, 6, SLOT_clts, FREE, VMI_E_SITE_OVERLAP },
	{ 2, 5, SLOT_clts, FREE, VMI_E_SITE_OVERLAP },
	{ 3, 5, SLOT_iret, FREE, VMI_E_SITE_KIND },
	{ 6, 5, SLOT_clts, FREE, VMI_E_SITE_BYTES },
	{ 4, 5, SLOT_clts, VMI_REG_FLAGS, VMI_E_SITE_CLOBBERS },
	{ 7, 5, SLOT_flush_tlb_user, FREE, VMI_E_SITE_WRAPPER },
	{ 8, 5, SLOT_set_pxe_long, FREE, VMI_E_SITE_NATIVE },
	{ 5, 5, SLOT_clts, FREE, VMI_E_SITE_REACH }, /* as 64-bit code */
};
enum { COUNT = sizeof(mistakes) / sizeof(mistakes[0]) };

static struct vmi_patch_site site_of(const struct mistake *m)
{
	uintptr_t end = (uintptr_t)text_end - m->length + 1;

	return (struct vmi_patch_site){
		.address = m->place == TEXT_END ? end :
						  (uintptr_t)wrong_area + PLACE_SIZE * m->place,
		.row = m->row, .length = m->length, .kind = VMI_SITE_CALL,
		.clobbers = m->clobbers,
	};
}

static void patch_some(const struct vmi_load *load, const struct vmi_text *text, unsigned first,
		       unsigned count, bool long_mode)
{
	static struct vmi_patch_result results[COUNT];
	static struct vmi_patch_site sites[COUNT];
	struct vmi_patch patch = {
		.load = load, .text = text, .sites = &sites[first], .site_count = count,
		.long_mode = long_mode, .results = &results[first],
	};

	for (unsigned i = first; i < first + count; i++)
		sites[i] = site_of(&mistakes[i]);
	vmi_patch(&patch);
	vmi_patch_report(&patch, true);
	for (unsigned i = first; i < first + count; i++)
		CHECK(results[i].reason == mistakes[i].reason && !results[i].patched,
		      "site %u: found %s, expected %s and no patch", i,
		      vmi_reason_name(results[i].reason), vmi_reason_name(mistakes[i].reason));
}

void wrong_sites(void)
{
	/* As if clts alone were bound, to a ROM far away. */
	static struct vmi_binding bindings[SLOT_COUNT];
	static struct vmi_load load;
	struct vmi_text text = *patch_text();
	char before[AREA_SIZE];

	load = *load_result();
	load.chosen = -1;
	load.bindings = bindings;
	bindings[SLOT_clts] = (struct vmi_binding){
		.kind = VMI_BIND_ROM, .type = VMI_RELOCATION_CALL_REL, .address = FAR,
	};
	text.wrapper = NULL;
	memcpy(before, wrong_area, sizeof(before));
	test_begin("wrong.sites");
	patch_some(&load, &text, 0, COUNT - 1, false);
	patch_some(&load, &text, COUNT - 1, 1, true);
	CHECK(!memcmp(before, wrong_area, sizeof(before)), "the text has changed");
	test_end();
}
