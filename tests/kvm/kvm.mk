# SPDX-License-Identifier: GPL-2.0-only
# The KVM lane (docs/kvm.md). `make test` tries its judge alone: in the emulated machine a guest
# sometimes stops for good, or ends for no reason, so `make kvm` is run by hand.
TEST_PARTS += tests/kvm/judge_test.sh

.PHONY: kvm kvm-shell
kvm: all $(CLIENT) ## the guests on real KVM: directly, or nested in an emulated machine
	$(Q)PVROM_BUILD=$(BUILD) tests/kvm/lane.sh
kvm-shell: all $(CLIENT) ## a shell in that emulated machine
	$(Q)PVROM_BUILD=$(BUILD) tests/kvm/lane.sh --shell
