#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# part.sh NUMBER PART: runs one part of sum.sh, shows its verdicts, and leaves
# `PASSED FAILED WALL USER SYSTEM` (seconds) in test-logs/sums/NUMBER.
# A part is a cmocka binary, matrix:FILE for a run list, cpu:ROM for the cpu lane, or
# a script FILE.sh whose last line is `N passed, N failed`, too, or `skipped: REASON` where the
# machine lacks what it needs: that counts as nothing, and is said again at the end. Its lines
# `note ...` are shown, and what it writes to fd 3.
# Needs PVROM_BUILD; PVROM_ALONE=1 lets a run list have all processors.
set -u
number=$1 part=$2
logs=$PVROM_BUILD/test-logs
sums=$logs/sums
log=$logs/$(echo "$part" | tr /: --).log
said=$sums/$number.said
begin=$(date +%s%N)
shown=

# The two numbers of a log's last line; 0 0 if that says something else.
counts() { # LOG
	found=$(sed -n '$s/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2/p' "$1")
	echo "${found:-0 0}"
}
# Wall, user and system time of this part, in seconds.
spent() {
	awk -v ns=$(($(date +%s%N) - begin)) '
		{ for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); sum[i] += 60 * t[1] + t[2] } }
		END { printf "%.1f %.1f %.1f", ns / 1e9, sum[1], sum[2] }' "$sums/$number.times"
}
run() {
	case $part in
	matrix:*)
		file=${part#matrix:}
		name=$file head="matrix $file" shown=yes
		list=$(basename "$file" .cfg)
		case $file in tests/golden/*/*) # every released set has lists of these names
			list=$(basename "${file%/*}")-$list ;;
		esac
		results=$PVROM_BUILD/report/matrix/$list
		rm -rf "$results"
		mkdir -p "${results%/*}"
		jobs=
		[ "${PVROM_ALONE:-1}" -eq 1 ] || jobs="--jobs 1"
		# shellcheck disable=SC2086 # two words or none
		"$PVROM_BUILD/pvrom" matrix $jobs --results "$results" "$file" > "$log" 2>&1
		status=$?
		# Younger than the runs that it speaks of (tools/report/census.c).
		cells=$PVROM_BUILD/report/cells/$(basename "$file" .cfg)
		[ ! -d "$cells" ] || git describe --always --dirty > "$cells/commit" 2> /dev/null ||
			rm -f "$cells/commit"
		;;
	cpu:*)
		name=${part#cpu:} head="cpu $name"
		log=$logs/cpu-$(basename "$name").log # tests/coverage/coverage.sh reads it
		"$PVROM_BUILD/pvrom" cpu "$name" > "$log" 2>&1
		status=$?
		;;
	*.sh)
		name=$part head="script $name"
		"$part" 3>&1 > "$log" 2>&1
		status=$?
		sed -n 's/^note /  /p' "$log"
		;;
	*)
		name=$(basename "$part") head="host $name"
		CMOCKA_MESSAGE_OUTPUT=TAP "$part" > "$log" 2>&1
		status=$?
		# A skipped test counts as failed: everything a test needs is built before it.
		echo "$(grep -c '^ok ' "$log") passed, $(grep -c '^not ok ' "$log") failed" > "$sums/$number.last"
		;;
	esac
}
run > "$said"
last=$sums/$number.last
[ -f "$last" ] || tail -n 1 "$log" > "$last"
reason=
case $part in *.sh) reason=$(sed -n '$s/^skipped: \(..*\)$/\1/p' "$log") ;; esac
# shellcheck disable=SC2046 # two numbers
set -- $(counts "$last")
ok=$1 bad=$2
if [ -n "$reason" ] && [ "$status" -eq 0 ]; then
	echo "skipped $part: $reason" > "$sums/$number.skipped"
elif [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
	# A part that says nothing, or that exits badly without naming a failure.
	bad=1
	echo "not ok $name: exit status $status, $ok tests passed, none failed" >> "$said"
fi
times > "$sums/$number.times" # not in a shell below this one, whose own are none
time=$(spent)
# In one piece, whoever else has something to say.
(
	flock 9
	# shellcheck disable=SC2086 # three numbers
	printf '%s: %s (%s s, %s + %s s of processors)\n' "$head" "$(cat "$last")" $time
	cat "$said"
	[ -z "$shown" ] && [ "$bad" -eq 0 ] || cat "$log"
) 9> "$sums/lock"
echo "$ok $bad $time" > "$sums/$number"
