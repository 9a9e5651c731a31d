#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# hostile.sh: did a guest survive every ROM of tests/hostile, those with code of their own on one
# processor and on two, every variant at all? Needs PVROM_BUILD.
#
# Reads what the run lists left in report/cells of the build folder: only a run that was as
# expected and came to its census counts.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
# No name of a run list or of a run holds a blank.
# shellcheck disable=SC2046
set -- $(find "$PVROM_BUILD/report/cells" -name '*.log' 2> /dev/null | sort)
{
	for source in tests/hostile/init_*.asm tests/hostile/answer_*.asm; do
		name=tests/hostile/$(basename "$source" .asm).rom
		echo "$name 1"
		echo "$name 2"
	done
	sed -n 's|^\(E_[A-Z_]*\) .*|tests/variants/\1.rom any|p' tests/hostile/variants.txt
} | awk -v build="$PVROM_BUILD/" '
	FILENAME == "-" {
		wanted[++count] = $1 " " $2
		next
	}
	FNR == 1 {
		roms = ""
		smp = 1
	}
	/^# smp / { smp = $3 }
	/^# rom / { roms = roms " " substr($3, length(build) + 1) }
	/^census / {
		n = split(roms, booted, " ")
		for (i = 1; i <= n; i++)
			seen[booted[i] " " smp] = seen[booted[i] " any"] = 1
	}
	END {
		for (i = 1; i <= count; i++) {
			if (wanted[i] in seen) {
				passed++
				continue
			}
			split(wanted[i], w, " ")
			print "not ok hostile " w[1] ": no run boots it on " w[2] " processors; add one to a list in tests/runs"
			failed++
		}
		printf "%d passed, %d failed\n", passed, failed
		exit failed || !passed
	}' - "$@"
