#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# cut.sh: the part of the KVM lane that `make test` has: lane.sh has the rest. Needs PVROM_BUILD.
exec "$(dirname "$0")/lane.sh" --cut
