# SPDX-License-Identifier: GPL-2.0-only
# make install PREFIX=FOLDER [DESTDIR=FOLDER], uninstall, dist.
PREFIX  ?= /usr/local
DESTDIR ?=
INSTALL_SCRIPTS := $(wildcard tools/install/*.sh)

# The man page and the completion are made from what pvrom says of itself.
$(BUILD)/pvrom.1: docs/pvrom.1.in $(BUILD)/pvrom $(INSTALL_SCRIPTS)
	$(call say,MAN,$@)
	$(Q)tools/install/man.sh $(BUILD)/pvrom $< > $@
$(BUILD)/pvrom.bash: $(BUILD)/pvrom $(INSTALL_SCRIPTS)
	$(call say,BASH,$@)
	$(Q)tools/install/completion.sh $(BUILD)/pvrom > $@
INSTALLED := $(BUILD)/pvrom.1 $(BUILD)/pvrom.bash
TEST_INPUTS += $(INSTALLED)
TEST_PARTS  += tests/install/manners.sh tests/install/install.sh

.PHONY: install uninstall dist
# Run lists need their ROMs, and the client guest.
install: all $(INSTALLED) $(filter %.rom %.elf,$(TEST_INPUTS)) ## install below PREFIX=/usr/local
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)tools/install/install.sh $(BUILD) '$(DESTDIR)$(PREFIX)'
uninstall: ## remove what install put there
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)rm -rf '$(DESTDIR)$(PREFIX)/share/pvrom' '$(DESTDIR)$(PREFIX)/share/doc/pvrom'
	$(Q)rm -f '$(DESTDIR)$(PREFIX)/bin/pvrom' '$(DESTDIR)$(PREFIX)/share/man/man1/pvrom.1' \
		'$(DESTDIR)$(PREFIX)/share/bash-completion/completions/pvrom'
dist: rom ## sources, ROMs and SHA256SUMS in build/dist
	$(Q)tools/install/dist.sh $(BUILD) $(RELEASE)
