# SPDX-License-Identifier: GPL-2.0-only
# Counts the lines of glue: prints `#define GLUE_NAME lines` for each function wrap_NAME or
# glue_NAME in C and assembly, from its first line to its last. Blank lines, comments and
# the lines of assembly that only say where it begins and ends do not count.
function done()
{
	if (lines < 1) {
		print FILENAME ":" FNR ": found a function " name " without a line, " \
			"expected glue" >"/dev/stderr"
		name = ""
		exit 1
	}
	print "#define GLUE_" name " " lines
	name = ""
}
FNR == 1 && name != "" {
	print FILENAME ": found no end of " name " in the file before" >"/dev/stderr"
	exit 1
}
{ assembly = FILENAME ~ /\.asm$/ }
name == "" && !assembly && /^[a-z].*[ *](wrap|glue)_[a-z0-9_]+\(.*[^;]$/ {
	match($0, /(wrap|glue)_[a-z0-9_]+\(/)
	name = substr($0, RSTART + 5, RLENGTH - 6)
	lines = 0
}
name == "" && assembly && /^wrap_[a-z0-9_]+:/ {
	match($0, /^wrap_[a-z0-9_]+/)
	name = substr($0, 6, RLENGTH - 5)
	lines = 0
	next
}
name == "" { next }
assembly && /^\.end:/ { done(); next }
/^[ \t]*$/ || /^[ \t]*(\/\*|\*|\/\/|;)/ { next }
{ lines++ }
!assembly && /^}/ { done() }
END {
	if (name != "") {
		print FILENAME ": found no end of " name >"/dev/stderr"
		exit 1
	}
}
