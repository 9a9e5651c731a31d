#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# size.sh: the fixture stays a small one. The last line is `N passed, N failed`.
set -u
LIMIT=1200
here=$(dirname "$0")
lines=$(cat "$here"/*.c "$here"/*.h "$here"/*.asm | wc -l)
if [ "$lines" -gt 0 ] && [ "$lines" -le $LIMIT ]; then
	echo "1 passed, 0 failed"
else
	echo "not ok hypervisor of tests/hv/: found $lines lines, expected at most $LIMIT; it is an instrument"
	echo "0 passed, 1 failed"
	exit 1
fi
