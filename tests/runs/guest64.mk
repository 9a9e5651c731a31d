# SPDX-License-Identifier: GPL-2.0-only
# The guest in long mode: about 25 s on one processor.
MATRIX_LISTS += tests/runs/guest64.cfg
TEST_PARTS += matrix:tests/runs/guest64.cfg matrix:tests/golden/long_mode.cfg
