# SPDX-License-Identifier: GPL-2.0-only
# The ROM: .asm -> .o -> .elf -> .bin -> .rom, once per profile. Only init.asm
# differs between profiles.
PROFILES := $(patsubst rom/profiles/%.cfg,%,$(wildcard rom/profiles/*.cfg))
ROMS     := $(PROFILES:%=$(BUILD)/rom/%.rom)
# rom/trace/ is of trace builds alone: rom/trace/trace.mk.
ROM_SRCS := $(filter-out rom/init.asm,$(wildcard rom/*.asm)) $(wildcard rom/calls/*.asm) rom/neutral/scale.asm
# Hypervisors' interfaces, which trace builds and the hypervisor's own ROM do without (-D NO_BACKENDS).
BACKEND_SRCS := $(wildcard rom/backends/*.asm)
# Files whose bytes both widths share: rom/neutral/neutral.inc.
NEUTRAL_SRCS := $(filter-out $(ROM_SRCS),$(wildcard rom/neutral/*.asm))
# The 64-bit half, which the hypervisor's ROM does without (-D ONE_WIDTH).
ROM64_SRCS := $(wildcard rom/x86_64/*.asm)
# Files that are assembled a second time for it (rom/width.inc), and those that need not be: they are
# the same bytes (rom/neutral/neutral.inc), which making their 64-bit objects checks.
SAME_SRCS := $(wildcard rom/alarm_*.asm rom/neutral/*.asm)
BOTH_SRCS := $(BACKEND_SRCS) rom/state.asm rom/find_apic.asm \
	$(addprefix rom/calls/,clock.asm alarm.asm apic.asm guest.asm)
ROM_OBJS := $(patsubst %.asm,$(BUILD)/%.o,$(ROM_SRCS) $(BACKEND_SRCS) $(NEUTRAL_SRCS) $(ROM64_SRCS)) $(BOTH_SRCS:rom/%.asm=$(BUILD)/rom64/%.o)
RELEASE_WORDS := $(subst ., ,$(RELEASE))
ROM_NASMFLAGS := -f elf32 -g -F dwarf -w+error -I rom/ -I rom/x86_64/ -I $(GEN)/ \
	-D RELEASE="'$(RELEASE)'" -D RELEASE_MAJOR=$(word 1,$(RELEASE_WORDS)) \
	-D RELEASE_MINOR=$(word 2,$(RELEASE_WORDS))

# NASM's -MD leaves %include files out, so the dependencies have a pass of their own.
define nasm_rom
$(call say,NASM,$<)
$(mkdir)
$(Q)$(NASM) $(ROM_NASMFLAGS) $(1) -M -MP -MT $@ -MF $(@:.o=.d) $<
$(Q)$(NASM) $(ROM_NASMFLAGS) $(1) -o $@ $<
endef

$(filter-out $(BUILD)/rom64/%,$(ROM_OBJS)): $(BUILD)/%.o: %.asm tools/tools.mk rom/rom.mk | $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(call nasm_rom,)
$(filter $(BUILD)/rom64/%,$(ROM_OBJS)): $(BUILD)/rom64/%.o: rom/%.asm tools/tools.mk rom/rom.mk | $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(call nasm_rom,-D WIDTH=64)
$(SAME_SRCS:%.asm=$(BUILD)/%.same): $(BUILD)/rom/%.same: rom/%.asm $(BUILD)/rom/%.o rom/rom.mk
	$(call nasm_rom,-D WIDTH=64 -w-prefix-seg)
	$(Q)objcopy -O binary -j .text $@ $@.64
	$(Q)objcopy -O binary -j .text $(@:.same=.o) $@.32
	$(Q)cmp $@.32 $@.64 || { echo "$<: not the same bytes in 32 and 64 bit" >&2; rm -f $@; exit 1; }
	$(Q)rm $@.32 $@.64
$(BUILD)/rom/init-%.o: rom/init.asm $(GEN)/profile_%.inc rom/rom.mk | $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(call nasm_rom,-D PROFILE_INC="'profile_$*.inc'")
UNPROVIDED := rom/unprovided.cfg
define abigen_profile
$(call say,ABIGEN,$@)
$(mkdir)
$(Q)$(ABIGEN) profile spec/vmi.abi $< $@ $(filter-out spec/vmi.abi,$(SPECS)) $(SPEC64) $(UNPROVIDED)
endef
$(GEN)/profile_%.inc: rom/profiles/%.cfg $(UNPROVIDED) $(SPECS) $(SPEC64) $(ABIGEN)
	$(call abigen_profile)

# -z text refuses an absolute reference; readelf then sees that no relocation is left. The build
# id is the SHA-1 of the image's own bytes, with zeros in its place: the linker's would cover
# debugging sections, too, and NASM puts the folder of the build there.
NO_ID := 0x$(subst x,0,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)
ld_rom = $(LD) -m elf_i386 -pie -z text -z noexecstack --no-dynamic-linker --no-warn-rwx-segments --fatal-warnings \
		-T $(filter %.lds,$^) -Map $(@:.elf=.map) -o $@ $(filter %.o,$^)
define link_rom
$(call say,LD,$@)
$(Q)$(ld_rom) --build-id=$(NO_ID)
$(Q)objcopy -O binary -j .resident -j .post $@ $@.bytes
$(Q)$(ld_rom) --build-id=0x$$(sha1sum < $@.bytes | cut -c1-40)
$(Q)rm $@.bytes
$(Q)nm $@ | awk '$$2 == "a" { print $$3 }' > $@.equates	# structure offsets, no addresses
$(Q)objcopy --strip-symbols=$@.equates $@
$(Q)LC_ALL=C readelf -r $@ | grep -q 'no relocations' || \
		{ echo "$@: relocations are left; make the reference relative to EIP" >&2; exit 1; }
endef
$(BUILD)/rom/%.elf: $(BUILD)/rom/init-%.o $(ROM_OBJS) rom/vmi.lds | $(SAME_SRCS:%.asm=$(BUILD)/%.same)
	$(call link_rom)
$(BUILD)/rom/%.bin: $(BUILD)/rom/%.elf
	$(Q)objcopy -O binary -j .resident -j .post $< $@
$(BUILD)/rom/%.rom: $(BUILD)/rom/%.bin $(BUILD)/romsign
	$(call say,SIGN,$@)
	$(Q)$(BUILD)/romsign $< $@
# Symbols and map go with it; the .elf is linked before the .rom is signed.
$(BUILD)/vmi.rom: $(BUILD)/rom/full.rom
	$(Q)cp $(BUILD)/rom/full.elf $(@:.rom=.elf)
	$(Q)cp $(BUILD)/rom/full.map $(@:.rom=.map)
	$(Q)cp $< $@

include rom/trace/trace.mk
include rom/hv/hv.mk
.SECONDARY:
rom: $(ROMS) $(TRACE_ROMS) $(BUILD)/vmi.rom $(HV_ROM) ## the ROM in every profile; build/vmi.rom is `full`
