#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# cpu.sh: the cpu lane over calls 84, 85, 90 and 91, which only served.asm answers: both widths pass,
# and each mistake is found in the call that makes it. The last line is `N passed, N failed`. Needs
# PVROM_BUILD.
set -u
roms=$PVROM_BUILD/tests/served
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh
lane() { # ROM
	"$PVROM_BUILD/pvrom" cpu "$roms/$1.rom" --rounds 480 --call ReadMSRSafe --call WriteMSRSafe \
		--call FlushTLBMulti --call GetVcpuCycles > "$work/out" 2>&1
}
# CPU NUMBER WHAT: a line that begins so and says that.
says() {
	grep -q "^$1 $2 [A-Za-z]* $3" "$work/out"
}
all() { # VERDICT of every call in both widths
	for cpu in cpu cpu64; do
		for call in 84 85 90 91; do
			says $cpu $call "$1" || return 1
		done
	done
}
lane none
check none all 'ok 480 calls; in part: '
check none-sum test "$(tail -n 1 "$work/out")" = '12 passed, 0 failed'
# MISTAKE NUMBER WHAT, of one processor or both.
mistake() {
	lane "$1"
	for cpu in ${4:-cpu cpu64}; do
		check "$1-$cpu" says "$cpu" "$2" "failed: $3"
	done
}
mistake read_zero 84 'result: value: found 0'
mistake read_value 84 'result: value: found 0x1, expected 0'
mistake write_faulted 85 'system register: msr.sysenter_[a-z]*: found' # it wrote, and says that it did not
mistake flush_none 90 "hidden effect: the processor's own bit is set: found 0 INVLPG, 0 flushes, 0"
mistake flush_first 90 "hidden effect: the processor's own bit is set: found 1 INVLPG"
mistake flush_local 90 "hidden effect: the processor's own bit is set: found 0 INVLPG, 1 flushes, 0"
mistake flush_wild 90 'result: result: found 0, the spec says 0x6' cpu64
mistake cycles_any 91 'result: result: found 0x[0-9a-f]*, expected 0: there is no such processor'
finish
