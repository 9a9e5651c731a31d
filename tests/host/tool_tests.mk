# SPDX-License-Identifier: GPL-2.0-only
# Host tests of pvrom and romsign, with sanitizers.
TOOL_TESTS := $(patsubst %.c,$(BUILD)/asan/%,\
	tests/host/test_romfile.c $(wildcard tests/host/test_run_*.c))
HOST_TESTS += $(TOOL_TESTS)

TOOL_TEST_OBJS := $(patsubst %.c,$(BUILD)/asan/%.o,$(PVROM_LIB_SRCS) tools/romsign/sign.c) \
	$(BUILD)/asan/gen/vmi_calls.o $(BUILD)/asan/gen/vmi64_calls.o
$(TOOL_TESTS): %: %.o $(TOOL_TEST_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka -pthread $(PVROM_LIBS)

# pvrom itself, for the tests that look at its exit status and its processes.
$(BUILD)/asan/pvrom: $(call pvrom_objs,asan)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -pthread $(EMU_LIBS) $(PVROM_LIBS)
$(BUILD)/asan/tests/host/test_run_cli: | $(BUILD)/asan/pvrom

# The ROM of tests/runs/quick.cfg that the firmware must refuse: one bit of one byte is another one.
FLIPPED_AT := 1024
TEST_INPUTS += $(BUILD)/tests/flipped.rom
$(BUILD)/tests/flipped.rom: $(BUILD)/rom/full.rom tests/host/tool_tests.mk
	$(call say,FLIP,$@)
	$(mkdir)
	$(Q)cp $< $@
	$(Q)byte=$$(od -An -tu1 -j $(FLIPPED_AT) -N 1 $<) && \
		printf "\\$$(printf %03o $$((byte ^ 1)))" | \
		dd of=$@ bs=1 seek=$(FLIPPED_AT) conv=notrunc status=none
