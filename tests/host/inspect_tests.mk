# SPDX-License-Identifier: GPL-2.0-only
# Host tests of pvrom inspect and verify, as processes and on images made up; their fuzz target.
INSPECT_SRCS := $(wildcard tools/inspect/*.c tools/verify/*.c tools/romfile/*.c tools/bind/*.c loader/*.c)
INSPECT_ASAN := $(INSPECT_SRCS:%.c=$(BUILD)/asan/%.o) $(EMU_ASAN) \
	$(BUILD)/asan/gen/vmi_calls.o $(BUILD)/asan/gen/vmi64_calls.o $(BUILD)/asan/gen/vmi_fields.o

INSPECT_TESTS := $(patsubst %.c,$(BUILD)/asan/%,$(wildcard tests/host/test_inspect*.c \
	tests/host/test_verify*.c))
HOST_TESTS += $(INSPECT_TESTS)
$(INSPECT_TESTS): %: %.o $(INSPECT_ASAN) | $(BUILD)/asan/pvrom $(BUILD)/pvrom $(ROMS) \
		$(VERSION_ROMS) $(LICENSE_ROM) $(EMU_IMAGES)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ -lcmocka $(EMU_LIBS) $(PVROM_LIBS)

HOST_TESTS += $(BUILD)/asan/fuzz_inspect
$(BUILD)/asan/fuzz_inspect: $(BUILD)/asan/tests/fuzz/inspect.o $(BUILD)/asan/tests/fuzz/replay.o \
		$(INSPECT_ASAN)
	$(call say,LD,$@)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(EMU_LIBS) $(PVROM_LIBS)

# Of the emulator nothing runs here, so its objects are those of the tool.
FUZZ_TARGETS += inspect
fuzz: $(BUILD)/fuzz/inspect
$(BUILD)/fuzz/inspect: tests/fuzz/inspect.c $(INSPECT_SRCS) $(GEN)/vmi_calls.c $(GEN)/vmi64_calls.c $(GEN)/vmi_fields.c \
		$(EMU_OBJS) $(wildcard loader/*.h tools/*/*.h tests/fuzz/*.h)
	$(call say,CLANG,$@)
	$(mkdir)
	$(Q)command -v clang >/dev/null || { \
		echo "fuzz: clang is missing: apt-get install clang libclang-rt-14-dev" >&2; exit 2; }
	$(Q)clang -std=gnu11 -O1 -g -Iloader -Itools -I$(GEN) -Iguest-shim -Iguest-shim/x86_32 \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ \
		$(filter %.c %.o,$^) $(EMU_LIBS) $(PVROM_LIBS)
$(BUILD)/asan/fuzz_inspect: | $(FUZZ_SEEDS)/made
