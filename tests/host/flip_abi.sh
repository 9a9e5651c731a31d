#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# flip_abi.sh BUILD 'PLACE:BIT...' OUT [unsigned]: OUT is full.rom with bits of its 64-bit ABI
# flipped. PLACE: an expression of abi (its vrom_abi), directory, capabilities, init, and cpuid (the
# entry of CPUID), as offsets in the image; half: APICRead gets an entry, where APICWrite has none.
# All sums are mended; with `unsigned` those of the directories are not.
set -eu
rom=$1/rom/full.rom
word() { od -An -tu2 -j $(($1)) -N 2 "$rom" | tr -d ' '; }
abi=$(word 0x20+0x20)
directory=$(word $((abi + 4)))
capabilities=$(word $((directory + 8)))
init=$(word $((directory + 0x10)))
cpuid=$(word "$capabilities")
options=--sign-directory
[ "${4:-}" != unsigned ] || options=
flips=$2
if [ "$flips" = half ]; then
	flips='capabilities+8*64+6:1 capabilities+8*64+7:0'
	for bit in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
		[ $((init >> bit & 1)) = 0 ] || flips="$flips capabilities+8*64+$((bit / 8)):$((bit % 8))"
	done
fi
for flip in $flips; do
	place=$(echo "${flip%:*}" | sed "s/capabilities/$capabilities/; s/abi/$abi/; s/init/$init/; s/directory/$directory/; s/cpuid/$cpuid/")
	options="$options --flip $(($place)):${flip#*:}"
done
exec "$1/pvrom" mutate $options "$rom" "$3"
