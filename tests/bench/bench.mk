# SPDX-License-Identifier: GPL-2.0-only
# The loader's speed, counted: loop and loader are built with the same flags, each file alone.
BENCH_LOADER := $(BUILD)/bench/loader
TEST_INPUTS  += $(BENCH_LOADER)
TEST_PARTS   += tests/bench/loader.sh tests/bench/bench.sh

$(BENCH_LOADER): $(BUILD)/host/tests/bench/loader.o $(BUILD)/host/tests/bench/loader_counted.o \
		$(BUILD)/host/tests/host/rom_image.o $(LOADER_HOST)
	$(call say,LD,$@)
	$(mkdir)
	$(Q)$(CC) -o $@ $^

.PHONY: loader-speed
loader-speed: $(BENCH_LOADER) ## count what a load costs: build/report/loader.tsv
	$(Q)PVROM_BUILD=$(BUILD) tests/bench/loader.sh

.PHONY: bench
bench: all $(HV) $(CLIENT) ## what slots and the stress case cost, in instructions and exits: build/report/bench.tsv
	$(Q)PVROM_BUILD=$(BUILD) tests/bench/bench.sh --whole
