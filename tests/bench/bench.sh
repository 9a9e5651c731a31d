#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bench.sh [--whole]: what each slot, a batch and the stress case cost, in instructions and exits,
# on each platform (docs/performance.md). Needs PVROM_BUILD.
#
# --whole writes report/bench.tsv in the build folder, and a table of it to report/bench.txt, which
# it shows. Without it a cut is made: one run each, a short stress case, no KVM, report/bench-cut.*.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
build=$PVROM_BUILD
here=$(dirname "$0")
runs=1 rounds=1 name=bench-cut
if [ "${1:-}" = --whole ]; then
	runs=3 rounds=8 name=bench
fi
logs=$build/test-logs/$name
report=$build/report/$name
mkdir -p "$logs" "$(dirname "$report")"
rm -f "$logs"/* "$report.tsv" "$report.txt"

# One run; a bad one leaves an empty log.
run() { # PLATFORM WHAT ARGUMENTS...
	log=$logs/$1-$2.$i.log
	shift 2
	"$build/pvrom" run --timeout 120 --repeat-exactly "$@" > "$log" 2>&1 && return
	echo "# $log: $(tail -n 1 "$log")"
	mv "$log" "$log.bad"
	: > "$log"
}

each() { # PLATFORM ARGUMENTS...
	platform=$1
	shift
	for pae in 0 1; do
		run "$platform" "slots$pae" --append "test=bench bench=marks watchdog=off pae=$pae" "$@"
		run "$platform" "batch$pae" --append "test=mmu.batch watchdog=off pae=$pae" "$@"
		run "$platform" "stress$pae" --append "test=stress rounds=$rounds watchdog=off pae=$pae" "$@"
	done
}

i=0
while [ "$((i += 1))" -le $runs ]; do
	each native
	each bound --rom "$build/rom/full.rom"
	each trap --under "$build/hv.elf" -- -cpu max,-rdrand,-rdseed -m 192
	each rom --under "$build/hv.elf" --rom "$build/vmi-hv.rom" -- -cpu max,-rdrand,-rdseed -m 192
done
if [ $name = bench ]; then
	"$here/kvm.sh" "$logs" $runs $rounds
else
	echo "no KVM in the cut" > "$logs/missing"
fi

awk -v tsv="$report.tsv" -v runs=$runs -v missing="$logs/missing" -f "$here/bench.awk" \
	"$logs"/*.log > "$logs/verdict"
status=$?
awk -f "$here/table.awk" "$report.tsv" > "$report.txt"
[ $name = bench-cut ] || cat "$report.txt"
cat "$logs/verdict"
exit $status
