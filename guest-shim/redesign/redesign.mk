# SPDX-License-Identifier: GPL-2.0-only
# Kernels with a redesign that was said to break any fixed ABI (docs/redesigns.md). Each is the
# ordinary guest with files of the same name from its own folder in the place of the ordinary ones,
# without the tests that want what it does not have.
REDESIGN_DIR    := $(BUILD)/redesign
REDESIGN_FOLDER := guest-shim/redesign
REDESIGNS       := no_apic no_vectors no_paging
REDESIGN_ELFS   := $(REDESIGNS:%=$(REDESIGN_DIR)/%.elf) $(REDESIGN_DIR)/ordinary.elf

# Tests that cannot apply: their subject is what the redesign does away with.
REDESIGN_no_apic_NOT    := apic_every apic_mapping apic_off smp timer_smp timer_across
REDESIGN_no_vectors_NOT :=
REDESIGN_no_paging_NOT  := paging mmu mapping apic_mapping stress stress_user bad_input bad_number \
	half_written flush_flags batch

$(REDESIGN_DIR)/glue.h: $(REDESIGN_FOLDER)/glue.awk guest-shim/x86_32/flow.asm \
		$(wildcard guest-shim/wrap*.c guest-shim/x86_32/wrap*.c $(REDESIGN_FOLDER)/*/design.c)
	$(call say,GLUE,$@)
	$(mkdir)
	$(Q)awk -f $< $(filter-out $<,$^) >$@.tmp && mv $@.tmp $@
$(REDESIGN_DIR)/%.o: $(REDESIGN_FOLDER)/%.c $(REDESIGN_DIR)/glue.h | $(GEN)/vmi_abi.h
	$(call say,CC,$<)
	$(mkdir)
	$(Q)$(CC) $(GUEST_CFLAGS) -Iguest-shim/x86_32 -I$(REDESIGN_DIR) -MMD -MP -c -o $@ $<
$(REDESIGN_DIR)/%.asm.o: $(REDESIGN_FOLDER)/%.asm | $(GUEST32_INC)
	$(call say,NASM,$<)
	$(mkdir)
	$(Q)$(GUEST32_NASM) -M -MP -MT $@ -MF $(@:.o=.d) $<
	$(Q)$(GUEST32_NASM) -f elf32 -g -F dwarf -o $@ $<

redesign_files = $(wildcard $(REDESIGN_FOLDER)/$(1)/*.c $(REDESIGN_FOLDER)/$(1)/*.asm)
redesign_own = $(patsubst $(REDESIGN_FOLDER)/%.asm,$(REDESIGN_DIR)/%.asm.o,$(patsubst \
	$(REDESIGN_FOLDER)/%.c,$(REDESIGN_DIR)/%.o,$(call redesign_files,$(1)))) $(REDESIGN_DIR)/slots.o
redesign_objects = $(filter-out $(foreach n,$(notdir $(call redesign_own,$(1))), \
	$(GUEST32_DIR)/guest-shim/$(n) $(GUEST32_DIR)/guest-shim/x86_32/$(n)) \
	$(REDESIGN_$(1)_NOT:%=$(GUEST32_DIR)/tests/guest/%.o) \
	$(REDESIGN_$(1)_NOT:%=$(GUEST32_DIR)/tests/guest/x86_32/%.o),$(GUEST32_OBJS)) \
	$(call redesign_own,$(1))

define REDESIGN_RULE
$(REDESIGN_DIR)/$(1).elf: $(call redesign_objects,$(1)) $(BUILD)/loader32/libvmi.a $(GUEST32_LD) \
		$(GUEST32_DIR)/objects $(REDESIGN_FOLDER)/redesign.mk
	$$(call say,LD,$$@)
	$$(Q)$(LD) -m elf_i386 -static -z noexecstack -z max-page-size=4096 --fatal-warnings \
		-T $(GUEST32_LD) -o $$@ $(call redesign_objects,$(1)) $(BUILD)/loader32/libvmi.a
endef
$(foreach r,$(REDESIGNS) ordinary,$(eval $(call REDESIGN_RULE,$(r))))

.PHONY: redesigns
redesigns: $(REDESIGN_ELFS) ## the kernels of docs/redesigns.md, build/redesign/*.elf
