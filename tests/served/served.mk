# SPDX-License-Identifier: GPL-2.0-only
# full.rom with bodies for the calls that only a hypervisor answers better, so that two lanes reach
# them: served.asm has them, none.rom is right, each other one has a mistake.
SERVED_MISTAKES := $(shell sed -n 's/^mistake \([a-z_]*\) .*/\1/p' tests/served/cpu.sh)
SERVED_ROMS := $(patsubst %,$(BUILD)/tests/served/%.rom,none $(SERVED_MISTAKES))
TEST_INPUTS += $(SERVED_ROMS)
TEST_PARTS  += tests/served/cpu.sh matrix:tests/served/served.cfg

$(BUILD)/tests/served/%.bin: tests/served/served.asm tests/hostile/hostile.inc | $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(call say,NASM,$@)
	$(mkdir)
	$(Q)$(NASM) -w+error -f bin -Itests/hostile/ -I$(GEN)/ -DMISTAKE=$* -o $@ $<
$(SERVED_ROMS): %.rom: %.bin $(BUILD)/rom/full.rom $(BUILD)/pvrom tests/served/served.sh
	$(call say,MUTATE,$@)
	$(Q)tests/served/served.sh $(BUILD) $< $@
