# SPDX-License-Identifier: GPL-2.0-only
# ROMs with one misbehaviour each: full.rom with other code behind a slot. NAME begins with
# the option of `pvrom mutate` that takes it.
HOSTILE_SRCS := $(wildcard tests/hostile/*.asm)
HOSTILE_ROMS := $(HOSTILE_SRCS:tests/hostile/%.asm=$(BUILD)/tests/hostile/%.rom)
TEST_INPUTS  += $(HOSTILE_ROMS)
TEST_PARTS   += matrix:tests/runs/hostile.cfg

$(BUILD)/tests/hostile/%.bin: tests/hostile/%.asm tests/hostile/hostile.inc | $(GEN)/vmi_abi.inc
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -w+error -f bin -Itests/hostile/ -I$(GEN)/ -o $@ $<
$(BUILD)/tests/hostile/%.rom: $(BUILD)/tests/hostile/%.bin $(BUILD)/rom/full.rom $(BUILD)/pvrom
	$(call say,MUTATE,$@)
	$(Q)$(BUILD)/pvrom mutate --$(firstword $(subst _, ,$*)) $< $(BUILD)/rom/full.rom $@

VARIANTS := tests/hostile/variants.txt
VARIANT_ROMS := $(shell sed -n 's|^\(E_[A-Z_]*\) .*|$(BUILD)/tests/variants/\1.rom|p' $(VARIANTS))
TEST_INPUTS  += $(VARIANT_ROMS)
TEST_PARTS   += matrix:tests/runs/variants.cfg
$(VARIANT_ROMS): $(BUILD)/tests/variants/%.rom: $(VARIANTS) $(BUILD)/rom/full.rom $(BUILD)/pvrom
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)$(BUILD)/pvrom mutate $(BUILD)/rom/full.rom $@ $$(sed -n 's/^$* //p' $<)

# The first has a row for each of them.
$(BUILD)/asan/tests/host/test_verify $(BUILD)/asan/tests/host/test_conform: | $(HOSTILE_ROMS) $(VARIANT_ROMS)
