#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# lane.sh: boots the cells of tests/runs/kvm.cfg on real KVM (docs/kvm.md). Needs PVROM_BUILD.
#
# With /dev/kvm and a processor that virtualises, directly; else in a machine that QEMU
# emulates with its SVM: a kernel, KVM, QEMU and pvrom, packed out of Debian's packages.
# --shell gives a shell in that machine instead; --cut runs the platforms under nested paging alone.
# What happens is shown on fd 3 if that is open, else on stdout. The last line is
# `N passed, N failed`, or `skipped: REASON` where the packages cannot be had.
# Exit status: 0 all passed or skipped, 1 some failed, 2 environment.
set -u
build=$PVROM_BUILD
here=$(dirname "$0")
list=$here/../runs/kvm.cfg
work=$build/kvm
limit=1800 # seconds for a whole session; a guard
report=$build/report/kvm-exits.txt
mkdir -p "$work" || exit 2
[ -e /dev/fd/3 ] || exec 3>&1

# Only a processor that virtualises can run a 32-bit guest's kernel.
usable_kvm() {
	[ -r /dev/kvm ] && [ -w /dev/kvm ] && grep -q -w -m 1 'svm\|vmx' /proc/cpuinfo
}

[ "${1:-}" = --cut ] && cut=level-on/ || cut=
cells=$("$build/pvrom" matrix --list ${cut:+--filter "$cut"} "$list" | wc -l)
[ -z "$cut" ] || cells=$((cells + 1)) # the canary, which is run whatever the filter
rm -f "$work/results" "$work/console"
: > "$work/results"
: > "$work/console"

# Shows what the file gets until process $1 has ended.
follow() { # PID RESULTS
	shown=0
	while :; do
		kill -0 "$1" 2> /dev/null && alive=yes || alive=
		lines=$(wc -l < "$2")
		if [ "$lines" -gt "$shown" ]; then
			sed -n "$((shown + 1)),${lines}p" "$2" | grep -a '^ok \|^not ok ' |
				sed 's/^/  /' >&3
			shown=$lines
		fi
		[ -n "$alive" ] || return
		sleep 1
	done
}

if [ "${1:-}" != --shell ] && usable_kvm; then
	echo "kvm: $cells cells directly on /dev/kvm" >&3
	{
		timeout -k 5 $limit "$build/pvrom" matrix --jobs 1 ${cut:+--filter "$cut"} "$list"
		echo "ended $?"
	} > "$work/results" 2>&1 &
	follow $! "$work/results"
	grep -a -v '^ok ' "$work/results"
	exec "$here/judge.sh" "$work/results" /dev/null "$cells"
fi

if ! why=$("$here/packages.sh" "$work/packages"); then
	echo "skipped: $(echo "$why" | tail -n 1)"
	exit 0
fi
"$here/image.sh" "$build" "$list" "$work/image" || exit 2

# One emulated processor whose time is a count of its instructions: each session of the same image
# goes the same way, however busy this machine is, and waiting takes no time. 2 ns an instruction:
# with 8, exits are so dear that guests cannot keep time; with 1, they take this for an exact clock.
machine() { # WORDS QEMU-ARGUMENTS...
	words=$1
	shift
	exec timeout -k 5 $limit qemu-system-x86_64 -accel tcg,thread=single -icount shift=1,sleep=off \
		-rtc base=2026-06-15T12:00:00,clock=vm -seed 1 -cpu max -smp 1 -m 2048 -display none \
		-no-reboot -nodefaults -net none "$@" -kernel "$work/packages/vmlinuz" \
		-initrd "$work/image" -append \
		"console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check $words"
}
if [ "${1:-}" = --shell ]; then
	limit=86400
	machine SHELL_ONLY=1 -serial mon:stdio
fi
echo "kvm: $cells cells on KVM nested under TCG, $(cat "$work/packages/ready")" >&3
for paging in nested shadow; do
	: > "$work/results.$paging"
	: > "$work/console.$paging"
done
machine "PAGING=nested${cut:+ FILTER=$cut}" -serial "file:$work/console.nested" \
	-serial "file:$work/results.nested" > "$work/qemu.nested" 2>&1 &
nested=$!
shadow=
: > "$work/qemu.shadow"
if [ -z "$cut" ]; then
	machine PAGING=shadow -serial "file:$work/console.shadow" \
		-serial "file:$work/results.shadow" > "$work/qemu.shadow" 2>&1 &
	shadow=$!
fi
trap 'kill $nested $shadow 2> /dev/null' EXIT
trap 'exit 2' INT TERM HUP
[ -z "$shadow" ] || follow "$shadow" "$work/results.shadow"
follow $nested "$work/results.nested"
for what in qemu results console; do
	cat "$work/$what.nested" "$work/$what.shadow" > "$work/$what"
done
cat "$work/qemu"
mkdir -p "$build/report"
tr -d '\r' < "$work/results" | sed -n 's/^exits //p' > "$report"
grep -a -v '^ok \|^exits ' "$work/results"
if [ -n "$cut" ]; then
	exec "$here/judge.sh" "$work/results" "$work/console" "$cells"
fi
# Two sessions, and the canary is run in both.
"$here/judge.sh" "$work/results" "$work/console" $((cells + 1)) 2
