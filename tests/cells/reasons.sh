#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# reasons.sh: was every reason code of spec/reasons.abi seen in a guest? Needs PVROM_BUILD.
#
# Reads what the run lists left in report/cells of the build folder (tools/run/cell_log.h):
# lines that guests printed in runs that were as expected, never what a run list says.
# Writes report/reasons.tsv there: code, how many runs showed it, and the first of them.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
cells=$PVROM_BUILD/report/cells
report=$PVROM_BUILD/report/reasons.tsv

mkdir -p "$PVROM_BUILD/report"
# No name of a run list or of a run holds a blank.
# shellcheck disable=SC2046
set -- $(find "$cells" -name '*.log' 2> /dev/null | sort)
awk -v cells="$cells/" -v report="$report" '
	FILENAME ~ /\.abi$/ {
		if ($1 == "reason") {
			name[++codes] = $3 == "OK" ? "ok" : "VMI_" $3
			known[name[codes]] = 1
		}
		next
	}
	# why=REASON in lines, "why":"REASON" in objects; a head line is not the guest speaking.
	!/^#/ && match($0, /why(=|":")(ok|VMI_E_[A-Z0-9_]+)/) {
		code = substr($0, RSTART, RLENGTH)
		sub(/^why(=|":")/, "", code)
		if (!((code, FILENAME) in counted)) {
			counted[code, FILENAME] = 1
			if (!runs[code]++)
				first[code] = substr(FILENAME, length(cells) + 1)
			if (!(code in known) && runs[code] == 1) {
				print "not ok reason " code ": " first[code] " shows it, spec/reasons.abi does not"
				failed++
			}
		}
	}
	END {
		print "code\truns\tfirst" > report
		for (i = 1; i <= codes; i++) {
			code = name[i]
			printf "%s\t%d\t%s\n", code, runs[code], runs[code] ? first[code] : "-" > report
			if (runs[code]) {
				passed++
				continue
			}
			print "not ok reason " code ": no run shows it; add one to a list in tests/runs"
			failed++
		}
		printf "%d passed, %d failed\n", passed, failed
		exit failed || !passed
	}' spec/reasons.abi "$@"
