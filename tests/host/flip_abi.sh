#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# flip_abi.sh BUILD 'PLACE:BIT...' OUT [unsigned]: OUT is full.rom with bits of its 64-bit ABI
# flipped. A PLACE is abi.FIELD (of its vrom_abi), directory.FIELD (of its vrom_directory),
# CALL.FIELD (of a call's vrom_capability), each with +N for a later byte; or code.init or
# code.CALL, the first byte of that entry. All sums are mended; with `unsigned` those of the
# directories are not. Offsets are those of build/gen/.
set -eu
build=$1 flips=$2 out=$3 rom=$1/rom/full.rom
word() { od -An -tu2 -j $(($1)) -N 2 "$rom" | tr -d ' '; }
# field STRUCT FIELD: its offset. number PATTERN: what vmi_abi.h gives that name.
field() { sed -n "s/.*offsetof(struct $1, $2) == \(0x[0-9a-f]*\),.*/\1/p" "$build/gen/vmi_abi.h"; }
number() { sed -n "s/^[	#define ]*$1[ =]* \([0-9a-fx]*\)[u,].*/\1/p" "$build/gen/vmi_abi.h"; }
abi=$(word $(($(number VROM_DIRECTORY) + $(field vrom_directory abis_offs))))
directory=$(word $((abi + $(field vrom_abi directory_offs))))
capabilities=$(word $((directory + $(field vrom_directory capabilities_offs))))
size=$(($(od -An -tu1 -j $((directory + $(field vrom_directory capability_size))) -N 1 "$rom")))
init=$(word $((directory + $(field vrom_directory init_offs))))
# A reserved number stands for itself.
capability() {
	case $1 in [0-9]*) n=$1 ;; *) n=$(number "VMI_CALL_$1") ;; esac
	echo $((capabilities + n * size))
}
place() {
	case $1 in
	code.init) echo "$init" ;;
	code.*) word $(($(capability "${1#code.}") + $(field vrom_capability entry_offs))) ;;
	abi.*) echo $((abi + $(field vrom_abi "${1#abi.}"))) ;;
	directory.*) echo $((directory + $(field vrom_directory "${1#directory.}"))) ;;
	*) echo $(($(capability "${1%.*}") + $(field vrom_capability "${1#*.}"))) ;;
	esac
}

options=--sign-directory
[ "${4:-}" != unsigned ] || options=
for flip in $flips; do
	at=${flip%:*} more=0
	case $at in *+*) more=${at#*+} at=${at%+*} ;; esac
	options="$options --flip $(($(place "$at") + more)):${flip#*:}"
done
exec "$build/pvrom" mutate $options "$rom" "$out"
