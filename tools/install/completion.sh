#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# completion.sh PVROM: bash completion on the standard output, from what PVROM says of itself.
set -eu
"$(dirname "$0")/options.sh" "$1" | awk -F '\t' '
	$2 == "usage" { commands = commands " " $1; names[++count] = $1; next }
	$2 !~ /^--/ { next }
	{
		options[$1] = options[$1] " " $2
		if ($4 == "-")
			next
		# A list of words is what it is; else the kind of value.
		if ($4 ~ /\|/) { values = $4; gsub(/\|/, " ", values); values = "-W \"" values "\"" }
		else if ($4 == "FILE") values = "-f"
		else if ($4 == "DIR") values = "-d"
		else values = "-W \"\""
		cases = cases "\t\"" $1 " " $2 "\"" ($3 != "-" ? "|\"" $1 " " $3 "\"" : "") ") _pvrom_reply " values "; return ;;\n"
	}
	END {
		print "# Bash completion of pvrom; made from its own help."
		print "_pvrom_reply() {"
		print "\tcase $1 in -f|-d) compopt -o filenames 2> /dev/null ;; esac"
		print "\tmapfile -t COMPREPLY < <(compgen \"$@\" -- \"$_pvrom_word\")"
		print "}"
		print "_pvrom() {"
		print "\tlocal _pvrom_word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
		print "\tlocal commands=\"" substr(commands, 2) "\" options="
		print "\tCOMPREPLY=()"
		print "\t# --option=value comes as three words."
		print "\tif [ \"$_pvrom_word\" = = ]; then"
		print "\t\t_pvrom_word="
		print "\telif [ \"$before\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then"
		print "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}"
		print "\tfi"
		print "\tif [ \"$COMP_CWORD\" -eq 1 ]; then"
		print "\t\t_pvrom_reply -W \"$commands help --help --version\""
		print "\t\treturn"
		print "\tfi"
		print "\tcase \"${COMP_WORDS[1]} $before\" in"
		printf "%s", cases
		print "\tesac"
		print "\tcase ${COMP_WORDS[1]} in"
		print "\thelp) _pvrom_reply -W \"$commands exit\"; return ;;"
		for (i = 1; i <= count; i++)
			print "\t" names[i] ") options=\"" substr(options[names[i]], 2) "\" ;;"
		print "\tesac"
		print "\tcase $_pvrom_word in"
		print "\t-*) _pvrom_reply -W \"$options\" ;;"
		print "\t*) _pvrom_reply -f ;;"
		print "\tesac"
		print "}"
		print "complete -F _pvrom pvrom"
	}'
