#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# options.sh PVROM: what every subcommand says of itself, as COMMAND, KIND, SHORT, ARGUMENT, TEXT,
# separated by tabs; `-` stands for nothing. KIND is the long option, or `usage` (ARGUMENT: what
# stands behind the command), `before` and `after` (TEXT: a paragraph before and behind the options).
set -eu
pvrom=$1
LC_ALL=C
# Columns that no option reaches, so that each stands in one line.
ARGP_HELP_FMT=rmargin=4000,opt-doc-col=120,no-dup-args-note
export LC_ALL ARGP_HELP_FMT
commands=$("$pvrom" help |
	awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on && $1 != "help" { print $1 }')
for command in $commands; do
	"$pvrom" help "$command" | awk -v command="$command" -v OFS='\t' '
	NR == 1 {
		sub(/^Usage: pvrom [^ ]+ (\[OPTION\.\.\.\] ?)?/, "")
		print command, "usage", "-", $0 == "" ? "-" : $0, "-"
		next
	}
	/^ +(-., +)?--[a-z]/ {
		text = substr($0, 121)
		head = substr($0, 1, 120)
		short = match(head, /-[A-Za-z?],/) && RSTART < 5 ? substr(head, RSTART, 2) : "-"
		match(head, /--[^ =\[]+/)
		long = substr(head, RSTART, RLENGTH)
		argument = substr(head, RSTART + RLENGTH)
		sub(/^=/, "", argument)
		sub(/ +$/, "", argument)
		sub(/^ +/, "", text)
		print command, long, short, argument == "" ? "-" : argument, text
		seen = 1
		next
	}
	/^Mandatory or optional arguments to long options/ || $0 == "" { next }
	{ print command, seen ? "after" : "before", "-", "-", $0 }'
done
