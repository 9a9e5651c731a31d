# SPDX-License-Identifier: GPL-2.0-only
# The trace build of each profile, NAME-trace.rom: the same sources, assembled with TRACE.
TRACE_ROMS := $(PROFILES:%=$(BUILD)/rom/%-trace.rom)
TRACE_OBJS32 := $(ROM_SRCS:%.asm=$(BUILD)/trace/%.o) $(BUILD)/trace/rom/trace/trace.o
TRACE_OBJS64 := $(patsubst rom/%.asm,$(BUILD)/trace64/%.o,$(filter-out $(BACKEND_SRCS),$(BOTH_SRCS)) $(ROM64_SRCS) rom/trace/trace64.asm)
TRACE_OBJS := $(TRACE_OBJS32) $(TRACE_OBJS64)
TRACE_FLAGS := -D TRACE -D NO_BACKENDS -I rom/trace/

$(TRACE_OBJS32): $(BUILD)/trace/%.o: %.asm tools/tools.mk rom/rom.mk rom/trace/trace.mk | $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(call nasm_rom,$(TRACE_FLAGS))
$(TRACE_OBJS64): $(BUILD)/trace64/%.o: rom/%.asm tools/tools.mk rom/rom.mk rom/trace/trace.mk | $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(call nasm_rom,$(TRACE_FLAGS) -D WIDTH=64)
$(BUILD)/rom/init-%-trace.o: rom/init.asm $(GEN)/profile_%.inc rom/rom.mk | $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(call nasm_rom,$(TRACE_FLAGS) -D PROFILE_INC="'profile_$*.inc'")
# An ENDBR that ends a page is a block of its own in QEMU's log, with which traces are compared:
# with sections of 16 bytes, for which there is room here, no entry lies so. Nor is it padded.
$(BUILD)/trace/vmi.lds: rom/vmi.lds rom/trace/trace.mk
	$(mkdir)
	$(Q)sed 's/SUBALIGN(1)/SUBALIGN(16)/; s/ALIGN(0x3000)/ALIGN(512)/; s/<= 0x5000, "the image is above 20 KiB"/<= 0x6800, "the image is above 26 KiB"/' $< > $@ && \
		grep -q 'SUBALIGN(16)' $@ && ! grep -q '0x3000\|0x5000' $@
$(BUILD)/rom/%-trace.elf: $(BUILD)/rom/init-%-trace.o $(TRACE_OBJS) $(BUILD)/trace/vmi.lds
	$(call link_rom)
	$(Q)! nm $@ | grep -E '[0-9a-f]*ffc T vmi(64)?_' || { echo "$@: this entry ends a page; shift it" >&2; exit 1; }
