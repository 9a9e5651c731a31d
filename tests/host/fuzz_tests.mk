# SPDX-License-Identifier: GPL-2.0-only
# Fuzz targets of the loader; another .mk adds that of inspect and verify. `make fuzz` runs each
# under libFuzzer and needs clang;
# `make test` replays the corpus with gcc alone.
FUZZ_TARGETS := probe bind words
FUZZ_SECONDS ?= 60
FUZZ_COMMON  := tests/fuzz/machine.c tests/host/rom_check.c tests/host/rom_image.c
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=$(BUILD)/asan/fuzz_%)
HOST_TESTS += $(FUZZ_REPLAYS)

$(FUZZ_REPLAYS): $(BUILD)/asan/fuzz_%: $(BUILD)/asan/tests/fuzz/%.o \
		$(BUILD)/asan/tests/fuzz/replay.o $(FUZZ_COMMON:%.c=$(BUILD)/asan/%.o) $(LOADER_ASAN)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^

FUZZ_BINS := $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)
$(FUZZ_BINS): $(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZ_COMMON) $(LOADER_SRCS) $(GEN)/vmi_calls.c \
		$(GEN)/vmi64_calls.c $(BUILD)/host/gen/vmi_native32.o $(BUILD)/host/gen/vmi64_native.o $(wildcard loader/*.h tests/fuzz/*.h tests/host/*.h)
	$(call say,CLANG,$@)
	$(mkdir)
	$(Q)command -v clang >/dev/null || { \
		echo "fuzz: clang is missing: apt-get install clang libclang-rt-14-dev" >&2; exit 2; }
	$(Q)clang -std=gnu11 -O1 -g -Iloader -Itools -I$(GEN) -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $@ $(filter %.c %.o,$^)

# Where they begin; the committed corpus is what was found since.
FUZZ_WINDOW := $(shell sed -n 's/^\#define FUZZ_WINDOW \([0-9]*\)u$$/\1/p' tests/fuzz/machine.h)
FUZZ_SEEDS  := $(BUILD)/fuzz/seeds
$(FUZZ_SEEDS)/made: tests/fuzz/seed.sh tests/fuzz/machine.h tests/hostile/variants.txt \
		tests/runs/negotiation.cfg $(BUILD)/rom/full.rom | $(BUILD)/pvrom
	$(call say,SEED,$(FUZZ_SEEDS))
	$(Q)rm -rf $(FUZZ_SEEDS)
	$(Q)tests/fuzz/seed.sh $(BUILD)/pvrom $(BUILD)/rom/full.rom $(FUZZ_WINDOW) $(FUZZ_SEEDS)
	$(Q)touch $@
$(FUZZ_REPLAYS): | $(FUZZ_SEEDS)/made

# What is found goes to build/fuzz; a crash leaves its input there, too.
.PHONY: fuzz
fuzz: $(FUZZ_BINS) $(FUZZ_SEEDS)/made ## fuzz loader, inspect and verify, FUZZ_SECONDS (default 60) for each target
	$(Q)for target in $(FUZZ_TARGETS); do \
		mkdir -p $(BUILD)/fuzz/corpus/$$target $(FUZZ_SEEDS)/$$target && echo "fuzz $$target" && \
		$(BUILD)/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -max_len=$$(($(FUZZ_WINDOW) + 1)) -verbosity=0 \
			-print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/$$target- \
			$(BUILD)/fuzz/corpus/$$target $(FUZZ_SEEDS)/$$target \
			tests/fuzz/corpus/$$target || exit 1; done
