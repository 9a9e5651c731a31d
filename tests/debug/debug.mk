# SPDX-License-Identifier: GPL-2.0-only
# Tests of what helps to debug: faults inside the ROM, traces, gdb.
TEST_PARTS += tests/debug/fault.sh
