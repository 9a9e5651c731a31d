#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# damage.sh: copies the released sets and damages the newest: check.sh must find every damage.
# The last line is `N passed, N failed`; exit status 0 if nothing failed. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. tests/golden/lib.sh
one=$(for manifest in tests/golden/*/manifest; do
	[ ! -f "$manifest" ] || basename "$(dirname "$manifest")"
done | sort -V | tail -n 1)
if [ -z "$one" ]; then
	echo "note no set in tests/golden: nothing to damage"
	echo "1 passed, 0 failed"
	exit 0
fi
PVROM_BUILD=$(realpath "$PVROM_BUILD") && mkdir "$work/good" && cp -a --parents spec tests/golden "$work/good" || exit 2
export PVROM_BUILD
cd "$work" || exit 2
set=tests/golden/$one
fresh() {
	cd "$work" && rm -rf tree && cp -a good tree && cd tree
}
# damage NAME TEXT COMMAND...: after the command, the checks fail and say so.
damage() {
	name=$1 text=$2
	shift 2
	fresh && "$@" || echo "the damage itself failed: $*"
	check "damage.$name" refuses 1 "$text" tests/golden/check.sh
}
fresh || exit 2
check undamaged tests/golden/check.sh
damage rom-byte "$set/full.rom" \
	sh -c "printf X | dd of=$set/full.rom bs=1 seek=5000 conv=notrunc status=none"
damage guest-longer "$set/guest32.elf" sh -c "echo >> $set/guest32.elf"
damage file-missing "$set/empty.rom" rm "$set/empty.rom"
damage file-extra "$set/more.rom" cp "$set/full.rom" "$set/more.rom"
damage link-extra "$set/more.rom" ln -s full.rom "$set/more.rom"
damage runs-edited "$set/runs.cfg" sed -i 's/expect-skipped .*/expect-skipped any/' "$set/runs.cfg"
[ ! -f "$set/rest.cfg" ] || {
	damage rest-edited "$set/rest.cfg" sed -i 's/expect-skipped .*/expect-skipped any/' "$set/rest.cfg"
	damage rest-missing "$set/rest.cfg" rm "$set/rest.cfg"
}
damage no-manifest "$set/manifest" rm "$set/manifest"
damage manifest-sum "improperly formatted" sed -i '/full.rom$/s/^[0-9a-f]/x/' "$set/manifest"
damage manifest-size "expected 1" sed -i 's/^# size [0-9]*/# size 1/' "$set/manifest"
damage manifest-empty "not ok $one.sums" sh -c ": > $set/manifest"
damage spec-missing "not ok $one.contract" rm -r "spec/released/$one"
damage set-missing "not ok $one.sums" rm -r "$set"
damage spec-edited "spec/released/$one/vmi.abi: FAILED" \
	sed -i '0,/clobber32 .*/s//clobber32 all/' "spec/released/$one/vmi.abi"
damage contract "call 17 SetCR3: clobber32" \
	sed -i '/^call 17/,/clobber32/s/clobber32 .*/clobber32 flags/' spec/vmi.abi
damage contract-reason "rule 14: reason 3" sed -i 's/^reason 3 E_READ/reason 3 E_ROAD/' spec/reasons.abi
damage contract-excused-in-vain "excuses nothing" \
	sh -c "printf 'suppress reason 3\n    rule 14\n    reason none\n' > tests/golden/$one.suppress"
damage contract-header "struct vrom_header.api_version_min" \
	sed -i 's/u8 api_version_min /u8 api_minor /' spec/image.abi
erratum() { # RUN
	printf 'erratum ./full.rom\n    reason for trial\n    run %s\n' "$1" > "$set/runs.errata"
}
damage erratum-of-no-run "nothing is excused" erratum no-such-run

# An erratum excuses a run that fails, and no other.
run=full-rom-$one-client-$one
matrix() {
	"$PVROM_BUILD/pvrom" matrix --filter "$run" "$set/runs.cfg"
}
fresh && erratum "$run"
check erratum.fits tests/golden/check.sh
check erratum.excuses-nothing refuses 1 "its erratum excuses nothing: for trial" matrix
sed -i "/^run $run\$/,/^\$/{s/expect-bound .*/expect-bound 33/; /expect-reason/d}" "$set/runs.cfg"
check erratum.excuses matrix
rm "$set/runs.errata"
check erratum.gone refuses 1 "not ok $run" matrix

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
