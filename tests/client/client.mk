# SPDX-License-Identifier: GPL-2.0-only
# A guest that behaves as the historic Linux client does. Console and RTC are guest-shim's; the
# rest is the client's own. Everything in C is regparm(3), as in that kernel.
CLIENT      := $(BUILD)/client.elf
CLIENT_DIR  := $(BUILD)/client
CLIENT_C    := $(wildcard tests/client/*.c) \
	$(addprefix guest-shim/,console.c printf.c exit.c memory.c rtc.c hypervisor.c)
CLIENT_ASM  := $(wildcard tests/client/*.asm)
CLIENT_OBJS := $(CLIENT_C:%.c=$(CLIENT_DIR)/%.o) $(CLIENT_ASM:%.asm=$(CLIENT_DIR)/%.asm.o) \
	$(CLIENT_DIR)/gen/vmi_calls.o
CLIENT_INC  := $(CLIENT_DIR)/layout.inc
CLIENT_CFLAGS := $(GUEST_CFLAGS) -mregparm=3 -Itests/client
CLIENT_NASM := $(NASM) -w+all -w+error \
	-I$(CLIENT_DIR)/ -Itests/client/ -I$(GEN)/

$(CLIENT_INC): tests/client/layout.h tests/client/client.mk
	$(call say,LAYOUT,$@)
	$(mkdir)
	$(Q)sed -nE 's/^#define ([A-Z0-9_]+) (0x[0-9a-f]+|[0-9]+)( .*)?$$/%define \1 \2/p' $< >$@
$(CLIENT_DIR)/%.o: %.c tests/client/client.mk | $(GEN)/vmi_abi.h
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(CLIENT_CFLAGS) -MMD -MP -c -o $@ $<
$(CLIENT_DIR)/gen/%.o: $(GEN)/%.c
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(CLIENT_CFLAGS) -MMD -MP -c -o $@ $<
# NASM's -MD forgets included files, so the dependencies take a pass of their own.
$(CLIENT_DIR)/%.asm.o: %.asm tests/client/client.mk | $(CLIENT_INC) $(GEN)/vmi_abi.inc
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(CLIENT_NASM) -M -MP -MT $@ -MF $(@:.o=.d) $<
	$(Q)$(CLIENT_NASM) -f elf32 -g -F dwarf -o $@ $<
# The list of objects: a source that goes away must relink the client, too.
$(CLIENT_DIR)/objects: FORCE_CLIENT
	$(mkdir)
	$(Q)echo '$(CLIENT_OBJS)' | cmp -s - $@ || echo '$(CLIENT_OBJS)' >$@
.PHONY: FORCE_CLIENT
FORCE_CLIENT:
$(CLIENT): $(CLIENT_OBJS) tests/client/client.ld $(CLIENT_DIR)/objects
	$(call say,LD,$@)
	$(Q)$(LD) -m elf_i386 -static -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments \
		--fatal-warnings -T tests/client/client.ld -Map $(CLIENT_DIR)/client.map \
		-o $@ $(CLIENT_OBJS)

# tests/tests.mk includes this file before its rules, which name both.
TEST_PARTS  += matrix:tests/runs/client.cfg
TEST_INPUTS += $(CLIENT)
