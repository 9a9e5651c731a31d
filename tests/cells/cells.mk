# SPDX-License-Identifier: GPL-2.0-only
# Checks over what all run lists left in build/report/cells: they run after the last list.
TEST_PARTS += matrix:tests/runs/reasons.cfg
TEST_LAST  := tests/cells/reasons.sh tests/cells/offline.sh
