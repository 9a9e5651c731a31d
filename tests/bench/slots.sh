#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# slots.sh: what each slot costs, and what the stress case costs with a ROM. Needs
# PVROM_BUILD.
#
# Counts instructions under -icount. Writes report/slots.tsv in the build folder, one line
# per slot (docs/slots-table.md tells how to read it), and report/stress.tsv. The limits of
# a slot are checked by the guest, those of the stress case here.
# The last line is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
build=$PVROM_BUILD
here=$(dirname "$0")
logs=$build/test-logs/bench
table=$build/report/slots.tsv
stress=$build/report/stress.tsv
mkdir -p "$logs" "$(dirname "$table")"
rm -f "$logs"/* "$table" "$stress"

# One run of a guest that counts; a bad one leaves an empty log.
run() { # NAME ARGUMENTS...
	log=$logs/$1.log
	shift
	"$build/pvrom" run --timeout 60 "$@" -- -icount shift=0,sleep=off -cpu max > "$log" 2>&1 && return
	echo "# $log: $(tail -n 1 "$log")"
	mv "$log" "$log.bad"
	: > "$log"
}

run slots --rom "$build/rom/full.rom" --append "bench=slots test=bench vmi=max:3.0"
run inline --rom "$build/rom/full.rom" --append "bench=slots test=bench"
for pae in 0 1; do
	append="test=stress rounds=8 pae=$pae"
	run "boot-$pae" --append "$append"
	# full as 3.0, where every call is called, and as it is, with bytes copied.
	run "full-$pae" --rom "$build/rom/full.rom" --append "$append vmi=max:3.0"
	run "copied-$pae" --rom "$build/rom/full.rom" --append "$append"
	for profile in native min; do
		run "$profile-$pae" --rom "$build/rom/$profile.rom" --append "$append"
	done
done

awk -v table="$table" -v stress="$stress" -f "$here/slots.awk" "$logs"/*.log
