# SPDX-License-Identifier: GPL-2.0-only
# pvrom addr2call, through the command line.
HOST_TESTS += $(BUILD)/asan/tests/host/test_addr2call
$(BUILD)/asan/tests/host/test_addr2call: %: %.o $(BUILD)/asan/gen/vmi_calls.o | $(BUILD)/asan/pvrom \
		$(patsubst %,$(BUILD)/rom/%.rom,full min empty) $(BUILD)/vmi.rom $(BUILD)/pvrom
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka
