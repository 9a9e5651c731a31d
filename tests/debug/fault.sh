#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# fault.sh: a fault inside the ROM comes with the source lines of the instruction that
# faulted and of the guest's call; without the .elf it says what is missing. The last line
# is `N passed, N failed`. Needs PVROM_BUILD; run from the top folder.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh

# source PATTERN: the line that `fault: ...PATTERN... at FILE:LINE` names.
source_line() {
	place=$(sed -n "s/^fault: $1 \([^ ]*:[0-9]*\) .*/\1/p" "$work/out")
	[ -f "${place%:*}" ] && sed -n "${place##*:}p" "${place%:*}"
}
"$PVROM_BUILD/pvrom" run --rom "$PVROM_BUILD/rom/full.rom" --append "crash=14 vmi=max:3.0" --timeout 60 \
	> "$work/out"
check status [ $? -eq 3 ]
source_line 'the fault in the ROM is at' > "$work/rom"
check rom-line grep -q 'mov \[edx\], eax' "$work/rom"
source_line "the guest's call is at" > "$work/guest"
check guest-line grep -q 'set_pte' "$work/guest"
cp "$PVROM_BUILD/rom/full.rom" "$work/alone.rom"
"$PVROM_BUILD/pvrom" run --rom "$work/alone.rom" --append "crash=14 vmi=max:3.0" --timeout 60 > "$work/out"
check no-elf grep -q 'no source line: cannot read .*alone.elf' "$work/out"
finish
