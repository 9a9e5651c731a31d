# SPDX-License-Identifier: GPL-2.0-only
# Tests of what helps to debug: faults inside the ROM, traces, gdb.
TEST_PARTS  += tests/debug/fault.sh tests/debug/no_trace.sh tests/debug/trace.sh \
	tests/debug/trace_bad.sh tests/debug/trace_cpu.sh tests/debug/gdb.sh tests/debug/gdb64.sh
TEST_INPUTS += $(BUILD)/asan/chrome_check

$(BUILD)/asan/chrome_check: $(BUILD)/asan/tests/debug/chrome_check.o
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcjson
