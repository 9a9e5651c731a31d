# SPDX-License-Identifier: GPL-2.0-only
# `make matrix`: the lists of MATRIX_LISTS, to which other .mk files add. knockouts.cfg is the cut
# of it that `make test` runs, too.
MATRIX_LISTS += tests/runs/matrix.cfg tests/runs/timer_rest.cfg tests/runs/knockouts.cfg tests/runs/knockouts64.cfg
TEST_PARTS   += matrix:tests/runs/knockouts.cfg matrix:tests/runs/knockouts64.cfg

# full.rom without one call each: every number of the spec that is not reserved.
KNOCKOUTS     := $(shell awk '$$1 == "call" { print $$2 }' spec/vmi.abi)
KNOCKOUT_ROMS := $(KNOCKOUTS:%=$(BUILD)/tests/knockout/%.rom)
TEST_INPUTS   += $(KNOCKOUT_ROMS)
$(KNOCKOUT_ROMS): $(BUILD)/tests/knockout/%.rom: $(BUILD)/rom/full.rom $(BUILD)/pvrom
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)$(BUILD)/pvrom mutate $< $@ --drop $*

# The same of the 64-bit table: every number that has a meaning there.
KNOCKOUTS64     := $(shell awk '$$1 == "call" { n[$$2] } $$1 == "absent" { delete n[$$2] } \
	END { for (i in n) print i }' spec/vmi.abi spec/vmi64.abi)
KNOCKOUT64_ROMS := $(KNOCKOUTS64:%=$(BUILD)/tests/knockout64/%.rom)
TEST_INPUTS     += $(KNOCKOUT64_ROMS)
$(KNOCKOUT64_ROMS): $(BUILD)/tests/knockout64/%.rom: $(BUILD)/rom/full.rom $(BUILD)/pvrom
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)$(BUILD)/pvrom mutate $< $@ --drop64 $*

.PHONY: matrix broken flat
matrix: all ## every ROM against every loader on every machine: several minutes
	$(Q)$(MAKE) matrix-built
.PHONY: matrix-built matrix-inputs
matrix-inputs: $(TEST_INPUTS) ## the ROMs that run lists name, for pvrom matrix by hand
matrix-built: matrix-inputs
	$(Q)PVROM_BUILD=$(BUILD) tests/sum.sh $(MATRIX_LISTS:%=matrix:%)
# Not part of any test run: the loader with a rule removed must fail the cells of that rule.
broken: all matrix-inputs ## take rules out of the loader: their cells must fail
	$(Q)PVROM_BUILD=$(BUILD) tests/runs/broken.sh $(filter-out tests/golden/%,$(MATRIX_LISTS)) tests/runs/negotiation.cfg
flat: $(BUILD)/pvrom ## the memory of pvrom matrix over 10,000 cells
	$(Q)PVROM_BUILD=$(BUILD) tests/runs/flat.sh
