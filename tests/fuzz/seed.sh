#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# seed.sh PVROM ROM FOLDER: seeds for the fuzz target `probe`, variants of a ROM by
# `pvrom mutate`: a byte of flags (tests/fuzz/probe.c) before each image.
set -eu
pvrom=$1 rom=$2 folder=$3
mkdir -p "$folder"
seed() { # NAME FLAGS ARGUMENT...
	name=$1 flags=$2
	shift 2
	"$pvrom" mutate "$@" "$rom" "$folder/$name.tmp"
	{ printf "\\00$flags"; cat "$folder/$name.tmp"; } > "$folder/$name"
	rm "$folder/$name.tmp"
}
seed good 0
seed api-3.1 0 --api 3.1
seed api-13.3 0 --api 13.3
seed drop 0 --drop SetCR3,IRET
seed license 0 --license X
seed no-pnp 0 --no-pnp
seed no-pcir 0 --no-pcir
seed truncate 0 --truncate 1024
seed bad-checksum 0 --bad-checksum
seed flip-offsets 1 --flip 0x18:3
seed flip-pnp 3 --flip 0x1a:2
