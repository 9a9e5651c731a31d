# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The loader as a library, thrice from the same files: for the guest (freestanding),
# for host tools, and with sanitizers for host tests (rules of tools/tools.mk).
LOADER_SRCS  := $(wildcard loader/*.c)
LOADER_GUEST := $(BUILD)/loader32/libvmi.a
LOADER_GUEST64 := $(BUILD)/loader64/libvmi.a
LOADER_HOST  := $(BUILD)/host/loader/libvmi.a
LOADER_ASAN  := $(BUILD)/asan/loader/libvmi.a

$(BUILD)/loader32/%.o: %.c | $(GEN)/vmi_abi.h $(GEN)/vmi64_abi.h
	$(call say,CC32,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/loader32/gen/%.o: $(GEN)/%.c
	$(call say,CC32,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/loader32/gen/%.o: $(GEN)/%.asm
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -f elf32 -o $@ $<

$(BUILD)/loader64/%.o: %.c | $(GEN)/vmi_abi.h $(GEN)/vmi64_abi.h
	$(call say,CC64,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST64_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/loader64/gen/%.o: $(GEN)/%.c
	$(call say,CC64,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST64_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/loader64/gen/%.o: $(GEN)/%.asm
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -f elf64 -o $@ $<

# Tables and native texts of the calls go with it; those of long mode not for i386.
LOADER_GEN := gen/vmi_calls.o gen/vmi_native32.o
LOADER_GEN64 := $(LOADER_GEN) gen/vmi64_calls.o gen/vmi64_native.o
$(LOADER_GUEST): $(LOADER_SRCS:%.c=$(BUILD)/loader32/%.o) $(LOADER_GEN:%=$(BUILD)/loader32/%)
$(LOADER_GUEST64): $(LOADER_SRCS:%.c=$(BUILD)/loader64/%.o) $(LOADER_GEN64:%=$(BUILD)/loader64/%)
$(LOADER_HOST): $(LOADER_SRCS:%.c=$(BUILD)/host/%.o) $(LOADER_GEN64:%=$(BUILD)/host/%)
$(LOADER_ASAN): $(LOADER_SRCS:%.c=$(BUILD)/asan/%.o) $(BUILD)/asan/gen/vmi_calls.o \
		$(BUILD)/asan/gen/vmi64_calls.o $(BUILD)/host/gen/vmi_native32.o \
		$(BUILD)/host/gen/vmi64_native.o
# Made anew each time: ar would keep the object of a file that is gone.
$(LOADER_GUEST) $(LOADER_GUEST64) $(LOADER_HOST) $(LOADER_ASAN):
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^
