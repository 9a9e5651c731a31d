# SPDX-License-Identifier: GPL-2.0-only
# The page of `make report` in a browser.
TEST_PARTS += tests/report/browser.sh
