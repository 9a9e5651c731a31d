# SPDX-License-Identifier: GPL-2.0-only
# The KVM lane (docs/kvm.md), and its judge.
TEST_PARTS += tests/kvm/judge_test.sh tests/kvm/cut.sh

.PHONY: kvm kvm-shell
kvm: all $(CLIENT) ## the guests on real KVM: directly, or nested in an emulated machine
	$(Q)PVROM_BUILD=$(BUILD) tests/kvm/lane.sh
kvm-shell: all $(CLIENT) ## a shell in that emulated machine
	$(Q)PVROM_BUILD=$(BUILD) tests/kvm/lane.sh --shell
