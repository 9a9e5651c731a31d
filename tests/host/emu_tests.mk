# SPDX-License-Identifier: GPL-2.0-only
# Host tests of the emulated CPU and the cpu lane: images with one mistake each, which
# exist for these tests only. tests/host/test_emu_lane.c names the mistakes; the
# list of images is taken from there.
include tools/emu.mk
EMU_TESTS := $(patsubst %.c,$(BUILD)/asan/%,$(wildcard tests/host/test_emu*.c))
HOST_TESTS += $(EMU_TESTS)

EMU_TEST_OBJS := $(EMU_ASAN) $(patsubst %,$(BUILD)/asan/gen/%.o,vmi_calls vmi64_calls) $(patsubst %.c,$(BUILD)/asan/%.o,$(wildcard tools/romfile/*.c))
$(EMU_TESTS): %: %.o $(EMU_TEST_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka $(EMU_LIBS)

# $(1): the table there.
emu_mistakes  = $(shell sed -n '/ $(1)\[\] = {/,/^};/s/^\t{ "\([a-z0-9_]*\)".*/\1/p' tests/host/test_emu_lane.c)
EMU_IMAGES32 := $(patsubst %,$(BUILD)/tests/emu/%.rom,$(call emu_mistakes,mistakes))
EMU_IMAGES64 := $(patsubst %,$(BUILD)/tests/emu64/%.rom,$(call emu_mistakes,mistakes64) other_major)
EMU_IMAGES   := $(EMU_IMAGES32) $(EMU_IMAGES64)
define EMU_ASSEMBLE
	$(call say,NASM,$@)
	$(mkdir)
	$(Q)$(NASM) -f bin -I$(GEN)/ -DMISTAKE=$* -o $@ $<
endef
$(EMU_IMAGES32): $(BUILD)/tests/emu/%.rom: tests/emu/wrong.asm $(GEN)/vmi_abi.inc
	$(EMU_ASSEMBLE)
$(EMU_IMAGES64): $(BUILD)/tests/emu64/%.rom: tests/emu/wrong64.asm $(GEN)/vmi_abi.inc $(GEN)/vmi64_abi.inc
	$(EMU_ASSEMBLE)
$(BUILD)/asan/tests/host/test_emu_cli: | $(BUILD)/asan/pvrom
$(BUILD)/asan/tests/host/test_emu_lane $(BUILD)/asan/tests/host/test_emu_cli: | $(EMU_IMAGES) \
	$(patsubst %,$(BUILD)/rom/%.rom,full native min empty callflow)
TEST_INPUTS += $(EMU_IMAGES)
