# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
# For the scripts here: counts checks, prints `ok NAME` or `not ok NAME` with what was written.
passed=0 failed=0

good() {
	echo "ok $1"
	passed=$((passed + 1))
}
bad() { # NAME WHY
	echo "not ok $1: $2"
	failed=$((failed + 1))
}
# Runs a command; $work/out gets what it writes.
status() { # NAME STATUS COMMAND...
	name=$1 expected=$2
	shift 2
	"$@" > "$work/out" 2>&1 < /dev/null
	found=$?
	if [ "$found" -eq "$expected" ]; then
		good "$name"
	else
		bad "$name" "status $found, expected $expected: $*"
		cat "$work/out"
	fi
}
says() { # NAME TEXT: in $work/out
	if grep -qF -e "$2" "$work/out"; then
		good "$1"
	else
		bad "$1" "no line has '$2'"
		cat "$work/out"
	fi
}
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
