# SPDX-License-Identifier: GPL-2.0-only
# For scripts below this folder: verdict lines and the last line.
passed=0 failed=0
# check NAME COMMAND...: one verdict; a failure shows the log "$work/out", if there is one.
check() {
	verdict=$1
	shift
	if "$@"; then
		echo "ok $verdict"
		passed=$((passed + 1))
	else
		echo "not ok $verdict: $*"
		[ ! -f "$work/out" ] || tail -n 60 "$work/out"
		failed=$((failed + 1))
	fi
}
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
