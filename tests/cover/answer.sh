#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# answer.sh: are the figures of docs/answer.md, or of the FILE named, what its commands print?
# Each `    $ COMMAND` is run and compared with the indented lines below it; each figure in bold
# must be a word of what the next commands print, up to the next text. README names the document.
# The last line is `N passed, N failed`. Needs PVROM_BUILD; run from the top folder.
set -u
document=${1-docs/answer.md}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/debug/check.sh

# The document as parts: N.command, N.said, and N.figures, those of the text before it.
awk -v work="$work" '
	/^    \$ / {
		part++
		print substr($0, 7) > (work "/" part ".command")
		printf "%s", figures > (work "/" part ".figures")
		printf "" > (work "/" part ".said")
		inside = 1
		next
	}
	/^    / && inside { print substr($0, 5) > (work "/" part ".said"); next }
	/^$/ { inside = 0; next }
	{
		if (!inside && shown != part) {
			figures = ""
			shown = part
		}
		for (rest = $0; match(rest, /\*\*[^*]+\*\*/); rest = substr(rest, RSTART + RLENGTH))
			figures = figures substr(rest, RSTART + 2, RLENGTH - 4) "\n"
	}
	END { print part + 0 > (work "/parts") }' "$document" || exit 2
parts=$(cat "$work/parts")
check commands [ "$parts" -ge 7 ]
figures=0 part=0
while [ "$part" -lt "$parts" ]; do
	part=$((part + 1))
	check "command-$part-begins" grep -q '^build/pvrom ' "$work/$part.command"
	sed "s,^build/,$PVROM_BUILD/," "$work/$part.command" > "$work/run"
	sh "$work/run" > "$work/out" 2>&1
	check "command-$part" diff "$work/$part.said" "$work/out"
	check "command-$part-says" [ -s "$work/$part.said" ]
	tr -s ' ,:' '\n' < "$work/out" >> "$work/words"
	# A text may speak of several commands in a row.
	next=$work/$((part + 1)).figures
	if [ -e "$next" ] && cmp -s "$next" "$work/$part.figures"; then
		continue
	fi
	while read -r figure; do
		figures=$((figures + 1))
		check "figure-$figure" grep -qxF -e "$figure" "$work/words"
	done < "$work/$part.figures"
	: > "$work/words"
done
check figures [ "$figures" -ge 10 ]
# What README says of it in short.
build=$PVROM_BUILD
rows=$("$build/pvrom" cover --tsv | awk 'NR > 1' | wc -l)
lost=$("$build/pvrom" cover --tsv | awk -F'\t' '$4 == "inexpressible"' | wc -l)
calls=$("$build/pvrom" cover | sed -n 's/^What .* over ABI 3.0, \([0-9]*\) calls.*/\1/p')
check readme grep -q "Of $rows pv_ops slots in 24 Linux kernels" README.md
check readme-lost grep -q "all but $lost can be carried over the $calls calls of VMI 3.0" README.md
check readme-link grep -q 'docs/answer.md' README.md
finish
