#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# sum.sh PART...: runs every part and ends with `N passed, N failed`.
# A part is a cmocka binary, matrix:FILE for a run list, cpu:ROM for the cpu lane, or
# a script FILE.sh whose last line is of that form, too, or `skipped: REASON` where the machine
# lacks what it needs: that counts as nothing, and is said again at the end. Its lines `note ...`
# are shown; what it shows while it runs goes to fd 3. Needs PVROM_BUILD.
# Exit status: 0 if something passed and nothing failed, else 1.
set -u
logs=$PVROM_BUILD/test-logs
mkdir -p "$logs"
passed=0 failed=0 skips=

# Adds up `N passed, N failed`; a part that says nothing, or that exits badly
# without naming a failure, is a failure itself.
add() { # NAME STATUS PASSED FAILED LOG shown|hidden
	ok=$3 bad=$4
	if [ "$bad" -eq 0 ] && { [ "$2" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
		bad=1
		echo "not ok $1: exit status $2, $ok tests passed, none failed"
	fi
	[ "$bad" -eq 0 ] || [ "$6" = shown ] || cat "$5"
	passed=$((passed + ok)) failed=$((failed + bad))
}

# The two numbers of a log's last line; 0 0 if that says something else.
counts() { # LOG
	found=$(sed -n '$s/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2/p' "$1")
	echo "${found:-0 0}"
}

for part in "$@"; do
	case $part in
	matrix:*)
		file=${part#matrix:}
		log=$logs/$(echo "$file" | tr / -).log
		echo "matrix $file"
		results=$PVROM_BUILD/report/matrix/$(basename "$file" .cfg)
		rm -rf "$results"
		mkdir -p "${results%/*}"
		{ "$PVROM_BUILD/pvrom" matrix --results "$results" "$file"; echo $? > "$log.status"; } 2>&1 | tee "$log"
		status=$(cat "$log.status")
		# Younger than the runs that it speaks of (tools/report/census.c).
		cells=$PVROM_BUILD/report/cells/$(basename "$file" .cfg)
		[ ! -d "$cells" ] || git describe --always --dirty > "$cells/commit" 2> /dev/null ||
			rm -f "$cells/commit"
		# shellcheck disable=SC2046 # two numbers
		add "$file" "$status" $(counts "$log") "$log" shown
		;;
	cpu:*)
		file=${part#cpu:}
		log=$logs/cpu-$(basename "$file").log
		"$PVROM_BUILD/pvrom" cpu "$file" > "$log" 2>&1
		status=$?
		echo "cpu $file: $(tail -n 1 "$log")"
		# shellcheck disable=SC2046 # two numbers
		add "$file" "$status" $(counts "$log") "$log" hidden
		;;
	*.sh)
		log=$logs/$(basename "$part").log
		"$part" 3>&1 > "$log" 2>&1
		status=$?
		echo "script $part: $(tail -n 1 "$log")"
		sed -n 's/^note /  /p' "$log"
		reason=$(sed -n '$s/^skipped: \(..*\)$/\1/p' "$log")
		if [ -n "$reason" ] && [ "$status" -eq 0 ]; then
			skips="$skips$part: $reason
"
			continue
		fi
		# shellcheck disable=SC2046 # two numbers
		add "$part" "$status" $(counts "$log") "$log" hidden
		;;
	*)
		name=$(basename "$part")
		log=$logs/$name.log
		CMOCKA_MESSAGE_OUTPUT=TAP "$part" > "$log" 2>&1
		status=$?
		ok=$(grep -c '^ok ' "$log")
		# A skipped test counts as failed: everything a test needs is built before it.
		bad=$(grep -c '^not ok ' "$log")
		echo "host $name: $ok passed, $bad failed"
		add "$name" "$status" "$ok" "$bad" "$log" hidden
		;;
	esac
done
printf '%s' "$skips" | sed 's/^/skipped /'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
