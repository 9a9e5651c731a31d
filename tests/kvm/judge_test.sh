#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# judge_test.sh: what judge.sh makes of good and broken sessions, and sum.sh of a script that is
# skipped. The last line is `N passed, N failed`.
set -u
here=$(dirname "$0")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

verdict() { # NAME GOOD?
	if [ "$2" -eq 0 ]; then
		echo "ok $1"
		passed=$((passed + 1))
	else
		echo "not ok $1"
		cat "$work/out"
		failed=$((failed + 1))
	fi
}

# Is the status as expected, does some line contain TEXT, and is the last line LAST?
try() { # NAME STATUS TEXT LAST CELLS PASSES
	"$here/judge.sh" "$work/results" "$work/console" "$5" "$6" > "$work/out" 2>&1
	[ $? -eq "$2" ] && grep -qF -- "$3" "$work/out" && [ "$(tail -n 1 "$work/out")" = "$4" ]
	verdict "judge.$1" $?
}
results() { # LINE...
	printf '%s\n' "$@" > "$work/results"
}

echo 'reboot: Power down' > "$work/console"
results 'ok a (1.0 s)' 'ok b (2.0 s)' '2 passed, 0 failed' 'ended 0'
try good 0 '2 passed' '2 passed, 0 failed' 2 1
results 'ok a (1 s)' '1 passed, 0 failed' 'ended 0' 'ok b (1 s)' '1 passed, 0 failed' 'ended 0'
try two-passes 0 '2 passed' '2 passed, 0 failed' 2 2
results 'ok a (1.0 s)' 'not ok b: verdict: found failed' '    test x failed: y' \
	'1 passed, 1 failed' 'ended 1'
try failing-cell 1 '1 passed' '1 passed, 1 failed' 2 1
: > "$work/results"
try empty 1 'said nothing' '0 passed, 1 failed' 2 1
results 'ok a (1.0 s)' 'ok b (2.0 s)'
try no-summary 1 'found 0 summaries of pvrom, expected 1' '2 passed, 3 failed' 2 1
results 'ok a (1.0 s)' 'ok b (2.0 s)' '2 passed, 0 failed'
try no-end 1 'the session was cut short' '2 passed, 1 failed' 2 1
results 'ok a (1.0 s)' '1 passed, 0 failed' 'ended 0'
try missing-cell 1 'found verdicts on 1 cells, expected 2' '1 passed, 1 failed' 2 1
try missing-pass 1 'found 1 ends of pvrom, expected 2' '1 passed, 2 failed' 1 2
results 'ok a (1.0 s)' '2 passed, 0 failed' 'ended 0'
try lost-line 1 'found 1 good and 0 bad cells, the summaries say 2 0' '1 passed, 2 failed' 2 1
results 'ok a (1.0 s)' '1 passed, 0 failed' 'ended 2'
try bad-status 1 "pvrom's exit status is bad" '1 passed, 1 failed' 1 1
results 'ok a (1.0 s)' 'ok b (2.0 s)' '2 passed, 0 failed' 'ended 0'
echo '[ 1.0] Kernel panic - not syncing: x' > "$work/console"
try panic 1 'Kernel panic - not syncing: x' '2 passed, 1 failed' 2 1
: > "$work/results"
try panic-silent 1 'Kernel panic - not syncing: x' '0 passed, 2 failed' 2 1

# sum.sh on scripts: it says a skip again, and counts it as nothing.
script() { # NAME LINE STATUS
	printf '#!/bin/sh\necho "%s"\nexit %s\n' "$2" "$3" > "$work/$1.sh"
	chmod +x "$work/$1.sh"
}
sum() { # NAME STATUS LAST SCRIPT...
	name=$1 status=$2 last=$3
	shift 3
	PVROM_BUILD=$work "$here/../sum.sh" "$@" > "$work/out" 2>&1
	[ $? -eq "$status" ] && [ "$(tail -n 1 "$work/out")" = "$last" ]
	verdict "sum.$name" $?
}
script good '3 passed, 0 failed' 0
script skip 'skipped: no network' 0
script liar 'skipped: no network' 1
script bare 'skipped: ' 0
script nothing '0 passed, 0 failed' 0
script other '4 passed, 0 failed' 0
printf '#!/bin/sh\nkill -9 $PPID\n' > "$work/lost.sh"
printf '#!/bin/sh\necho "$(ls "%s"/test-logs/sums/*.said | wc -l) passed, 0 failed"\n' "$work" > "$work/last.sh"
chmod +x "$work/lost.sh" "$work/last.sh"
sum skip 0 '3 passed, 0 failed' "$work/skip.sh" "$work/good.sh"
grep -qxF "skipped $work/skip.sh: no network" "$work/out"
verdict sum.skip-is-said $?
sum skip-alone 1 '0 passed, 0 failed' "$work/skip.sh"
sum skip-with-bad-status 1 '3 passed, 1 failed' "$work/liar.sh" "$work/good.sh"
sum skip-without-reason 1 '3 passed, 1 failed' "$work/bare.sh" "$work/good.sh"
sum nothing 1 '3 passed, 1 failed' "$work/nothing.sh" "$work/good.sh"
sum all 0 '7 passed, 0 failed' "$work/good.sh" "$work/other.sh"
grep -qx "script $work/good.sh: 3 passed, 0 failed ([0-9.]* s, [0-9.]* + [0-9.]* s of processors)" "$work/out"
verdict sum.time-is-said $?
# A part whose shell is killed leaves no result.
sum lost 1 '0 passed, 1 failed' "$work/lost.sh"
# What stands behind `then` finds all before it ended.
sum then 0 '10 passed, 0 failed' "$work/good.sh" "$work/other.sh" then "$work/last.sh"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
