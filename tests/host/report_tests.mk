# SPDX-License-Identifier: GPL-2.0-only
# Host tests of pvrom report.
REPORT_TEST := $(BUILD)/asan/tests/host/test_report
HOST_TESTS += $(REPORT_TEST)
$(REPORT_TEST): $(REPORT_TEST).o | $(BUILD)/asan/pvrom $(BUILD)/asan/pvops
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka
