# SPDX-License-Identifier: GPL-2.0-only
# Takes a document apart for answer.sh, into files of the folder `work`:
#   N.command, N.said, N.text  command N, what it is said to print, which text stands above it
#   bold      TEXT<tab>FIGURE  bold words of a text that commands follow
#   bare      FIGURE           bold words that none follows
#   plain     line: number     a number that is not bold, other than a version, a width or a year
#   promised  CALL<tab>SLOT    the table's rows that begin with a name in backticks
#   parts     how many commands there are
# A text ends where its commands end, or at a heading.

function text_begins(    i) {
	for (i = 1; i <= figures; i++)
		if (commands)
			print text "\t" figure[i] > (work "/bold")
		else
			print figure[i] > (work "/bare")
	figures = commands = 0
	text++
}

function row(    line, cell, slot, n, i) {
	line = $0
	gsub(/`/, "", line)
	split(line, cell, / *\| */)
	n = split(cell[3], slot, /, */)
	for (i = 1; i <= n; i++)
		print cell[2] "\t" slot[i] > (work "/promised")
}

# Bold words may be broken over lines, so a paragraph is judged as a whole.
function paragraph_ends(    rest, word) {
	for (rest = paragraph; match(rest, /\*\*[^*]+\*\*/); rest = substr(rest, RSTART + RLENGTH))
		figure[++figures] = substr(rest, RSTART + 2, RLENGTH - 4)
	rest = paragraph
	gsub(/\*\*[^*]+\*\*|`[^`]*`/, "", rest)
	gsub(/VMI 3\.0|ROMs of 3\.0|(in|that) 3\.0|[Vv]ersion 3\.1|i386|In 2007|(32|64)-bit/, "", rest)
	gsub(/(from|From) [0-9.]+ to [0-9.]+|slot of 2\.6\.32\.9|to which 3\.0/, "", rest)
	if (match(tolower(rest), /[0-9]+|(^|[^a-z])(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred)[^a-z]/))
		print NR ": " substr(rest, RSTART, RLENGTH) > (work "/plain")
	paragraph = ""
}

/^    \$ / {
	paragraph_ends()
	part++
	commands++
	print substr($0, 7) > (work "/" part ".command")
	print text + 0 > (work "/" part ".text")
	printf "" > (work "/" part ".said")
	inside = 1
	next
}
/^    / && inside { print substr($0, 5) > (work "/" part ".said"); next }
{ inside = 0 }
/^$/ { paragraph_ends(); next }
/^#/ { paragraph_ends(); text_begins(); next }
/^\| `/ { row() }
{
	if (commands)
		text_begins()
	paragraph = paragraph (paragraph == "" ? "" : " ") $0
}
END {
	paragraph_ends()
	text_begins()
	print part + 0 > (work "/parts")
}
