# SPDX-License-Identifier: GPL-2.0-only
# pvrom: `make help` lists what there is. Each folder brings its own .mk.
MAKEFLAGS += -rR --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

BUILD := build
GEN   := $(BUILD)/gen
V ?= 0
ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s%s\n' '$(1)' '$(2)'
endif

CC   := gcc
NASM := nasm
LD   := ld
# Warnings are errors: every file builds clean.
WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
# No file of the build names the folder that it was made in.
HERE := -ffile-prefix-map=$(CURDIR)=.
HOST_CFLAGS  := -std=gnu11 -O2 -g $(HERE) $(WARN) -Itools -Iloader -I$(GEN)
SANITIZE     := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# Freestanding 32-bit code: guest and loader. i486 is what isapc has.
GUEST_CFLAGS := -std=gnu11 -m32 -march=i486 -O2 -g $(HERE) $(WARN) -ffreestanding -fno-pic -fno-pie \
	-fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none -mno-sse -mno-mmx \
	-fno-builtin -Iguest-shim -Iloader -I$(GEN)

# $(call mkdir): the folder of the target, made when the rule runs.
mkdir = @mkdir -p $(@D)

include tools/tools.mk
include rom/rom.mk
include loader/loader.mk
include guest-shim/guest.mk
include guest-shim/redesign/redesign.mk
include guest-shim/guest64.mk
include tests/tests.mk

.PHONY: help all rom guest tools run test check clean
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
all: rom guest tools ## build everything, run nothing

# `run` and `test` first install what is missing, then build in a make of their own,
# since the compiler itself may be among the missing; by all processors, unless -j says else.
jobs = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
run: ## build everything and boot it; ROM=FILE another ROM, ROM= none
	$(Q)tools/deps.sh
	$(Q)$(MAKE) $(jobs) run-built
test: ## run every test; the last line is `N passed, N failed`
	$(Q)tools/deps.sh
	$(Q)$(MAKE) $(jobs) test-built
clean: ## remove build/
	$(call say,CLEAN,$(BUILD))
	$(Q)rm -rf $(BUILD)

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
