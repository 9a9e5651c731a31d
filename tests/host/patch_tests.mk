# SPDX-License-Identifier: GPL-2.0-only
# Host tests of call-site patching, over the loader tests' fixture.
PATCH_TEST      := $(BUILD)/asan/test_patch
PATCH_TEST_SRCS := $(wildcard tests/host/test_patch*.c) tests/host/test_loader_fixture.c \
	tests/host/rom_image.c
HOST_TESTS += $(PATCH_TEST)

$(PATCH_TEST): $(PATCH_TEST_SRCS:%.c=$(BUILD)/asan/%.o) $(LOADER_ASAN)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka -lunicorn
