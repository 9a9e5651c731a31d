#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kvm.sh LOGS RUNS ROUNDS: what bench.sh counts, on KVM, with nested paging and with shadow paging.
# Needs PVROM_BUILD. Nested in an emulated machine (docs/kvm.md), whose host can be told which
# of the two to use; nothing there is steady, so what does not come is missing: LOGS/missing says
# why. Exits are counted by KVM's own trace.
set -u
build=$PVROM_BUILD logs=$1 runs=$2 rounds=$3
here=$(dirname "$0")
work=$build/kvm
limit=300 # seconds for each machine; both run at the same time
mark=$(sed -n "s/^#define MARK_PORT //p" "$here/../../guest-shim/mark.h")
mkdir -p "$work"
missing() {
	echo "$1" > "$logs/missing"
	exit 0
}
why=$("$here/../kvm/packages.sh" "$work/packages") || missing "$(echo "$why" | tail -n 1)"
"$here/../kvm/image.sh" "$build" "$here/../runs/kvm.cfg" "$work/bench-image" "$here/kvm_init" \
	"$here/kvm_trace.awk" > "$work/bench-said" 2>&1 || missing "no image: $(tail -n 1 "$work/bench-said")"

machine() { # PAGING
	exec timeout -k 5 $limit qemu-system-x86_64 -accel tcg,thread=single -cpu max -m 2048 -display none \
		-no-reboot -nodefaults -net none -serial "file:$work/bench-console.$1" \
		-serial "file:$work/bench-results.$1" \
		-kernel "$work/packages/vmlinuz" -initrd "$work/bench-image" -append \
		"console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check PAGING=$1 RUNS=$runs ROUNDS=$rounds MARK=$mark"
}
: > "$work/bench-results.npt"
: > "$work/bench-results.shadow"
machine npt > "$work/bench-qemu.npt" 2>&1 &
npt=$!
machine shadow > "$work/bench-qemu.shadow" 2>&1 &
shadow=$!
trap 'kill "$npt" "$shadow" 2> /dev/null' EXIT
trap 'exit 2' INT TERM HUP
wait "$npt" "$shadow"
trap - EXIT
cat "$work/bench-results.npt" "$work/bench-results.shadow" | tr -d '\r' | awk -v logs="$logs" '
	$1 == "log" && NF == 3 { name = $3 == 0 ? $2 : ""; file = logs "/" name; text = "" ; next }
	$1 == "end" && name == $2 { printf "%s", text > file; close(file); name = ""; got++; next }
	name != "" { text = text $0 "\n" }
	END { exit !got }' || missing "the guests did not come to an end within $limit s under the nested KVM"
echo "not within $limit s under the nested KVM, or ended there for no reason; PAE with nested paging is never run (docs/kvm.md)" > "$logs/missing"
