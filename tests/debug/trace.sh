#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# trace.sh: whole guest runs on the trace build, in 32 and in 64 bit, with 1 and with 4 processors,
# against what QEMU saw from outside in the same run: an execution log of the ROM's entries. No record
# may be missing and the counts must be equal. The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh
pvrom=$PVROM_BUILD/pvrom rom=$PVROM_BUILD/rom/full-trace.rom
# width BITS PREFIX BASE...: the guest of that width, how its entries begin, and where it calls the first
# ROM of the window. QEMU logs only blocks that begin at an entry, or behind its ENDBR: all would be
# too much.
width() {
	guest=$PVROM_BUILD/guest$1.elf
	prefix=$2
	shift 2
	bases=$* entries=
	for base; do
		entries=$entries$(nm "${rom%.rom}.elf" | awk -v base="${base%????}" -v prefix="^$prefix" \
			'$2 == "T" && $3 ~ prefix { printf "%s%s+5,", base, substr($1, 5) }')
	done
	entries=${entries%,}
}
# counts FILE ARGUMENT...: NAME COUNT of each call.
counts() {
	file=$1
	shift
	"$pvrom" trace --stat "$file" "$@" | sed -n 's/^call \([^ ]*\) count=\([0-9]*\) .*/\1 \2/p' |
		sort
}
# run NAME CPUS TEXT: a run of the guest, with everything there is to say of it.
run() {
	"$pvrom" run --guest "$guest" --rom "$rom" --order first --timeout 300 --smp "$2" --append "$3" \
		--trace "$work/trace" -- -d exec,nochain -dfilter "$entries" -D "$work/exec" \
		> "$work/out"
	check "$1.good" [ $? -eq 0 ]
	"$pvrom" trace --stat "$work/trace" > "$work/out" 2>&1
	check "$1.decodes" [ $? -eq 0 ]
	check "$1.complete" grep -q "^trace .* cpus=$2 boots=1 lost=0 unordered=0 .* problems=0" \
		"$work/out"
	counts "$work/trace" > "$work/inside"
	# shellcheck disable=SC2046,SC2086 # a list
	counts "$work/exec" --exec-log --rom "$rom" $(printf ' --base %s' $bases) \
		> "$work/outside" 2> "$work/err"
	check "$1.many" [ "$(awk '{ n += $2 } END { print n + 0 }' "$work/inside")" -gt "$4" ]
	diff "$work/inside" "$work/outside" > "$work/out"
	check "$1.counts" [ $? -eq 0 ]
	"$pvrom" trace --chrome "$work/trace" > "$work/chrome.json"
	check "$1.chrome" "$PVROM_BUILD/asan/chrome_check" "$work/chrome.json"
}
# In its linear mapping, and without paging.
width 32 vmi_ 0xc00c0000 0x000c0000
run one 1 "test=mmu" 1000
run four 4 "smp=4 test=smp" 5000
# In reach of its calls, and out of reach.
width 64 vmi64_ 0xffffffffb00c0000
run wide-one 1 "test=mmu" 200
run wide-flow 1 "test=flow" 50
# Their stack is the user's.
check wide-flow.sysret [ "$(grep -c '^SYSRET\(64\|32\) ' "$work/inside")" -eq 2 ]
run wide-four 4 "smp=4 test=smp" 5000
width 64 vmi64_ 0xffffc900000c0000
run wide-far 4 "smp=4 test=smp window-at=far" 5000
# In a copy that was told of the state, the entries are elsewhere.
"$pvrom" run --guest "$guest" --rom "$rom" --order first --timeout 300 \
	--append "harden=1 test=flow.sysret" --trace "$work/trace" > "$work/out"
check wide-copy.good [ $? -eq 0 ]
"$pvrom" trace --stat "$work/trace" > "$work/out" 2>&1
check wide-copy.complete grep -q "^trace .* lost=0 unordered=0 .* problems=0" "$work/out"
check wide-copy.sysret [ "$(grep -c '^call SYSRET\(64\|32\) ' "$work/out")" -eq 2 ]
finish
