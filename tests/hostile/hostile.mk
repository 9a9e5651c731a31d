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
