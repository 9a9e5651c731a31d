# SPDX-License-Identifier: GPL-2.0-only
# Host tools: abigen here, pvrom and romsign in tools/pvrom.mk.
RELEASE := 0.1.0

ABIGEN      := $(BUILD)/abigen
ABIGEN_SRCS := $(wildcard tools/abigen/*.c) tools/stanza/stanza.c
SPECS       := spec/vmi.abi spec/image.abi spec/reasons.abi
GENERATED   := $(addprefix $(GEN)/,vmi_abi.h vmi_calls.c vmi_fields.c vmi_abi.inc vmi_native32.asm \
	vmi_native64.asm vmi_twins32.asm vmi_abi.md vmi_abi.json)

$(BUILD)/host/%.o: %.c | $(GEN)/vmi_abi.h $(GEN)/vmi64_abi.h
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(HOST_CFLAGS) $(CFLAGS_$(notdir $*)) -MMD -MP -c -o $@ $<
$(BUILD)/host/gen/%.o: $(GEN)/%.c
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/host/gen/%.o: $(GEN)/%.asm
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -f elf64 -o $@ $<
# The same sources with sanitizers, for the host tests.
$(BUILD)/asan/%.o: %.c | $(GEN)/vmi_abi.h $(GEN)/vmi64_abi.h
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(HOST_CFLAGS) $(SANITIZE) $(CFLAGS_$(notdir $*)) -MMD -MP -c -o $@ $<
$(BUILD)/asan/gen/%.o: $(GEN)/%.c
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(HOST_CFLAGS) $(SANITIZE) -MMD -MP -c -o $@ $<

# abigen is built before its output exists, so it has objects of its own.
ABIGEN_OBJS := $(ABIGEN_SRCS:%.c=$(BUILD)/abigen.d/%.o)
$(ABIGEN_OBJS): $(BUILD)/abigen.d/%.o: %.c
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) -std=gnu11 -O2 -g $(WARN) -Itools -MMD -MP -c -o $@ $<
$(ABIGEN): $(ABIGEN_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $^

# One run makes them all: a grouped target, so that -j starts it once.
$(GENERATED) &: $(SPECS) $(ABIGEN)
	$(call say,ABIGEN,$(GEN))
	@mkdir -p $(GEN)
	$(Q)$(ABIGEN) abi $(SPECS) $(GEN)

# The 64-bit ABI: a reference and what pvrom cover knows of it; nothing of the ROM or a guest.
SPEC64      := spec/vmi64.abi
GENERATED64 := $(addprefix $(GEN)/,vmi64_abi.h vmi64_calls.c vmi64_abi.inc vmi64_native.asm vmi64_twins.asm vmi64_abi.md vmi64_abi.json)
$(GENERATED64) &: $(SPECS) $(SPEC64) $(ABIGEN)
	$(call say,ABIGEN,$(SPEC64))
	@mkdir -p $(GEN)
	$(Q)$(ABIGEN) wide $(SPECS) $(SPEC64) $(GEN)

include tools/pvrom.mk
tools: $(BUILD)/pvrom $(BUILD)/romsign $(ABIGEN) $(GDB_SCRIPTS) $(CONFORM_DATA) ## pvrom and the build's own tools
