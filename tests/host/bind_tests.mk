# SPDX-License-Identifier: GPL-2.0-only
# Host tests of pvrom's mutate, bind and census, as processes.
BIND_TESTS := $(BUILD)/asan/tests/host/test_mutate $(BUILD)/asan/tests/host/test_bind
HOST_TESTS += $(BIND_TESTS)
$(BIND_TESTS): %: %.o | $(BUILD)/asan/pvrom $(ROMS) \
		$(patsubst tests/hostile/%.asm,$(BUILD)/tests/hostile/%.rom,$(wildcard tests/hostile/*.asm))
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka
