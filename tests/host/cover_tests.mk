# SPDX-License-Identifier: GPL-2.0-only
# Host tests of pvrom cover: its parts, and the command.
COVER_TEST := $(BUILD)/asan/tests/host/test_cover
HOST_TESTS += $(COVER_TEST)
$(COVER_TEST): $(COVER_TEST).o $(filter-out $(BUILD)/asan/tools/pvrom/%,$(call pvrom_objs,asan)) \
		| $(BUILD)/asan/pvrom $(ROMS)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka -pthread $(EMU_LIBS) $(PVROM_LIBS)
# The data of the sanitized pvrom.
$(BUILD)/asan/pvops: $(COVER_DATA)
	$(Q)rm -rf $@ && cp -r $(BUILD)/pvops $@
$(COVER_TEST): | $(BUILD)/asan/pvops
