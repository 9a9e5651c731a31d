#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# no_trace.sh: the trace build costs other builds nothing. Each profile's ROM is built again
# from a copy of rom/ out of which all that concerns tracing was cut, and must be the
# same bytes; the trace build must not be. The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh

cp -r rom "$work/rom"
rm -r "$work/rom/trace" "$work/rom/rom.mk"
for file in $(find "$work/rom" -name '*.asm' -o -name '*.inc'); do
	# Blocks of %ifdef TRACE lose that branch; entries lose the macro and its arguments.
	awk '/^%ifdef TRACE/ { inside = 1; skip = 1; next }
	     inside && /^%else/ { skip = 0; next }
	     inside && /^%endif/ { inside = skip = 0; next }
	     inside && /^%(macro traced|endmacro)/ && !skip { next }
	     skip || /^\ttraced / { next }
	     { print }' "$file" > "$work/cut" && mv "$work/cut" "$file"
done
grep -rE 'TRACE|traced' "$work/rom" > "$work/out"
check cut [ $? -eq 1 ]
# The commands are those of rom/rom.mk; which objects there are, and in which order, says the map.
# The build id is the ROM's own.
link() { # PROFILE
	map=$PVROM_BUILD/rom/$1.map
	at=$(awk '$2 == "rom_build_id" { print $1 }' "$map")
	id=$(od -An -v -tx1 -j "$((at))" -N 20 "$PVROM_BUILD/rom/$1.rom" | tr -d ' \n')
	objects=
	for object in $(sed -n 's/^LOAD //p' "$map"); do
		width=32
		case $object in
		*/rom64/*) file=${object##*/rom64/} width=64 ;;
		*/rom/init-*) file=init.o ;;
		*) file=${object#*/rom/} ;;
		esac
		file=$work/rom/${file%.o}.asm
		nasm -f elf32 -w+error -I "$work/rom/" -I "$work/rom/x86_64/" -I "$PVROM_BUILD/gen/" \
			-D RELEASE="'$release'" -D RELEASE_MAJOR="${release%%.*}" \
			-D RELEASE_MINOR="$(echo "$release" | cut -d. -f2)" -D WIDTH=$width \
			-D PROFILE_INC="'profile_$1.inc'" -o "$file.$width.o" "$file" || return 1
		objects="$objects $file.$width.o"
	done
	# shellcheck disable=SC2086 # a list
	ld -m elf_i386 -pie --build-id="0x$id" -z text -z noexecstack --no-dynamic-linker --no-warn-rwx-segments \
		-T rom/vmi.lds -o "$work/$1.elf" $objects &&
	objcopy -O binary -j .resident -j .post "$work/$1.elf" "$work/$1.bin" &&
	"$PVROM_BUILD/romsign" "$work/$1.bin" "$work/$1.rom" > "$work/out"
}
release=$("$PVROM_BUILD/pvrom" --version | sed 's/^pvrom \([0-9.]*\).*/\1/')
for profile in $(basename -s .cfg -a rom/profiles/*.cfg); do
	check "$profile.links" link "$profile"
	check "$profile.same" cmp "$work/$profile.rom" "$PVROM_BUILD/rom/$profile.rom"
done
check trace-differs sh -c "! cmp -s '$PVROM_BUILD/rom/full.rom' '$PVROM_BUILD/rom/full-trace.rom'"
finish
