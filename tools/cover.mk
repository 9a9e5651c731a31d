# SPDX-License-Identifier: GPL-2.0-only
# pvrom cover, and its data, which lie beside pvrom.
COVER_SRCS := $(wildcard tools/cover/*.c)
COVER_DATA := $(patsubst spec/%,$(BUILD)/%,$(wildcard spec/pvops/*.tsv))
$(COVER_DATA): $(BUILD)/pvops/%: spec/pvops/%
	$(call say,COPY,$@)
	$(mkdir)
	$(Q)cp $< $@
$(BUILD)/pvops/guest.tsv: tools/cover/guest.awk spec/vmi.abi guest-shim/x86_32/slots_arch.h guest-shim/slots.h
	$(call say,SLOTS,$@)
	$(mkdir)
	$(Q)awk -f $^ >$@.tmp && mv $@.tmp $@
COVER_DATA += $(BUILD)/pvops/guest.tsv
tools: $(COVER_DATA)
