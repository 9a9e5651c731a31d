#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# release.sh: releases sets for trial in a copy of the tree, with two profiles, and tries what
# must be refused. The last line is `N passed, N failed`; exit status 0 if nothing failed. Needs
# PVROM_BUILD, and git. Three builds of ROM and guests: `make test-release`, not `make test`.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/golden/lib.sh
# What git knows of the tree and what is built of it, with the same times, so that nothing is
# built again.
tree=$work/tree
mkdir -p "$tree/build" || exit 2
git ls-files -co --exclude-standard -z | tar --null -T - --ignore-failed-read -cf - | tar -xf - -C "$tree"
tar --exclude=./asan --exclude=./test-logs --exclude=./report -C "$PVROM_BUILD" -cf - . |
	tar -xf - -C "$tree/build"
cd "$tree" || exit 2
rm -rf tests/golden/[0-9]* spec/released
find rom/profiles -name '*.cfg' ! -name full.cfg ! -name empty.cfg -delete
export GIT_AUTHOR_NAME=trial GIT_AUTHOR_EMAIL=trial@localhost GIT_COMMITTER_NAME=trial \
	GIT_COMMITTER_EMAIL=trial@localhost PVROM_BUILD=build
unset MAKEFLAGS MFLAGS MAKELEVEL
commit() {
	git add -A && git commit -qm "$1"
}
git init -q . && commit start || exit 2
abi=$(awk '$1 == "abi" { print $3 }' spec/vmi.abi)
one=$abi-one two=$abi-two

release() { # VERSION: make knows whether all is up to date
	make -s release VERSION="$1"
}
try() { # VERSION: the script alone
	tools/release.sh "$1"
}
nothing_left() {
	left=$(git status --porcelain; find tests/golden -name '.*')
	[ -z "$left" ] || {
		echo "left behind: $left"
		return 1
	}
}
check no-set tests/golden/check.sh
check no-version refuses 2 "no version" try ""
check version-of-another-abi refuses 2 "spec/vmi.abi says $abi" try 9.9
check version-is-a-path refuses 2 "expected $abi" try "$abi-../../x"
echo >> README.md
check dirty refuses 2 "README.md" try "$one"
git checkout -q README.md
touch stray
check untracked refuses 2 "stray" try "$one"
rm stray
check release release "$one"
check set-checked tests/golden/check.sh
commit one
check never-overwritten refuses 2 "never overwritten" try "$one"
check still-the-same git diff --quiet HEAD
# A release that fails leaves nothing: no QEMU, so no pair can be observed.
check failing refuses 1 "cannot be frozen" env PVROM_QEMU=false tools/release.sh "$two"
check failed-without-a-trace nothing_left
check second-set release "$two"
check both-sets-checked tests/golden/check.sh
commit two
check pairs-of-sets grep -q "^run full-rom-$one-guest-$two\$" "tests/golden/$two/runs.cfg"
check pairs-of-sets-for-matrix grep -q "^run empty-rom-$one-guest-$two\$" "tests/golden/$two/rest.cfg"
check runs build/pvrom matrix --filter "full-rom-$one-guest-$one" "tests/golden/$one/runs.cfg"
check rest build/pvrom matrix --filter empty-rom "tests/golden/$one/rest.cfg"
check runs-of-pairs build/pvrom matrix --filter "empty-rom-$two-client-$one" \
	"tests/golden/$two/rest.cfg"

check damages tests/golden/damage.sh

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
