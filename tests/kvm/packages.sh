#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# packages.sh FOLDER: gets a kernel with its KVM modules, and a static busybox, out of Debian's
# packages: FOLDER/vmlinuz, FOLDER/*.ko, FOLDER/busybox. Nothing is installed; no rights are
# needed. What is there already is kept: FOLDER/ready names the kernel's package.
# Exit status: 0, or 2 with one line of reason as the last on stdout.
set -u
folder=$1
modules="virt/lib/irqbypass arch/x86/kvm/kvm drivers/crypto/ccp/ccp arch/x86/kvm/kvm-amd"
limit=100 # seconds for each step that uses the network

[ ! -f "$folder/ready" ] || exit 0

cannot() {
	echo "$1"
	exit 2
}

for tool in apt-get apt-cache dpkg strip timeout; do
	command -v $tool > /dev/null || cannot "$tool is missing: this is not a Debian system"
done
mkdir -p "$folder" && work=$(mktemp -d "$folder/work.XXXXXX") || cannot "cannot write to $folder"
work=$(cd "$work" && pwd)
trap 'rm -rf "$work"' EXIT

# A step on the network, bounded; what it says is kept.
net() {
	timeout -k 5 $limit "$@" > "$work/said" 2>&1
}

own="" # options that make apt use package lists of our own
names() { # the packages' names: linux-image-amd64 itself is empty
	# shellcheck disable=SC2086 # options
	apt-cache $own depends linux-image-amd64 2> /dev/null |
		sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1
}
download() {
	image=$(names)
	[ -n "$image" ] || { echo "E: linux-image-amd64 is in no package list" > "$work/said"; return 1; }
	# shellcheck disable=SC2086 # options
	(cd "$work" && net apt-get $own -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
		-o APT::Sandbox::User= download "$image" busybox-static)
}

# The system's package lists may be missing or too old; ours need no rights.
if ! download; then
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
	own="-o Dir::State::lists=$work/lists -o Dir::Cache=$work/cache"
	# shellcheck disable=SC2086 # options
	net apt-get $own -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
		-o APT::Sandbox::User= -qq update && download ||
		cannot "cannot get packages: $(grep -m 1 '^[EW]:' "$work/said" || echo "time-out after $limit s")"
fi

for deb in "$work"/*.deb; do
	dpkg -x "$deb" "$work/tree" || cannot "cannot unpack $(basename "$deb")"
done
version=${image#linux-image-}
for module in $modules; do
	strip --strip-debug -o "$folder/$(basename "$module").ko" \
		"$work/tree/lib/modules/$version/kernel/$module.ko" 2> "$work/said" ||
		cannot "$image has no module $module.ko: $(head -n 1 "$work/said")"
done
cp "$work/tree/boot/vmlinuz-$version" "$folder/vmlinuz" 2> "$work/said" &&
	cp "$work/tree/bin/busybox" "$folder/busybox" 2> "$work/said" ||
	cannot "not in the packages: $(cat "$work/said")"
echo "$image" > "$folder/ready"
