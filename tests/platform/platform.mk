# SPDX-License-Identifier: GPL-2.0-only
# The player: a hypervisor that shows other hypervisors' interfaces (tests/platform/platform.h).
PLATFORM      := $(BUILD)/platform.elf
PLATFORM_DIR  := $(BUILD)/platform
PLATFORM_C    := $(wildcard tests/platform/*.c tests/svm/*.c) \
	$(addprefix guest-shim/,console.c printf.c exit.c memory.c measure.c rtc.c)
PLATFORM_OBJS := $(PLATFORM_DIR)/tests/platform/boot.o $(PLATFORM_C:%.c=$(PLATFORM_DIR)/%.o)

$(PLATFORM_DIR)/%.o: %.c tests/platform/platform.mk | $(GEN)/vmi_abi.h
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST_CFLAGS) -Iguest-shim/x86_32 -MMD -MP -c -o $@ $<
$(PLATFORM_DIR)/%.o: %.asm
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -w+all -w+error -f elf32 -g -F dwarf -o $@ $<
# boot.o begins with the header that a multiboot loader seeks.
$(PLATFORM): $(PLATFORM_OBJS)
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static -N -z noexecstack --no-warn-rwx-segments --fatal-warnings -e boot_entry \
		-Ttext $$(sed -nE 's/^#define PLAYER_BASE (0x[0-9a-f]+)u.*/\1/p' tests/platform/platform.h) \
		-Map $(PLATFORM_DIR)/platform.map -o $@ $^
TEST_INPUTS += $(PLATFORM)
TEST_PARTS  += matrix:tests/runs/platform.cfg matrix:tests/runs/platform_hyperv.cfg

# The guest that tests the player: the shim of either width, with tests of its own.
PLAYED        := $(BUILD)/platform-guest.elf
PLAYED64      := $(BUILD)/platform-guest64.elf
PLAYED_C      := $(wildcard tests/platform/guest/*.c)
PLAYED_OBJS   := $(PLAYED_C:%.c=$(GUEST32_DIR)/%.o) $(filter-out $(GUEST32_DIR)/tests/guest/%,$(GUEST32_OBJS))
PLAYED64_OBJS := $(PLAYED_C:%.c=$(GUEST64_DIR)/%.o) $(filter-out $(GUEST64_DIR)/tests/guest/%,$(GUEST64_OBJS))
$(PLAYED): $(PLAYED_OBJS) $(BUILD)/loader32/libvmi.a $(GUEST32_LD)
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static -z noexecstack -z max-page-size=4096 --fatal-warnings \
		-T $(GUEST32_LD) -Map $(GUEST32_DIR)/platform-guest.map -o $@ \
		$(PLAYED_OBJS) $(BUILD)/loader32/libvmi.a
$(PLAYED64): $(PLAYED64_OBJS) $(LOADER_GUEST64) $(GUEST64_LD)
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_x86_64 -static -z noexecstack -z max-page-size=4096 --fatal-warnings \
		-T $(GUEST64_LD) -Map $(GUEST64_DIR)/platform-guest64.map -o $@64 \
		$(PLAYED64_OBJS) $(LOADER_GUEST64)
	$(Q)objcopy --strip-all -O elf32-i386 $@64 $@
TEST_INPUTS += $(PLAYED) $(PLAYED64)
