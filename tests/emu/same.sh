#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# same.sh: the cpu lane over every profile but full, most of whose entries are those of full, byte
# by byte. Those get CASES each here, at every load address of the lane; the part cpu:full.rom makes
# as many as the lane knows of the same bytes. All cases are made of entries that differ, and of
# calls that the profile answers in another way by name (rom/profiles). The last line is
# `N passed, N failed`. Needs PVROM_BUILD; run from the top folder.
set -u
CASES=240 # ten for each load address
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# NAME BYTES of each entry: what lies between a symbol and its end.
entries() { # PROFILE
	nm -S "$PVROM_BUILD/rom/$1.elf" > "$work/$1.names"
	od -An -v -tx1 -w1 "$PVROM_BUILD/rom/$1.rom" | awk '
		function value(hex,  i, n) {
			for (i = 1; i <= length(hex); i++)
				n = 16 * n + index("0123456789abcdef", substr(hex, i, 1)) - 1
			return n
		}
		FNR == NR { byte[NR - 1] = $1; next }
		NF == 4 && $3 == "T" && $4 ~ /^vmi(64)?_/ {
			text = ""
			for (i = 0; i < value($2); i++)
				text = text byte[value($1) + i]
			print $4, text
		}' - "$work/$1.names" | sort > "$work/$1.entries"
}
# The lane's lines; its numbers go to sums, its status to result.
lane() { # PROFILE ARGUMENTS...
	profile=$1
	shift
	runs=$((runs + 1))
	"$PVROM_BUILD/pvrom" cpu "$PVROM_BUILD/rom/$profile.rom" "$@" > "$work/out" 2>&1 || result=1
	tail -n 1 "$work/out" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' >> "$work/sums"
	cat "$work/out"
}
entries full
awk '/^call / { print $3 }' spec/vmi.abi spec/vmi64.abi | sort -u > "$work/calls"
: > "$work/sums"
runs=0 result=0
for config in rom/profiles/*.cfg; do
	profile=$(basename "$config" .cfg)
	[ "$profile" != full ] || continue
	entries "$profile"
	if [ ! -s "$work/full.entries" ] || [ ! -s "$work/$profile.entries" ]; then
		echo "not ok $profile: found no entries, or none of full"
		exit 2
	fi
	# A call's entry is vmi_CALL, in words.
	comm -13 "$work/full.entries" "$work/$profile.entries" |
		sed 's/ .*//; s/^vmi\(64\)\?_//; s/_called$//' | tr -d _ | sort -u > "$work/differ"
	awk '$1 ~ /^answer/ { print $2 }' "$config" | sort -u > "$work/named"
	set --
	for call in $(comm -12 "$work/calls" "$work/named") $(awk '
		FNR == NR { differs[$1] = 1; next } tolower($1) in differs' "$work/differ" "$work/calls"); do
		set -- "$@" --call "$call"
	done
	lane "$profile" --rounds $CASES
	if [ $# -gt 0 ]; then
		echo "note $profile: all cases of$(echo " $*" | sed 's/ --call//g')"
		lane "$profile" "$@"
	fi
done
awk -v runs=$runs '{ p += $1; f += $2 }
	END {
		if (NR != runs)
			print "not ok lane: found " NR " last lines, expected " runs
		print p + 0 " passed, " f + (NR != runs) " failed"
	}' "$work/sums"
exit $result
