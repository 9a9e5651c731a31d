#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# comments.sh: do the comments above the ROM's entries say what spec/ says? The last line
# is `N passed, N failed`; exit status 0 if something passed and nothing failed.
set -u
root=$(dirname "$0")/../..
exec awk -f "$root/tests/rom/comments.awk" "$root/spec/vmi.abi" "$root"/rom/calls/*.asm "$root/rom/hv/mmu.asm"
