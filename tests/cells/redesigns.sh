#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# redesigns.sh [--table]: what every slot of the kernels of docs/redesigns.md became, on each ROM.
# Needs PVROM_BUILD.
#
# Reads the `became` lines that tests/runs/redesign.cfg left in report/cells of the build folder,
# of runs that were as expected. Writes report/redesigns.tsv there, one row per kernel, ROM and slot,
# and compares the sums with the table in docs/redesigns.md; --table prints that table instead.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
cells=$PVROM_BUILD/report/cells/redesign
report=$PVROM_BUILD/report/redesigns.tsv
doc=$(dirname "$0")/../../docs/redesigns.md

# No name of a run holds a blank.
# shellcheck disable=SC2046
set -- "${1:-}" $(find "$cells" -name '*.log' 2> /dev/null | sort)
what=$1
shift
awk -v what="$what" -v report="$report" '
	BEGIN { print "design\trom\tslot\tbecame\tcall\tlines\twhy" > report }
	FILENAME ~ /\.md$/ {
		if (/^[|] (ordinary|no-[a-z]+) [|]/)
			row[++rows] = $0
		next
	}
	FNR == 1 { rom = machine = "" }
	{ sub(/\r$/, "") }
	/^# machine / { machine = $3 }
	/^# rom / {
		rom = $3
		version = rom ~ /golden\// ? rom : "today"
		sub(/.*golden\//, "", version)
		sub(/\/.*/, "", version)
		sub(/.*\//, "", rom)
		sub(/\.rom$/, "", rom)
		if (rom == "vmi") # the same profile
			rom = "full"
		rom = version " " rom
	}
	/^became / {
		why = index($0, " # ") ? substr($0, index($0, " # ") + 3) : ""
		sub(/^lines=/, "", $5)
		slots[++count] = $2 "\t" $3 "\t" $4 "\t" $5 "\t" why
	}
	/^became-sum / {
		key = $2 " | " rom
		text = "| " key
		for (i = 3; i <= NF; i++) {
			sub(/.*=/, "", $i)
			text = text " | " $i
		}
		text = text " |"
		if (key in sum && sum[key] != text) {
			print "not ok redesigns " key ": two runs differ: " sum[key] " and " text
			failed++
		}
		if (!(key in sum)) {
			order[++sums] = key
			for (i = 1; i <= count; i++)
				print $2 "\t" rom "\t" slots[i] > report
		}
		sum[key] = text
		count = 0
	}
	END {
		if (what == "--table") {
			for (i = 1; i <= sums; i++)
				print sum[order[i]]
			exit
		}
		for (i = 1; i <= rows; i++)
			written[row[i]] = 1
		for (i = 1; i <= sums; i++) {
			seen[sum[order[i]]] = 1
			if (sum[order[i]] in written) {
				passed++
				continue
			}
			print "not ok redesigns docs/redesigns.md lacks the row " sum[order[i]]
			failed++
		}
		for (i = 1; i <= rows; i++)
			if (!(row[i] in seen)) {
				print "not ok redesigns docs/redesigns.md: no run shows the row " row[i]
				failed++
			}
		print passed + 0 " passed, " failed + 0 " failed"
		exit !(passed && !failed)
	}' "$doc" "$@"
