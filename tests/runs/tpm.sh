#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tpm.sh: with a TPM of either version the ROM is measured as the file is; one that was changed on
# the way, or not measured at all, fails the run; swtpm and its folder are gone afterwards.
# The last line is `N passed, N failed`; exit status 0 if nothing failed. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/check.sh
rom=$PVROM_BUILD/rom/full.rom
pvrom=$(realpath "$PVROM_BUILD/pvrom")
run() { # STATUS NAME OPTION...
	wanted=$1 out=$work/$2
	shift 2
	TMPDIR=$work "$pvrom" run --rom "$rom" --timeout 120 --append test=misc "$@" > "$out" 2>&1
	found=$?
	[ "$found" -eq "$wanted" ] || sed "s/^/    /" "$out"
	[ "$found" -eq "$wanted" ]
}
# A QEMU that is given something else than pvrom says.
qemu() { # NAME SED-SCRIPT
	cat > "$work/$1" <<- EOF
		#!/bin/sh
		for word; do
			shift
			set -- "\$@" "\$(printf '%s' "\$word" | sed '$2')"
		done
		exec qemu-system-i386 "\$@"
	EOF
	chmod +x "$work/$1"
	echo "$work/$1"
}
sum=$(sha1sum "$rom") sum=${sum%% *}
left() { # what the runs left: folders, processes
	find "$work" -name 'pvrom-tpm-*'
	for process in /proc/[0-9]*/cmdline; do
		tr '\0' ' ' 2> /dev/null < "$process" | grep "^swtpm .*dir=$work/"
	done
}

check tpm-2.0 run 0 two --tpm
check tpm-2.0-matches grep -qx "tpm: $rom: measured as $sum: matches" "$work/two"
check tpm-2.0-banks grep -q '^tpm event pcr=2 .* sha256=[0-9a-f]\{64\} rom-sha1=' "$work/two"
check tpm-1.2 run 0 one --tpm=1.2
check tpm-1.2-matches grep -qx "tpm: $rom: measured as $sum: matches" "$work/one"
check no-tpm run 0 none
check no-tpm-no-line test "$(grep -c '^tpm' "$work/none")" = 0

mkdir "$work/other"
cp "$PVROM_BUILD/rom/native.rom" "$work/other/full.rom"
PVROM_QEMU=$(qemu changed "s|^$rom\$|$work/other/full.rom|")
export PVROM_QEMU
check changed run 1 changed.out --tpm
other=$(sha1sum "$work/other/full.rom") other=${other%% *}
check changed-differs grep -q "^tpm: $rom: is $sum: differs from what was measured:.* $other" \
	"$work/changed.out"
check changed-verdict grep -q '^pvrom: failed: the TPM.s log: ' "$work/changed.out"
PVROM_QEMU=$(qemu unplugged 's/^tpm-tis,tpmdev=tpm$/pci-testdev/')
check unmeasured run 1 unplugged.out --tpm
check unmeasured-said grep -q 'measured: nothing' "$work/unplugged.out"
PVROM_QEMU=/bin/false
check no-qemu run 2 false.out --tpm
unset PVROM_QEMU
PATH=$work check no-swtpm run 2 missing.out --tpm
check no-swtpm-said grep -q 'cannot start swtpm: .*apt-get install swtpm' "$work/missing.out"

# Tables that lead nowhere, to something else, or past the end of RAM: the guest says so or finds
# no event, and goes on.
hostile() { # NAME SIGNATURE DATA: what stands behind the table's header, for printf
	# shellcheck disable=SC2059 # it is a format
	printf "$3" > "$work/data"
	check "$1" run 0 "$1" -- -acpitable "sig=$2,data=$work/data"
}
hostile beyond-ram TCPA '\0\0\0\0\1\0\0\0\0\377\0\0\0\0'
check beyond-ram-said grep -q '^note tpm: log at 0x00000000ff000000, found 65536 bytes' "$work/beyond-ram"
hostile above-4g TCPA '\0\0\0\0\1\0\0\0\020\0\1\0\0\0'
check above-4g-said grep -q '^note tpm: log at 0x0000000100100000' "$work/above-4g"
# Not longer: the firmware clears it first, and would take minutes.
hostile too-long TCPA '\0\0\0\0\040\0\0\0\020\0\0\0\0\0'
check too-long-said grep -q '^note tpm: log at .* found 2097152 bytes' "$work/too-long"
hostile something-else TCPA '\0\0\0\0\1\0\0\0\020\0\0\0\0\0'
check something-else-said grep -q '^tpm end events=' "$work/something-else"
hostile cut TCPA '\0\0\0\0\1\0\0\0\020\0\0\0\0'
check cut-ignored test "$(grep -c tpm "$work/cut")" = 0
hostile cut-2 TPM2 '\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0'
check cut-2-ignored test "$(grep -c tpm "$work/cut-2")" = 0

check nothing-left test -z "$(left)"
finish
