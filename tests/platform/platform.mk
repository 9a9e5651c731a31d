# SPDX-License-Identifier: GPL-2.0-only
# The player: a hypervisor that shows other hypervisors' interfaces (tests/platform/platform.h).
PLATFORM      := $(BUILD)/platform.elf
PLATFORM_DIR  := $(BUILD)/platform
PLATFORM_C    := $(wildcard tests/platform/*.c) tests/svm/load.c \
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
