# SPDX-License-Identifier: GPL-2.0-only
# The rows of docs/redesigns.md, in `make matrix` and in `make test`.
TEST_INPUTS  += $(REDESIGN_ELFS)
TEST_PARTS   += matrix:tests/runs/redesign.cfg
MATRIX_LISTS += tests/runs/redesign.cfg
