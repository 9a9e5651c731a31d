# SPDX-License-Identifier: GPL-2.0-only
# The guest kernel: what both widths share, one folder per width, and the in-guest tests.
GUEST32     := $(BUILD)/guest32.elf
GUEST32_DIR := $(BUILD)/guest32
# Tests run in the order of linking, by file name, wherever they stand. Conventions come first: an
# entry that loses registers can spoil every test after it. $(call guest_tests,FOLDERS)
guest_tests = tests/guest/conventions.c $(foreach name,$(sort $(notdir $(wildcard $(1:%=%/*.c)))), \
	$(filter-out tests/guest/conventions.c,$(wildcard $(1:%=%/$(name)))))
GUEST_TESTS := $(call guest_tests,tests/guest tests/guest/x86_32)
GUEST32_C   := $(wildcard guest-shim/*.c guest-shim/x86_32/*.c) $(GUEST_TESTS)
GUEST32_ASM := $(wildcard guest-shim/*.asm guest-shim/x86_32/*.asm)
GUEST32_LD  := guest-shim/x86_32/guest.ld
GUEST32_OBJS := $(GUEST32_C:%.c=$(GUEST32_DIR)/%.o) $(GUEST32_ASM:%.asm=$(GUEST32_DIR)/%.asm.o) \
	$(GUEST32_DIR)/gen/vmi_twins32.o
GUEST32_INC := $(GUEST32_DIR)/layout.inc
GUEST32_NASM := $(NASM) -w+all -w+error -I$(GUEST32_DIR)/ -Iguest-shim/x86_32/ -I$(GEN)/

# Numbers that C and assembly share stand in layout.h; this is their NASM form.
$(GUEST32_INC): guest-shim/x86_32/layout.h
	$(call say,LAYOUT,$@)
	$(mkdir)
	$(Q)sed -nE 's/^#define ([A-Z0-9_]+) (0x[0-9a-f]+|[0-9]+)( .*)?$$/%define \1 \2/p' $< >$@
$(GUEST32_DIR)/%.o: %.c | $(GEN)/vmi_abi.h $(GEN)/vmi64_abi.h
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST_CFLAGS) -Iguest-shim/x86_32 -Itests/guest -MMD -MP -c -o $@ $<
# NASM's -MD forgets included files, so the dependencies take a pass of their own.
$(GUEST32_DIR)/%.asm.o: %.asm | $(GUEST32_INC)
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(GUEST32_NASM) -M -MP -MT $@ -MF $(@:.o=.d) $<
	$(Q)$(GUEST32_NASM) -f elf32 -g -F dwarf -o $@ $<
$(GUEST32_DIR)/gen/vmi_twins32.o: $(GEN)/vmi_twins32.asm
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -f elf32 -o $@ $<
# The list of objects: a source that goes away must relink the guest, too.
$(GUEST32_DIR)/objects: FORCE_GUEST
	$(mkdir)
	$(Q)echo '$(GUEST32_OBJS)' | cmp -s - $@ || echo '$(GUEST32_OBJS)' >$@
.PHONY: FORCE_GUEST
FORCE_GUEST:
$(GUEST32): $(GUEST32_OBJS) $(BUILD)/loader32/libvmi.a $(GUEST32_LD) $(GUEST32_DIR)/objects
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static -z noexecstack -z max-page-size=4096 --fatal-warnings \
		-T $(GUEST32_LD) -Map $(GUEST32_DIR)/guest32.map -o $@ \
		$(GUEST32_OBJS) $(BUILD)/loader32/libvmi.a
guest: $(GUEST32) ## the guest kernel, build/guest32.elf
