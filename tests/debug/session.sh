# SPDX-License-Identifier: GPL-2.0-only
# Sourced by the tests that drive gdb: a session by `pvrom run --gdb` and its script. Needs `work`, a folder
# of the caller's own, tests/check.sh and PVROM_BUILD.
# shellcheck shell=sh disable=SC2034,SC2154 # the caller's
pvrom=$PVROM_BUILD/pvrom
pid=

end_session() {
	[ -z "$pid" ] || kill "$pid" 2> /dev/null
}
# session NAME COMMANDS ARGUMENT...: gdb's output is $work/out, the run's $work/run.
session() {
	session=$1 commands=$2
	shift 2
	"$pvrom" run --gdb --timeout 240 --order first "$@" > "$work/run" 2>&1 &
	pid=$!
	tries=0
	until script=$(sed -n 's/^pvrom: QEMU waits for gdb.*-x //p' "$work/run") &&
		[ -S "$(dirname "${script:-/nowhere/x}")/socket" ] || [ $tries -gt 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	printf '%s\n' "$commands" > "$work/commands"
	timeout 100 gdb -nx -batch -x "$script" -x "$work/commands" > "$work/out" 2>&1
	check "$session.gdb" [ $? -eq 0 ]
	wait "$pid"
	pid=
	check "$session.removed" [ ! -e "$script" ]
}
has() { # NAME PATTERN
	check "$1" grep -qE -- "$2" "$work/out"
}
# A wrong state must be an error that gdb shows, no traceback.
refused='python
def refused(text):
    try:
        gdb.execute(text)
    except gdb.error as error:
        print("refused: %s: %s" % (text, error))
end'
