// SPDX-License-Identifier: GPL-2.0-only
/* Callbacks for the loader's patching: the kernel's text is written despite CR0.WP. */
#include "patch.h"
#include "binding.h"
#include "console.h"
#include "cpu.h"
#include "load.h"
#include "memory.h"

#define TEXT_KEPT 0x60000u
_Static_assert(VMI_SITE_JUMP == 2, "sites.inc");

extern const struct vmi_patch_site patch_sites[], patch_sites_end[]; /* guest.ld */
extern char text_start[], text_end[], trampolines[], trampolines_end[];
static struct vmi_patch_site jumps[PATCH_SITES_MAX];
static struct vmi_patch_result results[PATCH_SITES_MAX];
static uint8_t original[TEXT_KEPT];
static bool kept, done;

static bool read_text(void *context, vmi_virt_t from, void *to, uint32_t length)
{
	(void)context;
	memcpy(to, (const void *)(uintptr_t)from, length);
	return true;
}

/*
 * Past all slots, since a slot's own site may be the one that is written. Interrupts are
 * off and no other processor runs, so nobody is inside the site.
 */
static bool write_text(void *context, vmi_virt_t to, const void *bytes, uint32_t length)
{
	uint32_t cr0 = raw_read_cr0(), eflags = raw_eflags();

	(void)context;
	raw_cli();
	raw_write_cr0(cr0 & ~CR0_WP);
	memcpy((void *)(uintptr_t)to, bytes, length);
	raw_write_cr0(cr0);
	cpu_serialise();
	if (eflags & EFLAGS_IF)
		raw_sti();
	return true;
}

static vmi_virt_t wrapper_of(void *context, size_t row)
{
	(void)context;
	return binding_wrapper(row);
}

static struct vmi_text text = { .read = read_text, .write = write_text, .wrapper = wrapper_of };
static struct vmi_patch patch;

static uint32_t keep_jumps(uint32_t count)
{
	uint32_t kept_count = 0;

	for (uint32_t i = 0; i < count; i++)
		if (patch_sites[i].kind == VMI_SITE_JUMP)
			jumps[kept_count++] = patch_sites[i];
	return kept_count;
}

void patch_and_report(bool calls)
{
	size_t size = (size_t)(text_end - text_start);

	text.start = (uintptr_t)text_start;
	text.end = (uintptr_t)text_end;
	kept = size <= sizeof(original);
	if (kept)
		memcpy(original, text_start, size);
	patch = (struct vmi_patch){
		.load = load_result(), .text = &text, .sites = patch_sites,
		.site_count = (uint32_t)(patch_sites_end - patch_sites),
		.trampolines = (uintptr_t)trampolines,
		.trampoline_bytes = (uint32_t)(trampolines_end - trampolines),
		.long_mode = sizeof(uintptr_t) == 8, .long_nops = cpu_family() >= 6, .results = results,
	};
	if (patch.site_count > PATCH_SITES_MAX) {
		printf("note no site is patched: found %u, expected at most %u\n", patch.site_count,
		       PATCH_SITES_MAX);
		return;
	}
	if (!calls) {
		patch.site_count = keep_jumps(patch.site_count);
		patch.sites = jumps;
	}
	vmi_patch(&patch);
	vmi_patch_report(&patch, patch.load->overrides.verbose);
	done = calls;
}

bool patch_done(void)
{
	return done;
}

struct vmi_patch *patch_state(void)
{
	return &patch;
}

const struct vmi_text *patch_text(void)
{
	return &text;
}

const uint8_t *patch_original(size_t *size)
{
	*size = (size_t)(text_end - text_start);
	return kept ? original : NULL;
}
