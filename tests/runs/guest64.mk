# SPDX-License-Identifier: GPL-2.0-only
# The guest in long mode: about a minute on one processor.
MATRIX_LISTS += tests/runs/guest64.cfg
TEST_PARTS += matrix:tests/runs/guest64.cfg matrix:tests/golden/long_mode.cfg

# full.rom with a 64-bit table that is refused: a directory that leads to another one, a VMI_Init and
# a CPUID that do not begin with ENDBR64.
WIDE_BAD        := nested init entry
WIDE_BAD_nested := directory.abi_count:0 directory.abis_offs+1:2
WIDE_BAD_init   := code.init:0
WIDE_BAD_entry  := code.CPUID:0
WIDE_BAD_ROMS   := $(WIDE_BAD:%=$(BUILD)/tests/wide/%.rom)
TEST_INPUTS     += $(WIDE_BAD_ROMS)
$(WIDE_BAD_ROMS): $(BUILD)/tests/wide/%.rom: $(BUILD)/rom/full.rom $(BUILD)/pvrom tests/host/flip_abi.sh tests/runs/guest64.mk
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)tests/host/flip_abi.sh $(BUILD) '$(WIDE_BAD_$*)' $@
