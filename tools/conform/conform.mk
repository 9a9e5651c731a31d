# SPDX-License-Identifier: GPL-2.0-only
# The data of pvrom conform lies beside pvrom, where it looks; it boots the guests.
CONFORM_CFG  := $(wildcard tools/conform/*.cfg)
CONFORM_DATA := $(CONFORM_CFG:tools/%=$(BUILD)/%)
# For the one with sanitizers, which tests run.
CONFORM_ASAN := $(CONFORM_CFG:tools/%=$(BUILD)/asan/%)
$(CONFORM_DATA): $(BUILD)/%: tools/%
	$(mkdir)
	$(Q)cp $< $@
$(CONFORM_ASAN): $(BUILD)/asan/%: tools/%
	$(mkdir)
	$(Q)cp $< $@
all: $(BUILD)/client.elf
