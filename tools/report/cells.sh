#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# cells.sh FOLDER: joins the results of each run list, as tests/sum.sh left them in FOLDER/matrix,
# into FOLDER/matrix.json, each cell named LIST/CELL. Without any of them that file goes.
set -u
folder=$1
rm -f "$folder/matrix.json"
set -- "$folder"/matrix/*/results.json
[ -e "$1" ] || exit 0
{
	echo '{"cells":['
	for file in "$@"; do
		list=$(basename "$(dirname "$file")")
		sed -n "s|^{\"cell\":\"|{\"cell\":\"$list/|p" "$file"
	done | sed 's/}\(,\|\]}\)*$/}/; $!s/$/,/'
	echo ']}'
} > "$folder/matrix.json.tmp" && mv "$folder/matrix.json.tmp" "$folder/matrix.json"
