#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# trace_cpu.sh: a trace build keeps the contract of every entry: the cpu lane finds the
# registers, flags, stack and memory that the calls promise. Not where the log needs more than
# the call itself: Halt and HaltOnly stop one return address deeper, after SetCR3 and SetCR4 the lane
# maps no more than the native text touches, and SYSRET64 and SYSRET32, which have no stack, use CR2. The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh
for profile in full callflow; do
	"$PVROM_BUILD/pvrom" cpu "$PVROM_BUILD/rom/$profile-trace.rom" --rounds 480 > "$work/out"
	grep -E '^cpu(64)? .* failed' "$work/out" |
		grep -vE '^cpu(64)? (17 SetCR3|18 SetCR4) failed: fault|^cpu(64)? (35 Halt|86 HaltOnly) failed: esp' |
		grep -vE '^cpu64 (82 SYSRET64|83 SYSRET32) failed: system register: cr2:' > "$work/bad"
	check "$profile.contract" [ ! -s "$work/bad" ]
	check "$profile.tried" [ "$(grep -cE '^cpu [0-9]+ .* ok' "$work/out")" -ge 48 ]
	check "$profile.tried64" [ "$(grep -cE '^cpu64 [0-9]+ .* ok' "$work/out")" -ge 55 ]
done
finish
