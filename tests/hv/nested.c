// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guest can reach at all, whatever its tables say: nested paging lies below the shadows and
 * maps its RAM, its devices and `walked`. That much is needed since QEMU's SVM reports no change of
 * tasks: it loads CR3 past the hypervisor, and tables of the guest's own choice are walked then. It
 * may also write to the shadows themselves through them, so nothing is ever read back from there.
 */
#include "hv.h"
#include "../svm/map.h"

struct walked walked __attribute__((aligned(MAP_PAGE)));
_Static_assert(sizeof(walked) == HV_WALKED && HV_WALKED % MAP_PAGE == 0, "no more than this is the guest's");
static struct map host, nested;

/* Nested tables are of the kind that the host uses when it runs the guest, so it has paging, too. */
void nested_init(void)
{
	map_add(&host, 0, 0);
	map_use(map_root(&host, false));
	map_add(&nested, 0, HV_FRAMES * PAGE);
	map_add(&nested, IO_APIC, LOCAL_APIC + MAP_PAGE);
	map_add(&nested, (uint32_t)&walked, (uint32_t)(&walked + 1));
	vmcb.nested = SVM_NESTED_ON;
	vmcb.nested_cr3 = map_root(&nested, false);
	vmcb.pat = SVM_DEFAULT_PAT;
}

bool nested_refuse(void)
{
	bool task = vmcb.cr3 != (uint32_t)walked.pdpt, outside = vmcb.exit_code == EXIT_NESTED;

	if (task)
		batch_refuse(HV_E_TASK, (uint32_t)vmcb.cr3);
	if (outside)
		batch_refuse(HV_E_FRAME, (uint32_t)vmcb.info2);
	if (task || outside)
		shadow_remake();
	return task || outside;
}
