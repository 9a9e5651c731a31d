# SPDX-License-Identifier: GPL-2.0-only
# Turns the logs of slots.sh into tables, and checks the stress case against its limits,
# in parts per thousand of the native boot. Logs are named slots.log and WHAT-PAE.log.
BEGIN {
	limit["full"] = 20
	limit["native"] = 2
	limit["copied"] = 4
	columns = "native indirect direct patched-native patched-empty pad-native pad-empty inline pad-inline"
	count = split(columns, column, " ")
	header = "slot\tcall\tgroup"
	for (i = 1; i <= count; i++)
		header = header "\t" column[i]
	print header > table
	print "run\tpae\thash\tpages\tfaults\tswitches\tinstructions" > stress
}
FNR == 1 {
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.log$/, "", name)
}
function values(	i, pair) {
	split("", value)
	for (i = 2; i <= NF; i++)
		if (split($i, pair, "=") == 2)
			value[pair[1]] = pair[2]
}
# inline.log comes first: the same slots, served by bytes where they are offered.
name == "slots" && $1 == "slot-cost" {
	values()
	value["inline"] = copied[$2]
	value["pad-inline"] = pad[$2]
	line = $2 "\t" $3 "\t" $4
	for (i = 1; i <= count; i++)
		line = line "\t" (column[i] in value ? value[column[i]] : "?")
	print line > table
	rows++
	if (line ~ /\?/)
		torn++
}
name == "slots" && /^test bench.slots ok/ { limits_hold = 1 }
name != "slots" && $1 == "stress" {
	values()
	split(name, part, "-")
	instructions[name] = value["instructions"]
	hash[value["hash"]]++
	print part[1] "\t" part[2] "\t" value["hash"] "\t" value["pages"] "\t" value["faults"] \
		"\t" value["switches"] "\t" value["instructions"] > stress
	runs++
}
# With bytes to be copied: nothing more than the native text, or one NOP behind it.
name == "inline" && $1 == "slot-cost" {
	values()
	copied[$2] = value["inline"]
	pad[$2] = value["pad-inline"]
	if (value["inline"] == "-")
		next
	inlined++
	nop = value["pad-inline"] ~ /^(nop|jump):/
	if (value["inline"] - value["native"] != nop) {
		print "# " $2 ": " value["native"] " native, " value["inline"] " inline, " value["pad-inline"]
		dear++
	}
}
name == "inline" && /^test bench.slots ok/ { inline_limits_hold = 1 }
name == "inline" { next }
function verdict(good, text) {
	print (good ? "ok " : "not ok ") text
	if (good)
		passed++
	else
		failed++
}
END {
	verdict(rows > 0 && !torn, "slots: " rows + 0 " lines, " torn + 0 " incomplete")
	verdict(limits_hold, "slots: the guest found every slot within its limits")
	verdict(inlined >= 20 && !dear && inline_limits_hold, "slots: " inlined + 0 " with bytes copied, " dear + 0 " with more than a NOP")
	hashes = 0
	for (h in hash)
		hashes++
	verdict(runs == 10 && hashes == 1, "stress: " runs + 0 " runs of 10, " hashes " hashes")
	for (pae = 0; pae < 2; pae++)
		for (profile in limit) {
			boot = instructions["boot-" pae]
			more = instructions[profile "-" pae] - boot
			good = boot > 0 && instructions[profile "-" pae] > 0 && more * 1000 <= boot * limit[profile]
			verdict(good, sprintf("stress: profile %s, pae=%d: %+.3f %%, limit %.1f %%", profile, pae,
					      boot > 0 ? more * 100 / boot : 0, limit[profile] / 10))
		}
	printf "%d passed, %d failed\n", passed, failed
	exit failed || !passed
}
