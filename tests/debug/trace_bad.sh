#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# trace_bad.sh: what pvrom trace says of good, cut, shuffled and rubbish files: the inputs of the
# fuzz target, without its first byte. The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh
pvrom=$PVROM_BUILD/asan/pvrom corpus=tests/fuzz/corpus/trace

# try NAME STATUS TEXT ARGUMENT...: decodes corpus file NAME.
try() {
	name=$1 status=$2 text=$3
	shift 3
	tail -c +2 "$corpus/$name" > "$work/file"
	"$pvrom" trace "$work/file" "$@" > "$work/out" 2>&1
	check "$name.status" [ $? -eq "$status" ]
	check "$name.says" grep -qF -- "$text" "$work/out"
}
chrome() { # NAME
	tail -c +2 "$corpus/$1" > "$work/file"
	"$pvrom" trace --chrome "$work/file" > "$work/json" 2> /dev/null
	check "$1.chrome" "$PVROM_BUILD/asan/chrome_check" "$work/json"
}
try good 0 '2 cpu0 30 +10 SetCR3(value=0x5000) from 0x100100'
try good 0 'records=5 calls=3 cpus=2 boots=1 lost=0 unordered=0' --stat
try good 0 '3 cpu1 35 - IRET(eip=0x100100 cs=0x0 eflags=0x0)'
try good 0 '"results": {"status": "0x0"}' --json
try cut 1 'offset 0x38: the last 44 bytes are no record of 56: the file is cut'
try shuffled 1 'sequence: found 2, expected 0: 2 records are missing'
try shuffled 1 'boots=2 lost=4 unordered=0' --stat
try rubbish 1 'offset 0x38: found 120 bytes that are no record, expected one of 56: the next is at 0xb0'
try two-boots 0 'calls=6 cpus=2 boots=2 lost=0' --stat
try crossed 1 '1 records were written without a lock'
try crossed 1 'returns, but its call is not in the file'
try overlap 0 '0 cpu0 10 +20 Halt() from 0x100100'
try wide 1 '0 cpu0 10 +10 SetCR3(value=0xdead000000005000) from 0xffffffff80100100'
try wide 1 '2 cpu1 30 - SYSRET64(rip=0x400000 rflags=0x202)'
try wide 1 '3 cpu0 40 - IRET(rip=0x400010 cs=0x2b rflags=0x246)'
try wide 1 'FlushTLBMulti(set=0x1 bits=0x2 start=0x3 end=0x4 flags=0x5) -> refused=0x7 from 0xffffffff80100108'
try wide 1 '6 cpu0 70 +10 SetCR3(value=0x6000) from 0x100100'
try wide 1 'sequence 9: GetRelocationInfo returns, but its call is not in the file'
try wide 1 'records=10 calls=6 cpus=2 boots=1 lost=0 unordered=0 not-returned=1' --stat
try wide 1 'call SetCR3 count=1 share=16.67% ticks=10 of-ticks=33.33% width=64' --stat
try wide 1 '"call": 82, "width": 64' --json
try wide-cut 1 'offset 0x88: the last 135 bytes are no record of 56 or more: the file is cut'
try wide-rubbish 1 'offset 0x0: found 136 bytes that are no record, expected one of 136: the next is at 0x88'
for name in good cut shuffled rubbish two-boots crossed overlap wide wide-cut wide-rubbish; do
	chrome "$name"
done
: > "$work/empty"
"$pvrom" trace "$work/empty" > "$work/out" 2>&1
check empty.status [ $? -eq 1 ]
check empty.says grep -q 'found no byte, expected records' "$work/out"
"$pvrom" trace "$work/none" > "$work/out" 2>&1
check missing.status [ $? -eq 2 ]
try exec 1 'calls=0' --stat --exec-log --rom "$PVROM_BUILD/rom/full.rom" --base 0xd0000
"$pvrom" trace --exec-log --rom "$PVROM_BUILD/rom/full.rom" --base 0xc00c0000 rom/rom.mk \
	> "$work/out" 2>&1
check no-log.status [ $? -eq 1 ]
check no-log.says grep -q 'no line begins with' "$work/out"
finish
