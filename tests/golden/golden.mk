# SPDX-License-Identifier: GPL-2.0-only
# Released sets: every folder here is one, and brings its own run list (docs/golden.md).
GOLDEN_CHECK := tests/golden/check.sh
TEST_PARTS   += $(GOLDEN_CHECK) tests/golden/damage.sh \
	$(patsubst %,matrix:%,$(wildcard tests/golden/*/runs.cfg))
MATRIX_LISTS += $(wildcard tests/golden/*/rest.cfg)

.PHONY: release
release: all $(BUILD)/client.elf ## freeze this commit: VERSION=3.0 (docs/golden.md)
	$(Q)PVROM_BUILD=$(BUILD) tools/release.sh '$(VERSION)'
.PHONY: test-release
test-release: all $(BUILD)/client.elf ## try make release in a copy of the tree; a minute or more
	$(Q)PVROM_BUILD=$(BUILD) tests/golden/release.sh
