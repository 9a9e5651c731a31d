# SPDX-License-Identifier: GPL-2.0-only
ifndef EMU_SRCS # whoever needs it includes it
# The emulated CPU behind `pvrom cpu`. EMU_SRCS and EMU_ASM are linked into the tool,
# with EMU_LIBS and the native texts of build/gen.
EMU_SRCS := $(wildcard tools/emu/*.c)
EMU_ASM  := $(BUILD)/host/tools/emu/setup.o
EMU_NATIVE := $(patsubst %,$(BUILD)/host/gen/%.o,vmi_native32 vmi64_native)
EMU_OBJS := $(EMU_SRCS:%.c=$(BUILD)/host/%.o) $(EMU_ASM) $(EMU_NATIVE)
EMU_ASAN := $(EMU_SRCS:%.c=$(BUILD)/asan/%.o) $(EMU_ASM) $(EMU_NATIVE)
EMU_LIBS := -lunicorn

$(BUILD)/host/%.o: %.asm
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(NASM) -f elf64 -o $@ $<
endif
