# SPDX-License-Identifier: GPL-2.0-only
# ROMs of tests/runs/negotiation.cfg: the full one under other versions, and one that is
# not free. api_3.1.rom says 3.1.
VERSIONS := 2.9 3.1 4.0 13.0 13.3
VERSION_ROMS := $(VERSIONS:%=$(BUILD)/tests/negotiation/api_%.rom)
LICENSE_ROM  := $(BUILD)/tests/negotiation/license.rom
TEST_INPUTS += $(VERSION_ROMS) $(LICENSE_ROM)

$(VERSION_ROMS): $(BUILD)/tests/negotiation/api_%.rom: $(BUILD)/rom/full.rom $(BUILD)/pvrom
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)$(BUILD)/pvrom mutate --api $* $< $@
$(LICENSE_ROM): $(BUILD)/rom/full.rom $(BUILD)/pvrom
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)$(BUILD)/pvrom mutate --license Proprietary $< $@
