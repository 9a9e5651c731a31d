#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# release.sh VERSION: freezes the committed state as spec/released/VERSION (the ABI) and
# tests/golden/VERSION (ROMs, guest, client, what each pair of them showed, manifest). Needs
# PVROM_BUILD, up to date. Nothing that exists is ever overwritten, and no half is left.
# Exit status: 0 frozen, 1 the state is not fit to be frozen, 2 usage or environment.
set -u
version=${1-}
spec=spec/released/$version golden=tests/golden/$version
size_max=1400000
work= half=

stop() { # STATUS MESSAGE
	echo "release: error: $2" >&2
	exit "$1"
}
# shellcheck disable=SC2317,SC2329 # called by the trap
clean() {
	[ -z "$work" ] || rm -rf "$work"
	# shellcheck disable=SC2086 # two paths without blanks
	[ -z "$half" ] || rm -rf $half
}
trap clean EXIT
trap 'exit 2' HUP INT TERM

# What is frozen is the ABI, so the set bears its version; a suffix is for trials.
abi=$(awk '$1 == "abi" { print $3 }' spec/vmi.abi)
case $version in
'') stop 2 "no version; use make release VERSION=$abi" ;;
*[!0-9a-z.-]*) stop 2 "VERSION=$version: expected $abi or $abi-WORD" ;;
"$abi" | "$abi"-?*) ;;
*) stop 2 "VERSION=$version: spec/vmi.abi says $abi; expected $abi or $abi-WORD" ;;
esac
for folder in "$spec" "$golden"; do
	[ ! -e "$folder" ] || stop 2 "$folder exists; a released set is never overwritten: a fault \
in it is an erratum (docs/golden.md), a change is another version"
done
commit=$(git rev-parse --verify HEAD) || stop 2 "this is no git work tree with a commit"
dirty=$(git status --porcelain) || stop 2 "git status failed"
[ -z "$dirty" ] || stop 2 "the work tree differs from $commit; commit or remove this first:
$dirty"

mkdir -p tests/golden spec/released || stop 2 "cannot make folders"
work=$(mktemp -d tests/golden/.release.XXXXXX) || stop 2 "cannot make a folder in tests/golden"
set=$work/set src=$work/src
mkdir "$set" "$src" "$work/spec" || stop 2 "cannot make folders in $work"

