#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# answer.sh: are the figures of docs/answer.md and README what the commands beside them print?
# answer.sh [ANSWER [README]] takes other files. Needs PVROM_BUILD; run from the top folder.
#
# Each `    $ COMMAND` is run, and prints the indented lines below it. A text has its figures in
# bold, in the words of the commands that follow it; any other number there, or bold words that
# no command follows, fail (answer.awk). The table of promises names all that the data want.
# README's section says in bold what the document says in bold. The last line is `N passed, N failed`.
set -u
document=${1-docs/answer.md} readme=${2-README.md}
here=$(dirname "$0")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh

touch "$work/plain" "$work/bare" "$work/bold" "$work/promised"
awk -v work="$work" -f "$here/answer.awk" "$document" || exit 2
parts=$(cat "$work/parts")
check commands [ "$parts" -ge 12 ]
check no-plain-number diff /dev/null "$work/plain"
check no-figure-without-command diff /dev/null "$work/bare"

part=0
while [ "$part" -lt "$parts" ]; do
	part=$((part + 1))
	check "command-$part-begins" grep -q '^build/pvrom cover' "$work/$part.command"
	sed "s,^build/,$PVROM_BUILD/," "$work/$part.command" > "$work/run"
	sh "$work/run" > "$work/out" 2>&1
	check "command-$part" diff "$work/$part.said" "$work/out"
	check "command-$part-says" [ -s "$work/out" ]
	cat "$work/out" >> "$work/$(cat "$work/$part.text").out"
done
# A figure with its words, and no digit or letter before or behind that would make it another.
says() { # FIGURE FILE
	awk -v figure="$1" '
		{ if ((at = index(" " $0 " ", " " figure))) {
			after = substr(" " $0 " ", at + 1 + length(figure), 1)
			if (after ~ /[ ,:]/) found = 1
		} }
		END { exit !found }' "$2"
}
figures=0
while IFS='	' read -r text figure; do
	figures=$((figures + 1))
	check "figure-$figure" says "$figure" "$work/$text.out"
done < "$work/bold"
check figures [ "$figures" -ge 20 ]

"$PVROM_BUILD/pvrom" cover --tsv | awk -F'\t' 'NR > 1 && $8 != "-" { print $8 "\t" $3 }' |
	sort -u > "$work/wanted"
check promises [ -s "$work/wanted" ]
sort -u "$work/promised" > "$work/out"
check promises-of-all diff "$work/wanted" "$work/out"

# README's section, as a document of its own.
mkdir "$work/readme"
touch "$work/readme/plain" "$work/readme/bare"
awk '/^## / { on = /^## Does a fixed hypervisor ABI limit the kernel\?$/ } on' "$readme" > "$work/section"
awk -v work="$work/readme" -f "$here/answer.awk" "$work/section" || exit 2
check readme-no-plain-number diff /dev/null "$work/readme/plain"
check readme-link grep -q 'docs/answer\.md' "$work/section"
early=$(grep -n -m 1 "^## Does a fixed" "$readme" | cut -d: -f1)
check readme-early [ "${early:-999}" -lt 25 ]
cut -f2 "$work/bold" > "$work/known"
figures=0
while read -r figure; do
	figures=$((figures + 1))
	check "readme-$figure" grep -qxF -e "$figure" "$work/known"
done < "$work/readme/bare"
check readme-figures [ "$figures" -ge 6 ]
finish
