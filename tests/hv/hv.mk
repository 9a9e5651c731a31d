# SPDX-License-Identifier: GPL-2.0-only
# The fixture: a hypervisor that counts (docs/performance.md).
HV      := $(BUILD)/hv.elf
HV_DIR  := $(BUILD)/hv
HV_C    := $(wildcard tests/hv/*.c tests/svm/*.c) $(addprefix guest-shim/,console.c printf.c exit.c memory.c)
HV_OBJS := $(HV_DIR)/tests/hv/boot.o $(HV_C:%.c=$(HV_DIR)/%.o)
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
# boot.o begins with the header that a multiboot loader seeks.
$(HV): $(HV_OBJS)
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static -N -z noexecstack --no-warn-rwx-segments --fatal-warnings -e boot_entry \
		-Ttext $$(sed -n 's/^#define HV_BASE //p' rom/hv/hypercall.h) -Map $(HV_DIR)/hv.map -o $@ $^

# A guest that turns against the fixture: the shim, with tests of its own.
HV_GUEST      := $(BUILD)/hv-guest.elf
HV_GUEST_OBJS := $(patsubst %.c,$(GUEST32_DIR)/%.o,$(wildcard tests/hv/guest/*.c)) \
	$(filter-out $(GUEST32_DIR)/tests/guest/%,$(GUEST32_OBJS))
$(HV_GUEST): $(HV_GUEST_OBJS) $(BUILD)/loader32/libvmi.a $(GUEST32_LD)
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static -z noexecstack -z max-page-size=4096 --fatal-warnings \
		-T $(GUEST32_LD) -Map $(GUEST32_DIR)/hv-guest.map -o $@ \
		$(HV_GUEST_OBJS) $(BUILD)/loader32/libvmi.a
TEST_INPUTS += $(HV) $(HV_GUEST)
TEST_PARTS  += tests/hv/size.sh matrix:tests/runs/hv.cfg matrix:tests/hv/golden.cfg
