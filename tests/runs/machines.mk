# SPDX-License-Identifier: GPL-2.0-only
# What tests/runs/machines.cfg boots: full.rom as other files. PCI ids: QEMU's pci-testdev.
MACHINE_ROMS := pci late beyond checksum length0 big filler la-full
PADS         := 8 9 251 255
TEST_INPUTS  += $(MACHINE_ROMS:%=$(BUILD)/tests/machines/%.rom)
TEST_INPUTS  += $(PADS:%=$(BUILD)/tests/machines/pad%.rom) $(BUILD)/tests/machines/lz-pad.rom
TEST_PARTS   += matrix:tests/runs/machines.cfg matrix:tests/runs/place.cfg tests/runs/exact.sh tests/runs/linux.sh
$(BUILD)/asan/tests/host/test_verify: | $(MACHINE_ROMS:%=$(BUILD)/tests/machines/%.rom)

TEST_INPUTS  += $(BUILD)/tests/machines/eraser.rom
MUTATE_pci      := --vendor 1b36:0005
MUTATE_late     := --no-pnp
MUTATE_checksum := --bad-checksum
# The file ends before the length byte says; what is missing is zeros.
MUTATE_beyond   := --size 19456
SIZE_beyond     := 18432
MUTATE_length0  :=
MUTATE_la-full  :=
# Two of them leave less than 64 KiB of the window.
MUTATE_big      := --size 130560
MUTATE_filler   := --size 65536

$(BUILD)/tests/machines/%.rom: $(BUILD)/rom/full.rom $(BUILD)/pvrom tests/runs/machines.mk
	$(call say,MUTATE,$@)
	$(mkdir)
	$(Q)$(BUILD)/pvrom mutate $< $@ $(MUTATE_$*)
	$(Q)$(if $(SIZE_$*),truncate -s $(SIZE_$*) $@)
	$(Q)$(if $(filter length0,$*),printf '\0' | dd of=$@ bs=1 seek=2 conv=notrunc status=none)

# The last byte makes the sum 0.
$(BUILD)/tests/machines/eraser.rom: tests/runs/eraser.asm $(GEN)/vmi_abi.inc
	$(call say,NASM,$@)
	$(mkdir)
	$(Q)$(NASM) -w+error -f bin -I$(GEN)/ -o $@ $<
	$(Q)sum=$$(od -An -v -tu1 $@ | tr -s ' ' '\n' | awk '{ n += $$1 } END { print (256 - n % 256) % 256 }') && \
		printf "\\$$(printf %03o $$sum)" >> $@
# padN: N blocks that only take room. 55 AA, N, RETF, 0, and what makes the sum 0.
$(PADS:%=$(BUILD)/tests/machines/pad%.rom): $(BUILD)/tests/machines/pad%.rom: tests/runs/machines.mk
	$(call say,PAD,$@)
	$(mkdir)
	$(Q)printf '\125\252%b\313\000%b' "\\0$$(printf %o $*)" \
		"\\0$$(printf %o $$(((768 - 0x55 - 0xAA - 0xCB - $*) & 255)))" >$@
	$(Q)truncate -s $$(($* * 512)) $@
$(BUILD)/tests/machines/lz-pad.rom: $(BUILD)/tests/machines/pad8.rom
	$(Q)cp $< $@
