#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# coverage.sh: which tests reached which call of profile full, and of those that it leaves to the guest.
# Needs PVROM_BUILD.
#
# Boots the guest on the ROM with covers=1, asks the cpu lane, and writes the table to
# report/coverage.md in the build folder. Only what was reached counts: a guest test that
# was ok while its call was bound to the ROM, in a run whose verdict was good.
# A call fails if the ROM does not answer it, if no guest test reached it, or if the cpu
# lane neither passed it nor names it as an exception.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
# Answered NONE: the start of processors is the guest's own (62). It alone needs no test while it is not
# answered; what rom/unprovided.cfg leaves to the guest is answered by tests/served/.
free="62"
build=$PVROM_BUILD
here=$(dirname "$0")
logs=$build/test-logs/coverage
report=$build/report/coverage.md
mkdir -p "$logs" "$(dirname "$report")"
rm -f "$logs"/* "$report"

# One run of a guest, in the order that the table is to name them; a bad one leaves a
# log that is not read.
rom=$build/rom/full.rom
run() { # NAME ARGUMENTS...
	name=$1
	shift
	if "$build/pvrom" run --rom "$rom" "$@" > "$logs/$name.log" 2>&1; then
		mv "$logs/$name.log" "$logs/$name.guest"
	else
		echo "not ok run $name: $(tail -n 1 "$logs/$name.log")"
	fi
}

# As 3.0 every call is called; as 3.1, below, there are the calls that only 3.1 has.
run 1-tests --append "covers=1 vmi=max:3.0"
run 2-pae --append "covers=1 pae=1"
run 3-reboot --append "covers=1 end=reboot" -- -action reboot=reset
run 4-shutdown --append "covers=1 end=shutdown" -- -action reboot=reset
# Later calls of one instruction are copied where they may be: here they may not, so that they are called.
# kinds: called, and with a table's CONDITIONAL.
rom=$logs/called.rom
"$build/pvrom" mutate "$build/rom/full.rom" "$rom" --capability HaltOnly:kinds=2 \
	--capability GetVcpuState:kinds=0x42 && {
		run 5-called --append "covers=1 test=vcpu.state"
		run 5-halted --append "covers=1 test=halt.only"
	}
# Calls that full leaves to the guest, answered by tests/served/served.asm: guest and lane.
rom=$build/tests/served/none.rom
run 7-served --append "covers=1 test=served"
run 7-msr --append "covers=1 test=msr.safe"
"$build/pvrom" cpu "$rom" --width 32 --call ReadMSRSafe --call WriteMSRSafe --call FlushTLBMulti \
	--call GetVcpuCycles > "$logs/7-lane.cpu" 2>&1
# The lane's verdicts are lines. It says the same each time, so what the part cpu:full.rom has
# left will do, if it is whole and of this ROM and this pvrom.
lane=$build/test-logs/cpu-full.rom.log
if [ "$lane" -nt "$build/rom/full.rom" ] && [ "$lane" -nt "$build/pvrom" ] &&
	tail -n 1 "$lane" | grep -qx '[0-9]* passed, [0-9]* failed'; then
	cp "$lane" "$logs/6-lane.cpu"
else
	"$build/pvrom" cpu "$build/rom/full.rom" > "$logs/6-lane.cpu" 2>&1
fi

set -- "$build/gen/vmi_abi.h"
for log in "$logs"/*.guest "$logs"/*.cpu; do
	[ ! -f "$log" ] || set -- "$@" "$log"
done
bad_runs=$(find "$logs" -name '*.log' | wc -l)
awk -v report="$report" -v bad="$bad_runs" -v free="$free" -f "$here/coverage.awk" "$@"
