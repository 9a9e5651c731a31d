#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# exact.sh: two runs with --repeat-exactly leave the same bytes in --keep, and all of them.
# The last line is `N passed, N failed`; exit status 0 if nothing failed. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh
run() { # FOLDER
	"$PVROM_BUILD/pvrom" run --rom "$PVROM_BUILD/rom/full.rom" --timeout 120 \
		--repeat-exactly --keep "$work/$1" > "$work/$1.out"
}
check first run one
check second run two
check same-output cmp "$work/one.out" "$work/two.out"
check same-files diff -r "$work/one" "$work/two"
check rom cmp "$PVROM_BUILD/rom/full.rom" "$work/one/1-full.rom"
check map cmp "$PVROM_BUILD/rom/full.map" "$work/one/1-full.map"
check command grep -q -- '-icount shift=0,sleep=off' "$work/one/command"
check guest grep -q '^summary ' "$work/one/guest.log"
check firmware grep -q '^Running option rom' "$work/one/firmware.log"
"$PVROM_BUILD/pvrom" run --rom "$PVROM_BUILD/rom/full.rom" --timeout 120 --repeat-exactly \
	--append test=iret.cs --json --keep "$work/three" > "$work/json" 2> "$work/errors"
check json cmp "$work/three/run.json" "$work/json"
check json-verdict grep -q '"verdict":.*"good"' "$work/json"
check json-only test ! -s "$work/errors"
check json-slot grep -q '"slot":.*"pv_mmu_ops.write_cr3"' "$work/json"
check why grep -q 'initialised at POST' "$work/one/roms.log"
finish
