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
found='VMI: Found pvrom VMI option ROM Hypervisor OPROM, API version 3.0, ROM version 0.1'
passed=0 failed=0
try() { # NAME STATUS TEXT LINE...
	name=$1 status=$2 text=$3
	shift 3
	for line; do printf '[    0.0] %s\r\n' "$line"; done > "$work/log"
	PVROM_QEMU=$work/qemu "$PVROM_BUILD/pvrom" run --bzimage "$work/bzImage" \
		> "$work/out" 2>&1
	if [ $? -eq "$status" ] && tail -n 1 "$work/out" | grep -qF -- "$text"; then
		echo "ok $name"
		passed=$((passed + 1))
	else
		echo "not ok $name"
		cat "$work/out"
		failed=$((failed + 1))
	fi
}
on='Booting paravirtualized kernel on'
try good 0 'API version 3.0, ROM version 0.1; it boots on vmi' "$found" "$on vmi"
try bare 1 'expected vmi: the ROM is not in use' "$found" "$on bare hardware"
try other-name 1 'expected vmi' "$found" "$on vmix"
try no-rom 1 'the kernel found no ROM' "$on bare hardware"
try no-boot 1 'no line `Booting' "$found"
try silent 3 'said nothing'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
