#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# slots64.sh: what each slot costs in long mode, as slots.sh has it for 32 bit. Needs PVROM_BUILD.
#
# Counts instructions under -icount: once with the ROM's window in reach of the guest's calls, once where
# sites get there by trampolines. Writes report/slots64.tsv in the build folder, one line per slot
# (docs/slots-table.md tells how to read it). The last line is `N passed, N failed`; exit status 0 if
# something passed and nothing failed.
set -u
build=$PVROM_BUILD
here=$(dirname "$0")
logs=$build/test-logs/bench64
table=$build/report/slots64.tsv
mkdir -p "$logs" "$(dirname "$table")"
rm -f "$logs"/* "$table"
for place in near far; do
	"$build/pvrom" run --timeout 60 --guest "$build/guest64.elf" --rom "$build/rom/full.rom" \
		--append "bench=slots test=bench window-at=$place" -- -icount shift=0,sleep=off -cpu max \
		> "$logs/$place.log" 2>&1 || {
		echo "# $logs/$place.log: $(tail -n 1 "$logs/$place.log")"
		: > "$logs/$place.log"
	}
done
awk -v table="$table" -f "$here/slots64.awk" "$logs/near.log" "$logs/far.log"
