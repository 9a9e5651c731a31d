#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sum.sh PART... [then PART...]: runs every part and ends with `N passed, N failed`.
# As many parts at once as there are processors (or as PVROM_JOBS says), begun in the order given,
# so long ones belong first; those behind `then` begin when all before it have ended. What a part
# says is shown when it ends, with its wall time and the time of processors that it took;
# report/times.tsv has these again.
# A part is what tests/part.sh runs. Needs PVROM_BUILD.
# Exit status: 0 if something passed and nothing failed, else 1.
set -u
here=$(dirname "$0")
logs=$PVROM_BUILD/test-logs
jobs=${PVROM_JOBS:-$(nproc)}
times=$PVROM_BUILD/report/times.tsv
mkdir -p "$logs" "$PVROM_BUILD/report"
rm -rf "$logs/sums"
mkdir "$logs/sums"

# One part a line: NUMBER PART. A number is the name of its result, so that each part must leave one.
count=0
: > "$logs/sums/before"
: > "$logs/sums/after"
list=$logs/sums/before
for part; do
	if [ "$part" = then ]; then
		list=$logs/sums/after
		continue
	fi
	count=$((count + 1))
	echo "$count $part" >> "$list"
done
# A part that runs several QEMUs gets one processor if it has neighbours.
alone=$count
[ "$jobs" -gt 1 ] || alone=1
for list in before after; do
	PVROM_ALONE=$alone xargs -r -P "$jobs" -L 1 "$here/part.sh" < "$logs/sums/$list"
done

passed=0 failed=0
printf 'part\tseconds\tuser\tsystem\n' > "$times"
for list in before after; do
	while read -r number part; do
		if read -r ok bad wall user system < "$logs/sums/$number" 2> /dev/null; then
			passed=$((passed + ok)) failed=$((failed + bad))
			printf '%s\t%s\t%s\t%s\n' "$part" "$wall" "$user" "$system" >> "$times"
		else
			echo "not ok $part: it left no result"
			failed=$((failed + 1))
		fi
	done < "$logs/sums/$list"
done
awk -F'\t' 'NR > 1 { wall += $2; cpu += $3 + $4 }
	END { printf "parts: %.0f s one after another, %.0f s of processors\n", wall, cpu }' "$times"
cat "$logs"/sums/*.skipped 2> /dev/null
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
