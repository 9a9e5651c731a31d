# SPDX-License-Identifier: GPL-2.0-only
# The fixture: a hypervisor that counts (docs/performance.md).
HV      := $(BUILD)/hv.elf
HV_DIR  := $(BUILD)/hv
HV_C    := $(wildcard tests/hv/*.c) $(addprefix guest-shim/,console.c printf.c exit.c memory.c)
HV_OBJS := $(HV_C:%.c=$(HV_DIR)/%.o) $(HV_DIR)/tests/hv/boot.o
HV_INC  := $(HV_DIR)/hypercall.inc

# Numbers that C and assembly share; this is their NASM form.
$(HV_INC): rom/hv/hypercall.h tests/hv/hv.mk
	$(call say,LAYOUT,$@)
	$(mkdir)
	$(Q)sed -nE 's/^#define ([A-Z0-9_]+) (0x[0-9a-f]+|[0-9]+)( .*)?$$/%define \1 \2/p' $< >$@
$(HV_DIR)/%.o: %.c tests/hv/hv.mk | $(GEN)/vmi_abi.h
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<
$(HV_DIR)/%.o: %.asm $(HV_INC)
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -w+all -w+error -I$(HV_DIR)/ -f elf32 -g -F dwarf -o $@ $<
$(HV): $(HV_OBJS) tests/hv/hv.ld
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments \
		--fatal-warnings --defsym HV_BASE=$$(sed -n 's/^#define HV_BASE //p' rom/hv/hypercall.h) \
		-T tests/hv/hv.ld -Map $(HV_DIR)/hv.map -o $@ $(HV_OBJS)
