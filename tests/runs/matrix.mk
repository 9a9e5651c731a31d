# SPDX-License-Identifier: GPL-2.0-only
# `make matrix`: the lists of MATRIX_LISTS, to which other .mk files add. knockouts.cfg is the cut
# of it that `make test` runs, too.
MATRIX_LISTS += tests/runs/matrix.cfg tests/runs/knockouts.cfg
TEST_PARTS   += matrix:tests/runs/knockouts.cfg

# full.rom without one call each: every number of the spec that is not reserved.
KNOCKOUTS     := $(shell awk '$$1 == "call" { print $$2 }' spec/vmi.abi)
KNOCKOUT_ROMS := $(KNOCKOUTS:%=$(BUILD)/tests/knockout/%.rom)
TEST_INPUTS   += $(KNOCKOUT_ROMS)
$(KNOCKOUT_ROMS): $(BUILD)/tests/knockout/%.rom: $(BUILD)/rom/full.rom $(BUILD)/pvrom
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)$(BUILD)/pvrom mutate $< $@ --drop $*

.PHONY: matrix broken flat
matrix: all ## every ROM against every loader on every machine: several minutes
	$(Q)$(MAKE) matrix-built
.PHONY: matrix-built matrix-inputs
matrix-inputs: $(TEST_INPUTS) ## the ROMs that run lists name, for pvrom matrix by hand
matrix-built: matrix-inputs
	$(Q)PVROM_BUILD=$(BUILD) tests/sum.sh $(MATRIX_LISTS:%=matrix:%)
# Not part of any test run: the loader with a rule removed must fail the cells of that rule.
broken: all $(TEST_INPUTS) ## take rules out of the loader: their cells must fail
	$(Q)PVROM_BUILD=$(BUILD) tests/runs/broken.sh $(MATRIX_LISTS) tests/runs/negotiation.cfg
flat: $(BUILD)/pvrom ## the memory of pvrom matrix over 10,000 cells
	$(Q)PVROM_BUILD=$(BUILD) tests/runs/flat.sh
