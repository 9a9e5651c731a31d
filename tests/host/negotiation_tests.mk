# SPDX-License-Identifier: GPL-2.0-only
# ROMs of tests/runs/negotiation.cfg: the full one under other versions, and one that is
# not free. The good ones are api_3.0.rom, which hides its directory, api_3.1.rom and api_3.3.rom.
VERSIONS := 2.9 3.0 3.1 3.3 4.0 13.0 13.3
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
# They fail checks of pvrom verify that no other ROM fails.
$(BUILD)/asan/tests/host/test_verify: | $(VERSION_ROMS) $(LICENSE_ROM)
