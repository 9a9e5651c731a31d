#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# loader.sh: what validating and negotiating 4 KiB images costs. Needs PVROM_BUILD, valgrind.
#
# Counts the instructions of a bare checksum loop and of a load over the same images in one run
# of tests/bench/loader.c, one thread, no timing. Writes report/loader.tsv in the build folder;
# the load may cost LIMIT times the loop, binding every call comes on top and has no limit.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
LIMIT=2
build=$PVROM_BUILD
work=$build/test-logs/bench-loader
report=$build/report/loader.tsv
passed=0 failed=0

rm -rf "$work"
mkdir -p "$work" "$build/report"
printf 'images\tbytes\tsum\tload\tratio\tbind\n' > "$report"

# What each call of the two functions cost, with all that it called: `FUNCTION COST` in the
# order of their lines. A name stands at its number's first use only.
costs() { # FILE
	awk '
		/^c?fn=/ {
			id = $1
			sub(/^c?fn=/, "", id)
			if (NF > 1)
				name[id] = $2
		}
		/^cfn=/ { called = name[id] }
		/^calls=/ {
			getline
			if (called == "bench_sum" || called == "bench_load")
				print called, $2
		}' "$1"
}

for images in 1 48; do
	valgrind --tool=callgrind --callgrind-out-file="$work/$images" \
		"$build/bench/loader" "$images" > "$work/$images.log" 2>&1
	status=$?
	# shellcheck disable=SC2046 # words
	set -- $(costs "$work/$images")
	sum=${2-} load=${4-} bind=${6-}
	if [ "$status" -ne 0 ] || [ "$#" -ne 6 ] || [ "$1 $3 $5" != "bench_sum bench_load bench_load" ]; then
		echo "not ok loader speed, $images images: exit status $status, no count; see $work/$images.log"
		failed=$((failed + 1))
		continue
	fi
	ratio=$(awk "BEGIN { printf \"%.3f\", $load / $sum }")
	printf '%d\t%d\t%d\t%d\t%s\t%d\n' "$images" $((images * 4096)) "$sum" "$load" "$ratio" \
		$((bind - load)) >> "$report"
	if [ "$load" -gt $((LIMIT * sum)) ]; then
		echo "not ok loader speed, $images images: found $load instructions, expected at most $LIMIT times $sum"
		failed=$((failed + 1))
	else
		echo "$images images: $load instructions, $ratio times the $sum of a bare checksum loop"
		passed=$((passed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
