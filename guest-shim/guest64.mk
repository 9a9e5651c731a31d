# SPDX-License-Identifier: GPL-2.0-only
# The guest kernel in long mode: the shared files and tests, and those of its width.
GUEST64     := $(BUILD)/guest64.elf
GUEST64_DIR := $(BUILD)/guest64
GUEST64_TESTS := $(call guest_tests,tests/guest tests/guest/x86_64)
GUEST64_C   := $(wildcard guest-shim/*.c guest-shim/x86_64/*.c) \
	$(GUEST64_TESTS)
GUEST64_ASM := $(wildcard guest-shim/*.asm guest-shim/x86_64/*.asm)
GUEST64_LD  := guest-shim/x86_64/guest.ld
GUEST64_OBJS := $(GUEST64_C:%.c=$(GUEST64_DIR)/%.o) $(GUEST64_ASM:%.asm=$(GUEST64_DIR)/%.asm.o) \
	$(GUEST64_DIR)/gen/vmi64_twins.o
GUEST64_NASM := $(NASM) -w+all -w+error -I$(GUEST64_DIR)/ -Iguest-shim/x86_64/ -I$(GEN)/
# Freestanding 64-bit code in the topmost 2 GiB; interrupts come on the same stack, so no red zone.
GUEST64_CFLAGS := -std=gnu11 -m64 -march=x86-64 -mcmodel=kernel -mno-red-zone -O2 -g $(HERE) $(WARN) \
	-ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fcf-protection=none -mno-sse -mno-mmx -mno-80387 -fno-builtin -Iguest-shim -Iloader -I$(GEN)

$(GUEST64_DIR)/layout.inc: guest-shim/x86_64/layout.h
	$(call say,LAYOUT,$@)
	$(mkdir)
	$(Q)sed -nE 's/^#define ([A-Z0-9_]+) (0x[0-9a-f]+|[0-9]+)( .*)?$$/%define \1 \2/p' $< >$@
$(GUEST64_DIR)/%.o: %.c | $(GEN)/vmi_abi.h $(GEN)/vmi64_abi.h
	$(call say,CC64,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST64_CFLAGS) -Iguest-shim/x86_64 -Itests/guest -MMD -MP -c -o $@ $<
$(GUEST64_DIR)/%.asm.o: %.asm | $(GUEST64_DIR)/layout.inc
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(GUEST64_NASM) -M -MP -MT $@ -MF $(@:.o=.d) $<
	$(Q)$(GUEST64_NASM) -f elf64 -g -F dwarf -o $@ $<
$(GUEST64_DIR)/gen/vmi64_twins.o: $(GEN)/vmi64_twins.asm
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -f elf64 -o $@ $<
$(GUEST64_DIR)/objects: FORCE_GUEST
	$(mkdir)
	$(Q)echo '$(GUEST64_OBJS)' | cmp -s - $@ || echo '$(GUEST64_OBJS)' >$@
$(GUEST64)64: $(GUEST64_OBJS) $(LOADER_GUEST64) $(GUEST64_LD) $(GUEST64_DIR)/objects
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_x86_64 -static -z noexecstack -z max-page-size=4096 --fatal-warnings \
		-T $(GUEST64_LD) -Map $(GUEST64_DIR)/guest64.map -o $@ \
		$(GUEST64_OBJS) $(LOADER_GUEST64)
# A multiboot loader takes 32-bit files alone; symbols stay in the 64-bit one.
$(GUEST64): $(GUEST64)64
	$(call say,OBJCOPY,$@)
	$(Q)objcopy --strip-all -O elf32-i386 $< $@
guest: $(GUEST64) $(GUEST64)64
