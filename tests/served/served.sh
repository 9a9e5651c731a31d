#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# served.sh BUILD CODE OUT: OUT is full.rom with CODE, assembled from served.asm, behind its own code
# and the calls of its table answered by it, in both widths. Offsets are those of build/gen/.
set -eu
build=$1 code=$2 out=$3
word() { od -An -tu2 -j $(($2)) -N 2 "$1" | tr -d ' '; }
# As in tests/host/flip_abi.sh.
field() { sed -n "s/.*offsetof(struct $1, $2) == \(0x[0-9a-f]*\),.*/\1/p" "$build/gen/vmi_abi.h"; }
number() { sed -n "s/^[	#define ]*$1[ =]* \([0-9a-fx]*\)[u,].*/\1/p" "$build/gen/vmi_abi.h"; }
"$build/pvrom" mutate --init "$code" "$build/rom/full.rom" "$out"

# The slot of VMI_Init is `jmp near`: where it leads lies the code.
slot=$(($(number VROM_SLOT_TABLE) + $(number VROM_SLOT_INIT) * $(number VROM_SLOT_SIZE)))
at=$((slot + 5 + $(od -An -td4 -j $((slot + 1)) -N 4 "$out")))
directory=$(($(number VROM_DIRECTORY)))
abi=$(word "$out" $((directory + $(field vrom_directory abis_offs))))
wide=$(word "$out" $((abi + $(field vrom_abi directory_offs))))
table=64 # served.asm
options=
# DIRECTORY CALL ENTRY: entry_offs, no bytes to copy, CALL, CALL_REL.
answer() {
	first=$(word "$out" $(($1 + $(field vrom_directory capabilities_offs))))
	size=$(($(od -An -tu1 -j $(($1 + $(field vrom_directory capability_size))) -N 1 "$out")))
	entry=$((at + $3))
	options="$options --bytes $(printf '0x%x:%02x%02x00000000%02x%02x' $((first + $2 * size)) \
		$((entry & 255)) $((entry >> 8)) $(($(number VMI_CAPABILITY_CALL))) $(($(number VMI_RELOCATION_CALL_REL))))"
}
while call=$(word "$code" $table) && [ "$call" != 0 ]; do
	answer $directory "$call" "$(word "$code" $((table + 2)))"
	answer "$wide" "$call" "$(word "$code" $((table + 4)))"
	table=$((table + 6))
done
# shellcheck disable=SC2086 # they are words
exec "$build/pvrom" mutate --sign-directory $options "$out" "$out"
