# SPDX-License-Identifier: GPL-2.0-only
# report/bench.tsv as a table: a row a subject, a column a platform, `instructions / exits`.
# What is counted in other runs differently has its spread behind it, as in 120+3.
BEGIN { FS = "\t" }
FNR == 1 { next }
function spread(n, more) {
	return n == "-" ? "-" : more > 0 ? n "+" more : n
}
{
	if (!($1 in row)) {
		row[$1] = ++rows
		subject[rows] = $1
	}
	if (!($2 in column)) {
		column[$2] = ++columns
		name[columns] = $2
	}
	cell[$1, $2] = $7 ? spread($3, $4) " / " spread($5, $6) : "missing"
	if ($8 != "")
		why[$2] = $8
}
END {
	printf "%-36s", "instructions / exits"
	for (c = 1; c <= columns; c++)
		printf " %18s", name[c]
	print ""
	for (r = 1; r <= rows; r++) {
		printf "%-36s", subject[r]
		for (c = 1; c <= columns; c++)
			printf " %18s", (subject[r], name[c]) in cell ? cell[subject[r], name[c]] : ""
		print ""
	}
	for (c = 1; c <= columns; c++)
		if (name[c] in why)
			print name[c] ": " why[name[c]]
}
