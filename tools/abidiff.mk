# SPDX-License-Identifier: GPL-2.0-only
# pvrom abidiff: abigen's readers, and the versions that it knows, which lie beside pvrom.
SPEC_SRCS := $(wildcard tools/abigen/read_*.c) tools/abigen/util.c
ABI_VERSIONS := $(patsubst spec/released/%,$(BUILD)/abi/%,$(wildcard spec/released/*/*.abi))
ABI_OWN      := $(patsubst spec/%,$(BUILD)/abi/own/%,$(SPECS) spec/vmi64.abi)
$(ABI_VERSIONS): $(BUILD)/abi/%: spec/released/%
	$(call say,COPY,$@)
	$(mkdir)
	$(Q)cp $< $@
$(ABI_OWN): $(BUILD)/abi/own/%: spec/%
	$(call say,COPY,$@)
	$(mkdir)
	$(Q)cp $< $@
# Whoever builds the tools, or checks, gets them.
tools check: $(ABI_VERSIONS) $(ABI_OWN)
