# SPDX-License-Identifier: GPL-2.0-only
# Host tests of pvrom and romsign, with sanitizers.
TOOL_TESTS := $(patsubst %.c,$(BUILD)/asan/%,tests/host/test_romfile.c $(wildcard tests/host/test_run_*.c))
HOST_TESTS += $(TOOL_TESTS)

TOOL_TEST_OBJS := $(patsubst %.c,$(BUILD)/asan/%.o,$(PVROM_LIB_SRCS) tools/romsign/sign.c) \
	$(BUILD)/asan/gen/vmi_calls.o
$(TOOL_TESTS): %: %.o $(TOOL_TEST_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka -pthread

# pvrom itself, for the tests that look at its exit status and its processes.
$(BUILD)/asan/pvrom: $(PVROM_SRCS:%.c=$(BUILD)/asan/%.o) $(BUILD)/asan/gen/vmi_calls.o
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -pthread
$(BUILD)/asan/tests/host/test_run_cli: | $(BUILD)/asan/pvrom
