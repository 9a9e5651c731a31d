# SPDX-License-Identifier: GPL-2.0-only
# Host tests of abigen: the sample spec against tests/abigen/golden, and bad inputs.
ABIGEN_TEST := $(BUILD)/asan/test_abigen
HOST_TESTS += $(ABIGEN_TEST)

$(ABIGEN_TEST): $(BUILD)/asan/tests/host/test_abigen.o | $(BUILD)/asan/abigen \
		$(BUILD)/asan/abigen_golden/built
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $< -lcmocka

# The abigen that the test runs.
$(BUILD)/asan/abigen: $(ABIGEN_SRCS:%.c=$(BUILD)/asan/%.o)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^

# What abigen made of the sample is more than text: C, C for i386 and NASM take it. So is the
# 64-bit native text of spec/, which nothing else assembles.
ABIGEN_GOLDEN := tests/abigen/golden
$(BUILD)/asan/abigen_golden/built: $(wildcard $(ABIGEN_GOLDEN)/*) $(GEN)/vmi_native64.asm \
		$(GEN)/vmi64_native.asm $(GEN)/vmi64_twins.asm $(GEN)/vmi64_abi.inc
	$(call say,BUILD,$(ABIGEN_GOLDEN))
	$(mkdir)
	$(Q)$(CC) -std=gnu11 $(WARN) -c -o $(@D)/calls64.o $(ABIGEN_GOLDEN)/vmi_calls.c
	$(Q)$(CC) -std=gnu11 $(WARN) -m32 -ffreestanding -c -o $(@D)/calls32.o $(ABIGEN_GOLDEN)/vmi_calls.c
	$(Q)$(CC) -std=gnu11 $(WARN) -c -o $(@D)/fields64.o $(ABIGEN_GOLDEN)/vmi_fields.c
	$(Q)for source in vmi_native32.asm vmi_twins32.asm vmi_abi.inc sample.inc sample64.inc; do \
		$(NASM) -w+error -f elf32 -o $(@D)/$$source.o $(ABIGEN_GOLDEN)/$$source || exit 1; done
	$(Q)for folder in $(ABIGEN_GOLDEN) $(GEN); do \
		for source in vmi_native64.asm vmi64_native.asm vmi64_twins.asm vmi64_abi.inc; do \
			$(NASM) -w+error -f elf64 -o $(@D)/$$source.o $$folder/$$source || exit 1; done; done
	$(Q)$(CC) -std=gnu11 $(WARN) -c -o $(@D)/wide64.o $(ABIGEN_GOLDEN)/vmi64_calls.c
	$(Q)touch $@

# After a wanted change of abigen's output: renews the golden files; read `git diff` then.
.PHONY: golden-abigen
golden-abigen: $(ABIGEN) ## renew tests/abigen/golden
	$(call say,ABIGEN,$(ABIGEN_GOLDEN))
	$(Q)$(ABIGEN) abi $(addprefix tests/abigen/sample/,vmi.abi image.abi reasons.abi) $(ABIGEN_GOLDEN)
	$(Q)$(ABIGEN) wide $(addprefix tests/abigen/sample/,vmi.abi image.abi reasons.abi vmi64.abi) \
		$(ABIGEN_GOLDEN)
	$(Q)$(ABIGEN) profile tests/abigen/sample/vmi.abi tests/abigen/sample/sample.cfg \
		$(ABIGEN_GOLDEN)/sample.inc
	$(Q)$(ABIGEN) profile tests/abigen/sample/vmi.abi tests/abigen/sample/sample64.cfg \
		$(ABIGEN_GOLDEN)/sample64.inc \
		$(addprefix tests/abigen/sample/,image.abi reasons.abi vmi64.abi unprovided.cfg)
