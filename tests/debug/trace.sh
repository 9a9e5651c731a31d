#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# trace.sh: whole guest runs on the trace build, with 1 and with 4 processors, against what
# QEMU saw from outside in the same run: an execution log of the ROM's entries. No record may
# be missing and the counts must be equal. The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh
pvrom=$PVROM_BUILD/pvrom rom=$PVROM_BUILD/rom/full-trace.rom
# The first ROM of the window, as the guest sees it: in its linear mapping, and without paging.
bases='0xc00c 0x000c'

# QEMU logs only blocks that begin at an entry, or behind its ENDBR32: all would be too much.
entries=$(nm "${rom%.rom}.elf" | awk -v bases="$bases" 'BEGIN { split(bases, base) }
	$2 == "T" && $3 ~ /^vmi_/ { for (i = 1; i <= 2; i++) {
		printf "%s%s%s+5", comma, base[i], substr($1, 5); comma = "," } }')
# counts FILE ARGUMENT...: NAME COUNT of each call.
counts() {
	file=$1
	shift
	"$pvrom" trace --stat "$file" "$@" | sed -n 's/^call \([^ ]*\) count=\([0-9]*\) .*/\1 \2/p' |
		sort
}
# run NAME CPUS TEXT: a run of the guest, with everything there is to say of it.
run() {
	"$pvrom" run --rom "$rom" --order first --timeout 300 --smp "$2" --append "$3" \
		--trace "$work/trace" -- -d exec,nochain -dfilter "$entries" -D "$work/exec" \
		> "$work/out"
	check "$1.good" [ $? -eq 0 ]
	"$pvrom" trace --stat "$work/trace" > "$work/out" 2>&1
	check "$1.decodes" [ $? -eq 0 ]
	check "$1.complete" grep -q "^trace .* cpus=$2 boots=1 lost=0 unordered=0 .* problems=0" \
		"$work/out"
	counts "$work/trace" > "$work/inside"
	counts "$work/exec" --exec-log --rom "$rom" --base 0xc00c0000 --base 0xc0000 \
		> "$work/outside" 2> "$work/err"
	check "$1.many" [ "$(awk '{ n += $2 } END { print n + 0 }' "$work/inside")" -gt "$4" ]
	diff "$work/inside" "$work/outside" > "$work/out"
	check "$1.counts" [ $? -eq 0 ]
	"$pvrom" trace --chrome "$work/trace" > "$work/chrome.json"
	check "$1.chrome" "$PVROM_BUILD/asan/chrome_check" "$work/chrome.json"
}
run one 1 "test=mmu" 1000
run four 4 "smp=4 test=smp" 5000
finish
