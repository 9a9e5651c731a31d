# SPDX-License-Identifier: GPL-2.0-only
# The ROM for the hypervisor of tests/hv/: rom/hv/mmu.asm stands in for rom/calls/mmu.asm, APIC and
# timer calls are left out, the rest is assembled with HV.
HV_ROM      := $(BUILD)/vmi-hv.rom
HV_ROM_SRCS := $(filter-out rom/calls/mmu.asm rom/calls/a%.asm rom/calls/clock.asm \
	rom/find_apic.asm rom/alarm_%.asm,$(ROM_SRCS)) rom/hv/mmu.asm
HV_ROM_OBJS := $(HV_ROM_SRCS:%.asm=$(BUILD)/rom-hv/%.o)
HV_ROM_INC  := $(GEN)/hypercall.inc
HV_ROM_FLAGS := -D HV -D ONE_WIDTH -D NO_BACKENDS -I rom/hv/

# Numbers that C and assembly share; this is their NASM form.
$(HV_ROM_INC): rom/hv/hypercall.h rom/hv/hv.mk
	$(call say,LAYOUT,$@)
	$(mkdir)
	$(Q)sed -nE 's/^#define ([A-Z0-9_]+) (0x[0-9a-f]+|[0-9]+)( .*)?$$/%define \1 \2/p' $< >$@
$(HV_ROM_OBJS): $(BUILD)/rom-hv/%.o: %.asm tools/tools.mk rom/rom.mk rom/hv/hv.mk | $(GEN)/vmi_abi.inc $(HV_ROM_INC)
	$(call nasm_rom,$(HV_ROM_FLAGS))
$(BUILD)/rom-hv/init.o: rom/init.asm $(GEN)/profile_hv.inc rom/rom.mk | $(GEN)/vmi_abi.inc $(HV_ROM_INC)
	$(call nasm_rom,$(HV_ROM_FLAGS) -D PROFILE_INC="'profile_hv.inc'")
$(GEN)/profile_hv.inc: rom/hv/hv.cfg spec/vmi.abi $(ABIGEN)
	$(call say,ABIGEN,$@)
	$(mkdir)
	$(Q)$(ABIGEN) profile spec/vmi.abi $< $@
$(BUILD)/rom-hv/hv.elf: $(BUILD)/rom-hv/init.o $(HV_ROM_OBJS) rom/vmi.lds
	$(call link_rom)
$(BUILD)/rom-hv/hv.bin: $(BUILD)/rom-hv/hv.elf
	$(Q)objcopy -O binary -j .resident -j .post $< $@
# Symbols and map go with it.
$(HV_ROM): $(BUILD)/rom-hv/hv.bin $(BUILD)/romsign
	$(call say,SIGN,$@)
	$(Q)cp $(BUILD)/rom-hv/hv.elf $(@:.rom=.elf)
	$(Q)cp $(BUILD)/rom-hv/hv.map $(@:.rom=.map)
	$(Q)$(BUILD)/romsign $< $@
