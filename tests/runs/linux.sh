#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# linux.sh: what pvrom run --bzimage makes of a client's log, with a script in QEMU's place that
# says the lines. The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
printf '#!/bin/sh\ncat "%s/log"\n' "$work" > "$work/qemu"
chmod +x "$work/qemu"
echo x > "$work/bzImage"
found='VMI: Found pvrom VMI option ROM Hypervisor OPROM, API version 3.2, ROM version 0.1'
passed=0 failed=0
# Lines come as printk writes them, with time stamp and level, unless $raw is set.
raw=
check() { # NAME STATUS TEXT: what run made of $work/log; TEXT on its last line
	PVROM_QEMU=$work/qemu "$PVROM_BUILD/pvrom" run --bzimage "$work/bzImage" \
		> "$work/out" 2>&1
	if [ $? -eq "$2" ] && tail -n 1 "$work/out" | grep -qF -- "$3"; then
		echo "ok $1"
		passed=$((passed + 1))
	else
		echo "not ok $1: expected status $2 and '$3'"
		cat "$work/out"
		failed=$((failed + 1))
	fi
}
try() { # NAME STATUS TEXT LINE...
	name=$1 status=$2 text=$3
	shift 3
	for line; do printf '%s%s\r\n' "${raw:-[    0.000000] }" "$line"; done > "$work/log"
	check "$name" "$status" "$text"
}
says() { # NAME LINE: a line of the last output, whole
	if grep -qxF -- "$2" "$work/out"; then
		echo "ok $1"
		passed=$((passed + 1))
	else
		echo "not ok $1: no line '$2'"
		cat "$work/out"
		failed=$((failed + 1))
	fi
}
lacks() { # NAME TEXT
	if grep -qF -- "$2" "$work/out"; then
		echo "not ok $1: found '$2'"
		failed=$((failed + 1))
	else
		echo "ok $1"
		passed=$((passed + 1))
	fi
}
on='Booting paravirtualized kernel on'
try good 0 'API version 3.2, ROM version 0.1; it boots on vmi' \
	'Linux version 2.6.32.9 (user@host) (gcc version 12.2.0) #1 SMP' \
	'Reserving virtual address space above 0xff000000' "$found" "$on vmi" \
	'vmi: registering clock event vmi-timer. mult=4294 shift=22' \
	'Switching to clocksource vmi-timer'
says census-kernel 'client: kernel: Linux 2.6.32.9'
says census-rom "client: rom: ${found#VMI: Found }"
says census-platform 'client: boots on: vmi'
says census-timer "client: timer: the ROM's: clock events clock source"
says census-top 'client: address space kept by the ROM: from 0xff000000'
lacks no-guest 'the guest found no ROM'
# 2.6.21 to 2.6.24 say this of the clock source, and have no time stamps.
raw='<6>'
try old 0 'it boots on vmi' "$found" "$on vmi" 'Time: vmi-timer clocksource has been installed.'
says old-timer "client: timer: the ROM's: clock source"
raw=
try deprecated 0 'it boots on vmi [deprecated]' \
	'Reserving virtual address space above 0x00000000 (rounded to 0x00000000)' "$found" "$on vmi [deprecated]"
says native-timer "client: timer: the kernel's own"
says no-top 'client: address space kept by the ROM: none'
try panic 0 'it boots on vmi; later: Kernel panic - not syncing: VFS' "$found" "$on vmi" \
	'Kernel panic - not syncing: VFS' 'Kernel panic - not syncing: again'
try bare 1 'expected vmi: the ROM is not in use' "$found" "$on bare hardware"
try other-name 1 'expected vmi' "$found" "$on vmix"
try no-rom 1 'the kernel found no ROM' "$on bare hardware"
says census-no-rom 'client: rom: none found'
try no-boot 1 'no line `Booting' "$found"
try silent 3 'said nothing'
try mismatch 1 'VMI: Found mismatched rom version 4.0 (not used: the kernel takes API major 3 only' \
	'VMI: Found mismatched rom version 4.0' "$on bare hardware"
lacks mismatch-is-no-rom 'client: rom: mismatched'
try licence 1 "; VMI: Non GPL license \`MIT' found for ROM. Not used. (not used: the licence" \
	"$found" "VMI: Non GPL license \`MIT' found for ROM. Not used." "$on bare hardware"
try no-pcir 1 'VMI: ROM does not contain PCI header. (not used: pci_header_offs' \
	'VMI: ROM does not contain PCI header.' "$on bare hardware"
try unknown 0 'it boots on vmi' 'VMI: ROM from unknown manufacturer' "$found" "$on vmi"
says unknown-said 'client: said: VMI: ROM from unknown manufacturer (a warning only: PCIR does not name VMI'"'"'s vendor and device)'
# That line has no end in the kernel, so the next message stands behind it.
try init 1 'VMI ROM failed to initialize! (VMI_Init answered other than 0, so this is a native boot); it boots on bare' \
	"$found" "VMI ROM failed to initialize![    0.000000] $on bare hardware"
try init-level 1 'native boot); it boots on bare' "$found" "VMI ROM failed to initialize!<6>$on bare hardware"
# What a program prints later, or inside a line, is not the kernel's word on itself.
try forged 1 'it boots on bare hardware' "$found" "$on bare hardware" "$on vmi"
try inside 1 'the kernel found no ROM' "$on bare hardware" "echo $found" "echo $on vmi"
printf '\0\033[2J\377%s\r\n[[[[[\n<\n<99999\n[1.0\n%s\033]0;x\007, API\n%s vmi\n' "$found" "$found" "$on" \
	> "$work/log"
check hostile 0 "it boots on vmi"
says hostile-rom "client: rom: ${found#VMI: Found }\\x1b]0;x\\x07, API"
if LC_ALL=C grep -q "$(printf '[\033\007\377]')" "$work/out"; then
	echo 'not ok hostile-bytes: a control character came through'
	failed=$((failed + 1))
else
	echo 'ok hostile-bytes'
	passed=$((passed + 1))
fi
printf '#!/bin/sh\necho "qemu: invalid kernel header" >&2\nexit 1\n' > "$work/qemu"
check refused 2 'before the guest said anything; QEMU says: qemu: invalid kernel header'
printf '#!/bin/sh\ncat "%s/log"\n' "$work" > "$work/qemu"
i=0
while [ $i -lt 40 ]; do
	echo 'VMI: Unknown relocation type 9 for SetCR3'
	i=$((i + 1))
done > "$work/log"
printf '%s\n%s vmi\n%s' "$found" "$on" "$(head -c 9000 /dev/zero | tr '\0' A)" >> "$work/log"
check flood 0 'it boots on vmi'
says flood-counted 'client: said: and 24 more lines of that kind'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
