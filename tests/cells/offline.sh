#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# offline.sh: does `pvrom bind` say of every ROM what a guest in QEMU said? Needs PVROM_BUILD.
#
# Reads what the run lists left in report/cells of the build folder, binds the ROMs of each
# run on the host, with the run's own words, and compares both reports without addresses: the
# verdict on each VMI ROM, the outcome, each slot, each answer, each JSON line.
# What need not agree stands in offline.txt beside this file, with its reason, and must be needed.
# A ROM that no run compares is a failure, whatever kernel booted it.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
cells=$PVROM_BUILD/report/cells
work=$PVROM_BUILD/report/offline
here=$(dirname "$0")

rm -rf "$work"
mkdir -p "$work"
# No name of a run list or of a run holds a blank.
# shellcheck disable=SC2046
set -- $(find "$cells" -name '*.log' 2> /dev/null | sort)
awk -v step=plan -v cells="$cells/" -v work="$work" -f "$here/offline.awk" \
	"$here/offline.txt" "$@" > "$work/plan"
# Blanks between words and options; ROM files have none in their names.
while IFS='|' read -r _ _ number roms words options; do
	if [ "$number" = - ] || [ -e "$work/$number.log" ]; then
		continue
	fi
	# shellcheck disable=SC2086
	"$PVROM_BUILD/pvrom" bind --append "$words" $options $roms > "$work/$number.log" 2>&1
done < "$work/plan"
awk -v step=judge -v build="$PVROM_BUILD" -v work="$work" -f "$here/offline.awk" \
	"$here/offline.txt" "$work/plan"
