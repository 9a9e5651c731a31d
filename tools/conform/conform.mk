# SPDX-License-Identifier: GPL-2.0-only
# The data of pvrom conform lies where pvrom finds it; it boots both guests.
CONFORM_DATA := $(patsubst tools/%,$(BUILD)/%,$(wildcard tools/conform/*.cfg))
$(CONFORM_DATA): $(BUILD)/conform/%: tools/conform/%
	$(mkdir)
	$(Q)cp $< $@
all: $(BUILD)/client.elf