# Built from the commit alone, in another folder than the work tree: the same bytes must come
# out as there.
git archive "$commit" | tar -x -C "$src" || stop 2 "cannot export $commit"
echo "release: building $commit"
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$src" -j"$(nproc)" rom guest build/client.elf \
	> "$work/make.log" 2>&1 || {
	tail -n 20 "$work/make.log" >&2
	stop 1 "$commit does not build"
}
cp spec/vmi.abi spec/vmi64.abi spec/image.abi spec/reasons.abi "$work/spec/" || stop 2 "cannot copy spec/"
freeze() { # BUILD FOLDER
	for profile in rom/profiles/*.cfg; do
		cp "$1/rom/$(basename "$profile" .cfg).rom" "$2/" || return 1
	done
	for elf in guest32 guest64 client; do
		objcopy --strip-debug "$1/$elf.elf" "$2/$elf.elf" || return 1
	done
	chmod 644 "$2"/*
}
freeze "$src/build" "$set" && mkdir "$work/again" && freeze "$PVROM_BUILD" "$work/again" ||
	stop 2 "cannot copy what was built"
diff -r "$set" "$work/again" || stop 1 "two builds of $commit differ: this is not reproducible"

# The runs: what each pair shows now is what it must show for ever.
observe() { # ARGUMENTS...: sets `fields` to what pvrom run --expect prints
	"$PVROM_BUILD/pvrom" run "$@" --expect > "$work/run.log" 2>&1 || {
		tail -n 20 "$work/run.log" >&2
		stop 1 "pvrom run $* is not good, so it cannot be frozen"
	}
	fields=$(grep '^    expect-' "$work/run.log")
}
# A guest of another day has other tests, so only the old guest's skips are known.
without_skips() {
	printf '%s\n' "$fields" | sed 's/^    expect-skipped .*/    expect-skipped any/'
}
# What `make test` repeats is in runs.cfg, all else, for `make matrix`, in rest.cfg: sets add up,
# and the time of a test run does not grow with them.
choose() { # PROFILE
	[ "$1" = full ] && list=$work/runs.cfg || list=$work/rest.cfg
}
emit() { # NAME ROM KERNEL FIELDS [FIELD...]: adds the run to $list
	{
		printf '\nrun %s\n    rom %s\n    kernel %s\n' "$1" "$2" "$3"
		expected=$4
		shift 4
		for field; do
			printf '    %s\n' "$field"
		done
		printf '%s\n' "$expected"
	} >> "$list"
}
# The golden guest on a golden ROM, on that of today, and the guest of today on the golden ROM.
among_us() { # PROFILE KIND KERNEL
	choose "$1"
	# The first pair is the same bytes for ever: a few tests see that it still starts.
	case $2 in
	guest) some="test=iret" ;;
	guest64) some="test=stress" ;;
	client) some="pae=0" ;;
	esac
	observe --rom "$set/$1.rom" --kernel "$set/$3" --append "$some"
	emit "$1-rom-$version-$2-$version" "./$1.rom" "./$3" "$fields" "append $some"
	observe --rom "$set/$1.rom" --kernel "$set/$3"
	emit "$1-rom-new-$2-$version" "rom/$1.rom" "./$3" "$fields"
	emit "$1-rom-$version-$2-new" "./$1.rom" "$3" "$(without_skips)"
	[ "$1" = full ] || return 0
	list=$work/rest.cfg
	case $2 in
	guest) some="smp=2 pae=1" more=smp2-pae ;;
	guest64) some="smp=2" more=smp2 ;;
	client) some="pae=1" more=smp2-pae ;;
	esac
	observe --rom "$set/$1.rom" --kernel "$set/$3" --smp 2 --append "$some"
	emit "$1-rom-new-$2-$version-$more" "rom/$1.rom" "./$3" "$fields" "smp 2" "append $some"
	emit "$1-rom-$version-$2-new-$more" "./$1.rom" "$3" "$(without_skips)" "smp 2" \
		"append $some"
}
# Why a file of an older set is at fault, if an erratum there names it.
fault_of() { # SET FILE
	cat "$1"/*.errata 2> /dev/null | awk -v file="./$2" '
		$1 == "erratum" { named = $2 }
		$1 == "reason" && named == file { sub(/^ *reason */, ""); print; exit }'
}
# An older guest that is at fault need not pass on a ROM of today: then the run is excused here, too.
older_guest() { # PROFILE KIND KERNEL SET
	name=$1-rom-$version-$2-$old
	why=$(fault_of "$4" "$3")
	if [ -n "$why" ] && ! "$PVROM_BUILD/pvrom" run --rom "$set/$1.rom" --kernel "$4/$3" --expect \
			> "$work/run.log" 2>&1; then
		observe --rom "$set/$1.rom" --kernel "$4/$3" --append test=iret # what it binds
		emit "$name" "./$1.rom" "./../$old/$3" "$(without_skips)"
		printf '\nerratum ./../%s/%s\n    reason %s\n    run %s\n' "$old" "$3" "$why" "$name" \
			>> "${list%.cfg}.errata"
		return
	fi
	observe --rom "$set/$1.rom" --kernel "$4/$3"
	emit "$name" "./$1.rom" "./../$old/$3" "$fields"
}
with_older() { # PROFILE KIND KERNEL
	for other in tests/golden/[0-9]*; do
		[ -f "$other/$1.rom" ] || continue
		[ -f "$other/$3" ] || continue # sets before 3.2 have no guest in long mode
		choose "$1"
		old=$(basename "$other")
		older_guest "$1" "$2" "$3" "$other"
		observe --rom "$other/$1.rom" --kernel "$set/$3"
		emit "$1-rom-$old-$2-$version" "./../$old/$1.rom" "./$3" "$fields"
	done
}
head_of() { # WHICH
	cat <<-EOT
	# SPDX-License-Identifier: GPL-2.0-only
	#
	# Frozen with release $version: its ROMs and guests with each other, with those of older
	# sets, and with those of today; $1. Never edit it: a fault of a golden file is an
	# erratum, see docs/golden.md.
	EOT
}
runs() {
	head_of "what make test repeats" > "$work/runs.cfg"
	head_of "what make matrix repeats beside runs.cfg" > "$work/rest.cfg"
	for file in "$set"/*.rom; do
		profile=$(basename "$file" .rom)
		among_us "$profile" guest guest32.elf
		among_us "$profile" guest64 guest64.elf
		among_us "$profile" client client.elf
		with_older "$profile" guest guest32.elf
		with_older "$profile" guest64 guest64.elf
		with_older "$profile" client client.elf
	done
}
echo "release: booting every pair"
( runs ) || exit $? # with its message
cp "$work/runs.cfg" "$work/rest.cfg" "$set/" || stop 2 "cannot copy the runs"

manifest() {
	cat <<-EOT
	# pvrom golden set $version. Check it from the project's root:
	#   sha256sum --check tests/golden/$version/manifest
	# commit $commit
	# made by: make release VERSION=$version (tools/release.sh), from an export of the commit
	# guest32.elf, guest64.elf, client.elf: as built, without debug information (objcopy --strip-debug)
	EOT
	for tool in gcc nasm ld objcopy qemu-system-i386 qemu-system-x86_64; do
		case $tool in nasm) flag=-v ;; *) flag=--version ;; esac
		echo "# tool $tool: $($tool $flag | head -n 1)"
	done
	echo "# firmware: seabios $(dpkg-query -W -f='${Version}' seabios 2> /dev/null || echo unknown)"
	for file in "$work"/spec/* "$set"/*; do
		case $file in
		*/spec/*) path=$spec/$(basename "$file") ;;
		*) path=$golden/$(basename "$file") ;;
		esac
		echo "# size $(stat -c %s "$file") $path"
		echo "$(sha256sum < "$file" | cut -d ' ' -f 1)  $path"
	done
}
manifest > "$work/manifest" && mv "$work/manifest" "$set/manifest" ||
	stop 2 "cannot write the manifest"
# Errata stand beside a set and may grow, so no manifest has them.
for file in "$work"/*.errata; do
	[ ! -f "$file" ] || cp "$file" "$set/" || stop 2 "cannot copy the errata"
done
size=$(cat "$set"/* | wc -c)
[ "$size" -le "$size_max" ] || stop 1 "the set has $size bytes, expected at most $size_max"

half="$spec $golden" # until it is known to be good
mv -T "$work/spec" "$spec" && mv -T "$set" "$golden" || stop 2 "cannot make $spec and $golden"
tests/golden/check.sh > "$work/check.log" 2>&1 || {
	cat "$work/check.log" >&2
	stop 1 "the set does not pass its own checks"
}
half=
echo "release: $golden ($size bytes) and $spec; git add them and commit"
