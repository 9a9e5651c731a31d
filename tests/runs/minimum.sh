#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# minimum.sh PVROM ROM GUEST.tsv DIR: in DIR, the smallest set of calls for our own guest at each
# level as `pvrom cover` computes it from what ROM provides, a ROM with each set, one with each set
# but one call, and the list of runs that shows what becomes of them (minimum.awk).
# Exit status: 0 made, else a line says what could not be.
set -eu
pvrom=$1 rom=$2 slots=$3 dir=$4
here=$(dirname "$0")

without() { # SET [NUMBER]: the names of all calls but these of SET, for mutate
	awk -v out="${2:-none}" 'FNR == NR { all[$2] = 1; next } $1 != out { delete all[$2] }
		END { for (name in all) printf "%s%s", (n++ ? "," : ""), name }' "$dir/all" "$1"
}

rm -rf "$dir"
mkdir -p "$dir"
awk '/^call / { print $2, $3 }' "$here/../../spec/vmi.abi" > "$dir/all"
for level in expressible served direct; do
	set=$dir/$level.set
	"$pvrom" cover --abi "$rom" --kernel guest --minimum "$level" > "$set"
	[ -s "$set" ] || { echo "minimum.sh: error: the set of $level is empty"; exit 1; }
	"$pvrom" mutate "$rom" "$dir/$level.rom" --drop "$(without "$set")"
	while read -r number _; do
		"$pvrom" mutate "$rom" "$dir/$level-without-$number.rom" \
			--drop "$(without "$set" "$number")"
	done < "$set"
	awk -f "$here/minimum.awk" "$here/../../spec/vmi.abi" "$slots" "$set" > "$dir/$level.cfg"
done
