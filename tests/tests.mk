# SPDX-License-Identifier: GPL-2.0-only
# Every test there is. tests/host/*.mk add their binaries to HOST_TESTS.
HOST_TESTS :=
TEST_INPUTS :=
include $(wildcard tests/host/*.mk)

# `make test` is the host tests and the run lists; tests/sum.sh runs the parts it
# is given, adds their verdicts up and prints the last line. Folders below tests/
# add to both.
TEST_PARTS := $(HOST_TESTS) cpu:$(BUILD)/rom/full.rom tests/emu/same.sh matrix:tests/runs/quick.cfg matrix:tests/runs/paging.cfg
TEST_PARTS += matrix:tests/runs/negotiation.cfg
TEST_PARTS += matrix:tests/runs/harden.cfg tests/runs/tpm.sh
TEST_PARTS += matrix:tests/runs/stress.cfg tests/bench/slots.sh tests/bench/slots64.sh
TEST_PARTS += matrix:tests/runs/timer.cfg
TEST_PARTS += tests/coverage/coverage.sh tests/rom/comments.sh tests/cover/answer.sh
include tests/client/client.mk
include tools/install.mk
include tests/hostile/hostile.mk
include tests/served/served.mk
include tests/runs/machines.mk
include tests/debug/debug.mk
include tests/cells/cells.mk
include tests/golden/golden.mk
include tests/hv/hv.mk
include tests/platform/platform.mk
include tests/bench/bench.mk
include tests/kvm/kvm.mk
include tests/runs/matrix.mk
include tests/runs/redesign.mk
include tests/runs/guest64.mk
include tests/fuzz/trace.mk
include tests/report/report.mk

# The longest, which begin first: what begins late must not be what all wait for. Any order is
# right; build/report/times.tsv has the times.
TEST_LONG := tests/kvm/cut.sh $(patsubst %,matrix:tests/runs/%.cfg,timer harden hostile stress quick knockouts knockouts64 redesign \
	guest64 paging) $(BUILD)/asan/tests/host/test_emu_lane cpu:$(BUILD)/rom/full.rom \
	$(patsubst %,$(BUILD)/asan/tests/host/test_%,conform verify) tests/runs/exact.sh tests/debug/trace.sh \
	tests/bench/slots.sh tests/bench/bench.sh tests/debug/trace_cpu.sh
TEST_PARTS := $(foreach part,$(TEST_LONG),$(filter $(part),$(TEST_PARTS))) $(filter-out $(TEST_LONG),$(TEST_PARTS))

.PHONY: check test-built run-built
check: $(HOST_TESTS) $(BUILD)/pvrom ## the host tests, and what is released
	$(Q)PVROM_BUILD=$(BUILD) tests/sum.sh $(HOST_TESTS) $(GOLDEN_CHECK)
# What files add that are included behind matrix.mk.
matrix-inputs: $(TEST_INPUTS)
test-built: all $(HOST_TESTS) $(TEST_INPUTS)
	$(Q)rm -rf $(BUILD)/report/cells
	$(Q)PVROM_BUILD=$(BUILD) tests/sum.sh $(TEST_PARTS) then $(TEST_LAST)

.PHONY: slots-table
slots-table: all ## count what each slot costs: build/report/slots.tsv, slots64.tsv
	$(Q)PVROM_BUILD=$(BUILD) tests/bench/slots.sh
	$(Q)PVROM_BUILD=$(BUILD) tests/bench/slots64.sh

# make run ROM=FILE boots another ROM, make run ROM= none.
ROM ?= $(BUILD)/vmi.rom
run-built: all
	$(Q)$(BUILD)/pvrom run $(if $(ROM),--rom '$(ROM)')
