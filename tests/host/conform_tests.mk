# SPDX-License-Identifier: GPL-2.0-only
# pvrom conform as a process, and the ROMs that it states something of: entries of full.rom that
# do something else, at the addresses of its symbols, NAME=SYMBOL:BODY behind ENDBR32.
CONFORM_WRONG := wallclock=vmi_get_wallclock_time:31c031d2c3
CONFORM_WRONG += cr2=vmi_get_cr2:31c0c3
CONFORM_WRONG += cancel=vmi_cancel_alarm:31c0c3
CONFORM_WRONG += leave64=vmi64_leave:c3
CONFORM_ROMS  := $(foreach wrong,$(CONFORM_WRONG),$(BUILD)/tests/conform/$(firstword $(subst =, ,$(wrong))).rom)
TEST_INPUTS   += $(CONFORM_ROMS)
$(CONFORM_ROMS): $(BUILD)/tests/conform/%.rom: $(BUILD)/rom/full.rom $(BUILD)/pvrom tests/host/conform_tests.mk
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)set -- $(subst :, ,$(patsubst $*=%,%,$(filter $*=%,$(CONFORM_WRONG)))); \
		at=$$(nm $(BUILD)/rom/full.elf | sed -n "s/^\([0-9a-f]*\) T $$1\$$/\1/p"); \
		$(BUILD)/pvrom mutate --bytes $$(printf 0x%x $$((0x$$at + 4))):$$2 $< $@

CONFORM_TEST := $(BUILD)/asan/tests/host/test_conform
HOST_TESTS   += $(CONFORM_TEST)
$(CONFORM_TEST): %: %.o $(BUILD)/asan/gen/vmi_calls.o | $(BUILD)/asan/pvrom $(BUILD)/pvrom $(BUILD)/guest32.elf $(BUILD)/guest64.elf $(BUILD)/client.elf $(ROMS) $(CONFORM_DATA) $(CONFORM_ASAN) \
		$(CONFORM_ROMS) $(BUILD)/tests/machines/checksum.rom $(BUILD)/tests/wide/nested.rom $(BUILD)/tests/emu/armed.rom
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka -lcjson
