# SPDX-License-Identifier: GPL-2.0-only
# The rows of docs/redesigns.md, in `make matrix` and in `make test`.
TEST_INPUTS  += $(REDESIGN_ELFS)
TEST_PARTS   += matrix:tests/runs/redesign.cfg tests/runs/glue.sh
MATRIX_LISTS += tests/runs/redesign.cfg

# The smallest sets, and what is missing without any one call: lists that pvrom cover decides.
MINIMUM_DIR   := $(BUILD)/tests/minimum
MINIMUM_LISTS := $(patsubst %,$(MINIMUM_DIR)/%.cfg,expressible served direct)
$(MINIMUM_DIR)/stamp: tests/runs/minimum.sh tests/runs/minimum.awk $(BUILD)/pvrom \
		$(BUILD)/rom/full.rom $(BUILD)/pvops/guest.tsv spec/vmi.abi
	$(call say,MINIMUM,$(MINIMUM_DIR))
	$(Q)tests/runs/minimum.sh $(BUILD)/pvrom $(BUILD)/rom/full.rom $(BUILD)/pvops/guest.tsv \
		$(MINIMUM_DIR)
	$(Q)touch $@
TEST_INPUTS  += $(MINIMUM_DIR)/stamp
TEST_PARTS   += $(MINIMUM_LISTS:%=matrix:%)
MATRIX_LISTS += $(MINIMUM_LISTS)
