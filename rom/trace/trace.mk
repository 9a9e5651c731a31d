# SPDX-License-Identifier: GPL-2.0-only
# The trace build of each profile, NAME-trace.rom: the same sources, assembled with TRACE.
TRACE_ROMS := $(PROFILES:%=$(BUILD)/rom/%-trace.rom)
TRACE_OBJS := $(ROM_SRCS:%.asm=$(BUILD)/trace/%.o) $(BUILD)/trace/rom/trace/trace.o
TRACE_FLAGS := -D TRACE -D ONE_WIDTH -I rom/trace/

$(TRACE_OBJS): $(BUILD)/trace/%.o: %.asm tools/tools.mk rom/rom.mk | $(GEN)/vmi_abi.inc
	$(call nasm_rom,$(TRACE_FLAGS))
$(BUILD)/rom/init-%-trace.o: rom/init.asm $(GEN)/profile_%.inc rom/rom.mk | $(GEN)/vmi_abi.inc
	$(call nasm_rom,$(TRACE_FLAGS) -D PROFILE_INC="'profile_$*.inc'")
# An ENDBR32 that ends a page is a block of its own in QEMU's log, with which traces are compared:
# with sections of 16 bytes, for which there is room here, no entry lies so. Nor is it padded.
$(BUILD)/trace/vmi.lds: rom/vmi.lds rom/trace/trace.mk
	$(mkdir)
	$(Q)sed 's/SUBALIGN(1)/SUBALIGN(16)/; s/ALIGN(0x3000)/ALIGN(512)/' $< > $@ && \
		grep -q 'SUBALIGN(16)' $@ && ! grep -q 0x3000 $@
$(BUILD)/rom/%-trace.elf: $(BUILD)/rom/init-%-trace.o $(TRACE_OBJS) $(BUILD)/trace/vmi.lds
	$(call link_rom)
	$(Q)! nm $@ | grep -E '[0-9a-f]*ffc T vmi_' || { echo "$@: this entry ends a page; shift it" >&2; exit 1; }
