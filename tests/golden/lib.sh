# SPDX-License-Identifier: GPL-2.0-only
# For the scripts here: named checks and their sum. `work` is a folder to write in.
passed=0 failed=0
check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" > "$work/log" 2>&1; then
		echo "ok $name"
		passed=$((passed + 1))
	else
		echo "not ok $name"
		sed 's/^/    /' "$work/log"
		failed=$((failed + 1))
	fi
}
# refuses STATUS TEXT COMMAND...: the command ends so and says so.
refuses() {
	wanted=$1 text=$2
	shift 2
	"$@" > "$work/said" 2>&1
	found=$?
	cat "$work/said"
	[ "$found" -eq "$wanted" ] && grep -qF -- "$text" "$work/said"
}

