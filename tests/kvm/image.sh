#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# image.sh BUILD LIST IMAGE [INIT FILE...]: packs an initramfs: busybox, KVM's modules, QEMU of both
# widths with its libraries and firmware, behind tests/kvm/qemu, pvrom, guests, ROMs and run list LIST.
# tests/kvm/init starts in it, or INIT, which finds the FILEs beside pvrom.
# Needs BUILD/kvm/packages (packages.sh). Exit status 0, else 2 after a message.
set -eu
build=$1 list=$2 image=$3
here=$(dirname "$0")
init=${4:-$here/init}
shift 3
[ $# -eq 0 ] || shift
packages=$build/kvm/packages

tree=$(mktemp -d "$build/kvm/tree.XXXXXX")
trap 'rm -rf "$tree"' EXIT
(cd "$tree" && mkdir -p bin dev lib64 modules proc pvrom/rom sys tmp \
	usr/bin usr/libexec usr/share/qemu usr/share/seabios)

cp "$packages/busybox" "$tree/bin/"
for name in $("$packages/busybox" --list); do
	[ -e "$tree/bin/$name" ] || ln -s busybox "$tree/bin/$name"
done
cp "$packages"/*.ko "$tree/modules/"
cp "$init" "$tree/init"
for file; do
	cp "$file" "$tree/pvrom/"
done

# A program with the libraries that it names, each where it is sought.
add_program() { # FROM TO
	cp "$1" "$tree/$2"
	libraries=$(ldd "$1" | sed -n 's/.*[[:blank:]]\(\/[^ ]*\) (0x.*/\1/p')
	for library in $libraries; do
		[ ! -e "$tree/$library" ] || continue
		mkdir -p "$tree/$(dirname "$library")"
		cp -L "$library" "$tree/$library"
	done
}
for name in qemu-system-i386 qemu-system-x86_64; do
	qemu=/usr/libexec/$name # behind Debian's wrapper in /usr/bin
	[ -x "$qemu" ] || qemu=$(command -v $name)
	add_program "$qemu" usr/libexec/$name
	cp "$here/qemu" "$tree/usr/bin/$name"
done
add_program "$build/pvrom" pvrom/pvrom
for rom in kvmvapic linuxboot linuxboot_dma multiboot multiboot_dma; do
	cp -L "/usr/share/qemu/$rom.bin" "$tree/usr/share/qemu/"
done
for rom in bios bios-256k bios-microvm vgabios-stdvga; do
	cp -L "/usr/share/seabios/$rom.bin" "$tree/usr/share/seabios/"
done

cp "$build/guest32.elf" "$build/guest64.elf" "$build/client.elf" "$build/vmi.rom" "$tree/pvrom/"
cp "$build"/rom/*.rom "$tree/pvrom/rom/"
cp "$list" "$tree/pvrom/list.cfg"

(cd "$tree" && find . | LC_ALL=C sort | bin/busybox cpio -o -H newc) > "$image.new" 2> "$tree.said" ||
	{ cat "$tree.said" >&2; rm -f "$tree.said" "$image.new"; exit 2; }
rm -f "$tree.said"
mv "$image.new" "$image"
