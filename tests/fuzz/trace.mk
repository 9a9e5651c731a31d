# SPDX-License-Identifier: GPL-2.0-only
# The fuzz target of the trace decoder: as those of fuzz_tests.mk, from other sources.
FUZZ_TRACE_SRCS := $(wildcard tools/trace/*.c tools/symbols/*.c) tools/run/text.c
HOST_TESTS += $(BUILD)/asan/fuzz_trace

$(BUILD)/asan/fuzz_trace: $(BUILD)/asan/tests/fuzz/trace.o $(BUILD)/asan/tests/fuzz/replay.o \
		$(FUZZ_TRACE_SRCS:%.c=$(BUILD)/asan/%.o) $(BUILD)/asan/gen/vmi_calls.o $(BUILD)/asan/gen/vmi64_calls.o
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(PVROM_LIBS)

$(BUILD)/fuzz/trace: tests/fuzz/trace.c $(FUZZ_TRACE_SRCS) $(GEN)/vmi_calls.c $(GEN)/vmi64_calls.c
	$(call say,CLANG,$@)
	$(mkdir)
	$(Q)clang -std=gnu11 -O1 -g -Iloader -Itools -I$(GEN) -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -o $@ $^ $(PVROM_LIBS)

$(BUILD)/asan/fuzz_trace: | $(FUZZ_SEEDS)/made

# What is found goes to build/fuzz, as with `make fuzz`.
.PHONY: fuzz-trace
fuzz-trace: $(BUILD)/fuzz/trace ## fuzz the trace decoder for FUZZ_SECONDS (default 60)
	$(Q)mkdir -p $(BUILD)/fuzz/corpus/trace
	$(Q)$(BUILD)/fuzz/trace -max_total_time=$(FUZZ_SECONDS) -max_len=8193 -verbosity=0 \
		-print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/trace- \
		$(BUILD)/fuzz/corpus/trace tests/fuzz/corpus/trace
