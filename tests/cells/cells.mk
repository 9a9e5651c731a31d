# SPDX-License-Identifier: GPL-2.0-only
# Checks over what all run lists left in build/report/cells: they run after the last list.
TEST_PARTS += matrix:tests/runs/reasons.cfg
TEST_LAST  := $(addprefix tests/cells/,reasons.sh hostile.sh offline.sh redesigns.sh)
