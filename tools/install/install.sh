#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# install.sh BUILD PREFIX: copies everything that pvrom needs, and what a person reads, below
# PREFIX (DESTDIR already before it). Nothing there names the folder that it was built in.
set -eu
build=$1 prefix=$2
share=$prefix/share/pvrom doc=$prefix/share/doc/pvrom
top=$(pwd -P)

put() { # MODE FOLDER FILE...
	mode=$1 folder=$2
	shift 2
	mkdir -p "$folder"
	for file; do
		install -m "$mode" "$file" "$folder/"
	done
}
put 755 "$prefix/bin" "$build/pvrom"
put 644 "$share" "$build/guest32.elf" "$build/guest64.elf" "$build/guest64.elf64" "$build/client.elf" "$build/vmi.rom" "$build/vmi.elf" \
	"$build/vmi.map" "$build/vmi-hv.rom" "$build/vmi-hv.elf" "$build/vmi-hv.map" "$build/hv.elf" \
	"$build/hv-guest.elf" "$build/platform.elf" "$build/platform-guest.elf" "$build/platform-guest64.elf"
for rom in "$build"/rom/*.rom; do
	put 644 "$share/rom" "$rom" "${rom%.rom}.elf" "${rom%.rom}.map"
done
for folder in "$build"/abi/*/; do
	put 644 "$share/abi/$(basename "$folder")" "$folder"*.abi
done
put 644 "$share/pvops" "$build"/pvops/*.tsv
# Those of the redesigns boot released files of the source tree.
for list in tests/runs/*.cfg; do
	[ "$list" = tests/runs/redesign.cfg ] || put 644 "$share/runs" "$list"
done
put 644 "$share/conform" "$build"/conform/*.cfg
# The ROMs of the run lists; those of tests/emu are no run's, and the lists of tests/minimum stay.
find "$build/tests" -name '*.rom' ! -path "$build/tests/emu/*" ! -path "$build/tests/minimum/*" |
	while IFS= read -r rom; do
		put 644 "$share/$(dirname "${rom#"$build"/}")" "$rom"
	done
put 644 "$prefix/share/man/man1" "$build/pvrom.1"
mkdir -p "$prefix/share/bash-completion/completions"
install -m 644 "$build/pvrom.bash" "$prefix/share/bash-completion/completions/pvrom"
put 644 "$doc" README.md CHANGES.md LICENSE "$build/gen/vmi_abi.md"
put 644 "$doc/docs" docs/*.md
# What help texts refer to.
for file in guest-shim/options.h tools/run/runlist.h tools/mutate/mutate.h; do
	put 644 "$doc/$(dirname $file)" $file
done
put 644 "$doc/LICENSES" LICENSES/*
# NASM notes its folder in the .elf: a name of the same length takes its place.
same=$(printf '%s' "$top" | sed 's|.|/|g; s|^.|.|')
find "$share" -name '*.elf*' -exec env LC_ALL=C sed -i "s|$(printf '%s' "$top" | sed 's/[][\.*^$|]/\\&/g')|$same|g" {} +
