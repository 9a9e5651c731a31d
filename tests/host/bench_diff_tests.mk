# SPDX-License-Identifier: GPL-2.0-only
# Host tests of pvrom bench-diff: the command.
BENCH_DIFF_TEST := $(BUILD)/asan/tests/host/test_bench_diff
HOST_TESTS += $(BENCH_DIFF_TEST)
$(BENCH_DIFF_TEST): $(BENCH_DIFF_TEST).o | $(BUILD)/asan/pvrom
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka
