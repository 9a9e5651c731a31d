#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# seed.sh PVROM ROM WINDOW FOLDER: where the fuzz targets begin, from variants that `pvrom mutate`
# makes of a ROM (tests/hostile/variants.txt and below), in FOLDER/TARGET/NAME. WINDOW: the largest image that the targets take.
set -eu
export LC_ALL=C
pvrom=$1 rom=$2 window=$3 folder=$4
mkdir -p "$folder/probe" "$folder/bind" "$folder/words" "$folder/inspect" "$folder/trace"
variant=$folder/variant.rom

# Images: a byte of flags (probe.c), then the image, as it is and with sums to be mended.
# Answers: what the census says was answered, as records (bind.c); a ROM that is refused has none.
seed() { # NAME OPTION...
	name=$1
	shift
	"$pvrom" mutate "$@" "$rom" "$variant"
	[ "$(wc -c < "$variant")" -le "$window" ] || return 0
	cp "$variant" "$folder/inspect/$name"
	{ printf '\000'; cat "$variant"; } > "$folder/probe/$name"
	{ printf '\003'; cat "$variant"; } > "$folder/probe/$name-mended"
	{ printf '\017'; cat "$variant"; } > "$folder/probe/$name-long"
	"$pvrom" bind --append vmi=verbose "$variant" > "$variant.log" || :
	awk '
		function number(text,  value, i) {
			sub(/^.*0x/, "", text)
			for (i = 1; i <= length(text); i++)
				value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
			return value
		}
		function put(value,  i) {
			for (i = 0; i < 4; i++) {
				printf "%c", value % 256
				value = int(value / 256)
			}
		}
		$1 == "vmi" && $2 == "rom" { base = number($3) }
		$1 == "answer" {
			at[$2 + 0] = $4 == "rom" ? number($5) - base : 0
			type[$2 + 0] = $6 == "call" ? 1 : $6 == "jump" ? 2 : $4 == "nop" ? 3 : 0
			if ($8 ~ /^found=/)
				type[$2 + 0] = number($8)
			if ($2 + 0 > last)
				last = $2 + 0
		}
		END {
			if (!base)
				exit
			printf "%c%c", 0, 0
			for (call = 0; call <= last; call++) {
				printf "%c", call in at
				put(at[call])
				put(type[call])
			}
		}' "$variant.log" > "$folder/bind/$name"
	[ -s "$folder/bind/$name" ] || rm "$folder/bind/$name"
}

seed good
seed drop --drop SetCR3,IRET
seed groups --drop timer,lazy --reloc APICRead=none
seed types --reloc RDTSC=nop --reloc SetCR0=jump --reloc IRET=call
seed api --api 3.1
seed license-long --license 'GPL v2 and a tail that the image has no room for'
seed truncate --truncate 1024
seed bad-checksum --bad-checksum
grep '^E_' tests/hostile/variants.txt | while read -r name options; do
	# shellcheck disable=SC2086
	seed "$name" $options
done
rm "$variant" "$variant.log"

# Command lines: those of the run list about them.
number=0
sed -n 's/^ *append //p' tests/runs/negotiation.cfg | while IFS= read -r line; do
	number=$((number + 1))
	printf '%s' "$line" > "$folder/words/$number"
done
