#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# broken.sh LIST...: takes one rule at a time out of the loader, in a copy of the tree, and runs
# the lists with the guest built of it. Exactly the cells that carry the rule's number must
# fail. The last line is `N passed, N failed`. Needs PVROM_BUILD, a relative path.
set -u
: "${PVROM_BUILD:?}"
work=$PVROM_BUILD/broken
tree=$work/tree
rm -rf "$work"
mkdir -p "$tree"
# With its build, whose files keep their dates, so that only what changes is built anew.
tar -cf - --exclude=./.git "--exclude=./$work" . | tar -xf - -C "$tree" || exit 2
passed=0 failed=0

# The names of cells whose line in the results has TEXT in it.
cells() { # NAME TEXT
	cat "$work/$1"/*/results.json | grep -F -e "$2" | sed 's/^{"cell":"\([^"]*\)".*/\1/' | sort
}

try() { # NAME RULE FILE SED-COMMAND
	name=$1 rule=$2 file=$3
	sed "$4" "$file" > "$tree/$file"
	if cmp -s "$file" "$tree/$file"; then
		echo "not ok $name: $file has no such line any more"
		failed=$((failed + 1))
		return
	fi
	mkdir "$work/$name"
	make -s -C "$tree" guest || exit 2
	for list in $lists; do
		"$tree/$PVROM_BUILD/pvrom" matrix --results "$work/$name/$(basename "$list")" "$list" \
			> "$work/log" 2>&1
		[ $? -le 1 ] || { tail -n 20 "$work/log"; exit 2; }
	done
	cells "$name" "\"$rule\"" > "$work/$name.rule"
	cells "$name" '"status":"failed"' > "$work/$name.red"
	green=$(cells "$name" '"status":"passed"' | wc -l)
	cp -p "$file" "$tree/$file"
	touch "$tree/$file"
	if [ -s "$work/$name.rule" ] && cmp -s "$work/$name.rule" "$work/$name.red"; then
		echo "ok $name: $(wc -l < "$work/$name.red") cells of $rule failed, $green others passed"
		sed 's/^/    /' "$work/$name.red"
		passed=$((passed + 1))
	else
		echo "not ok $name: cells of $rule that passed (<), others that failed (>):"
		diff "$work/$name.rule" "$work/$name.red" | grep '^[<>]'
		failed=$((failed + 1))
	fi
}

lists=$*
try major negotiation.5 loader/negotiate.c \
	's/if (load->range.major == major)/if (load->range.major == major || major)/'
try group negotiation.18 loader/bind.c \
	's/if (progress->missing\[group\] >= 0)$/if (progress->missing[group] >= VMI_CALLS)/'
[ "$failed" -gt 0 ] || rm -rf "$tree"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
