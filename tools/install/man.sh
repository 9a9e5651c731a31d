#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# man.sh PVROM TEMPLATE: the man page on the standard output. Lines @commands@, @exit@ and
# @version@ of TEMPLATE give way to what PVROM says of itself.
set -eu
pvrom=$1 template=$2
here=$(dirname "$0")
version=$("$pvrom" --version)

# Text as roff: nothing in it is a request or an escape.
roff='function roff(s) { gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); return s ~ /^[.'"'"']/ ? "\\&" s : s }'

commands() {
	"$here/options.sh" "$pvrom" | awk -F '\t' "$roff"'
	$2 == "usage" {
		printf ".SS \"pvrom %s [\\fIoption\\fR]...%s\"\n", $1, $4 == "-" ? "" : " " roff($4)
		next
	}
	$2 == "before" || $2 == "after" { printf ".PP\n%s\n", roff($5); next }
	$2 == "--help" || $2 == "--usage" { next }
	{
		printf ".TP\n"
		if ($3 != "-")
			printf "\\fB%s\\fR, ", roff($3)
		printf "\\fB%s\\fR", roff($2)
		if ($4 != "-")
			printf "=\\fI%s\\fR", roff($4)
		printf "\n%s\n", roff($5)
	}'
}

exits() {
	echo .nf
	"$pvrom" help exit | awk "$roff"'{ print roff($0) }'
	echo .fi
}

while IFS= read -r line; do
	case $line in
	@commands@) commands ;;
	@exit@) exits ;;
	@version@) echo ".TH PVROM 1 \"\" \"${version%%,*}\" \"pvrom\"" ;;
	*) printf '%s\n' "$line" ;;
	esac
done < "$template"
