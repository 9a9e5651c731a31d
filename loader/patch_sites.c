// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sites: checks the table of patch sites by itself, without looking at the text. */
#include "patch_internal.h"

static void refuse(struct vmi_patch_result *result, enum vmi_reason reason, uint64_t found,
		   uint64_t expected)
{
	if (result->reason != VMI_OK)
		return;
	result->reason = reason;
	result->found = found;
	result->expected = expected;
}

static bool good_length(const struct vmi_patch_site *site)
{
	return site->length >= VMI_SITE_MIN && site->length <= VMI_SITE_MAX;
}

/* The end of the text that branches can be counted in. */
static vmi_virt_t text_end(const struct vmi_patch *patch)
{
	vmi_virt_t end = patch->text->end, highest = (vmi_virt_t)UINT32_MAX + 1;

	return patch->long_mode || end < highest ? end : highest;
}

static bool in_text(const struct vmi_patch *patch, const struct vmi_patch_site *site)
{
	vmi_virt_t end = text_end(patch);

	return site->address >= patch->text->start && site->address < end &&
	       end - site->address >= site->length;
}

/* A site that claims bytes of the text which a neighbour must not touch. */
static bool has_place(const struct vmi_patch *patch, uint32_t index)
{
	const struct vmi_patch_site *site = &patch->sites[index];

	return good_length(site) && in_text(patch, site);
}

/* The kind of site that the row's call needs; 0 if either will do. */
static uint8_t kind_of(const struct vmi_patch *patch, const struct vmi_patch_site *site)
{
	if (!vmi_call_exists(vmi_patch_abi(patch), patch->load->slots[site->row].call))
		return 0;
	return vmi_patch_call(patch, site)->answers & 1 << VMI_RELOCATION_JUMP_REL ? VMI_SITE_JUMP :
										     VMI_SITE_CALL;
}

static void check_kind(const struct vmi_patch *patch, const struct vmi_patch_site *site,
		       struct vmi_patch_result *result)
{
	uint8_t needed = kind_of(patch, site);

	if (!needed)
		needed = site->kind == VMI_SITE_JUMP ? VMI_SITE_JUMP : VMI_SITE_CALL;
	if (site->kind != needed)
		refuse(result, VMI_E_SITE_KIND, site->kind, needed);
}

static void check_place(const struct vmi_patch *patch, const struct vmi_patch_site *site,
			struct vmi_patch_result *result)
{
	if (!good_length(site))
		refuse(result, VMI_E_SITE_LENGTH, site->length,
		       vmi_clamp(site->length, VMI_SITE_MIN, VMI_SITE_MAX));
	else if (site->address < patch->text->start)
		refuse(result, VMI_E_SITE_TEXT, site->address, patch->text->start);
	else if (!in_text(patch, site))
		refuse(result, VMI_E_SITE_TEXT, site->address + site->length, text_end(patch));
}

/* Whether site `a` stands behind site `b`; a total order, so that results do not vary. */
static bool behind(const struct vmi_patch *patch, uint32_t a, uint32_t b)
{
	vmi_virt_t at = patch->sites[a].address, other = patch->sites[b].address;

	return at > other || (at == other && a > b);
}

/* Lets the entry at `root` of a heap of `count` sink to its place. */
static void sink(struct vmi_patch *patch, uint32_t root, uint32_t count)
{
	struct vmi_patch_result *heap = patch->results;
	uint32_t site = heap[root].order;

	while (root < count / 2) {
		uint32_t child = 2 * root + 1;

		if (child + 1 < count && behind(patch, heap[child + 1].order, heap[child].order))
			child++;
		if (!behind(patch, heap[child].order, site))
			break;
		heap[root].order = heap[child].order;
		root = child;
	}
	heap[root].order = site;
}

/* Heap sort: no recursion, no memory, no bad case for a table made to find one. */
static void sort_by_address(struct vmi_patch *patch)
{
	struct vmi_patch_result *results = patch->results;

	for (uint32_t i = 0; i < patch->site_count; i++)
		results[i].order = i;
	for (uint32_t root = patch->site_count / 2; root-- > 0;)
		sink(patch, root, patch->site_count);
	for (uint32_t last = patch->site_count; last-- > 1;) {
		uint32_t most = results[0].order;

		results[0].order = results[last].order;
		results[last].order = most;
		sink(patch, 0, last);
	}
}

/*
 * One pass by address. It is enough to compare with the site that reaches furthest so
 * far: whatever else overlaps this one also overlapped that one.
 */
static void find_overlaps(struct vmi_patch *patch)
{
	const struct vmi_patch_site *furthest = NULL;
	struct vmi_patch_result *its = NULL;

	for (uint32_t i = 0; i < patch->site_count; i++) {
		uint32_t index = patch->results[i].order;
		const struct vmi_patch_site *site = &patch->sites[index];
		vmi_virt_t end = site->address + site->length, reached;

		if (!has_place(patch, index))
			continue;
		reached = furthest ? furthest->address + furthest->length : 0;
		if (site->address < reached) {
			refuse(its, VMI_E_SITE_OVERLAP, reached, site->address);
			refuse(&patch->results[index], VMI_E_SITE_OVERLAP, site->address, reached);
		}
		if (end > reached) {
			furthest = site;
			its = &patch->results[index];
		}
	}
}

void vmi_check_sites(struct vmi_patch *patch)
{
	size_t rows = patch->load->slot_count;

	for (uint32_t i = 0; i < patch->site_count; i++) {
		const struct vmi_patch_site *site = &patch->sites[i];
		struct vmi_patch_result *result = &patch->results[i];

		result->reason = VMI_OK;
		result->found = result->expected = 0;
		if (site->row >= rows)
			refuse(result, VMI_E_SITE_ROW, site->row, rows ? rows - 1 : 0);
		else
			check_kind(patch, site, result);
		check_place(patch, site, result);
	}
	sort_by_address(patch);
	find_overlaps(patch);
}
