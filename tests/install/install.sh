#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# install.sh: make install, then everything with the installed pvrom alone: in another folder than it was
# installed to, called through PATH, from a folder of its own, with the source hidden where the
# system lets us; then uninstall and dist. The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/check.sh"
here=$(cd "$(dirname "$0")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)
build=$(cd "$PVROM_BUILD" && pwd -P)
# From here on this is a make of its own.
unset MAKEFLAGS MFLAGS MAKELEVEL
make_() { make -s -C "$top" BUILD="$PVROM_BUILD" "$@"; }

status install 0 make_ install PREFIX=/usr DESTDIR="$work/stage"
grep -rlF -e "$top" -e "$build" "$work/stage" > "$work/out"
[ -s "$work/out" ] && bad no-source-path "named in: $(cat "$work/out")" || good no-source-path
mkdir -p "$work/else where"
mv "$work/stage/usr" "$work/else where/pre fix"
cp "$here/check.sh" "$here/installed.sh" "$work/"

# Hidden under an empty file system, if this may be done.
hide="mount -t tmpfs none '$top' && exec"
if unshare -m sh -c "$hide true" 2> /dev/null; then
	echo "note the source is hidden"
	unshare -m sh -c "$hide sh '$work/installed.sh' '$work' '$top'" > "$work/log" 2>&1
else
	echo "note the source is not hidden: no right to mount"
	sh "$work/installed.sh" "$work" - > "$work/log" 2>&1
fi
code=$?
sed '$d' "$work/log"
# shellcheck disable=SC2046 # two numbers
set -- $(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/log")
if [ $# -eq 2 ]; then
	passed=$((passed + $1)) failed=$((failed + $2))
else
	bad installed "status $code, and no last line with numbers"
fi

mkdir -p "$work/stage"
mv "$work/else where/pre fix" "$work/stage/usr"
status uninstall 0 make_ uninstall PREFIX=/usr DESTDIR="$work/stage"
find "$work/stage" -type f > "$work/out"
[ -s "$work/out" ] && bad uninstalled "left: $(cat "$work/out")" || good uninstalled

if git -C "$top" rev-parse -q --verify HEAD > /dev/null 2>&1; then
	dist=$top/$PVROM_BUILD/dist
	case $PVROM_BUILD in /*) dist=$PVROM_BUILD/dist ;; esac
	status dist 0 make_ dist DIRTY=yes
	cp "$dist/SHA256SUMS" "$work/sums"
	status dist-again 0 make_ dist DIRTY=yes
	cmp -s "$dist/SHA256SUMS" "$work/sums" && good dist-same || bad dist-same 'two runs gave other sums'
	status dist-sums 0 sh -c "cd '$dist' && sha256sum -c SHA256SUMS"
	cd "$work" || exit 2
	status dist-no-git 2 sh -c "cd '$work' && GIT_CEILING_DIRECTORIES=/ GIT_DIR=/none '$top/tools/install/dist.sh' x 1"
	says dist-no-git-said 'this is no git work tree'
	git init -q repo && cd repo && git -c user.name=x -c user.email=x commit -q --allow-empty -m x && : > y
	status dist-dirty 2 "$top/tools/install/dist.sh" x 1
	says dist-dirty-said 'changes that are not committed'
	cd "$work" || exit 2
	status dist-unpack 0 tar xzf "$dist"/pvrom-*[0-9].tar.gz
	status dist-makefile 0 sh -c "make -C $work/pvrom-* help"
	status dist-roms 0 sh -c "tar xzf '$dist'/pvrom-*-roms.tar.gz && cd pvrom-*-roms && sha256sum -c SHA256SUMS && cmp full.rom '$build/rom/full.rom'"
else
	echo "skip dist: no git work tree"
fi
finish
