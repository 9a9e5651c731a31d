# SPDX-License-Identifier: GPL-2.0-only
# The trace build of each profile, NAME-trace.rom: the same sources, assembled with TRACE.
TRACE_ROMS := $(PROFILES:%=$(BUILD)/rom/%-trace.rom)
TRACE_OBJS := $(ROM_SRCS:%.asm=$(BUILD)/trace/%.o) $(BUILD)/trace/rom/trace/trace.o
TRACE_FLAGS := -D TRACE -D ONE_WIDTH -I rom/trace/

$(TRACE_OBJS): $(BUILD)/trace/%.o: %.asm tools/tools.mk rom/rom.mk | $(GEN)/vmi_abi.inc
	$(call nasm_rom,$(TRACE_FLAGS))
$(BUILD)/rom/init-%-trace.o: rom/init.asm $(GEN)/profile_%.inc rom/rom.mk | $(GEN)/vmi_abi.inc
	$(call nasm_rom,$(TRACE_FLAGS) -D PROFILE_INC="'profile_$*.inc'")
$(BUILD)/rom/%-trace.elf: $(BUILD)/rom/init-%-trace.o $(TRACE_OBJS) rom/vmi.lds
	$(call link_rom)
