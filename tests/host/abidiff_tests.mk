# SPDX-License-Identifier: GPL-2.0-only
# Host test of pvrom abidiff, as a process, over tests/abidiff/.
ABIDIFF_TEST := $(BUILD)/asan/test_abidiff
HOST_TESTS += $(ABIDIFF_TEST)
ABIDIFF_LINKED := $(patsubst %.c,$(BUILD)/asan/%.o,tests/host/test_abidiff.c tools/stanza/stanza.c \
	tools/run/rules.c tools/run/text.c)
$(ABIDIFF_TEST): $(ABIDIFF_LINKED) | $(BUILD)/asan/pvrom $(BUILD)/pvrom $(ROMS)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $(ABIDIFF_LINKED) -lcmocka -lcjson
