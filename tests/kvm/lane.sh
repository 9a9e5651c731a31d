#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# lane.sh: boots the cells of tests/runs/kvm.cfg on real KVM (docs/kvm.md). Needs PVROM_BUILD.
#
# With /dev/kvm and a processor that virtualises, directly; else in a machine that QEMU
# emulates with its SVM: a kernel, KVM, QEMU and pvrom, packed out of Debian's packages.
# --shell gives a shell in that machine instead.
# What happens is shown on fd 3 if that is open, else on stdout. The last line is
# `N passed, N failed`, or `skipped: REASON` where the packages cannot be had.
# Exit status: 0 all passed or skipped, 1 some failed, 2 environment.
set -u
build=$PVROM_BUILD
here=$(dirname "$0")
list=$here/../runs/kvm.cfg
work=$build/kvm
limit=1200 # seconds for a whole session; a guard
mkdir -p "$work" || exit 2
[ -e /dev/fd/3 ] || exec 3>&1

# Only a processor that virtualises can run a 32-bit guest's kernel.
usable_kvm() {
	[ -r /dev/kvm ] && [ -w /dev/kvm ] && grep -q -w -m 1 'svm\|vmx' /proc/cpuinfo
}

cells=$("$build/pvrom" matrix --list "$list" | wc -l)
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
		timeout -k 5 $limit "$build/pvrom" matrix --jobs 1 "$list"
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

# no_timer_check: a loaded host looks like a broken timer. On two emulated processors guests under
# nested paging end for no reason now and then; under shadow paging one is far too slow.
machine() { # PROCESSORS WORDS QEMU-ARGUMENTS...
	[ "$1" -eq 1 ] && thread=single || thread=multi
	smp=$1 words=$2
	shift 2
	exec timeout -k 5 $limit qemu-system-x86_64 -accel tcg,thread=$thread -cpu max -smp "$smp" \
		-m 2048 -display none -no-reboot -nodefaults -net none "$@" \
		-kernel "$work/packages/vmlinuz" -initrd "$work/image" -append \
		"console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check $words"
}
if [ "${1:-}" = --shell ]; then
	limit=86400
	machine 2 SHELL_ONLY=1 -serial mon:stdio
fi
echo "kvm: $cells cells on KVM nested under TCG, $(cat "$work/packages/ready")" >&3
for paging in nested shadow; do
	: > "$work/results.$paging"
	: > "$work/console.$paging"
done
machine 1 "JOBS=1 PAGING=nested" -serial "file:$work/console.nested" \
	-serial "file:$work/results.nested" > "$work/qemu.nested" 2>&1 &
nested=$!
machine 2 "JOBS=2 PAGING=shadow" -serial "file:$work/console.shadow" \
	-serial "file:$work/results.shadow" > "$work/qemu.shadow" 2>&1 &
shadow=$!
trap 'kill $nested $shadow 2> /dev/null' EXIT
trap 'exit 2' INT TERM HUP
follow $shadow "$work/results.shadow"
follow $nested "$work/results.nested"
for what in qemu results console; do
	cat "$work/$what.nested" "$work/$what.shadow" > "$work/$what"
done
cat "$work/qemu"
grep -a -v '^ok ' "$work/results"
# Two sessions, and the canary is run in both.
"$here/judge.sh" "$work/results" "$work/console" $((cells + 1)) 2
