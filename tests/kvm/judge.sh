#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# judge.sh RESULTS CONSOLE CELLS [PASSES]: what a session of the KVM lane is worth. RESULTS:
# what pvrom matrix said, and `ended STATUS` behind each of the PASSES (default 1) over the
# list; CONSOLE: the kernel's words, or /dev/null; CELLS: how many verdicts there must be.
# The last line is `N passed, N failed`; exit status 0 if all passed.
set -u
results=$1 console=$2 cells=$3 passes=${4:-1}

# grep -c says 0 and fails where nothing matches.
count() { # PATTERN
	grep -a -c "$1" "$results" || :
}
faults=0
fault() {
	echo "not ok kvm: $1"
	faults=$((faults + 1))
}

passed=0 failed=0 summaries=0
if [ ! -s "$results" ]; then
	fault "the session said nothing"
else
	passed=$(count '^ok ') failed=$(count '^not ok ')
	summaries=$(count '^[0-9][0-9]* passed, [0-9][0-9]* failed$')
	claimed=$(sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2/p' "$results" |
		awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
	ends=$(count '^ended [0-9][0-9]*$') clean=$(count '^ended 0$')
	[ "$summaries" -eq "$passes" ] ||
		fault "found $summaries summaries of pvrom, expected $passes"
	[ "$ends" -eq "$passes" ] ||
		fault "found $ends ends of pvrom, expected $passes: the session was cut short"
	[ "$claimed" = "$passed $failed" ] ||
		fault "found $passed good and $failed bad cells, the summaries say $claimed"
	[ $((passed + failed)) -eq "$cells" ] ||
		fault "found verdicts on $((passed + failed)) cells, expected $cells"
	[ "$failed" -gt 0 ] || [ "$clean" -eq "$ends" ] ||
		fault "no cell failed, but pvrom's exit status is bad"
fi
if grep -a -q 'Kernel panic\|Oops' "$console"; then
	fault "the kernel: $(grep -a -m 1 -o 'Kernel panic.*\|Oops.*' "$console")"
fi
if [ "$faults" -gt 0 ]; then
	echo "the console's last lines:"
	tail -n 5 "$console" | sed 's/^/    /'
fi
echo "$passed passed, $((failed + faults)) failed"
[ $((failed + faults)) -eq 0 ] && [ "$passed" -gt 0 ]
