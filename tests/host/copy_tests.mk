# SPDX-License-Identifier: GPL-2.0-only
# Host tests of the loader's plan of a copy.
COPY_TEST := $(BUILD)/asan/tests/host/test_copy
HOST_TESTS += $(COPY_TEST)
$(COPY_TEST): %: %.o $(LOADER_ASAN)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka
