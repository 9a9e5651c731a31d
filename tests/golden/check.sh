#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check.sh: every released set is as it was frozen, and spec/ keeps what each one promised.
# The last line is `N passed, N failed`; exit status 0 if nothing failed. Needs PVROM_BUILD.
set -u
passed=0 failed=0
check() { # NAME COMMAND...
	name=$1
	shift
	if "$@"; then
		echo "ok $name"
		passed=$((passed + 1))
	else
		echo "not ok $name"
		failed=$((failed + 1))
	fi
}

sums() { # SET
	sha256sum --check --strict --quiet "tests/golden/$1/manifest" || {
		echo "a frozen file changed: git checkout it; its faults are errata (docs/golden.md)"
		return 1
	}
}
sizes() { # SET
	sed -n 's/^# size //p' "tests/golden/$1/manifest" | {
		result=1
		while read -r size path; do
			found=$(stat -c %s "$path") || exit 1
			[ "$found" -eq "$size" ] || {
				echo "$path: found $found bytes, expected $size"
				exit 1
			}
			result=0
		done
		exit $result # nothing listed is a failure, too
	}
}
# Exactly what the manifest names; errata come later, beside it.
files() { # SET
	there=$(find "spec/released/$1" "tests/golden/$1" ! -type d \
		! -path "tests/golden/$1/manifest" ! -path "tests/golden/$1/*.errata" | LC_ALL=C sort)
	named=$(sed -n 's/^[0-9a-f]\{64\}  //p' "tests/golden/$1/manifest" | LC_ALL=C sort)
	[ "$there" = "$named" ] || {
		echo "files of set $1: found:"
		echo "$there"
		echo "expected, as in tests/golden/$1/manifest:"
		echo "$named"
		return 1
	}
}
# What is wanted all the same is named in a file beside the set (docs/abidiff.md).
contract() { # SET
	excuses=tests/golden/$1.suppress
	set -- abidiff --quiet "spec/released/$1" spec
	[ ! -f "$excuses" ] || set -- "$@" --suppress "$excuses"
	"$PVROM_BUILD/pvrom" "$@"
}

sets=$(for folder in spec/released/*/ tests/golden/*/; do
	[ ! -d "$folder" ] || basename "$folder"
done | LC_ALL=C sort -u)
for set in $sets; do
	check "$set.sums" sums "$set"
	check "$set.sizes" sizes "$set"
	check "$set.files" files "$set"
	check "$set.runs" "$PVROM_BUILD/pvrom" matrix --list "tests/golden/$set/runs.cfg"
	# 3.0 has all of its runs in the one list.
	[ ! -f "tests/golden/$set/rest.cfg" ] ||
		check "$set.rest" "$PVROM_BUILD/pvrom" matrix --list "tests/golden/$set/rest.cfg"
	check "$set.contract" contract "$set"
done
if [ -z "$sets" ]; then
	echo "note no set in tests/golden: nothing is released yet"
	passed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
