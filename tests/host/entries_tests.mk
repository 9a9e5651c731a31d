# SPDX-License-Identifier: GPL-2.0-only
# The ROM's single-instruction entries, byte by byte.
ENTRIES_TEST := $(BUILD)/asan/tests/host/test_entries
HOST_TESTS   += $(ENTRIES_TEST)
$(ENTRIES_TEST): $(ENTRIES_TEST).o $(BUILD)/asan/tools/romfile/romfile.o \
		$(BUILD)/asan/gen/vmi_calls.o $(BUILD)/host/gen/vmi_native32.o | $(BUILD)/rom/full.rom
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka
