# SPDX-License-Identifier: GPL-2.0-only
# pvrom, the host tool, and romsign, the last step of a ROM's build.
include tools/emu.mk
include tools/cover.mk
include tools/abidiff.mk
include tools/report.mk
include tools/run/rules.mk
include tools/conform/conform.mk
PVROM_LIB_SRCS := $(wildcard tools/run/*.c) $(wildcard tools/symbols/*.c) $(wildcard tools/romfile/*.c) tools/stanza/stanza.c
# Symbols, JSON, the disassembler, SHA-256.
PVROM_LIBS     := -ldw -lelf -lcjson -lcapstone -lmd
# Folders of tools/ whose files are all pvrom's.
PVROM_PARTS    := pvrom
PVROM_PARTS    += mutate
PVROM_PARTS    += bind
PVROM_PARTS    += addr2call
PVROM_PARTS    += cover
PVROM_PARTS    += inspect
PVROM_PARTS    += verify
PVROM_PARTS    += conform
PVROM_PARTS    += trace
PVROM_PARTS    += abidiff
PVROM_PARTS    += report
PVROM_SRCS     := $(PVROM_LIB_SRCS) $(wildcard $(PVROM_PARTS:%=tools/%/*.c)) $(wildcard loader/*.c) \
	$(SPEC_SRCS)
# The guest's binding table, of both widths.
CFLAGS_guest_slots   := -Iguest-shim -Iguest-shim/x86_32
CFLAGS_guest_slots64 := -Iguest-shim -Iguest-shim/x86_64
MUTATE_ASM     := $(BUILD)/host/tools/mutate/override.o
ROMSIGN_SRCS   := $(wildcard tools/romsign/*.c) $(wildcard tools/romfile/*.c) tools/stanza/stanza.c

# tools/pvrom/pvrom.c alone knows the release.
CFLAGS_pvrom = -DPVROM_VERSION='"$(RELEASE)"'
$(BUILD)/host/tools/pvrom/pvrom.o: tools/tools.mk

# All that pvrom is linked from; $(1): host, or asan with sanitizers.
pvrom_objs = $(PVROM_SRCS:%.c=$(BUILD)/$(1)/%.o) $(patsubst %,$(BUILD)/$(1)/gen/%.o,vmi_calls vmi_fields vmi64_calls) \
	$(EMU_SRCS:%.c=$(BUILD)/$(1)/%.o) $(EMU_ASM) $(EMU_NATIVE) $(MUTATE_ASM)

$(BUILD)/pvrom: $(call pvrom_objs,host)
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $^ -pthread $(EMU_LIBS) $(PVROM_LIBS)
# gdb's side lies where pvrom and the ABI's JSON find each other.
GDB_SCRIPTS := $(patsubst tools/%,$(BUILD)/%,$(wildcard tools/gdb/*.py))
$(GDB_SCRIPTS): $(BUILD)/gdb/%: tools/gdb/%
	$(mkdir)
	$(Q)cp $< $@
$(BUILD)/romsign: $(ROMSIGN_SRCS:%.c=$(BUILD)/host/%.o)
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $^
