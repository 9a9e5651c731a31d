# SPDX-License-Identifier: GPL-2.0-only
# Host tests of the loader; tests/tests.mk runs what is in HOST_TESTS.
LOADER_TEST      := $(BUILD)/asan/test_loader
LOADER_TEST_SRCS := $(wildcard tests/host/test_loader*.c tests/host/test_negotiation*.c \
	tests/host/test_overrides*.c) tests/host/rom_image.c tests/host/rom_check.c
HOST_TESTS += $(LOADER_TEST)

# The ROM of which the tests flip every bit.
export PVROM_TEST_ROM := $(BUILD)/rom/full.rom
$(LOADER_TEST): | $(PVROM_TEST_ROM)

$(LOADER_TEST): $(LOADER_TEST_SRCS:%.c=$(BUILD)/asan/%.o) $(LOADER_ASAN)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka
