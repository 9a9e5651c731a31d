#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Installs what the project needs from Debian's packages, if anything is missing.
# Elsewhere, or without the rights to, prints the exact list and stops with 2.
set -u

# One line each: what it is for.
packages="
gcc              # compiler
libc6-dev        # headers and argp
make
nasm             # the ROM, the guest's assembly
binutils         # ld, objcopy, readelf
qemu-system-x86  # the machines
seabios          # their firmware
ovmf             # UEFI firmware, which ignores a legacy ROM
libcmocka-dev    # host tests
swtpm            # pvrom run --tpm
gdb              # pvrom run --gdb, and its test
libdw-dev        # pvrom: symbols and source lines
libcjson-dev     # tests: JSON that was written is read back
libunicorn-dev   # pvrom cpu: CPU emulation
libcjson-dev     # JSON
libcapstone-dev  # pvrom inspect: disassembler
libmd-dev        # pvrom inspect: SHA-256
qemu-system-data # ROMs that pvrom inspect must read
ipxe-qemu        # the same
chromium         # the page of make report, as a reader uses it
valgrind         # counts the instructions of host code
"
names=$(printf '%s\n' "$packages" | sed 's/#.*//' | tr -s ' \n' ' ')

stop() {
	{
		echo "deps: $1"
		echo "deps: install these packages, then run make again:"
		echo "deps:   apt-get install$missing"
	} >&2
	exit 2
}

missing=
if ! command -v dpkg-query > /dev/null; then
	missing=" ${names# }"
	stop "this is not a Debian system, so nothing was installed"
fi
for name in $names; do
	# One line for each architecture that it is installed for.
	dpkg-query -W -f='${db:Status-Status}\n' "$name" 2> /dev/null | grep -qx installed ||
		missing="$missing $name"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	as_root=
elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
	as_root=sudo
else
	stop "packages are missing, and neither root nor sudo is at hand"
fi
command -v apt-get > /dev/null || stop "apt-get is missing"

echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
# A package list of an old day names files that are gone, so it is renewed first.
# shellcheck disable=SC2086 # the list is meant to be split
$as_root apt-get -qq update && $as_root apt-get -qq -y --no-install-recommends install $missing \
	> /dev/null || stop "apt-get failed"
